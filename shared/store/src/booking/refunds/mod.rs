//! Money owed back, until it has been given back: by the provider where it came through it ([`claim()`] and what
//! follows), else by the owner, who says so ([`done`]).
//!
//! Guaranteed: a refund is given back once; the ledger then says by whom and how. What goes back through the provider is
//! noted as requested before the provider is asked, and only a reading of its payment says that it went
//! ([`crate::payments::apply()`]). Not guaranteed: that a bank did what a person says.

mod claim;
mod row;

use sqlx::PgConnection;

use super::{
    BookingError,
    money::{self, Method, NewRefund},
};
use crate::{
    audit::{self, By},
    error::{Doing as _, StoreError},
    ids::{LedgerEntryId, RefundId, TenantId},
    pool::Store,
    text::first,
};

pub(crate) use claim::by_hand_in;
pub use claim::{ClaimedRefund, by_hand, claim, requested, retry, still_open};
use row::one;
pub use row::{RefundRow, list};

/// How it was given back.
#[derive(Debug, Clone)]
pub struct Given {
    /// By which way.
    pub method: Method,
    /// What the bank or the receipt says; unique. Empty: ours.
    pub reference: String,
}

/// The owner has given it back. Saying so twice changes nothing; what goes back by itself is not hers to give.
pub async fn done(
    store: &Store,
    by: &By,
    id: RefundId,
    given: &Given,
) -> Result<RefundRow, BookingError> {
    let mut tx = store.begin().await?;
    lock(&mut tx, by.tenant, id).await?;
    let changed = sqlx::query!(
        "UPDATE refunds SET state = 'done', done_at = clock_timestamp(), lease_until = NULL
         WHERE id = $1 AND (state IN ('failed', 'by_hand') OR payment_id IS NULL AND state IN ('due', 'requested'))",
        id.uuid(),
    )
    .execute(&mut *tx)
    .await
    .doing("note that the money was given back")?
    .rows_affected();
    let row = one(&mut tx, id).await?;
    if changed == 1 {
        enter(&mut tx, by, id, given).await?;
        money::settled(&mut tx, by.tenant, id).await?;
        audit::record(
            &mut tx,
            by,
            &row.subject(),
            "refunded",
            serde_json::json!({ "refund": id, "amount": row.amount, "method": given.method }),
        )
        .await?;
    } else if row.state != "done" {
        return Err(BookingError::Stale);
    }
    tx.commit()
        .await
        .doing("commit that the money was given back")?;
    Ok(row)
}

/// The owner wants the provider asked once more: there was no money in the account, and now there is. One that the
/// provider began and did not carry out gets another id: under the old one it would only be told of the old.
pub async fn again(store: &Store, by: &By, id: RefundId) -> Result<RefundRow, BookingError> {
    let mut tx = store.begin().await?;
    lock(&mut tx, by.tenant, id).await?;
    let changed = sqlx::query_scalar!(
        "UPDATE refunds
         SET state = 'due', not_before = clock_timestamp(), lease_until = NULL, attempts = 0, error = NULL,
             id = CASE WHEN provider_refund_id IS NULL THEN id ELSE $2 END
         WHERE id = $1 AND state IN ('failed', 'by_hand') AND payment_id IS NOT NULL
         RETURNING id",
        id.uuid(),
        RefundId::fresh().uuid(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("have the provider asked once more")?;
    let old = id;
    let id = changed.map_or(old, RefundId::from);
    let row = one(&mut tx, id).await?;
    if changed.is_some() {
        if id != old {
            money::settled(&mut tx, by.tenant, old).await?;
        }
        money::tell(&mut tx, &row.as_new(by.tenant), id, None).await?;
        let detail = serde_json::json!({ "refund": id, "amount": row.amount });
        audit::record(&mut tx, by, &row.subject(), "refund_again", detail).await?;
    } else if row.payment.is_none() || !matches!(row.state.as_str(), "due" | "requested") {
        return Err(BookingError::Stale);
    }
    tx.commit()
        .await
        .doing("commit another try of the refund")?;
    Ok(row)
}

/// Locks its booking, as everywhere before its money; the payment where there is none. Then the refund itself.
pub(super) async fn lock(
    tx: &mut PgConnection,
    tenant: TenantId,
    id: RefundId,
) -> Result<(), BookingError> {
    let found = sqlx::query!(
        "SELECT reservation_id, payment_id FROM refunds WHERE tenant_id = $1 AND id = $2",
        tenant.uuid(),
        id.uuid(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("look for the refund")?
    .ok_or(BookingError::NotFound("refund"))?;
    if let Some(reservation) = found.reservation_id {
        sqlx::query_scalar!(
            "SELECT id FROM reservations WHERE id = $1 FOR NO KEY UPDATE",
            reservation
        )
        .fetch_one(&mut *tx)
        .await
        .doing("lock the refund's booking")?;
    }
    if let Some(payment) = found.payment_id {
        sqlx::query_scalar!(
            "SELECT id FROM payments WHERE id = $1 FOR NO KEY UPDATE",
            payment
        )
        .fetch_one(&mut *tx)
        .await
        .doing("lock the refund's payment")?;
    }
    sqlx::query_scalar!(
        "SELECT id FROM refunds WHERE id = $1 FOR NO KEY UPDATE",
        id.uuid()
    )
    .fetch_one(tx)
    .await
    .doing("lock the refund")?;
    Ok(())
}

/// The ledger's line of it. The refund's id makes it unique; the reference is what the bank says.
async fn enter(
    tx: &mut PgConnection,
    by: &By,
    id: RefundId,
    given: &Given,
) -> Result<(), StoreError> {
    let reference = first(&given.reference, 200);
    sqlx::query!(
        "INSERT INTO ledger_entries (tenant_id, id, reservation_id, guest_id, refund_id, kind, provider, payment, detail,
                                     currency, amount, note, recorded_by)
         SELECT f.tenant_id, $2, f.reservation_id, r.guest_id, f.id, 'refund', $3, 'refund:' || f.id, '', f.currency,
                f.amount, $4, $5
         FROM refunds f LEFT JOIN reservations r ON r.id = f.reservation_id
         WHERE f.id = $1",
        id.uuid(),
        LedgerEntryId::fresh().uuid(),
        given.method.as_str(),
        reference,
        by.actor,
    )
    .execute(tx)
    .await
    .doing("enter the refund into the ledger")
    .map(|_| ())
}

impl RefundRow {
    /// As `audit_log.subject` names what it belongs to.
    fn subject(&self) -> String {
        match (self.reservation, self.payment) {
            (Some(reservation), _) => format!("reservation:{reservation}"),
            (None, Some(payment)) => format!("payment:{payment}"),
            (None, None) => format!("refund:{}", self.id),
        }
    }

    fn as_new(&self, tenant: TenantId) -> NewRefund<'_> {
        NewRefund {
            tenant,
            reservation: self.reservation,
            payment: self.payment,
            amount: self.amount,
            reason: &self.reason,
        }
    }
}
