//! Statuses: in any order, more than once, before the answer they belong to.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use crate::support::{attention, lapse, only, round, row, say, state};
use chrono::{DateTime, Utc};
use posta_store::{
    ids::OutboxId,
    outbox::{State, record},
    statuses::{NewStatus, Stored, store_batch, sweep},
    testing::database,
};

fn status(wamid: &str, status: &str, outbox: Option<OutboxId>) -> NewStatus {
    NewStatus {
        account: "1001".to_owned(),
        wamid: wamid.to_owned(),
        status: status.to_owned(),
        recipient: "5491100000001".to_owned(),
        at: DateTime::<Utc>::from_timestamp(1_790_000_000, 0).unwrap(),
        outbox,
        payload: b"{}".to_vec(),
        error: (status == "failed").then(|| "131026 undeliverable".to_owned()),
        received_at: DateTime::<Utc>::from_timestamp(1_790_000_001, 0).unwrap(),
    }
}

#[tokio::test]
async fn statuses_move_a_reply_forward_only_and_copies_are_counted() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    let claimed = only(store).await;
    record::sent(store, &claimed, "wamid.1", Some("5491100000001"))
        .await
        .unwrap();
    let batch = [
        status("wamid.1", "read", Some(id)),
        status("wamid.1", "delivered", Some(id)),
    ];
    assert_eq!(
        store_batch(store, &batch).await.unwrap(),
        Stored {
            new: 2,
            copies: 0,
            moved: 1
        }
    );
    assert_eq!(state(store, id).await, "read");
    let again = [
        status("wamid.1", "delivered", Some(id)),
        status("wamid.1", "delivered", Some(id)),
    ];
    assert_eq!(
        store_batch(store, &again).await.unwrap(),
        Stored {
            new: 0,
            copies: 2,
            moved: 0
        }
    );
    store_batch(store, &[status("wamid.1", "failed", Some(id))])
        .await
        .unwrap();
    assert_eq!(state(store, id).await, "read");
    let copies: i32 =
        sqlx::query_scalar("SELECT copies FROM message_statuses WHERE status = 'delivered'")
            .fetch_one(store.pool())
            .await
            .unwrap();
    assert_eq!(copies, 3);
}

#[tokio::test]
async fn a_status_that_overtakes_the_answer_is_taken_by_our_own_id() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    let claimed = only(store).await;
    store_batch(store, &[status("wamid.1", "delivered", Some(id))])
        .await
        .unwrap();
    assert_eq!(state(store, id).await, "delivered");
    record::sent(store, &claimed, "wamid.1", None)
        .await
        .unwrap();
    assert_eq!(
        state(store, id).await,
        "delivered",
        "the answer does not move it back"
    );
}

#[tokio::test]
async fn a_status_without_our_id_waits_until_the_reply_knows_its_message_id() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    let claimed = only(store).await;
    assert_eq!(
        store_batch(store, &[status("wamid.1", "read", None)])
            .await
            .unwrap()
            .moved,
        0
    );
    record::sent(store, &claimed, "wamid.1", None)
        .await
        .unwrap();
    assert_eq!(state(store, id).await, "read");
}

#[tokio::test]
async fn a_status_settles_a_reply_whose_answer_was_cut_off() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    let claimed = only(store).await;
    record::ambiguous(store, &claimed, "cut off").await.unwrap();
    store_batch(store, &[status("wamid.1", "sent", Some(id))])
        .await
        .unwrap();
    lapse(store, id).await;
    let claims = round(store).await;
    assert!(
        claims.send.is_empty() && claims.settled.is_empty(),
        "it is not sent again"
    );
    assert_eq!(state(store, id).await, "sent");
}

#[tokio::test]
async fn a_failure_that_overtakes_the_answer_counts_when_the_answer_is_known() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    let claimed = only(store).await;
    store_batch(store, &[status("wamid.1", "failed", Some(id))])
        .await
        .unwrap();
    assert_eq!(state(store, id).await, "sending");
    record::sent(store, &claimed, "wamid.1", None)
        .await
        .unwrap();
    assert_eq!(state(store, id).await, "failed");
    assert_eq!(attention(store).await, ["message_failed"]);
    store_batch(store, &[status("wamid.1", "delivered", Some(id))])
        .await
        .unwrap();
    assert_eq!(
        state(store, id).await,
        "failed",
        "a failure is never lifted"
    );
}

#[tokio::test]
async fn a_failure_settles_a_reply_whose_answer_was_cut_off() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    let claimed = only(store).await;
    record::ambiguous(store, &claimed, "cut off").await.unwrap();
    store_batch(store, &[status("wamid.1", "failed", Some(id))])
        .await
        .unwrap();
    lapse(store, id).await;
    assert_eq!(round(store).await.settled, vec![(id, State::Failed)]);
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the database's clock decides here, and it is the machine's"
)]
async fn what_matched_nothing_is_swept_up_later() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    let claimed = only(store).await;
    record::sent(store, &claimed, "wamid.1", None)
        .await
        .unwrap();
    let mut late = status("wamid.1", "read", None);
    late.received_at = Utc::now();
    store_batch(store, std::slice::from_ref(&late))
        .await
        .unwrap();
    // As if the process had died between the two transactions.
    sqlx::query("UPDATE message_statuses SET applied_at = NULL")
        .execute(store.pool())
        .await
        .unwrap();
    sqlx::query("UPDATE outbox SET state = 'sent'")
        .execute(store.pool())
        .await
        .unwrap();
    assert_eq!(sweep(store).await.unwrap(), 1);
    assert_eq!(state(store, id).await, "read");
}

#[tokio::test]
async fn two_workers_with_overlapping_batches_do_not_block_each_other() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    let batch: Vec<_> = (0..50)
        .map(|n| status(&format!("wamid.{n}"), "sent", Some(id)))
        .collect();
    let reversed: Vec<_> = batch.iter().rev().cloned().collect();
    let (a, b) = tokio::join!(store_batch(store, &batch), store_batch(store, &reversed));
    assert_eq!(a.unwrap().new + b.unwrap().new, 50);
}
