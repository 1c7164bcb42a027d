//! Refunds that the provider carries out: who is at it, and how it went.
//!
//! The order of things, for whoever carries one out: claim it; read its payment and apply that (it may be done already,
//! by an attempt nobody heard of); [`still_open`]; [`requested`], which is committed before the provider is asked; ask,
//! with the refund's id as the idempotency key; read and apply again, whatever the answer. A crash anywhere leaves a row
//! that is claimed again, and the reading before the asking finds what was done.

use std::time::Duration;

use chrono::{DateTime, Utc};
use posta_domain::money::{Currency, Money};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{lock, row::one};
use crate::{
    booking::{BookingError, money},
    error::{Doing as _, StoreError},
    ids::{AccountId, PaymentId, RefundId, TenantId},
    outbox::claim::interval,
    pool::Store,
};

/// A refund in the caller's hands until its lease runs out.
#[derive(Debug, Clone)]
pub struct ClaimedRefund {
    /// Which; also the idempotency key.
    pub id: RefundId,
    /// Whose.
    pub tenant: TenantId,
    /// Out of which account.
    pub account: AccountId,
    /// The provider's name of that account.
    pub account_external: String,
    /// Names the account's secret; never the secret.
    pub secret_ref: String,
    /// Out of which payment.
    pub payment: PaymentId,
    /// The provider's id of it.
    pub provider_id: String,
    /// How much.
    pub amount: Money,
    /// Refusals so far.
    pub attempts: i32,
    /// Whether the provider may have been asked already.
    pub requested: bool,
    /// Proof of the lease.
    lease: DateTime<Utc>,
}

/// Claims up to `limit` that are due, but for accounts that cannot be asked at the moment; of each payment the oldest
/// only.
pub async fn claim(
    store: &Store,
    limit: i64,
    lease: Duration,
    except: &[AccountId],
) -> Result<Vec<ClaimedRefund>, StoreError> {
    let except: Vec<Uuid> = except.iter().map(|account| account.uuid()).collect();
    let mut tx = store.begin().await?;
    let due = sqlx::query_scalar!(
        "SELECT f.id
         FROM refunds f
         JOIN payments p ON p.id = f.payment_id
         JOIN channel_accounts a ON a.id = p.account_id
         WHERE f.state IN ('due', 'requested') AND f.payment_id IS NOT NULL AND f.not_before <= clock_timestamp()
           AND (f.lease_until IS NULL OR f.lease_until <= clock_timestamp())
           AND a.stopped_at IS NULL AND NOT p.account_id = ANY ($1)
           AND NOT EXISTS (SELECT FROM refunds earlier
                           WHERE earlier.payment_id = f.payment_id AND earlier.state IN ('due', 'requested')
                             AND (earlier.created_at, earlier.id) < (f.created_at, f.id))
         ORDER BY f.not_before, f.id
         LIMIT $2
         FOR NO KEY UPDATE OF f SKIP LOCKED",
        &except,
        limit,
    )
    .fetch_all(&mut *tx)
    .await
    .doing("look for refunds that are due")?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        r#"UPDATE refunds AS f SET lease_until = clock_timestamp() + $2
           FROM payments p, channel_accounts a
           WHERE f.id = ANY ($1) AND p.id = f.payment_id AND a.id = p.account_id
           RETURNING f.id, f.tenant_id, p.account_id, a.external_id, a.secret_ref, p.id AS payment_id, p.provider_id,
                     f.currency, f.amount, f.attempts, f.state = 'requested' AS "requested!",
                     f.lease_until AS "lease!""#,
        &due,
        interval(lease),
    )
    .fetch_all(&mut *tx)
    .await
    .doing("claim refunds that are due")?;
    tx.commit().await.doing("commit the claim of refunds")?;
    rows.into_iter()
        .map(|row| {
            let currency: Currency =
                row.currency
                    .parse()
                    .map_err(|source| StoreError::Unreadable {
                        what: "refunds.currency",
                        source: Box::new(source),
                    })?;
            Ok(ClaimedRefund {
                id: row.id.into(),
                tenant: row.tenant_id.into(),
                account: row.account_id.into(),
                account_external: row.external_id,
                secret_ref: row.secret_ref,
                payment: row.payment_id.into(),
                provider_id: row.provider_id,
                amount: Money::new(row.amount, currency),
                attempts: row.attempts,
                requested: row.requested,
                lease: row.lease,
            })
        })
        .collect()
}

/// From now on the provider may have been asked. False: it is not owed any more, not so much, or somebody else is at it.
pub async fn requested(store: &Store, refund: &ClaimedRefund) -> Result<bool, StoreError> {
    sqlx::query!(
        "UPDATE refunds SET state = 'requested', requested_at = coalesce(requested_at, clock_timestamp())
         WHERE id = $1 AND state IN ('due', 'requested') AND lease_until = $2 AND amount = $3",
        refund.id.uuid(),
        refund.lease,
        refund.amount.minor,
    )
    .execute(store.pool())
    .await
    .doing("note that a refund is asked for")
    .map(|done| done.rows_affected() == 1)
}

/// Whether it is still owed, all of it, and in the caller's hands.
pub async fn still_open(store: &Store, refund: &ClaimedRefund) -> Result<bool, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM refunds
                          WHERE id = $1 AND state IN ('due', 'requested') AND lease_until = $2
                            AND amount = $3) AS "open!""#,
        refund.id.uuid(),
        refund.lease,
        refund.amount.minor,
    )
    .fetch_one(store.pool())
    .await
    .doing("look whether a refund is still owed")
}

/// It could not be done now, or it is not known yet whether it was. `counts`: it is the refund's own failure, and not
/// that nobody could be asked.
pub async fn retry(
    store: &Store,
    refund: &ClaimedRefund,
    after: Duration,
    error: &str,
    counts: bool,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE refunds
         SET lease_until = NULL, attempts = attempts + $4::integer, error = $5, not_before = clock_timestamp() + $3
         WHERE id = $1 AND state IN ('due', 'requested') AND lease_until = $2",
        refund.id.uuid(),
        refund.lease,
        interval(after),
        i32::from(counts),
        error,
    )
    .execute(store.pool())
    .await
    .doing("put off a refund")
    .map(|_| ())
}

/// The provider refuses for good: the owner gives it back, and is told why.
pub async fn by_hand(store: &Store, refund: &ClaimedRefund, error: &str) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    match lock(&mut tx, refund.tenant, refund.id).await {
        Ok(()) => {}
        Err(BookingError::Store(error) | BookingError::Busy(error)) => return Err(error),
        Err(_) => return Err(StoreError::Conflict("a refund that was claimed is gone")),
    }
    let mine = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM refunds WHERE id = $1 AND lease_until = $2) AS "mine!""#,
        refund.id.uuid(),
        refund.lease,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("look whether the refund is still in these hands")?;
    if mine {
        by_hand_in(&mut tx, refund.tenant, refund.id, error).await?;
    }
    tx.commit()
        .await
        .doing("commit that a refund is the owner's to give back")
}

/// The same as part of a transaction that has locked the refund's booking and payment. Nothing if it is not open.
pub(crate) async fn by_hand_in(
    tx: &mut PgConnection,
    tenant: TenantId,
    id: RefundId,
    error: &str,
) -> Result<(), StoreError> {
    let changed = sqlx::query!(
        "UPDATE refunds SET state = 'by_hand', lease_until = NULL, error = $2
         WHERE id = $1 AND state IN ('due', 'requested', 'failed')",
        id.uuid(),
        error,
    )
    .execute(&mut *tx)
    .await
    .doing("leave a refund to the owner")?
    .rows_affected();
    if changed == 1 {
        let row = one(tx, id).await?;
        money::tell(tx, &row.as_new(tenant), id, Some(error)).await?;
    }
    Ok(())
}
