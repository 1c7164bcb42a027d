//! Turns against turns, and against everybody else who works on the same bookings.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use futures_util::future::join_all;
use posta_domain::{
    availability::{Among, Search},
    dialogue::{Denied, World as _},
    refusal::Refusal,
};
use posta_store::{
    booking::{BookingError, cancel, confirm, expire_due},
    ids::{EntryId, QuoteId, ReservationId},
    testing::{Chat, assert_books_balance},
    turns::{self, Taken, Turn},
};

use crate::turn_world::{Inn, commit, hold};

/// Works like a worker: takes turns until none is due.
async fn work(inn: &Inn, turn: impl AsyncFn(Turn)) {
    loop {
        match turns::take(inn.store()).await.unwrap() {
            Taken::Turn(taken) => turn(*taken).await,
            Taken::Again => {}
            Taken::Nothing(_) => return,
        }
    }
}

#[tokio::test]
async fn of_twenty_guests_who_want_one_cabin_one_gets_it_and_the_others_get_alternatives() {
    let inn = Inn::open(1).await;
    let mut wishes: Vec<(Chat, QuoteId)> = Vec::new();
    for number in 0..20 {
        let guest = inn.guest(number).await;
        let quoted = inn.quoted(&guest, 10, 12).await;
        wishes.push((guest, quoted.id));
    }
    for (guest, _) in &wishes {
        inn.taps(guest).await;
    }
    let wishes = Arc::new(wishes);
    let make = async |mut turn: Turn| {
        let (_, quote) = wishes
            .iter()
            .find(|(chat, _)| chat.conversation == turn.conversation)
            .unwrap();
        let entry = turn.entries.last().unwrap().id;
        match hold(&mut turn, *quote, entry).await.unwrap() {
            Ok(_) => commit(turn, "Reservado").await.unwrap(),
            Err(denied) => {
                assert!(
                    matches!(denied, Denied::Refused(Refusal::Taken { .. })),
                    "{denied:?}"
                );
                let search = Search {
                    period: inn.lodge.period(10, 12),
                    party: inn.lodge.any(10, 12).party,
                    among: Among::All,
                };
                let offers = turn.world().offers(&search).await.unwrap();
                assert!(!offers.alternatives.dates.is_empty());
                commit(turn, "Se ocupó").await.unwrap()
            }
        };
    };
    join_all((0..6).map(|_| work(&inn, &make))).await;
    let said = |words: &'static str| inn.count(words);
    assert_eq!(
        said("SELECT count(*) FROM messages WHERE body = 'Reservado'").await,
        1
    );
    assert_eq!(
        said("SELECT count(*) FROM messages WHERE body = 'Se ocupó'").await,
        19
    );
    assert_eq!(inn.count("SELECT count(*) FROM reservations").await, 1);
    assert_eq!(
        inn.count("SELECT max(turn_failures)::bigint FROM conversations")
            .await,
        0
    );
    assert_eq!(inn.deadlocks().await, 0);
    assert_books_balance(inn.database.pool()).await;
}

#[tokio::test]
async fn two_workers_never_have_the_same_chat() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let (turn, _) = inn.turn_of(&ana).await;
    assert!(matches!(
        turns::take(inn.store()).await.unwrap(),
        Taken::Nothing(_)
    ));
    commit(turn, "Hola").await.unwrap();
}

/// What the guest of a round does in her turn, by its number.
async fn act(
    turn: &mut Turn,
    number: usize,
    quote: QuoteId,
    booking: ReservationId,
    entry: EntryId,
) {
    let mut world = turn.world();
    match number % 3 {
        0 => drop(world.cancel(booking).await.unwrap()),
        1 => drop(world.change(booking, quote).await.unwrap()),
        _ => drop(world.receipt(booking, entry).await.unwrap()),
    }
    drop(world.bookings().await.unwrap());
}

#[tokio::test]
async fn expiry_and_the_owner_cross_the_turns_of_the_same_guests_without_a_deadlock() {
    let inn = Inn::open(6).await;
    let by = inn.lodge.by.clone();
    let mut deadlocked = 0;
    for round in 0_u64..4 {
        let mut guests = Vec::new();
        for number in 0..6 {
            let guest = inn
                .guest(u32::try_from(round).unwrap() * 100 + number)
                .await;
            let first = 10 + round * 40;
            let booking = inn.held(&guest, first, first + 2).await;
            let quoted = inn.quoted(&guest, first + 4, first + 6).await;
            guests.push((guest, booking, quoted.id));
        }
        // Half of the holds are over while their guests act on them.
        for (_, booking, _) in guests.iter().step_by(2) {
            inn.lodge.age(*booking).await;
        }
        for (guest, ..) in &guests {
            inn.taps(guest).await;
        }
        let make = async |mut turn: Turn| {
            let at = guests
                .iter()
                .position(|(chat, ..)| chat.conversation == turn.conversation)
                .unwrap();
            let (_, booking, quote) = guests[at];
            let entry = turn.entries.last().unwrap().id;
            act(&mut turn, at, quote, booking, entry).await;
            commit(turn, "Listo").await.unwrap();
        };
        let sweep = async { expire_due(inn.store(), 50).await.unwrap() };
        let announce = async {
            for _ in 0..5 {
                turns::announce(inn.store()).await.unwrap();
            }
        };
        let owner = async {
            for (at, (_, booking, _)) in guests.iter().enumerate() {
                let done = if at % 2 == 0 {
                    confirm(inn.store(), &by, *booking, None, true)
                        .await
                        .map(drop)
                } else {
                    let who = cancel::CancelBy::Owner;
                    cancel::cancel(inn.store(), &by, *booking, who, "", None)
                        .await
                        .map(drop)
                };
                // Too late is fine; a deadlock is not.
                assert!(
                    !matches!(done, Err(BookingError::Busy(_) | BookingError::Store(_))),
                    "{done:?}"
                );
            }
        };
        let turns = join_all((0..3).map(|_| work(&inn, &make)));
        tokio::join!(turns, sweep, announce, owner);
        deadlocked += inn.deadlocks().await;
        // What the others did reaches the chats.
        while turns::announce(inn.store()).await.unwrap() > 0 {
            work(&inn, async |turn| {
                commit(turn, "Te aviso").await.unwrap();
            })
            .await;
        }
    }
    assert_eq!(deadlocked, 0);
    assert_eq!(
        inn.count("SELECT count(*) FROM mailbox WHERE handled_at IS NULL")
            .await,
        0
    );
    assert_eq!(
        inn.count("SELECT max(turn_failures)::bigint FROM conversations")
            .await,
        0
    );
    assert_books_balance(inn.database.pool()).await;
}
