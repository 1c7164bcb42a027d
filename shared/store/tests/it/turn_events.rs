//! What happens to a booking reaches its guest's chat as an event.
#![expect(clippy::unwrap_used, reason = "tests")]

use posta_domain::{
    conditions::Checks,
    dialogue::{Content, Event},
    mode::Mode,
};
use posta_store::{
    audit::By,
    booking::{
        Method, QuoteRequest,
        cancel::{CancelBy, cancel},
        change::{ChangeRequest, Changer, To, change},
        confirm, expire_due,
        payments::{self, NewPayment},
        quotes, receipts,
    },
    books::{self, Kind},
    events,
    guests::{self, Alias, AliasKind, At},
    ids::ReservationId,
    testing::{Chat, Lodge, assert_books_balance},
    turns,
};

use crate::{
    support::round,
    turn_world::{Inn, commit, hold, said, saying},
};

fn owner(inn: &Inn) -> By {
    By {
        tenant: inn.lodge.tenant,
        actor: "user:ana".to_owned(),
        request_id: None,
    }
}

async fn tell(inn: &Inn, chat: &Chat, key: &str) -> bool {
    let mut tx = inn.store().begin().await.unwrap();
    let event = Event::NoDiscount;
    let put = events::tell(&mut tx, chat.tenant, chat.guest, &event, key)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    put
}

#[tokio::test]
async fn an_event_waits_for_its_announcement_becomes_a_turn_and_is_handled_once() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    assert_eq!(turns::announce(inn.store()).await.unwrap(), 0);
    assert!(tell(&inn, &ana, "one").await);
    assert!(!tell(&inn, &ana, "one").await, "once per key");
    assert_eq!(
        inn.count("SELECT count(*) FROM conversations WHERE turn_due_at IS NOT NULL")
            .await,
        0
    );
    let overdue = |books: books::Books| {
        let page = books
            .pages
            .into_iter()
            .find(|page| page.kind == Kind::TurnsOverdue);
        page.unwrap().count
    };
    let all = Some(std::time::Duration::ZERO);
    assert_eq!(overdue(books::audit(inn.store(), all).await.unwrap()), 1);

    assert_eq!(turns::announce(inn.store()).await.unwrap(), 1);
    assert_eq!(turns::announce(inn.store()).await.unwrap(), 0);
    assert_eq!(overdue(books::audit(inn.store(), all).await.unwrap()), 1);
    let turn = inn.turn().await;
    let [entry] = turn.entries.as_slice() else {
        panic!("{:?}", turn.entries)
    };
    assert_eq!(
        entry.content,
        Content::Event {
            event: Event::NoDiscount
        }
    );
    commit(turn, "No puede").await.unwrap();
    assert!(inn.events(&ana).await.is_empty());
    assert_eq!(overdue(books::audit(inn.store(), all).await.unwrap()), 0);
}

#[tokio::test]
async fn an_event_that_comes_during_a_turn_is_left_for_the_next_one() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let (turn, _) = inn.turn_of(&ana).await;
    // The chat's lock does not keep it waiting.
    assert!(tell(&inn, &ana, "one").await);
    assert_eq!(turns::announce(inn.store()).await.unwrap(), 0);
    commit(turn, "Hola").await.unwrap();
    assert_eq!(inn.events(&ana).await, ["no_discount"]);
    assert_eq!(turns::announce(inn.store()).await.unwrap(), 1);
    commit(inn.turn().await, "No puede").await.unwrap();
    assert!(inn.events(&ana).await.is_empty());
}

#[tokio::test]
async fn an_event_does_not_cut_short_a_quiet_window() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    sqlx::query("UPDATE conversations SET turn_due_at = clock_timestamp() + interval '2 seconds'")
        .execute(inn.database.pool())
        .await
        .unwrap();
    tell(&inn, &ana, "one").await;
    assert_eq!(turns::announce(inn.store()).await.unwrap(), 1);
    let still = inn
        .count("SELECT count(*) FROM conversations WHERE turn_due_at > clock_timestamp()")
        .await;
    assert_eq!(still, 1);
}

#[tokio::test]
async fn every_step_that_others_take_is_told_and_no_step_of_the_guests_own() {
    let inn = Inn::open(8).await;
    let (store, by) = (inn.store(), owner(&inn));
    let ana = inn.guest(1).await;
    let told = async |expected: &str| {
        assert_eq!(inn.events(&ana).await, [expected]);
        turns::announce(store).await.unwrap();
        commit(inn.turn().await, "Te aviso").await.unwrap();
    };
    let booking = inn.held(&ana, 10, 12).await;
    confirm(store, &by, booking, None, true).await.unwrap();
    told("confirmed").await;
    let stays = vec![inn.lodge.any(13, 15)];
    let request = ChangeRequest {
        to: To::Stays(stays),
        by: Changer::Owner,
        adjustments: Vec::new(),
        expected_version: None,
    };
    change(store, &by, booking, &request).await.unwrap();
    told("changed_by_owner").await;
    cancel(store, &by, booking, CancelBy::Owner, "se inundó", None)
        .await
        .unwrap();
    told("cancelled_by_owner").await;

    let paid = inn.held(&ana, 20, 22).await;
    pay(&inn, &by, paid, 1_000).await;
    told("paid").await;
    pay(&inn, &by, paid, 100_000).await;
    told("confirmed").await;

    let receipt = inn.held(&ana, 30, 32).await;
    receipts::submit(store, &by, receipt, None).await.unwrap();
    assert!(inn.events(&ana).await.is_empty());
    decide(&inn, &by, receipt, false).await;
    told("receipt_refused").await;
    receipts::submit(store, &by, receipt, None).await.unwrap();
    decide(&inn, &by, receipt, false).await;
    told("receipt_refused").await;
    receipts::submit(store, &by, receipt, None).await.unwrap();
    decide(&inn, &by, receipt, true).await;
    told("confirmed").await;
    // The balance: nobody asked for it but her receipt.
    receipts::submit(store, &by, receipt, None).await.unwrap();
    decide(&inn, &by, receipt, false).await;
    told("receipt_refused").await;
    receipts::submit(store, &by, receipt, None).await.unwrap();
    decide(&inn, &by, receipt, true).await;
    told("paid").await;
    let settled = inn
        .count("SELECT count(*) FROM payment_requests WHERE purpose = 'balance' AND state = 'paid'")
        .await;
    assert_eq!(settled, 1);
    assert!(receipts::submit(store, &by, receipt, None).await.is_err());

    let over = inn.held(&ana, 40, 42).await;
    inn.lodge.age(over).await;
    assert_eq!(expire_due(store, 10).await.unwrap(), 1);
    assert_eq!(expire_due(store, 10).await.unwrap(), 0);
    told("hold_expired").await;

    let own = inn.held(&ana, 50, 52).await;
    cancel(store, &by, own, CancelBy::Guest, "", None)
        .await
        .unwrap();
    assert!(inn.events(&ana).await.is_empty());
    assert_books_balance(inn.database.pool()).await;
}

async fn pay(inn: &Inn, by: &By, booking: ReservationId, pesos: i64) {
    let payment = NewPayment {
        method: Method::Cash,
        amount: Lodge::pesos(pesos),
        reference: String::new(),
        note: String::new(),
        request: None,
    };
    payments::record(inn.store(), by, booking, &payment, None, |_| {
        serde_json::Value::Null
    })
    .await
    .unwrap();
}

async fn decide(inn: &Inn, by: &By, booking: ReservationId, accept: bool) {
    let decision = receipts::Decision {
        accept,
        amount: None,
    };
    receipts::decide(inn.store(), by, booking, &decision)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_owners_yes_to_a_request_is_told_as_such() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let booking = inn.held(&ana, 10, 12).await;
    for sql in ["UPDATE reservations SET awaiting = 'owner'"] {
        sqlx::query(sql).execute(inn.database.pool()).await.unwrap();
    }
    confirm(inn.store(), &owner(&inn), booking, None, false)
        .await
        .unwrap();
    assert_eq!(inn.events(&ana).await, ["agreed"]);
}

#[tokio::test]
async fn a_guest_without_a_chat_hears_nothing_and_nothing_fails() {
    let inn = Inn::open(1).await;
    let booking = inn.lodge.held(10, 12).await;
    confirm(inn.store(), &owner(&inn), booking.id, None, true)
        .await
        .unwrap();
    assert_eq!(inn.count("SELECT count(*) FROM mailbox").await, 0);
}

#[tokio::test]
async fn what_a_turn_ends_of_others_they_hear_and_what_it_ends_of_its_own_guest_it_says_itself() {
    let inn = Inn::open(1).await;
    let (ana, bea) = (inn.guest(1).await, inn.guest(2).await);
    let hers = inn.held(&ana, 10, 12).await;
    inn.lodge.age(hers).await;
    // Her own hold is over, not swept: she takes the same nights once more.
    let again = inn.held(&ana, 10, 12).await;
    assert!(inn.events(&ana).await.is_empty());
    inn.lodge.age(again).await;
    inn.held(&bea, 11, 13).await;
    assert_eq!(inn.events(&ana).await, ["hold_expired"]);
    assert!(inn.events(&bea).await.is_empty());
    // The next transaction of the same connection is not the turn's any more.
    assert!(tell(&inn, &bea, "later").await);
    assert_books_balance(inn.database.pool()).await;
}

#[tokio::test]
async fn a_refused_effect_tells_nobody() {
    let inn = Inn::open(1).await;
    let (ana, bea) = (inn.guest(1).await, inn.guest(2).await);
    let over = inn.held(&ana, 10, 12).await;
    let quoted = inn.quoted(&bea, 11, 15).await;
    let blocks = inn.guest(3).await;
    inn.held(&blocks, 13, 16).await;
    inn.lodge.age(over).await;
    let (mut turn, entry) = inn.turn_of(&bea).await;
    assert!(hold(&mut turn, quoted.id, entry).await.unwrap().is_err());
    commit(turn, "Se ocupó").await.unwrap();
    assert!(
        inn.events(&ana).await.is_empty(),
        "her hold was rolled back to not yet swept"
    );
}

#[tokio::test]
async fn a_merged_guests_event_goes_to_the_chat_that_lives_on() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let at = At {
        tenant: ana.tenant,
        account: ana.account,
    };
    let user = Alias {
        kind: AliasKind::UserId,
        value: "u.1".to_owned(),
    };
    let phone = Alias {
        kind: AliasKind::WaId,
        value: "5491100000001".to_owned(),
    };
    let mut tx = inn.store().begin().await.unwrap();
    let gone = guests::resolve(&mut tx, at, std::slice::from_ref(&user), None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut names = [phone, user];
    names.sort();
    let mut tx = inn.store().begin().await.unwrap();
    let kept = guests::resolve(&mut tx, at, &names, None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((kept, gone == kept), (ana.guest, false));
    assert!(tell(&inn, &Chat { guest: gone, ..ana }, "one").await);
    assert_eq!(inn.events(&ana).await, ["no_discount"]);
}

#[tokio::test]
async fn what_is_said_of_an_event_goes_out_in_a_chat_that_a_person_has() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    sqlx::query("UPDATE conversations SET mode = 'human', epoch = 3, last_person_at = now()")
        .execute(inn.database.pool())
        .await
        .unwrap();
    tell(&inn, &ana, "one").await;
    turns::announce(inn.store()).await.unwrap();
    let turn = inn.turn().await;
    let decision = saying(&turn, "Tu reserva está confirmada");
    assert_eq!(decision.chat.mode, Mode::Human);
    turn.commit(&decision, Some(said("Tu reserva está confirmada")))
        .await
        .unwrap();
    // She writes before it went out: what happened is still news.
    sqlx::query("UPDATE conversations SET epoch = 4")
        .execute(inn.database.pool())
        .await
        .unwrap();
    let claims = round(inn.store()).await;
    assert_eq!((claims.send.len(), claims.settled.len()), (1, 0));
}

#[tokio::test]
async fn the_owners_offer_is_a_quote_of_the_guest() {
    let inn = Inn::open(1).await;
    let ana = inn.guest(1).await;
    let request = QuoteRequest {
        property: inn.lodge.property,
        stays: vec![inn.lodge.any(10, 12)],
        charge_currency: None,
        adjustments: vec![posta_domain::quote::Adjustment {
            amount: -1_000_000,
            reason: "Semana entera".to_owned(),
            author: "user:ana".to_owned(),
        }],
        guest: Some(ana.guest),
        checks: Checks::Owner,
    };
    let quote = quotes::make(inn.store(), &owner(&inn), &request)
        .await
        .unwrap();
    let (mut turn, entry) = inn.turn_of(&ana).await;
    let held = hold(&mut turn, quote.id, entry).await.unwrap().unwrap();
    assert_eq!(held.charge, Lodge::pesos(190_000));
    commit(turn, "Reservado").await.unwrap();
}
