//! Files guests send. The row is made with the message; the bytes come when they are downloaded.

use sqlx::PgConnection;

use crate::{
    attention::{self, NewAttention},
    error::{Doing as _, StoreError},
    guests::At,
    ids::MediaId,
    inbox::{self, EventRef},
    pool::Store,
};

/// A file the provider has for us.
#[derive(Debug, Clone)]
pub struct NewMedia {
    /// The provider's id.
    pub provider_id: String,
    /// As the provider declares it.
    pub mime: String,
}

/// A file's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Which.
    pub id: MediaId,
    /// Whether it still has to be fetched.
    pub missing: bool,
}

/// What became of a file.
#[derive(Debug)]
pub enum Fate<'a> {
    /// Here it is.
    Stored {
        /// The bytes.
        content: &'a [u8],
        /// Their SHA-256.
        sha256: &'a [u8],
        /// The type the download declared.
        mime: &'a str,
    },
    /// We do not take it, and why.
    Refused(&'a str),
    /// The provider does not have it any more.
    Lost(&'a str),
}

/// Makes the row, or finds it: the same file can come with two messages.
pub async fn want(tx: &mut PgConnection, at: At, new: &NewMedia) -> Result<Wanted, StoreError> {
    let row = sqlx::query!(
        "INSERT INTO media (tenant_id, id, account_id, provider_id, mime) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT ON CONSTRAINT media_provider_key DO UPDATE SET mime = media.mime
         RETURNING id, state",
        at.tenant.uuid(),
        MediaId::fresh().uuid(),
        at.account.uuid(),
        new.provider_id,
        new.mime,
    )
    .fetch_one(tx)
    .await
    .doing("note the file")?;
    Ok(Wanted {
        id: row.id.into(),
        missing: row.state == "wanted",
    })
}

/// Notes what became of a file: the turns that waited for it go on, and the item that brought it is done.
pub async fn settle(
    store: &Store,
    event: &EventRef,
    media: MediaId,
    fate: Fate<'_>,
) -> Result<(), StoreError> {
    let (state, reason, content, sha256, mime) = match fate {
        Fate::Stored {
            content,
            sha256,
            mime,
        } => ("stored", None, Some(content), Some(sha256), Some(mime)),
        Fate::Refused(reason) => ("refused", Some(reason), None, None, None),
        Fate::Lost(reason) => ("lost", Some(reason), None, None, None),
    };
    let mut tx = store.begin().await?;
    // The inbox row first, as everybody who stores a copy of it does.
    inbox::finish(&mut tx, event, inbox::Verdict::Effected, reason).await?;
    sqlx::query!(
        "SELECT id FROM conversations
         WHERE id IN (SELECT conversation_id FROM messages WHERE media_id = $1) ORDER BY id FOR NO KEY UPDATE",
        media.uuid(),
    )
    .fetch_all(&mut *tx)
    .await
    .doing("lock the chats that wait for the file")?;
    sqlx::query!(
        "UPDATE media
         SET state = $2, reason = $3, content = $4::bytea, sha256 = $5, size_bytes = octet_length($4::bytea),
             mime = coalesce(nullif($6, ''), mime), stored_at = clock_timestamp(),
             retain_until = now() + interval '1 year'
         WHERE id = $1 AND state = 'wanted'",
        media.uuid(),
        state,
        reason,
        content,
        sha256,
        mime,
    )
    .execute(&mut *tx)
    .await
    .doing("keep the file")?;
    sqlx::query!(
        "WITH freed AS (
             UPDATE mailbox SET wait_until = NULL
             WHERE handled_at IS NULL AND wait_until IS NOT NULL
               AND message_id IN (SELECT id FROM messages WHERE media_id = $1)
             RETURNING conversation_id
         )
         -- A turn that was put off for the file is due, but not before the guest had a moment to add words.
         UPDATE conversations
         SET turn_due_at = least(turn_due_at, greatest(clock_timestamp(), turn_wanted_at + interval '2 seconds'))
         WHERE id IN (SELECT conversation_id FROM freed) AND turn_due_at IS NOT NULL",
        media.uuid(),
    )
    .execute(&mut *tx)
    .await
    .doing("let the turns that waited for the file go on")?;
    if state == "lost" {
        report_lost(&mut tx, media, reason.unwrap_or_default()).await?;
    }
    tx.commit().await.doing("commit the file")
}

/// A receipt may be among them: somebody has to ask for it again.
async fn report_lost(
    tx: &mut PgConnection,
    media: MediaId,
    reason: &str,
) -> Result<(), StoreError> {
    let tenant = sqlx::query_scalar!("SELECT tenant_id FROM media WHERE id = $1", media.uuid())
        .fetch_one(&mut *tx)
        .await
        .doing("read whose the file is")?;
    let lost = NewAttention {
        tenant: tenant.into(),
        kind: "file_lost",
        subject: &format!("media:{media}"),
        detail: serde_json::json!({ "reason": reason }),
        deadline: None,
    };
    attention::raise(tx, &lost).await
}
