//! Two guests that turn out to be one: the older lives on, with everything both said.

use posta_domain::mode::Mode;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::{Doing as _, StoreError},
    ids::GuestId,
};

/// Moves all of `gone` to `kept`. The caller has serialised the account's guests.
pub(super) async fn merge(
    tx: &mut PgConnection,
    kept: GuestId,
    gone: GuestId,
) -> Result<(), StoreError> {
    let both = [kept.uuid(), gone.uuid()];
    lock_chats(tx, &both).await?;
    // Bookings before guests: whoever works on a booking writes rows that refer to its guest, and would wait for us.
    lock_bookings(tx, &both).await?;
    // Then the guests, against whoever opens a chat with one of them (its foreign key waits for this lock, or we for
    // it); then the chats that were opened before we had it.
    sqlx::query!(
        "SELECT id FROM guests WHERE id = ANY($1) ORDER BY id FOR UPDATE",
        &both
    )
    .fetch_all(&mut *tx)
    .await
    .doing("lock the guests to be merged")?;
    let chats = lock_chats(tx, &both).await?;
    for chat in chats.iter().filter(|chat| chat.guest == gone.uuid()) {
        let into = chats
            .iter()
            .find(|other| other.guest == kept.uuid() && other.account == chat.account);
        match into {
            Some(into) => fold(tx, into.id, chat.id, kept).await?,
            None => adopt(tx, chat.id, kept).await?,
        }
    }
    sqlx::query!(
        "UPDATE guest_aliases SET guest_id = $1 WHERE guest_id = $2",
        kept.uuid(),
        gone.uuid()
    )
    .execute(&mut *tx)
    .await
    .doing("move the guest's names")?;
    sqlx::query!(
        "UPDATE inbound_events SET guest_id = $1 WHERE guest_id = $2",
        kept.uuid(),
        gone.uuid()
    )
    .execute(&mut *tx)
    .await
    .doing("move the guest's events")?;
    move_bookings(tx, kept, gone).await?;
    sqlx::query!(
        "UPDATE guests AS kept
         SET phone        = coalesce(kept.phone, gone.phone),
             display_name = coalesce(kept.display_name, gone.display_name),
             legal_name   = coalesce(kept.legal_name, gone.legal_name),
             document     = coalesce(kept.document, gone.document),
             email        = coalesce(kept.email, gone.email),
             -- Whoever wants no messages of ours wants none.
             opted_out_at = least(kept.opted_out_at, gone.opted_out_at),
             -- Whoever one of the two was marked as is not a guest.
             kind         = CASE WHEN kept.kind = 'guest' THEN gone.kind ELSE kept.kind END
         FROM guests AS gone WHERE kept.id = $1 AND gone.id = $2",
        kept.uuid(),
        gone.uuid(),
    )
    .execute(&mut *tx)
    .await
    .doing("merge the guests")?;
    // Also those merged into it earlier.
    sqlx::query!(
        "UPDATE guests SET merged_into = $1 WHERE id = $2 OR merged_into = $2",
        kept.uuid(),
        gone.uuid()
    )
    .execute(tx)
    .await
    .doing("note that the guests are one")
    .map(|_| ())
}

struct LockedChat {
    id: Uuid,
    account: Uuid,
    guest: Uuid,
}

/// The lower guest's first, for everybody.
async fn lock_chats(tx: &mut PgConnection, guests: &[Uuid]) -> Result<Vec<LockedChat>, StoreError> {
    sqlx::query_as!(
        LockedChat,
        "SELECT id, account_id AS account, guest_id AS guest FROM conversations WHERE guest_id = ANY($1)
         ORDER BY guest_id, id FOR NO KEY UPDATE",
        guests,
    )
    .fetch_all(tx)
    .await
    .doing("lock the chats to be merged")
}

async fn lock_bookings(tx: &mut PgConnection, guests: &[Uuid]) -> Result<(), StoreError> {
    sqlx::query!(
        "SELECT id FROM reservations WHERE guest_id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
        guests,
    )
    .fetch_all(tx)
    .await
    .doing("lock the bookings of the guests to be merged")
    .map(|_| ())
}

/// Bookings, the quotes that led to them, what was paid, and what is kept for her.
async fn move_bookings(
    tx: &mut PgConnection,
    kept: GuestId,
    gone: GuestId,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE reservations SET guest_id = $1 WHERE guest_id = $2",
        kept.uuid(),
        gone.uuid()
    )
    .execute(&mut *tx)
    .await
    .doing("move the guest's bookings")?;
    sqlx::query!(
        "UPDATE quotes SET guest_id = $1 WHERE guest_id = $2",
        kept.uuid(),
        gone.uuid()
    )
    .execute(&mut *tx)
    .await
    .doing("move the guest's quotes")?;
    sqlx::query!(
        "UPDATE ledger_entries SET guest_id = $1 WHERE guest_id = $2",
        kept.uuid(),
        gone.uuid()
    )
    .execute(&mut *tx)
    .await
    .doing("move what the guest paid")?;
    sqlx::query!(
        "UPDATE credits SET guest_id = $1 WHERE guest_id = $2",
        kept.uuid(),
        gone.uuid()
    )
    .execute(tx)
    .await
    .doing("move the guest's credits")
    .map(|_| ())
}

/// A chat on an account where the kept guest had none.
async fn adopt(tx: &mut PgConnection, chat: Uuid, guest: GuestId) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE conversations SET guest_id = $2 WHERE id = $1",
        chat,
        guest.uuid()
    )
    .execute(&mut *tx)
    .await
    .doing("move the chat")?;
    sqlx::query!(
        "UPDATE outbox SET guest_id = $2 WHERE conversation_id = $1",
        chat,
        guest.uuid()
    )
    .execute(tx)
    .await
    .doing("move the chat's replies")
    .map(|_| ())
}

/// Two chats on one account become one. The emptied one stays as a row: old references still find it.
async fn fold(
    tx: &mut PgConnection,
    into: Uuid,
    from: Uuid,
    guest: GuestId,
) -> Result<(), StoreError> {
    let modes = sqlx::query_scalar!(
        "SELECT mode FROM conversations WHERE id = ANY($1)",
        &[into, from]
    )
    .fetch_all(&mut *tx)
    .await
    .doing("read the chats' modes")?;
    let mode = modes
        .iter()
        .filter_map(|name| Mode::parse(name).ok())
        .reduce(Mode::more_careful)
        .unwrap_or(Mode::Bot);
    // What the desk was about to say stays current if it was current in its own chat.
    if !matches!(mode, Mode::Human | Mode::Muted) {
        sqlx::query!(
            "UPDATE outbox AS o SET epoch = greatest(kept.epoch, gone.epoch)
             FROM conversations AS kept, conversations AS gone
             WHERE kept.id = $1 AND gone.id = $2
               AND o.conversation_id = kept.id AND o.epoch = kept.epoch AND o.state IN ('pending', 'sending')",
            into,
            from,
        )
        .execute(&mut *tx)
        .await
        .doing("keep the chat's replies current")?;
    }
    sqlx::query!(
        "UPDATE conversations AS kept
         SET mode           = $3,
             epoch          = greatest(kept.epoch, gone.epoch),
             turn_due_at    = least(kept.turn_due_at, gone.turn_due_at),
             turn_wanted_at = least(kept.turn_wanted_at, gone.turn_wanted_at),
             last_turn_at   = greatest(kept.last_turn_at, gone.last_turn_at),
             last_guest_at  = greatest(kept.last_guest_at, gone.last_guest_at),
             last_person_at = greatest(kept.last_person_at, gone.last_person_at)
         FROM conversations AS gone WHERE kept.id = $1 AND gone.id = $2",
        into,
        from,
        mode.name(),
    )
    .execute(&mut *tx)
    .await
    .doing("merge the chats")?;
    sqlx::query!(
        "UPDATE outbox AS o
         SET conversation_id = $1, guest_id = $3,
             epoch = CASE WHEN o.epoch >= (SELECT epoch FROM conversations WHERE id = o.conversation_id)
                          THEN (SELECT epoch FROM conversations WHERE id = $1) ELSE o.epoch END
         WHERE o.conversation_id = $2",
        into,
        from,
        guest.uuid(),
    )
    .execute(&mut *tx)
    .await
    .doing("move the chat's replies")?;
    // A message that is in both (its unique key says so) stays where it is.
    sqlx::query!(
        "UPDATE messages AS m SET conversation_id = $1
         WHERE m.conversation_id = $2
           AND NOT EXISTS (SELECT FROM messages k WHERE k.conversation_id = $1 AND k.provider_id = m.provider_id)",
        into,
        from,
    )
    .execute(&mut *tx)
    .await
    .doing("move the chat's messages")?;
    sqlx::query!(
        "UPDATE mailbox AS m SET conversation_id = $1
         WHERE m.conversation_id = $2
           AND NOT EXISTS (SELECT FROM mailbox k WHERE k.conversation_id = $1 AND k.dedupe_key = m.dedupe_key)",
        into,
        from,
    )
    .execute(&mut *tx)
    .await
    .doing("move the chat's mailbox")?;
    sqlx::query!(
        "UPDATE turns SET conversation_id = $1 WHERE conversation_id = $2",
        into,
        from
    )
    .execute(&mut *tx)
    .await
    .doing("move the chat's turns")?;
    move_matters(tx, into, from, guest).await?;
    sqlx::query!(
        "UPDATE conversations SET turn_due_at = NULL, turn_wanted_at = NULL WHERE id = $1",
        from
    )
    .execute(tx)
    .await
    .doing("close the emptied chat")
    .map(|_| ())
}

/// What waits for a person is about the chat that lives on; where the same waits there already, once is enough.
async fn move_matters(
    tx: &mut PgConnection,
    into: Uuid,
    from: Uuid,
    guest: GuestId,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE attention AS a
         SET subject = 'conversation:' || $1::uuid,
             detail  = a.detail || jsonb_build_object('conversation', $1::uuid, 'guest', $3::uuid)
         WHERE a.tenant_id = (SELECT tenant_id FROM conversations WHERE id = $1)
           AND a.subject = 'conversation:' || $2::uuid AND a.state <> 'done'
           AND NOT EXISTS (SELECT FROM attention k
                           WHERE k.tenant_id = a.tenant_id AND k.kind = a.kind AND k.state <> 'done'
                             AND k.subject = 'conversation:' || $1::uuid)",
        into,
        from,
        guest.uuid(),
    )
    .execute(&mut *tx)
    .await
    .doing("move what waits for a person")?;
    sqlx::query!(
        "UPDATE attention SET state = 'done', done_at = clock_timestamp()
         WHERE tenant_id = (SELECT tenant_id FROM conversations WHERE id = $1)
           AND subject = 'conversation:' || $1::uuid AND state <> 'done'",
        from,
    )
    .execute(tx)
    .await
    .doing("close what waits for a person twice")
    .map(|_| ())
}
