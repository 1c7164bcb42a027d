//! Looking for words in what was said, in one chat or in all of a tenant's.
//!
//! Words are compared as they are (no stems, case aside): names and codes are looked for as often as anything else. Chats
//! of personal contacts are not searched.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::thread::{Author, author};
use crate::{
    error::{Doing as _, StoreError},
    ids::{ConversationId, GuestId, MessageId, TenantId},
};

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Search {
    /// As a person types it: words, "quoted words", -not this. Holds no NUL.
    pub words: String,
    /// In this chat only.
    pub chat: Option<ConversationId>,
    /// What came before this message: the last page's last.
    pub before: Option<MessageId>,
    /// So many at most.
    pub limit: u16,
}

/// A message with the words.
#[derive(Debug, Clone)]
pub struct Found {
    /// Which.
    pub message: MessageId,
    /// Of which chat.
    pub chat: ConversationId,
    /// With whom.
    pub guest: GuestId,
    /// As the profile shows it; untrusted text.
    pub guest_name: Option<String>,
    /// Who said it.
    pub author: Author,
    /// The provider's type.
    pub kind: String,
    /// Words, where there are some.
    pub body: Option<String>,
    /// Of a voice note.
    pub transcript: Option<String>,
    /// By the provider's clock.
    pub at: DateTime<Utc>,
}

/// The messages with these words, newest first.
pub async fn search(
    conn: &mut PgConnection,
    tenant: TenantId,
    search: &Search,
) -> Result<Vec<Found>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT m.id, m.conversation_id, m.author, m.kind, m.body, m.transcript, m.provider_time, c.guest_id,
                  g.display_name
           FROM messages m
           JOIN conversations c ON c.id = m.conversation_id
           JOIN guests g ON g.id = c.guest_id
           WHERE m.tenant_id = $1 AND g.kind <> 'personal'
             -- Written as the index has it.
             AND to_tsvector('simple', coalesce(m.body, '') || ' ' || coalesce(m.transcript, ''))
                 @@ websearch_to_tsquery('simple', $2)
             AND ($3::uuid IS NULL OR m.conversation_id = $3)
             AND ($4::uuid IS NULL
                  OR (m.provider_time, m.id)
                     < (SELECT b.provider_time, b.id FROM messages b WHERE b.tenant_id = $1 AND b.id = $4))
           ORDER BY m.provider_time DESC, m.id DESC
           LIMIT $5"#,
        tenant.uuid(),
        search.words,
        search.chat.map(ConversationId::uuid),
        search.before.map(MessageId::uuid),
        i64::from(search.limit),
    )
    .fetch_all(conn)
    .await
    .doing("search the chats")?;
    let found = rows.into_iter().map(|row| Found {
        message: row.id.into(),
        chat: row.conversation_id.into(),
        guest: row.guest_id.into(),
        guest_name: row.display_name,
        author: author(&row.author),
        kind: row.kind,
        body: row.body,
        transcript: row.transcript,
        at: row.provider_time,
    });
    Ok(found.collect())
}
