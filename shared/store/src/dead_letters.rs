//! Messages the pipeline gave up on, with everything needed to understand and replay them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    error::{Doing as _, StoreError},
    ids::{DeadLetterId, TenantId},
    pool::Store,
    text::{indexable, storable, storable_json},
};

/// Who gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A handler: attempts used up, or poison.
    Handler,
    /// The broker's delivery limit.
    DeliveryLimit,
    /// No queue wanted it.
    Unrouted,
}

impl Origin {
    /// As the database writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Handler => "handler",
            Self::DeliveryLimit => "delivery_limit",
            Self::Unrouted => "unrouted",
        }
    }
}

/// One to be recorded.
#[derive(Debug, Clone)]
pub struct NewDeadLetter {
    /// The queue that had it.
    pub queue: String,
    /// The envelope's id; none when the bytes are no envelope of ours.
    pub message_id: Option<String>,
    /// The item's key.
    pub key: Option<String>,
    /// The account it was for, as the provider names it.
    pub account: Option<String>,
    /// Where it is published again.
    pub routing_key: String,
    /// The exact bytes.
    pub body: Vec<u8>,
    /// Headers as they were.
    pub headers: serde_json::Value,
    /// Who gave up.
    pub origin: Origin,
    /// The chain of errors.
    pub error: String,
    /// Attempts used.
    pub attempts: i32,
}

/// One on record.
#[derive(Debug, Clone, serde::Serialize)]
pub struct DeadLetter {
    /// Its id.
    pub id: Uuid,
    /// The queue that had it.
    pub queue: String,
    /// The envelope's id.
    pub message_id: Option<String>,
    /// The item's key.
    pub key: Option<String>,
    /// Where it is published again.
    pub routing_key: String,
    /// The exact bytes.
    #[serde(skip)]
    pub body: Vec<u8>,
    /// Headers as they were.
    pub headers: serde_json::Value,
    /// `handler`, `delivery_limit` or `unrouted`.
    pub origin: String,
    /// The chain of errors.
    pub error: String,
    /// Attempts used.
    pub attempts: i32,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// When it was last published again.
    pub replayed_at: Option<DateTime<Utc>>,
}

/// Records one; a second recording of the same message (after a crash, or of a copy that died while it was being
/// replayed) renews it. Its inbox row, when there is one that still waits, becomes `dead`.
pub async fn record(store: &Store, new: &NewDeadLetter) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let account = new.account.as_deref().map(storable);
    let message_id = new.message_id.as_deref().map(indexable);
    let key = new.key.as_deref().map(storable);
    let error = storable(&new.error);
    sqlx::query!(
        "INSERT INTO dead_letters (tenant_id, id, queue, message_id, key, routing_key, body, headers, origin, error,
                                   attempts)
         VALUES (coalesce((SELECT tenant_id FROM channel_accounts WHERE external_id = $1 LIMIT 1), $2),
                 $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (queue, message_id) WHERE resolved_at IS NULL AND replayed_at IS NULL
         DO UPDATE SET created_at = clock_timestamp(), error = excluded.error, attempts = excluded.attempts",
        account.as_deref(),
        TenantId::UNASSIGNED.uuid(),
        DeadLetterId::fresh().uuid(),
        &*indexable(&new.queue),
        message_id.as_deref(),
        key.as_deref(),
        &*storable(&new.routing_key),
        new.body,
        storable_json(&new.headers),
        new.origin.as_str(),
        &*error,
        new.attempts,
    )
    .execute(&mut *tx)
    .await
    .doing("record the dead letter")?;
    if let Some(key) = &key {
        sqlx::query!(
            "UPDATE inbound_events SET verdict = 'dead', reason = $2, attempts = $3, handled_at = now()
             WHERE verdict = 'pending' AND key = $1",
            &**key,
            &*error,
            new.attempts,
        )
        .execute(&mut *tx)
        .await
        .doing("mark the event as dead")?;
    }
    tx.commit().await.doing("commit the dead letter")
}

/// Those nobody has dealt with, oldest first.
pub async fn list(store: &Store, limit: i64) -> Result<Vec<DeadLetter>, StoreError> {
    sqlx::query_as!(
        DeadLetter,
        "SELECT id, queue, message_id, key, routing_key, body, headers, origin, error, attempts, created_at,
                replayed_at
         FROM dead_letters
         WHERE resolved_at IS NULL AND replayed_at IS NULL
         ORDER BY created_at, id
         LIMIT $1",
        limit
    )
    .fetch_all(store.pool())
    .await
    .doing("list the dead letters")
}

/// One, whatever its state.
pub async fn find(store: &Store, id: DeadLetterId) -> Result<Option<DeadLetter>, StoreError> {
    sqlx::query_as!(
        DeadLetter,
        "SELECT id, queue, message_id, key, routing_key, body, headers, origin, error, attempts, created_at,
                replayed_at
         FROM dead_letters WHERE id = $1",
        id.uuid()
    )
    .fetch_optional(store.pool())
    .await
    .doing("find the dead letter")
}

/// Before it is published again: its event waits once more, so that the copy is not taken for a duplicate.
pub async fn reopen(store: &Store, letter: &DeadLetter) -> Result<(), StoreError> {
    let Some(key) = &letter.key else {
        return Ok(());
    };
    sqlx::query!(
        "UPDATE inbound_events SET verdict = 'pending', reason = NULL, handled_at = NULL
         WHERE verdict = 'dead' AND key = $1",
        key
    )
    .execute(store.pool())
    .await
    .doing("reopen the event")
    .map(|_| ())
}

/// After the broker confirmed it. A crash before this leads to a second replay at worst, which the inbox absorbs. A
/// copy that died meanwhile has renewed the letter: that one stays on the list.
pub async fn mark_replayed(store: &Store, letter: &DeadLetter) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE dead_letters SET replayed_at = now() WHERE id = $1 AND created_at = $2",
        letter.id,
        letter.created_at,
    )
    .execute(store.pool())
    .await
    .doing("mark the dead letter as replayed")
    .map(|_| ())
}

/// A person looked at it and wants nothing more done. False when there is none to resolve.
pub async fn resolve(store: &Store, id: DeadLetterId) -> Result<bool, StoreError> {
    sqlx::query!(
        "UPDATE dead_letters SET resolved_at = now() WHERE id = $1 AND resolved_at IS NULL",
        id.uuid()
    )
    .execute(store.pool())
    .await
    .doing("resolve the dead letter")
    .map(|done| done.rows_affected() == 1)
}
