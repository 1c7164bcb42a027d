//! Everything both sides said, kept for people to read.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::{ConversationId, MediaId, MessageId, TenantId},
    inbox::EventRef,
};

/// Who said it, and so in which direction it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// In.
    Guest,
    /// Out, by a person of ours.
    Person,
}

impl Speaker {
    const fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Guest => ("in", "guest"),
            Self::Person => ("out", "person"),
        }
    }
}

/// A message to be kept.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Who said it.
    pub speaker: Speaker,
    /// The provider's type.
    pub kind: String,
    /// The provider's id.
    pub provider_id: Option<String>,
    /// The provider's time.
    pub at: DateTime<Utc>,
    /// When ingress had it.
    pub received_at: DateTime<Utc>,
    /// Its place in the request.
    pub index: i32,
    /// Readable text; holds no NUL.
    pub body: Option<String>,
    /// The message it answers.
    pub reply_to: Option<String>,
}

/// Keeps a message; `None` if the chat has it already.
pub async fn insert(
    tx: &mut PgConnection,
    tenant: TenantId,
    conversation: ConversationId,
    new: &NewMessage,
    media: Option<MediaId>,
    event: &EventRef,
) -> Result<Option<MessageId>, StoreError> {
    let (direction, author) = new.speaker.columns();
    sqlx::query_scalar!(
        "INSERT INTO messages (tenant_id, id, conversation_id, direction, author, kind, provider_id, provider_time,
                               received_at, item_index, body, media_id, reply_to, event_day, event_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT ON CONSTRAINT messages_provider_key DO NOTHING
         RETURNING id",
        tenant.uuid(),
        MessageId::fresh().uuid(),
        conversation.uuid(),
        direction,
        author,
        new.kind,
        new.provider_id,
        new.at,
        new.received_at,
        new.index,
        new.body,
        media.map(MediaId::uuid),
        new.reply_to,
        event.day,
        event.key,
    )
    .fetch_optional(tx)
    .await
    .doing("keep the message")
    .map(|id| id.map(MessageId::from))
}

/// Keeps a thread of old messages at once; those the chat has already are left as they are. Returns how many are new.
pub async fn insert_history(
    tx: &mut PgConnection,
    tenant: TenantId,
    conversation: ConversationId,
    messages: &[NewMessage],
    event: &EventRef,
) -> Result<u64, StoreError> {
    let ids: Vec<_> = messages.iter().map(|_| MessageId::fresh().uuid()).collect();
    let directions: Vec<&str> = messages.iter().map(|m| m.speaker.columns().0).collect();
    let authors: Vec<&str> = messages.iter().map(|m| m.speaker.columns().1).collect();
    let provider_ids: Vec<Option<&str>> =
        messages.iter().map(|m| m.provider_id.as_deref()).collect();
    let times: Vec<DateTime<Utc>> = messages.iter().map(|m| m.at).collect();
    let bodies: Vec<Option<&str>> = messages.iter().map(|m| m.body.as_deref()).collect();
    let indexes: Vec<i32> = messages.iter().map(|m| m.index).collect();
    let received: Vec<DateTime<Utc>> = messages.iter().map(|m| m.received_at).collect();
    sqlx::query!(
        "INSERT INTO messages (tenant_id, id, conversation_id, direction, author, kind, provider_id, provider_time,
                               received_at, item_index, body, event_day, event_key)
         SELECT $1, id, $2, direction, author, 'history', provider_id, at, received_at, item_index, body, $3, $4
         FROM unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[], $11::int[],
                     $12::text[])
              AS m (id, direction, author, provider_id, at, received_at, item_index, body)
         ON CONFLICT ON CONSTRAINT messages_provider_key DO NOTHING",
        tenant.uuid(),
        conversation.uuid(),
        event.day,
        event.key,
        &ids,
        &directions as &[&str],
        &authors as &[&str],
        &provider_ids as &[Option<&str>],
        &times,
        &received,
        &indexes,
        &bodies as &[Option<&str>],
    )
    .execute(tx)
    .await
    .doing("keep the history")
    .map(|done| done.rows_affected())
}
