//! Guests who turn out to be one, while both have chats, bookings and something that waits for a person.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use futures_util::future::join_all;
use posta_domain::{
    dialogue::{Attention, World as _},
    money::{Currency, Money},
};
use posta_store::{
    booking::expire_due,
    chats::{self, Answer},
    guests::{self, Alias, AliasKind, At},
    ids::{AttentionId, GuestId},
    matters,
    testing::{Chat, assert_books_balance},
    turns::{self, Taken},
};
use uuid::Uuid;

use crate::turn_world::{Inn, commit};

/// A message names both.
async fn merge(inn: &Inn, one: u32, other: u32, chat: &Chat) -> GuestId {
    let at = At {
        tenant: chat.tenant,
        account: chat.account,
    };
    let alias = |number: u32| Alias {
        kind: AliasKind::WaId,
        value: format!("54911{number:08}"),
    };
    let mut names = [alias(one), alias(other)];
    names.sort();
    let mut tx = inn.store().begin().await.unwrap();
    let guest = guests::resolve(&mut tx, at, &names, None).await.unwrap();
    tx.commit().await.unwrap();
    guest
}

async fn waits(inn: &Inn, chat: &Chat, kind: &str, detail: serde_json::Value) -> AttentionId {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO attention (tenant_id, id, kind, subject, detail) VALUES ($1, $2, $3, 'conversation:' || $4, $5)",
    )
    .bind(chat.tenant.uuid())
    .bind(id)
    .bind(kind)
    .bind(chat.conversation.to_string())
    .bind(detail)
    .execute(inn.database.pool())
    .await
    .unwrap();
    id.into()
}

#[tokio::test]
async fn what_waits_for_a_person_is_about_the_chat_that_lives_on() {
    let inn = Inn::open(2).await;
    let (ana, eva) = (inn.guest(1).await, inn.guest(2).await);
    let quoted = inn.quoted(&eva, 10, 12).await;
    let asked = serde_json::json!({"quote": quoted.id, "conversation": eva.conversation, "guest": eva.guest});
    let asked = waits(&inn, &eva, Attention::DISCOUNT, asked).await;
    for chat in [&ana, &eva] {
        waits(&inn, chat, Attention::WAITING, serde_json::json!({})).await;
    }
    let kept = merge(&inn, 1, 2, &ana).await;
    assert_eq!(kept, ana.guest);

    let mut conn = inn.store().acquire().await.unwrap();
    let matter = matters::one(&mut conn, ana.tenant, asked).await.unwrap();
    let matter = matter.unwrap();
    assert_eq!(matter.subject, format!("conversation:{}", ana.conversation));
    let less = Answer::Less {
        amount: Money::new(1_000, Currency::ARS),
        reason: "Descuento".to_owned(),
    };
    chats::answer(inn.store(), &inn.lodge.by, &matter, &less)
        .await
        .unwrap();
    assert_eq!(inn.events(&ana).await, ["offer"]);
    // Both waited; one of them is seen to with the other.
    let open = "SELECT count(*) FROM attention WHERE kind = 'guest_waiting' AND state <> 'done'";
    assert_eq!(inn.count(open).await, 1);
}

#[tokio::test]
async fn nothing_is_said_in_a_chat_that_was_emptied() {
    let inn = Inn::open(1).await;
    let (ana, eva) = (inn.guest(1).await, inn.guest(2).await);
    merge(&inn, 1, 2, &ana).await;
    let said = chats::decline(inn.store(), &inn.lodge.by, eva.conversation).await;
    assert!(matches!(said, Err(chats::ChatError::NotFound)), "{said:?}");
}

#[tokio::test]
async fn merging_crosses_the_turns_and_the_ends_of_the_holds_of_both_without_a_deadlock() {
    let inn = Inn::open(6).await;
    let mut pairs = Vec::new();
    for pair in 0..6_u32 {
        let (one, other) = (10 + 2 * pair, 11 + 2 * pair);
        let first = 10 + 4 * u64::from(pair);
        let (ana, eva) = (inn.guest(one).await, inn.guest(other).await);
        let hers = inn.held(&ana, first, first + 2).await;
        let others = inn.held(&eva, first, first + 2).await;
        if pair % 2 == 0 {
            inn.lodge.age(hers).await;
            inn.lodge.age(others).await;
        }
        pairs.push((one, other, ana, eva));
    }
    for (_, _, ana, eva) in &pairs {
        inn.taps(ana).await;
        inn.taps(eva).await;
    }
    let inn = Arc::new(inn);
    let work = async || {
        loop {
            match turns::take(inn.store()).await.unwrap() {
                Taken::Turn(mut turn) => {
                    let entry = turn.entries.last().unwrap().id;
                    let mut world = turn.world();
                    // Whichever are the guest's by now: a receipt for each.
                    for booking in world.bookings().await.unwrap() {
                        drop(world.receipt(booking.id, entry).await.unwrap());
                    }
                    commit(*turn, "Listo").await.unwrap();
                }
                Taken::Again => {}
                Taken::Nothing(_) => return,
            }
        }
    };
    let merges = async {
        for (one, other, ana, _) in &pairs {
            assert_eq!(merge(&inn, *one, *other, ana).await, ana.guest);
        }
    };
    let sweep = async { expire_due(inn.store(), 50).await.unwrap() };
    tokio::join!(join_all((0..3).map(|_| work())), merges, sweep);
    while turns::announce(inn.store()).await.unwrap() > 0 {
        work().await;
    }
    work().await;
    assert_eq!(inn.deadlocks().await, 0);
    for nothing in [
        "SELECT count(*) FROM mailbox WHERE handled_at IS NULL",
        "SELECT count(*) FROM conversations WHERE turn_failures > 0",
        "SELECT count(*) FROM reservations r JOIN guests g ON g.id = r.guest_id WHERE g.merged_into IS NOT NULL",
        "SELECT count(*) FROM outbox o JOIN guests g ON g.id = o.guest_id WHERE g.merged_into IS NOT NULL",
        "SELECT count(*) FROM mailbox e JOIN conversations c ON c.id = e.conversation_id
         JOIN guests g ON g.id = c.guest_id WHERE g.merged_into IS NOT NULL",
    ] {
        assert_eq!(inn.count(nothing).await, 0, "{nothing}");
    }
    assert_books_balance(inn.database.pool()).await;
}
