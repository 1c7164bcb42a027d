//! The inbox: one row per item received from outside, with the exact bytes.
//!
//! Guaranteed: of all copies of an item one is accepted, the others are told so; a copy of an item whose effect is not
//! complete resumes it. The row is locked until the caller's transaction ends, so that two copies cannot run at once.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::{Doing as _, StoreError},
    ids::{AccountId, EventId, GuestId, TenantId},
};

/// An item as it came off the bus.
#[derive(Debug, Clone)]
pub struct InboxItem<'a> {
    /// What makes two copies the same.
    pub key: &'a str,
    /// Who sent it: `whatsapp`, `mercadopago`.
    pub source: &'a str,
    /// What it is.
    pub kind: &'a str,
    /// The provider's name of our account.
    pub account: Option<&'a str>,
    /// The provider's own time: stable on redelivery, so that it can name the partition.
    pub provider_time: Option<DateTime<Utc>>,
    /// The exact bytes.
    pub payload: &'a [u8],
    /// When ingress had it.
    pub received_at: DateTime<Utc>,
    /// Which secret had signed it.
    pub signature: Option<i32>,
    /// The trace it belongs to.
    pub trace_id: Option<&'a str>,
}

/// Names a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRef {
    /// Its partition.
    pub day: NaiveDate,
    /// Its key.
    pub key: String,
}

impl InboxItem<'_> {
    /// The row this item has or will have.
    pub fn event(&self) -> EventRef {
        let day = self
            .provider_time
            .unwrap_or(DateTime::UNIX_EPOCH)
            .date_naive();
        EventRef {
            day,
            key: self.key.to_owned(),
        }
    }
}

/// How far an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Never seen.
    New,
    /// Seen, its effect not complete: go on.
    Resumed,
    /// Done with: a copy.
    Final,
}

/// An item that has its row.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// Its id.
    pub event: EventId,
    /// Whose it is; [`TenantId::UNASSIGNED`] if nobody's.
    pub tenant: TenantId,
    /// Which account; absent where the item names none or one nobody has claimed.
    pub account: Option<AccountId>,
    /// How far it is.
    pub standing: Standing,
}

/// Final verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Its effect is complete.
    Effected,
    /// It can never have one; the reason stands beside it.
    Rejected,
}

/// Writes the row, or counts the copy.
pub async fn accept(tx: &mut PgConnection, item: &InboxItem<'_>) -> Result<Accepted, StoreError> {
    let EventRef { day, key } = item.event();
    let row = sqlx::query!(
        r#"WITH account AS (
               SELECT tenant_id, id FROM channel_accounts WHERE provider = $4 AND external_id = $6
           )
           INSERT INTO inbound_events AS e
               (tenant_id, day, key, id, source, kind, account, payload, received_at, signature, trace_id)
           VALUES (
               -- Notices about a whole business name no number: they are the tenant's if there is but one.
               coalesce((SELECT tenant_id FROM account),
                        (SELECT min(tenant_id::text)::uuid FROM channel_accounts
                         WHERE provider = $4 AND $6::text IS NULL HAVING count(DISTINCT tenant_id) = 1),
                        '00000000-0000-0000-0000-000000000000'),
               $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           ON CONFLICT (day, key) DO UPDATE
           SET copies   = e.copies + 1,
               attempts = e.attempts + (e.verdict = 'pending')::integer
           RETURNING id, tenant_id, verdict, copies, (SELECT id FROM account) AS account_id"#,
        day,
        key,
        Uuid::now_v7(),
        item.source,
        item.kind,
        item.account,
        item.payload,
        item.received_at,
        item.signature,
        item.trace_id,
    )
    .fetch_one(tx)
    .await
    .doing("accept the item into the inbox")?;
    let standing = match (row.verdict.as_str(), row.copies) {
        ("pending", 1) => Standing::New,
        ("pending", _) => Standing::Resumed,
        _ => Standing::Final,
    };
    Ok(Accepted {
        event: row.id.into(),
        tenant: row.tenant_id.into(),
        account: row.account_id.map(AccountId::from),
        standing,
    })
}

/// Gives the row its verdict.
pub async fn finish(
    tx: &mut PgConnection,
    event: &EventRef,
    verdict: Verdict,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let verdict = match verdict {
        Verdict::Effected => "effected",
        Verdict::Rejected => "rejected",
    };
    sqlx::query!(
        "UPDATE inbound_events SET verdict = $3, reason = $4, handled_at = clock_timestamp()
         WHERE day = $1 AND key = $2 AND verdict = 'pending'",
        event.day,
        event.key,
        verdict,
        reason,
    )
    .execute(tx)
    .await
    .doing("give the item its verdict")
    .map(|_| ())
}

/// Says whose item it turned out to be, so that erasing a guest finds the bytes; `effected`: its effect is complete.
pub async fn belongs_to(
    tx: &mut PgConnection,
    event: &EventRef,
    guest: GuestId,
    effected: bool,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE inbound_events
         SET guest_id   = $3,
             verdict    = CASE WHEN $4 THEN 'effected' ELSE verdict END,
             handled_at = CASE WHEN $4 THEN clock_timestamp() ELSE handled_at END
         WHERE day = $1 AND key = $2",
        event.day,
        event.key,
        guest.uuid(),
        effected,
    )
    .execute(tx)
    .await
    .doing("say whose the item is")
    .map(|_| ())
}
