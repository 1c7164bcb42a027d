//! A person's reply from the desk.

use chrono::TimeDelta;
use posta_domain::dialogue::Content;
use sqlx::PgConnection;

use super::{
    ChatError,
    hands::{Held, hold, put},
};
use crate::{
    audit::{self, By},
    error::{Doing as _, StoreError},
    ids::{ConversationId, MessageId, OutboxId},
    outbox::{self, Author, Channel, NewOutbox},
    pool::Store,
};

/// How long `WhatsApp` takes free text after the guest's message.
const SESSION: TimeDelta = TimeDelta::hours(24);

/// What she writes.
#[derive(Debug, Clone)]
pub struct NewReply {
    /// `posta_providers::whatsapp::Outgoing` as JSON, without the recipient.
    pub payload: serde_json::Value,
    /// What a person reads in the thread.
    pub body: String,
    /// What goes out where the 24 hours are over. None: nothing does.
    pub late: Option<Late>,
    /// The caller's: the same one again writes nothing.
    pub key: String,
}

/// The same within an approved template.
#[derive(Debug, Clone)]
pub struct Late {
    /// Likewise.
    pub payload: serde_json::Value,
    /// Likewise.
    pub body: String,
}

/// It is in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replied {
    /// Its row.
    pub outbox: OutboxId,
    /// Whether it was there before.
    pub replayed: bool,
}

/// Writes a reply into the outbox and the thread, and takes the chat into her hands.
pub async fn reply(
    store: &Store,
    by: &By,
    chat: ConversationId,
    new: &NewReply,
) -> Result<Replied, ChatError> {
    let mut tx = store.begin().await?;
    let held = hold(&mut tx, by.tenant, chat)
        .await?
        .ok_or(ChatError::NotFound)?;
    let key = format!("desk:{chat}:{}", new.key);
    if let Some(outbox) = written(&mut tx, by, &key, new).await? {
        tx.rollback().await.doing("let the chat go")?;
        return Ok(Replied {
            outbox,
            replayed: true,
        });
    }
    let now = held.locked.standing.now;
    let over = held.last_guest_at.is_none_or(|at| now - at >= SESSION);
    let (payload, said) = match (&new.late, over) {
        (_, false) => (&new.payload, ("text", new.body.as_str())),
        (Some(late), true) => (&late.payload, ("template", late.body.as_str())),
        (None, true) => {
            return Err(ChatError::WindowClosed {
                last_guest_at: held.last_guest_at,
            });
        }
    };
    let outbox = enqueue(&mut tx, by, &held, payload, &key).await?;
    let message = keep(&mut tx, by, chat, said, outbox).await?;
    put(
        &mut tx,
        by.tenant,
        &held,
        &Content::Person,
        Some(message),
        &key,
    )
    .await?;
    let subject = format!("conversation:{chat}");
    let detail = serde_json::json!({ "outbox": outbox });
    audit::record(&mut tx, by, &subject, "chat_replied", detail).await?;
    tx.commit().await.doing("commit the reply")?;
    Ok(Replied {
        outbox,
        replayed: false,
    })
}

/// The reply of this key, if it was written before.
async fn written(
    tx: &mut PgConnection,
    by: &By,
    key: &str,
    new: &NewReply,
) -> Result<Option<OutboxId>, ChatError> {
    let row = sqlx::query!(
        "SELECT id, payload FROM outbox WHERE tenant_id = $1 AND dedupe_key = $2",
        by.tenant.uuid(),
        key,
    )
    .fetch_optional(tx)
    .await
    .doing("look for the reply of this key")?;
    match row {
        Some(row)
            if row.payload == new.payload
                || Some(&row.payload) == new.late.as_ref().map(|late| &late.payload) =>
        {
            Ok(Some(row.id.into()))
        }
        Some(_) => Err(ChatError::KeyReused),
        None => Ok(None),
    }
}

async fn enqueue(
    tx: &mut PgConnection,
    by: &By,
    held: &Held,
    payload: &serde_json::Value,
    key: &str,
) -> Result<OutboxId, StoreError> {
    outbox::enqueue(
        tx,
        &NewOutbox {
            tenant: by.tenant,
            account: held.account,
            channel: Channel::Whatsapp,
            guest: held.locked.guest,
            conversation: held.locked.id,
            payload: payload.clone(),
            dedupe_key: key.to_owned(),
            author: Author::Person,
            epoch: held.epoch,
            not_before: None,
            // The sender looks at the window again, which a later message of the guest's has opened anew.
            not_after: None,
            turn: None,
            cause: None,
        },
    )
    .await
}

async fn keep(
    tx: &mut PgConnection,
    by: &By,
    chat: ConversationId,
    (kind, body): (&str, &str),
    outbox: OutboxId,
) -> Result<MessageId, StoreError> {
    sqlx::query_scalar!(
        "INSERT INTO messages (tenant_id, id, conversation_id, direction, author, kind, provider_time, received_at,
                               body, outbox_id)
         VALUES ($1, $2, $3, 'out', 'person', $6, clock_timestamp(), clock_timestamp(), $4, $5)
         RETURNING id",
        by.tenant.uuid(),
        MessageId::fresh().uuid(),
        chat.uuid(),
        body,
        outbox.uuid(),
        kind,
    )
    .fetch_one(tx)
    .await
    .doing("keep the reply in the thread")
    .map(MessageId::from)
}
