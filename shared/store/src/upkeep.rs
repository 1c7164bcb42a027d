//! What the scheduler looks after: work that a lost nudge left behind, and chats a person has left.

use std::time::Duration;

use crate::{
    error::{Doing as _, StoreError},
    ids::ConversationId,
    outbox::claim::interval,
    pool::Store,
};

/// How many replies are due, or without a sender, for longer than `older_than`.
pub async fn replies_left_behind(store: &Store, older_than: Duration) -> Result<i64, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM outbox
           WHERE state = 'pending' AND not_before <= now() - $1::interval
              OR state = 'sending' AND lease_until <= now() - $1::interval"#,
        interval(older_than)
    )
    .fetch_one(store.pool())
    .await
    .doing("look for replies left behind")
}

/// Chats whose turn is due for longer than `older_than`, oldest first.
pub async fn turns_left_behind(
    store: &Store,
    older_than: Duration,
    limit: i64,
) -> Result<Vec<ConversationId>, StoreError> {
    sqlx::query_scalar!(
        "SELECT id FROM conversations
         WHERE turn_due_at IS NOT NULL AND turn_due_at <= now() - $1::interval
         ORDER BY turn_due_at
         LIMIT $2",
        interval(older_than),
        limit
    )
    .fetch_all(store.pool())
    .await
    .doing("look for turns left behind")
    .map(|ids| ids.into_iter().map(ConversationId::from).collect())
}

/// Gives chats back to the bot when neither side wrote for `silence`. Entries that still wait are left to the turn.
pub async fn hand_back(store: &Store, silence: Duration) -> Result<u64, StoreError> {
    // A chat in a turn is locked: it is looked at again a minute later.
    sqlx::query!(
        "-- As a turn would do it when the guest writes again: not a new acquaintance, and nothing half asked.
         UPDATE conversations SET mode = 'bot', state = 'menu', slots = '{}', misunderstandings = 0
         WHERE id IN (
             SELECT id FROM conversations
             WHERE mode = 'human' AND turn_due_at IS NULL
               AND greatest(coalesce(last_person_at, created_at), last_guest_at) <= now() - $1::interval
             ORDER BY id
             LIMIT 500
             FOR NO KEY UPDATE SKIP LOCKED)",
        interval(silence)
    )
    .execute(store.pool())
    .await
    .doing("hand chats back")
    .map(|done| done.rows_affected())
}

/// Accounts that a person has to look at before anything is sent for them again.
pub async fn stopped_accounts(store: &Store) -> Result<Vec<StoppedAccount>, StoreError> {
    sqlx::query_as!(
        StoppedAccount,
        r#"SELECT provider, external_id, stop_reason AS reason
           FROM channel_accounts WHERE stopped_at IS NOT NULL ORDER BY stopped_at"#
    )
    .fetch_all(store.pool())
    .await
    .doing("list the stopped accounts")
}

/// An account nothing is sent for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedAccount {
    /// `whatsapp` or `mercadopago`.
    pub provider: String,
    /// As the provider names it.
    pub external_id: String,
    /// What the provider said.
    pub reason: Option<String>,
}
