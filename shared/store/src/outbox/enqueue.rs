//! Writing a row, in the transaction of the state it follows from.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::{AccountId, ConversationId, GuestId, OutboxId, TenantId, TurnId},
};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The dialogue: dropped when a person takes over before it went out.
    Bot,
    /// A person of ours: always sent.
    Person,
}

impl Author {
    /// As the database writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Person => "person",
        }
    }
}

/// Through what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// The Graph API.
    Whatsapp,
    /// SMTP.
    Email,
}

impl Channel {
    /// As the database writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whatsapp => "whatsapp",
            Self::Email => "email",
        }
    }
}

/// The inbox row that caused it: from a reply one walks back to the exact bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Its day.
    pub day: NaiveDate,
    /// Its key.
    pub key: String,
}

/// A row to be written.
#[derive(Debug, Clone)]
pub struct NewOutbox {
    /// Whose.
    pub tenant: TenantId,
    /// From which number.
    pub account: AccountId,
    /// Through what.
    pub channel: Channel,
    /// To whom.
    pub guest: GuestId,
    /// In which chat.
    pub conversation: ConversationId,
    /// `posta_providers::whatsapp::outgoing::Outgoing` as JSON, without the recipient.
    pub payload: serde_json::Value,
    /// The same effect is written once, however often it is decided.
    pub dedupe_key: String,
    /// Who speaks.
    pub author: Author,
    /// The chat's epoch when it was decided.
    pub epoch: i32,
    /// Not before; `None`: at once.
    pub not_before: Option<DateTime<Utc>>,
    /// Useless after; `None`: never.
    pub not_after: Option<DateTime<Utc>>,
    /// The turn that decided it.
    pub turn: Option<TurnId>,
    /// The event that caused it.
    pub cause: Option<Cause>,
}

/// Writes it. With a key that exists already nothing is written and the existing row's id comes back.
///
/// The caller holds the conversation's lock: so the order of `seq` within a chat is the order of commits.
pub async fn enqueue(tx: &mut PgConnection, new: &NewOutbox) -> Result<OutboxId, StoreError> {
    let id = OutboxId::fresh();
    let (cause_day, cause_key) = new
        .cause
        .as_ref()
        .map(|cause| (cause.day, cause.key.as_str()))
        .unzip();
    let written = sqlx::query_scalar!(
        "INSERT INTO outbox (tenant_id, id, account_id, channel, guest_id, conversation_id, payload, dedupe_key,
                             author, epoch, not_before, not_after, turn_id, cause_day, cause_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, coalesce($11, now()), $12, $13, $14, $15)
         ON CONFLICT ON CONSTRAINT outbox_dedupe_key DO NOTHING
         RETURNING id",
        new.tenant.uuid(),
        id.uuid(),
        new.account.uuid(),
        new.channel.as_str(),
        new.guest.uuid(),
        new.conversation.uuid(),
        new.payload,
        new.dedupe_key,
        new.author.as_str(),
        new.epoch,
        new.not_before,
        new.not_after,
        new.turn.map(TurnId::uuid),
        cause_day,
        cause_key,
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("write the reply into the outbox")?;
    if let Some(id) = written {
        return Ok(id.into());
    }
    sqlx::query_scalar!(
        "SELECT id FROM outbox WHERE tenant_id = $1 AND dedupe_key = $2",
        new.tenant.uuid(),
        new.dedupe_key
    )
    .fetch_one(tx)
    .await
    .doing("find the reply that is in the outbox already")
    .map(OutboxId::from)
}
