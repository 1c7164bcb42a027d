//! What is to be read at the provider: hints, and who is reading them.
//!
//! A notice is a hint, a poll is a hint, a wish to look again is a hint: one row per thing, however many hints. Guaranteed:
//! a notice and the rows it asks for commit together, so that it may be acknowledged; a row is in at most one reader's
//! hands until its lease runs out; a hint that comes during a reading makes the thing wanted once more, since the reading
//! may have been answered before what it hints at. Not guaranteed: that a thing is read once only; a reader whose lease
//! ran out may still be at it, and reading twice changes nothing.

mod claim;
mod hint;

use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::{AccountId, TenantId},
    inbox::EventRef,
};

pub use claim::{Claimed, claim, done, retry, unknown};
pub use hint::{FRAUD_ALERT, Hinted, hint};

/// What kind of thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadKind {
    /// A payment by its id.
    Payment,
    /// All payments of one request, by its external reference.
    Reference,
    /// A merchant order by its id: its payments.
    MerchantOrder,
    /// A chargeback by its id.
    Chargeback,
    /// Everything that changed on a day, `YYYY-MM-DD`.
    Day,
}

impl ReadKind {
    const ALL: [Self; 5] = [
        Self::Payment,
        Self::Reference,
        Self::MerchantOrder,
        Self::Chargeback,
        Self::Day,
    ];

    /// As the database writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Reference => "reference",
            Self::MerchantOrder => "merchant_order",
            Self::Chargeback => "chargeback",
            Self::Day => "day",
        }
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or_else(|| StoreError::Unreadable {
                what: "payment_reads.kind",
                source: format!("{text:?} is none that is known").into(),
            })
    }
}

/// Wants it read; part of the caller's transaction.
pub async fn want(
    conn: &mut PgConnection,
    tenant: TenantId,
    account: AccountId,
    kind: ReadKind,
    resource: &str,
) -> Result<(), StoreError> {
    want_because(conn, tenant, account, kind, resource, None).await
}

/// Likewise, with the notice that hinted at it. A row that waits after a failure is brought forward, and not to now: no
/// number of hints makes anybody ask faster than once in five seconds for what cannot be had.
async fn want_because(
    conn: &mut PgConnection,
    tenant: TenantId,
    account: AccountId,
    kind: ReadKind,
    resource: &str,
    cause: Option<&EventRef>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "INSERT INTO payment_reads AS r (tenant_id, account_id, kind, resource, cause_day, cause_key)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT ON CONSTRAINT payment_reads_key DO UPDATE
         SET wanted_at  = clock_timestamp(),
             not_before = CASE WHEN r.done_at IS NULL AND r.attempts > 0
                               THEN least(r.not_before, clock_timestamp() + interval '5 seconds')
                               ELSE least(r.not_before, clock_timestamp()) END,
             attempts   = CASE WHEN r.done_at IS NULL THEN r.attempts ELSE 0 END,
             error      = CASE WHEN r.done_at IS NULL THEN r.error END,
             cause_day  = CASE WHEN r.done_at IS NULL THEN coalesce(r.cause_day, excluded.cause_day)
                               ELSE excluded.cause_day END,
             cause_key  = CASE WHEN r.done_at IS NULL THEN coalesce(r.cause_key, excluded.cause_key)
                               ELSE excluded.cause_key END,
             done_at    = NULL,
             outcome    = NULL",
        tenant.uuid(),
        account.uuid(),
        kind.as_str(),
        resource,
        cause.map(|event| event.day),
        cause.map(|event| event.key.as_str()),
    )
    .execute(conn)
    .await
    .doing("note what is to be read")
    .map(|_| ())
}
