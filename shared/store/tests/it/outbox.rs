//! The outbox under contention, crashes and people.

use std::{collections::HashSet, time::Duration};

use crate::support::{attention, lapse, only, round, row, say, state, terms};
use posta_store::{
    ids::OutboxId,
    outbox::{
        Author, NewOutbox, State,
        claim::{To, claim},
        record::{self, Readiness},
    },
    testing::database,
};

#[tokio::test]
async fn the_same_effect_is_written_once() {
    let database = database().await;
    let chat = database.chat("1001", "5491100000001").await;
    let first = say(database.store(), &row(&chat, "a")).await;
    assert_eq!(say(database.store(), &row(&chat, "a")).await, first);
}

#[tokio::test]
async fn a_guest_is_told_things_in_the_order_they_were_decided() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let first = say(store, &row(&chat, "a")).await;
    let second = say(store, &row(&chat, "b")).await;
    let claimed = only(store).await;
    assert_eq!(
        (claimed.id, &claimed.to),
        (first, &To::Phone("5491100000001".to_owned()))
    );
    assert!(
        round(store).await.send.is_empty(),
        "the second waits while the first is on its way"
    );
    // Put off: still the second waits.
    record::postpone(store, &claimed, Duration::from_mins(1), "131056", true)
        .await
        .unwrap();
    assert!(round(store).await.send.is_empty());
    sqlx::query("UPDATE outbox SET not_before = now()")
        .execute(store.pool())
        .await
        .unwrap();
    let claimed = only(store).await;
    assert_eq!((claimed.id, claimed.attempts), (first, 1));
    record::sent(store, &claimed, "wamid.1", None)
        .await
        .unwrap();
    assert_eq!(only(store).await.id, second);
}

#[tokio::test]
async fn two_workers_never_hold_the_same_row_nor_two_of_one_guest() {
    let database = database().await;
    let store = database.store();
    for guest in 0..10 {
        let chat = database
            .chat("1001", &format!("54911000000{guest:02}"))
            .await;
        for n in 0..6 {
            say(store, &row(&chat, &n.to_string())).await;
        }
    }
    let worker = || async {
        let mut taken = Vec::new();
        // Until a round brings nothing although nothing is open: others may hold rows meanwhile.
        loop {
            let claims = claim(
                store,
                &posta_store::outbox::claim::Terms {
                    limit: 3,
                    ..terms()
                },
            )
            .await
            .unwrap();
            let guests: HashSet<_> = claims.send.iter().map(|claimed| claimed.guest).collect();
            assert_eq!(guests.len(), claims.send.len());
            for claimed in &claims.send {
                record::sent(store, claimed, &format!("wamid.{}", claimed.id), None)
                    .await
                    .unwrap();
                taken.push(claimed.id);
            }
            let open: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')",
            )
            .fetch_one(store.pool())
            .await
            .unwrap();
            if open == 0 {
                return taken;
            }
        }
    };
    let (a, b, c, d) = tokio::join!(worker(), worker(), worker(), worker());
    let all: Vec<OutboxId> = [a, b, c, d].concat();
    assert_eq!(all.len(), 60);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 60);
    let out_of_order: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM outbox a JOIN outbox b ON a.guest_id = b.guest_id AND a.seq < b.seq
         WHERE a.sent_at > b.sent_at",
    )
    .fetch_one(store.pool())
    .await
    .unwrap();
    assert_eq!(out_of_order, 0);
}

#[tokio::test]
async fn a_sender_that_vanishes_leads_to_one_more_try_and_then_to_unknown() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    let lost = only(store).await;
    assert!(round(store).await.send.is_empty(), "the lease protects it");
    sqlx::query("UPDATE outbox SET lease_until = now() - interval '30 seconds'")
        .execute(store.pool())
        .await
        .unwrap();
    assert!(
        round(store).await.send.is_empty(),
        "the time of grace protects it"
    );
    lapse(store, id).await;
    let again = only(store).await;
    assert_eq!((again.id, again.resends), (id, 1));
    // The first sender comes back to life: what it learned no longer counts.
    assert!(
        !record::postpone(store, &lost, Duration::ZERO, "late", true)
            .await
            .unwrap()
    );
    assert_eq!(
        record::readiness(store, &lost, Duration::ZERO)
            .await
            .unwrap(),
        Readiness::Lost
    );
    assert!(record::ambiguous(store, &again, "cut off").await.unwrap());
    lapse(store, id).await;
    assert_eq!(round(store).await.settled, vec![(id, State::Unknown)]);
    assert_eq!(attention(store).await, ["message_unknown"]);
}

#[tokio::test]
async fn a_late_success_is_a_fact_whoever_holds_the_lease() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    let slow = only(store).await;
    lapse(store, id).await;
    let again = only(store).await;
    record::sent(store, &slow, "wamid.slow", None)
        .await
        .unwrap();
    assert_eq!(state(store, id).await, "sent");
    record::sent(store, &again, "wamid.again", None)
        .await
        .unwrap();
    let kept: String = sqlx::query_scalar("SELECT provider_message_id FROM outbox")
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert_eq!(kept, "wamid.slow");
}

#[tokio::test]
async fn what_the_bot_had_to_say_is_dropped_when_a_person_took_over() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let bot = say(store, &row(&chat, "a")).await;
    let person = say(
        store,
        &NewOutbox {
            author: Author::Person,
            ..row(&chat, "b")
        },
    )
    .await;
    sqlx::query("UPDATE conversations SET epoch = 1, mode = 'human'")
        .execute(store.pool())
        .await
        .unwrap();
    assert_eq!(round(store).await.settled, vec![(bot, State::Dropped)]);
    assert_eq!(only(store).await.id, person);
}

#[tokio::test]
async fn a_person_who_writes_between_claim_and_sending_is_noticed() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    say(store, &row(&chat, "a")).await;
    let claimed = only(store).await;
    assert_eq!(
        record::readiness(store, &claimed, Duration::from_secs(15))
            .await
            .unwrap(),
        Readiness::Go
    );
    sqlx::query("UPDATE conversations SET epoch = 1")
        .execute(store.pool())
        .await
        .unwrap();
    assert_eq!(
        record::readiness(store, &claimed, Duration::from_secs(15))
            .await
            .unwrap(),
        Readiness::Stale
    );
    // Not enough of the lease left to send safely.
    assert_eq!(
        record::readiness(store, &claimed, Duration::from_secs(40))
            .await
            .unwrap(),
        Readiness::Lost
    );
}

#[tokio::test]
async fn nothing_goes_out_after_24_hours_of_silence_and_the_owner_is_told() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    sqlx::query("UPDATE conversations SET last_guest_at = now() - interval '24 hours 1 second'")
        .execute(store.pool())
        .await
        .unwrap();
    assert_eq!(round(store).await.settled, vec![(id, State::Expired)]);
    assert_eq!(attention(store).await, ["reply_window_closed"]);
}

#[tokio::test]
async fn personal_contacts_are_never_written_to() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    sqlx::query("UPDATE guests SET kind = 'personal'")
        .execute(store.pool())
        .await
        .unwrap();
    assert_eq!(round(store).await.settled, vec![(id, State::Dropped)]);
}

#[tokio::test]
async fn a_stopped_account_holds_up_nobody_else() {
    let database = database().await;
    let store = database.store();
    let stopped = database.chat("1001", "5491100000001").await;
    let other = database.chat("2002", "5491100000001").await;
    let first = say(store, &row(&stopped, "a")).await;
    let claimed = only(store).await;
    record::stop_account(store, &claimed, "190: the token is not valid")
        .await
        .unwrap();
    assert_eq!(state(store, first).await, "pending");
    let second = say(store, &row(&other, "b")).await;
    assert_eq!(only(store).await.id, second);
    assert_eq!(attention(store).await, ["account_stopped"]);
    let attempts: i32 = sqlx::query_scalar("SELECT attempts FROM outbox WHERE id = $1")
        .bind(first.uuid())
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert_eq!(attempts, 0, "an expired token uses up no attempts");
    assert!(
        record::resume_account(store, "whatsapp", "1001")
            .await
            .unwrap()
    );
    assert_eq!(only(store).await.id, first);
}

#[tokio::test]
async fn an_account_the_worker_cannot_send_for_is_left_alone() {
    let database = database().await;
    let chat = database.chat("1001", "5491100000001").await;
    say(database.store(), &row(&chat, "a")).await;
    let skipping = posta_store::outbox::claim::Terms {
        skip: vec![chat.account],
        ..terms()
    };
    assert!(
        claim(database.store(), &skipping)
            .await
            .unwrap()
            .send
            .is_empty()
    );
}
