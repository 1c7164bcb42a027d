//! The batch handler for statuses.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::sync::Arc;

use chrono::DateTime;
use posta_bus::{BatchHandler, Envelope, Incoming, Verdict};
use posta_store::{PoolConfig, Store, testing::database};
use serde_json::{json, value::RawValue};
use uuid::Uuid;
use workers::delivery::Statuses;

use crate::{
    graph_api::GraphApi,
    support::{Worker, row, say, text, until},
};

pub(crate) fn incoming(payload: &str) -> Incoming {
    let envelope = Envelope {
        v: 1,
        id: Uuid::now_v7(),
        key: "wa:1001:wamid.1:delivered:5491155550001".to_owned(),
        source: "whatsapp".to_owned(),
        kind: "status".to_owned(),
        account: Some("1001".to_owned()),
        received_at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
        signature: None,
        request: None,
        payload: RawValue::from_string(payload.to_owned()).unwrap(),
    };
    Incoming {
        message_id: envelope.id.to_string(),
        envelope,
        attempt: 1,
        redelivered: false,
        routing_key: "whatsapp.status".to_owned(),
        traceparent: None,
        body: Vec::new().into(),
    }
}

#[tokio::test]
async fn one_unreadable_status_does_not_hold_up_the_others() {
    let database = database().await;
    let store = database.store();
    let (_api, url) = GraphApi::start().await;
    let chat = database.chat("1001", "5491155550001").await;
    let id = say(store, &text(&chat, "a")).await;
    let worker = Worker::start(store, &url);
    until(store, id, |row| row.state == "sent").await;
    worker.stop().await;

    let delivered = json!({ "item": { "id": "wamid.1", "status": "delivered", "timestamp": "1790000000",
        "recipient_id": "5491155550001", "biz_opaque_callback_data": id.to_string() } });
    let with_nul =
        json!({ "item": { "id": "wamid.\u{0}", "status": "sent", "timestamp": 1_790_000_000 } });
    let batch = [
        &delivered.to_string(),
        r#"{"item":{"status":7}}"#,
        &with_nul.to_string(),
        r#"{"unparsed_base64":""}"#,
    ]
    .map(incoming);
    let verdicts = Statuses::new(store.clone()).handle(&batch).await;
    assert!(matches!(
        verdicts.as_slice(),
        [
            Verdict::Done,
            Verdict::Dead(_),
            Verdict::Done,
            Verdict::Dead(_)
        ]
    ));
    assert_eq!(row(store, id).await.state, "delivered");
}

#[tokio::test]
async fn a_status_can_stop_the_account() {
    let database = database().await;
    let store = database.store();
    database.chat("1001", "5491155550001").await;
    let billing = json!({ "item": { "id": "wamid.9", "status": "failed", "timestamp": "1790000000",
        "errors": [{ "code": 131_042, "title": "Business eligibility payment issue" }] } });
    let verdicts = Statuses::new(store.clone())
        .handle(&[incoming(&billing.to_string())])
        .await;
    assert_eq!(verdicts, [Verdict::Done]);
    let reason: Option<String> = sqlx::query_scalar("SELECT stop_reason FROM channel_accounts")
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert_eq!(
        reason.as_deref(),
        Some("131042: Business eligibility payment issue")
    );
}

#[tokio::test]
async fn with_the_database_away_statuses_wait_without_using_up_attempts() {
    let away = PoolConfig {
        acquire_timeout: std::time::Duration::from_millis(300),
        ..PoolConfig::new(
            "postgres://nobody@127.0.0.1:1/none".to_owned().into(),
            "test",
        )
    };
    let handler: Arc<dyn BatchHandler> = Arc::new(Statuses::new(Store::lazy(&away).unwrap()));
    let status =
        json!({ "item": { "id": "wamid.1", "status": "sent", "timestamp": "1790000000" } });
    let verdicts = handler.handle(&[incoming(&status.to_string())]).await;
    assert!(
        matches!(verdicts.as_slice(), [Verdict::Unavailable { dependency, .. }] if dependency == "postgres")
    );
}
