//! What waits for a turn.

use chrono::{DateTime, TimeDelta, Utc};
use posta_domain::dialogue::Content;
use sqlx::{PgConnection, postgres::types::PgInterval};

use crate::{
    error::{Doing as _, StoreError},
    ids::{ConversationId, EntryId, MessageId, TenantId},
    inbox::EventRef,
    text::storable_json,
};

/// An entry to be put in.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// What it says.
    pub content: Content,
    /// How long the turn waits for its file.
    pub wait: Option<TimeDelta>,
}

/// When and where an entry was said.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    /// By the provider's clock.
    pub at: DateTime<Utc>,
    /// When ingress had it.
    pub received_at: DateTime<Utc>,
    /// Its place in the request.
    pub index: i32,
}

/// Puts an entry into a chat's mailbox, once per event; false if it was there.
pub async fn put(
    tx: &mut PgConnection,
    tenant: TenantId,
    conversation: ConversationId,
    entry: &NewEntry,
    said: Said,
    message: Option<MessageId>,
    event: &EventRef,
) -> Result<bool, StoreError> {
    let payload = payload(&entry.content)?;
    let wait = entry.wait.map(|wait| PgInterval {
        months: 0,
        days: 0,
        microseconds: wait.num_microseconds().unwrap_or_default(),
    });
    sqlx::query!(
        "INSERT INTO mailbox (tenant_id, id, conversation_id, kind, message_id, payload, provider_time, received_at,
                              item_index, wait_until, dedupe_key, event_day, event_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() + $10::interval, $12, $11, $12)
         ON CONFLICT ON CONSTRAINT mailbox_dedupe_key DO NOTHING",
        tenant.uuid(),
        EntryId::fresh().uuid(),
        conversation.uuid(),
        kind(&entry.content),
        message.map(MessageId::uuid),
        payload,
        said.at,
        said.received_at,
        said.index,
        wait,
        event.day,
        event.key,
    )
    .execute(tx)
    .await
    .doing("put the message into the mailbox")
    .map(|done| done.rows_affected() == 1)
}

/// Puts in what a person of ours did at the desk, now; false if it was there. The caller holds the chat's lock, and sets
/// its turn.
pub async fn put_desk(
    tx: &mut PgConnection,
    tenant: TenantId,
    conversation: ConversationId,
    content: &Content,
    message: Option<MessageId>,
    dedupe_key: &str,
) -> Result<bool, StoreError> {
    sqlx::query!(
        "INSERT INTO mailbox (tenant_id, id, conversation_id, kind, message_id, payload, provider_time, received_at,
                              dedupe_key, announced_at)
         SELECT $1, $2, $3, $4, $5, $6, clock.now, clock.now, $7, clock.now
         FROM (SELECT clock_timestamp() AS now) AS clock
         ON CONFLICT ON CONSTRAINT mailbox_dedupe_key DO NOTHING",
        tenant.uuid(),
        EntryId::fresh().uuid(),
        conversation.uuid(),
        kind(content),
        message.map(MessageId::uuid),
        payload(content)?,
        dedupe_key,
    )
    .execute(tx)
    .await
    .doing("put what was done at the desk into the mailbox")
    .map(|done| done.rows_affected() == 1)
}

const fn kind(content: &Content) -> &'static str {
    match content {
        Content::Person => "person",
        Content::Released | Content::Muted { .. } | Content::Event { .. } => "event",
        _ => "guest",
    }
}

/// As the mailbox keeps it.
pub(crate) fn payload(content: &Content) -> Result<serde_json::Value, StoreError> {
    let payload = serde_json::to_value(content).map_err(|source| StoreError::Unreadable {
        what: "an entry for the mailbox",
        source: source.into(),
    })?;
    Ok(storable_json(&payload))
}
