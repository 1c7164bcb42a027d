//! Events that wait become turns.

use uuid::Uuid;

use crate::{
    error::{Doing as _, StoreError},
    pool::Store,
};

/// Chats at a time.
const MOST: i64 = 200;

/// Sets the turn of the chats in which something has happened ([`crate::events::tell`]); answers how many. A chat that
/// is in a turn's hands is left for the next call: whoever waits for a turn calls this a few times a second. Where
/// nothing has happened it costs one look into an empty index.
pub async fn announce(store: &Store) -> Result<u64, StoreError> {
    let any = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM mailbox
                          WHERE kind = 'event' AND handled_at IS NULL AND announced_at IS NULL) AS "any!""#
    )
    .fetch_one(store.pool())
    .await
    .doing("look for events nobody has announced")?;
    if !any {
        return Ok(0);
    }
    let mut tx = store.begin().await?;
    // The chat first, then its mailbox: as everybody.
    let chats: Vec<Uuid> = sqlx::query_scalar!(
        "SELECT id FROM conversations
         WHERE id IN (SELECT conversation_id FROM mailbox
                      WHERE kind = 'event' AND handled_at IS NULL AND announced_at IS NULL
                      ORDER BY stored_at
                      LIMIT $1)
         ORDER BY id
         FOR NO KEY UPDATE SKIP LOCKED",
        MOST,
    )
    .fetch_all(&mut *tx)
    .await
    .doing("lock the chats in which something happened")?;
    // A turn may have read the event meanwhile: then nothing is left to announce.
    let mut waiting: Vec<Uuid> = sqlx::query_scalar!(
        "UPDATE mailbox SET announced_at = clock_timestamp()
         WHERE conversation_id = ANY($1) AND kind = 'event' AND handled_at IS NULL AND announced_at IS NULL
         RETURNING conversation_id",
        &chats,
    )
    .fetch_all(&mut *tx)
    .await
    .doing("note that the events are announced")?;
    waiting.sort_unstable();
    waiting.dedup();
    // A turn that is due anyway, after the quiet window or a failure, says this too.
    sqlx::query!(
        "UPDATE conversations
         SET turn_due_at    = coalesce(turn_due_at, clock_timestamp()),
             turn_wanted_at = coalesce(turn_wanted_at, clock_timestamp())
         WHERE id = ANY($1)",
        &waiting,
    )
    .execute(&mut *tx)
    .await
    .doing("set the turns of the chats in which something happened")?;
    tx.commit().await.doing("commit the announcements")?;
    Ok(u64::try_from(waiting.len()).unwrap_or(u64::MAX))
}
