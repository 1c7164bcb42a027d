//! Rows for the tests of the store.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use posta_store::{
    Store,
    ids::OutboxId,
    outbox::{
        Author, Channel, NewOutbox,
        claim::{Claimed, Claims, Terms, claim},
        enqueue,
    },
    testing::Chat,
};

pub(crate) fn terms() -> Terms {
    Terms {
        limit: 50,
        lease: Duration::from_secs(30),
        grace: Duration::from_mins(1),
        skip: Vec::new(),
    }
}

pub(crate) fn row(chat: &Chat, key: &str) -> NewOutbox {
    NewOutbox {
        tenant: chat.tenant,
        account: chat.account,
        channel: Channel::Whatsapp,
        guest: chat.guest,
        conversation: chat.conversation,
        payload: serde_json::json!({ "type": "text", "body": key }),
        dedupe_key: format!("{}:{key}", chat.conversation),
        author: Author::Bot,
        epoch: 0,
        not_before: None,
        not_after: None,
        turn: None,
        cause: None,
    }
}

pub(crate) async fn say(store: &Store, new: &NewOutbox) -> OutboxId {
    let mut tx = store.begin().await.unwrap();
    let id = enqueue(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub(crate) async fn round(store: &Store) -> Claims {
    claim(store, &terms()).await.unwrap()
}

pub(crate) async fn only(store: &Store) -> Claimed {
    let mut claims = round(store).await;
    assert_eq!(claims.send.len(), 1, "exactly one row is to be sent");
    claims.send.remove(0)
}

pub(crate) async fn state(store: &Store, id: OutboxId) -> String {
    sqlx::query_scalar("SELECT state FROM outbox WHERE id = $1")
        .bind(id.uuid())
        .fetch_one(store.pool())
        .await
        .unwrap()
}

/// Lets the lease of a row run out, and the time of grace with it.
pub(crate) async fn lapse(store: &Store, id: OutboxId) {
    sqlx::query("UPDATE outbox SET lease_until = now() - interval '2 minutes' WHERE id = $1")
        .bind(id.uuid())
        .execute(store.pool())
        .await
        .unwrap();
}

pub(crate) async fn attention(store: &Store) -> Vec<String> {
    sqlx::query_scalar("SELECT kind FROM attention ORDER BY created_at")
        .fetch_all(store.pool())
        .await
        .unwrap()
}
