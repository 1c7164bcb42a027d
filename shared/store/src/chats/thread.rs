//! What both sides said, a page at a time.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::{Doing as _, StoreError},
    ids::{ConversationId, MediaId, MessageId, ReservationId, TenantId},
};

/// Who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants say it")]
pub enum Author {
    Guest,
    Bot,
    Person,
}

/// One message.
#[derive(Debug, Clone)]
pub struct Message {
    /// Which.
    pub id: MessageId,
    /// Who said it.
    pub author: Author,
    /// The provider's type.
    pub kind: String,
    /// Words, where there are some.
    pub body: Option<String>,
    /// Of a voice note.
    pub transcript: Option<String>,
    /// The file it carries.
    pub media: Option<MediaId>,
    /// Its type.
    pub media_mime: Option<String>,
    /// Whether the file is here: `wanted` (on its way), `stored`, `refused`, `lost`.
    pub media_state: Option<String>,
    /// The booking whose transfer the file is the receipt of.
    pub receipt_of: Option<ReservationId>,
    /// By the provider's clock.
    pub at: DateTime<Utc>,
    /// How far ours is: `pending`, `sent`, `read`, `failed` …
    pub delivery: Option<String>,
    /// Why it did not go out.
    pub error: Option<String>,
}

/// As the database writes it.
pub(super) fn author(name: &str) -> Author {
    match name {
        "guest" => Author::Guest,
        "person" => Author::Person,
        _ => Author::Bot,
    }
}

/// A part of a thread.
#[derive(Debug, Clone)]
pub struct Page {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Ask for what came before this one; none: there is nothing earlier.
    pub earlier: Option<MessageId>,
}

/// The newest messages of a chat, or the newest before another one. `None`: there is no such chat.
pub async fn thread(
    conn: &mut PgConnection,
    tenant: TenantId,
    chat: ConversationId,
    before: Option<MessageId>,
    limit: u16,
) -> Result<Option<Page>, StoreError> {
    let found = sqlx::query_scalar!(
        "SELECT c.id FROM conversations c JOIN guests g ON g.id = c.guest_id
         WHERE c.tenant_id = $1 AND c.id = $2 AND g.kind <> 'personal'",
        tenant.uuid(),
        chat.uuid(),
    )
    .fetch_optional(&mut *conn)
    .await
    .doing("look for the chat")?;
    if found.is_none() {
        return Ok(None);
    }
    let rows = sqlx::query!(
        r#"SELECT m.id, m.author, m.kind, m.body, m.transcript, m.media_id, f.mime AS "mime?", f.state AS "media_state?",
                  (SELECT q.reservation_id FROM payment_requests q
                   WHERE q.receipt_media_id = m.media_id ORDER BY q.receipt_at DESC LIMIT 1) AS receipt_of,
                  m.provider_time, o.state AS "delivery?", o.error
           FROM messages m
           LEFT JOIN media f ON f.id = m.media_id
           LEFT JOIN outbox o ON o.id = m.outbox_id
           WHERE m.conversation_id = $1
             AND ($2::uuid IS NULL
                  OR (m.provider_time, m.received_at, m.item_index, m.id)
                     < (SELECT b.provider_time, b.received_at, b.item_index, b.id FROM messages b
                        WHERE b.id = $2 AND b.conversation_id = $1))
           ORDER BY m.provider_time DESC, m.received_at DESC, m.item_index DESC, m.id DESC
           -- One more than is shown says whether there are earlier ones.
           LIMIT $3::bigint + 1"#,
        chat.uuid(),
        before.map(MessageId::uuid),
        i64::from(limit),
    )
    .fetch_all(conn)
    .await
    .doing("read the thread")?;
    let more = rows.len() > usize::from(limit);
    let mut messages: Vec<Message> = rows
        .into_iter()
        .take(usize::from(limit))
        .map(|row| Message {
            id: row.id.into(),
            author: author(&row.author),
            kind: row.kind,
            body: row.body,
            transcript: row.transcript,
            media: row.media_id.map(|id: Uuid| id.into()),
            media_mime: row.mime,
            media_state: row.media_state,
            receipt_of: row.receipt_of.map(ReservationId::from),
            at: row.provider_time,
            delivery: row.delivery,
            error: row.error,
        })
        .collect();
    messages.reverse();
    let earlier = messages.first().map(|oldest| oldest.id).filter(|_| more);
    Ok(Some(Page { messages, earlier }))
}
