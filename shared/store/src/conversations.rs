//! Chats: locking one, and saying when its next turn is due.
//!
//! What a chat's dialogue knows (state, slots, mode, epoch) is written by turns alone. Storing a message touches only
//! the facts of its arrival: when a turn is due and when the guest last wrote.

use chrono::{DateTime, Utc};
use posta_domain::quiet::Standing;
use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    guests::{self, Alias, At},
    ids::{ConversationId, GuestId},
};

/// A chat whose lock we hold.
#[derive(Debug, Clone, Copy)]
pub struct Locked {
    /// Which.
    pub id: ConversationId,
    /// Whose.
    pub guest: GuestId,
    /// What it says about its next turn, by the database's clock.
    pub standing: Standing,
}

/// How often a chat may turn out to have been merged away while we waited for its lock.
const MERGES: usize = 5;

/// Finds or makes the chat of whoever has these names, and locks it.
pub async fn lock(
    tx: &mut PgConnection,
    at: At,
    aliases: &[Alias],
    name: Option<&str>,
) -> Result<Locked, StoreError> {
    for _ in 0..MERGES {
        let guest = guests::resolve(tx, at, aliases, name).await?;
        let id = lock_of(tx, at, guest).await?;
        // A statement of its own: the lock may have been waited for, and what it guards has changed meanwhile.
        let row = sqlx::query!(
            r#"SELECT g.merged_into, c.turn_due_at, c.turn_wanted_at, c.last_turn_at, clock_timestamp() AS "now!"
               FROM conversations c JOIN guests g ON g.id = c.guest_id WHERE c.id = $1"#,
            id.uuid(),
        )
        .fetch_one(&mut *tx)
        .await
        .doing("read the chat")?;
        if row.merged_into.is_none() {
            let standing = Standing {
                now: row.now,
                due: row.turn_due_at,
                wanted_since: row.turn_wanted_at,
                last_turn_at: row.last_turn_at,
            };
            return Ok(Locked {
                id,
                guest,
                standing,
            });
        }
    }
    Err(StoreError::Conflict(
        "the guest is being merged with others",
    ))
}

async fn lock_of(
    tx: &mut PgConnection,
    at: At,
    guest: GuestId,
) -> Result<ConversationId, StoreError> {
    // Twice at most: what is not there is made, by us or by somebody at the same time.
    for _ in 0..2 {
        let found = sqlx::query_scalar!(
            "SELECT id FROM conversations WHERE account_id = $1 AND guest_id = $2 FOR NO KEY UPDATE",
            at.account.uuid(),
            guest.uuid(),
        )
        .fetch_optional(&mut *tx)
        .await
        .doing("lock the chat")?;
        if let Some(id) = found {
            return Ok(id.into());
        }
        sqlx::query!(
            "INSERT INTO conversations (tenant_id, id, account_id, guest_id) VALUES ($1, $2, $3, $4)
             ON CONFLICT ON CONSTRAINT conversations_guest_key DO NOTHING",
            at.tenant.uuid(),
            ConversationId::fresh().uuid(),
            at.account.uuid(),
            guest.uuid(),
        )
        .execute(&mut *tx)
        .await
        .doing("open a chat")?;
    }
    Err(StoreError::Conflict(
        "the chat was moved while it was being opened",
    ))
}

/// Notes that something waits, and when the guest wrote it: sets the turn, and opens the provider's window. A message
/// from the future does not open it for longer.
pub async fn set_turn(
    tx: &mut PgConnection,
    chat: &Locked,
    due: DateTime<Utc>,
    guest_wrote: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE conversations
         SET turn_due_at    = $2,
             turn_wanted_at = coalesce(turn_wanted_at, clock_timestamp()),
             -- LEAST skips nulls: without the CASE a person's message would count as the guest's.
             last_guest_at  = greatest(last_guest_at,
                                       CASE WHEN $3::timestamptz IS NOT NULL THEN least($3, clock_timestamp()) END)
         WHERE id = $1",
        chat.id.uuid(),
        due,
        guest_wrote,
    )
    .execute(tx)
    .await
    .doing("set the chat's turn")
    .map(|_| ())
}
