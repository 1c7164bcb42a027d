//! Statuses nobody would expect, and rows that were claimed and cannot be sent in time.

use std::{sync::Arc, time::Duration};

use posta_bus::{BatchHandler as _, Verdict};
use posta_runtime::{clock::SystemClock, metrics::Registry};
use posta_store::{
    outbox::claim::{Terms, claim},
    testing::database,
};
use serde_json::json;
use uuid::Uuid;
use workers::delivery::{DeliveryMetrics, Outcome, Sender, SenderConfig, Statuses, Transport};

use crate::{
    graph_api::GraphApi,
    statuses::incoming,
    support::{Worker, row, say, text, until},
};

/// Text that cannot be compressed, so that it is as long in an index as it is here.
fn noise(bytes: usize) -> String {
    let mut text = String::new();
    while text.len() < bytes {
        text.push_str(&Uuid::now_v7().simple().to_string()[12..]);
    }
    text
}

#[tokio::test]
async fn absurd_statuses_are_stored_and_hold_up_nobody() {
    let database = database().await;
    let store = database.store();
    database.chat("1001", "5491155550001").await;
    let status = |id: &str, more: serde_json::Value| {
        let mut item = json!({ "id": id, "status": "delivered", "timestamp": "1790000000", "recipient_id": "549" });
        item.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        json!({ "item": item }).to_string()
    };
    let bodies = [
        status("wamid.1", json!({})),
        status("wamid.2", json!({ "timestamp": -3_000_000_000_000_i64 })),
        status("wamid.3", json!({ "timestamp": "8000000000000" })),
        status("wamid.4", json!({ "timestamp": "soon" })),
        status(&noise(4000), json!({ "recipient_id": noise(4000), "status": noise(4000) })),
        status("wamid.5\0", json!({ "recipient_id": "\0", "status": "\0" })),
        status("wamid.6", json!({ "errors": null, "recipient_id": 549, "biz_opaque_callback_data": {} })),
        status("wamid.7", json!({ "errors": [{ "code": [], "title": 7 }], "recipient_user_id": null })),
        status("wamid.8", json!({ "errors": "none" })),
        r#"{"item":{"id":"wamid.9","status":"failed","errors":[{"code":"131026","title":"\ud800"}]}}"#.to_owned(),
        r#"{"item":{"id":9,"status":"sent","status":"read"}}"#.to_owned(),
    ];
    let batch: Vec<_> = bodies.iter().map(|body| incoming(body)).collect();
    let verdicts = Statuses::new(store.clone()).handle(&batch).await;
    assert_eq!(verdicts, vec![Verdict::Done; bodies.len()]);
    let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM message_statuses")
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert_eq!(stored, 11);
}

#[tokio::test]
async fn a_status_the_database_refuses_does_not_take_the_others_with_it() {
    let database = database().await;
    let store = database.store();
    sqlx::query("ALTER TABLE message_statuses ADD CHECK (wamid <> 'wamid.2')")
        .execute(store.pool())
        .await
        .unwrap();
    let batch = ["wamid.1", "wamid.2", "wamid.3"].map(|id| {
        incoming(
            &json!({ "item": { "id": id, "status": "sent", "timestamp": "1790000000" } })
                .to_string(),
        )
    });
    let verdicts = Statuses::new(store.clone()).handle(&batch).await;
    assert!(
        matches!(
            verdicts.as_slice(),
            [Verdict::Done, Verdict::Retry { .. }, Verdict::Done]
        ),
        "{verdicts:?}"
    );
}

#[tokio::test]
async fn a_worker_that_was_away_reads_what_the_provider_said_before_it_sends_again() {
    let database = database().await;
    let store = database.store();
    let (api, url) = GraphApi::start().await;
    let lost = database.chat("1001", "5491155550001").await;
    let fresh = database.chat("1001", "5491155550002").await;
    let in_flight = say(store, &text(&lost, "a")).await;
    let terms = Terms {
        limit: 1,
        lease: Duration::from_secs(2),
        grace: Duration::from_mins(1),
        skip: Vec::new(),
    };
    assert_eq!(claim(store, &terms).await.unwrap().send.len(), 1);
    // Whoever sent it is gone, and so was everybody else for an hour: the status waits on the bus.
    sqlx::query("UPDATE outbox SET lease_until = now() - interval '1 hour'")
        .execute(store.pool())
        .await
        .unwrap();
    let other = say(store, &text(&fresh, "b")).await;
    let worker = Worker::with(store, &url, Duration::from_secs(20), Duration::from_mins(1));
    until(store, other, |row| row.state == "sent").await;
    let status = json!({ "item": { "id": "wamid.lost", "status": "sent", "timestamp": "1790000000",
        "biz_opaque_callback_data": in_flight.to_string() } });
    let verdicts = Statuses::new(store.clone())
        .handle(&[incoming(&status.to_string())])
        .await;
    assert_eq!(verdicts, [Verdict::Done]);
    worker.stop().await;
    assert_eq!(row(store, in_flight).await.state, "sent");
    assert_eq!(api.received().len(), 1, "only the fresh one went out");
}

#[tokio::test]
async fn an_old_status_that_is_delivered_again_does_not_stop_the_account_again() {
    let database = database().await;
    let store = database.store();
    database.chat("1001", "5491155550001").await;
    let billing = json!({ "item": { "id": "wamid.9", "status": "failed", "timestamp": "1789900000",
        "errors": [{ "code": 131_042, "title": "Business eligibility payment issue" }] } });
    Statuses::new(store.clone())
        .handle(&[incoming(&billing.to_string())])
        .await;
    let stopped: bool = sqlx::query_scalar("SELECT stopped_at IS NOT NULL FROM channel_accounts")
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert!(!stopped, "a person may have resumed it since");
}

struct Never;

#[async_trait::async_trait]
impl Transport for Never {
    async fn send(&self, _row: &posta_store::outbox::claim::Claimed) -> Outcome {
        panic!("nothing may go out");
    }
}

#[tokio::test]
async fn a_row_with_too_little_left_of_its_lease_is_given_back_as_unsent() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491155550001").await;
    let id = say(store, &text(&chat, "a")).await;
    let terms = Terms {
        limit: 1,
        lease: Duration::from_secs(2),
        grace: Duration::from_mins(1),
        skip: Vec::new(),
    };
    let claimed = claim(store, &terms).await.unwrap().send.remove(0);
    let metrics = DeliveryMetrics::register(&Registry::new()).unwrap();
    let config = SenderConfig::new(Duration::from_secs(20), 80);
    let sender = Sender::new(
        store.clone(),
        Arc::new(Never),
        &config,
        Arc::new(SystemClock),
        metrics,
    );
    sender.deliver(&claimed).await;
    let row = row(store, id).await;
    assert_eq!(
        (row.state.as_str(), row.resends, row.attempts),
        ("pending", 0, 0)
    );
}
