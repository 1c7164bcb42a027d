//! Whose hands a chat is in: taking it without a word, and giving it back to the bot.

use chrono::{DateTime, Utc};
use posta_domain::{
    dialogue::Content,
    mode::Mode,
    quiet::{Standing, Urgency, Windows},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{ChatError, standing::effective};
use crate::{
    audit::{self, By},
    conversations::{self, Locked},
    error::{Doing as _, StoreError},
    ids::{AccountId, ConversationId, MessageId, TenantId},
    mailbox,
    pool::Store,
};

/// A chat whose lock we hold, as the desk needs it.
pub(super) struct Held {
    pub(super) locked: Locked,
    pub(super) account: AccountId,
    /// What waits in the mailbox counted.
    pub(super) mode: Mode,
    pub(super) epoch: i32,
    pub(super) last_guest_at: Option<DateTime<Utc>>,
}

/// A person takes the chat: the bot is silent from now on, and what waits counts as seen by her. A chat she has already
/// stays as it is.
pub async fn take(store: &Store, by: &By, chat: ConversationId) -> Result<Mode, ChatError> {
    hand(store, by, chat, &Content::Person).await
}

/// The bot answers again, from the guest's next message on. A muted chat stays muted.
pub async fn release(store: &Store, by: &By, chat: ConversationId) -> Result<Mode, ChatError> {
    hand(store, by, chat, &Content::Released).await
}

/// The bot never answers this chat again, nor does anything else begin a message there: the block list.
pub async fn mute(store: &Store, by: &By, chat: ConversationId) -> Result<Mode, ChatError> {
    hand(store, by, chat, &Content::Muted { muted: true }).await
}

/// No more of that: the bot answers again, from the guest's next message on. A chat that is not muted stays as it is.
pub async fn unmute(store: &Store, by: &By, chat: ConversationId) -> Result<Mode, ChatError> {
    hand(store, by, chat, &Content::Muted { muted: false }).await
}

async fn hand(
    store: &Store,
    by: &By,
    chat: ConversationId,
    content: &Content,
) -> Result<Mode, ChatError> {
    let (to, action) = match content {
        Content::Released => (Mode::Bot, "chat_released"),
        Content::Muted { muted: true } => (Mode::Muted, "chat_muted"),
        Content::Muted { muted: false } => (Mode::Bot, "chat_unmuted"),
        _ => (Mode::Human, "chat_taken"),
    };
    let mut tx = store.begin().await?;
    let held = hold(&mut tx, by.tenant, chat)
        .await?
        .ok_or(ChatError::NotFound)?;
    let stays = match content {
        Content::Muted { muted } => (held.mode == Mode::Muted) == *muted,
        _ => held.mode == to || held.mode == Mode::Muted,
    };
    if stays {
        // Lets the chat go now: a dropped transaction keeps its lock until the connection is used again.
        tx.rollback().await.doing("let the chat go")?;
        return Ok(held.mode);
    }
    let key = format!("desk:{}", Uuid::now_v7());
    put(&mut tx, by.tenant, &held, content, None, &key).await?;
    let subject = format!("conversation:{chat}");
    audit::record(&mut tx, by, &subject, action, serde_json::json!({})).await?;
    tx.commit().await.doing("commit whose the chat is")?;
    Ok(to)
}

/// Locks a chat of the tenant, then reads what the lock guards.
pub(super) async fn hold(
    tx: &mut PgConnection,
    tenant: TenantId,
    chat: ConversationId,
) -> Result<Option<Held>, StoreError> {
    let found = sqlx::query_scalar!(
        "SELECT id FROM conversations WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant.uuid(),
        chat.uuid(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("lock the chat")?;
    if found.is_none() {
        return Ok(None);
    }
    let row = sqlx::query!(
        r#"SELECT c.account_id, c.guest_id, c.mode, c.epoch, c.turn_due_at, c.turn_wanted_at, c.last_turn_at,
                  c.last_guest_at, clock_timestamp() AS "now!",
                  (SELECT array_agg(CASE WHEN m.payload ->> 'muted' = 'false' THEN 'unmuted' ELSE m.payload ->> 'type' END
                                    ORDER BY m.provider_time, m.received_at, m.item_index, m.id)
                   FROM mailbox m
                   WHERE m.conversation_id = c.id AND m.handled_at IS NULL
                     AND m.payload ->> 'type' IN ('person', 'released', 'muted')) AS "done: Vec<String>"
           FROM conversations c JOIN guests g ON g.id = c.guest_id
           -- What is said in a chat that was emptied would reach nobody.
           WHERE c.id = $1 AND g.kind <> 'personal' AND g.merged_into IS NULL"#,
        chat.uuid(),
    )
    .fetch_optional(tx)
    .await
    .doing("read the chat")?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Held {
        locked: Locked {
            id: chat,
            guest: row.guest_id.into(),
            standing: Standing {
                now: row.now,
                due: row.turn_due_at,
                wanted_since: row.turn_wanted_at,
                last_turn_at: row.last_turn_at,
            },
        },
        account: row.account_id.into(),
        mode: effective(&row.mode, row.done)?,
        epoch: row.epoch,
        last_guest_at: row.last_guest_at,
    }))
}

/// Puts what a person did into the mailbox and sets the turn; false if this key was there.
pub(super) async fn put(
    tx: &mut PgConnection,
    tenant: TenantId,
    held: &Held,
    content: &Content,
    message: Option<MessageId>,
    key: &str,
) -> Result<bool, StoreError> {
    let Held { locked, .. } = held;
    if !mailbox::put_desk(tx, tenant, locked.id, content, message, key).await? {
        return Ok(false);
    }
    // Nothing of the windows matters for what a person did: it is due now.
    let due = Windows::default().due_at(locked.standing, Urgency::Event, locked.standing.now);
    conversations::set_turn(tx, locked, due, None).await?;
    Ok(true)
}
