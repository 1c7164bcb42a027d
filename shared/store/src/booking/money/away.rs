//! Money that leaves a stay: owed back, or kept by policy.
//!
//! What is owed back goes back the way it came where it can: first out of the payments at Mercado Pago, the newest
//! first, each up to what is still in it; Posta carries that out by itself. The rest is the owner's to give back by hand.

use posta_domain::{
    money::Money,
    reservation::{Ended, Reason},
};
use sqlx::PgConnection;

use crate::{
    attention::{self, NewAttention},
    audit::By,
    error::{Doing as _, StoreError},
    ids::{GuestId, LedgerEntryId, PaymentId, RefundId, ReservationId, TenantId},
};

/// Something owed back, to be written down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewRefund<'a> {
    /// Whose data.
    pub(crate) tenant: TenantId,
    /// Of which booking; none for money that belongs to none.
    pub(crate) reservation: Option<ReservationId>,
    /// Out of which payment; none: by hand.
    pub(crate) payment: Option<PaymentId>,
    /// How much.
    pub(crate) amount: Money,
    /// Why.
    pub(crate) reason: &'a str,
}

/// Notes that so much is owed back, and tells the owner what she has to do about it, if anything. Nothing for nothing.
/// The caller holds the booking.
pub async fn owe(
    tx: &mut PgConnection,
    tenant: TenantId,
    reservation: ReservationId,
    amount: Money,
    reason: Reason,
) -> Result<Vec<RefundId>, StoreError> {
    split(tx, tenant, reservation, amount, reason, None).await
}

/// The same where a payment is the cause: it goes back out of that one first.
pub async fn owe_from(
    tx: &mut PgConnection,
    tenant: TenantId,
    reservation: ReservationId,
    amount: Money,
    reason: Reason,
    cause: PaymentId,
) -> Result<Vec<RefundId>, StoreError> {
    split(tx, tenant, reservation, amount, reason, Some(cause)).await
}

async fn split(
    tx: &mut PgConnection,
    tenant: TenantId,
    reservation: ReservationId,
    amount: Money,
    reason: Reason,
    cause: Option<PaymentId>,
) -> Result<Vec<RefundId>, StoreError> {
    let mut rest = amount.minor;
    let mut made = Vec::new();
    if rest <= 0 {
        return Ok(made);
    }
    for (payment, left) in left_in(tx, reservation, amount, cause).await? {
        let part = rest.min(left);
        if part > 0 {
            rest -= part;
            let new = NewRefund {
                tenant,
                reservation: Some(reservation),
                payment: Some(payment),
                amount: Money::new(part, amount.currency),
                reason: reason.as_str(),
            };
            made.push(refund(tx, &new).await?);
        }
    }
    if rest > 0 {
        let new = NewRefund {
            tenant,
            reservation: Some(reservation),
            payment: None,
            amount: Money::new(rest, amount.currency),
            reason: reason.as_str(),
        };
        made.push(refund(tx, &new).await?);
    }
    Ok(made)
}

/// What is still in the booking's payments at Mercado Pago: neither gone nor owed back already. The cause first, then
/// the newest.
async fn left_in(
    tx: &mut PgConnection,
    reservation: ReservationId,
    amount: Money,
    cause: Option<PaymentId>,
) -> Result<Vec<(PaymentId, i64)>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT l.payment_id AS "payment!",
                  (coalesce(sum(l.amount) FILTER (WHERE l.kind IN ('payment', 'chargeback_reversed')), 0)
                   - coalesce(sum(l.amount) FILTER (WHERE l.kind = 'chargeback'), 0)
                   -- Also what became a credit: the payment stands for it.
                   - coalesce((SELECT sum(f.amount) FROM refunds f
                               WHERE f.payment_id = l.payment_id AND f.reservation_id = $1
                                 AND f.state <> 'charged_back'), 0))::bigint AS "left!"
           FROM ledger_entries l
           WHERE l.reservation_id = $1 AND l.currency = $2 AND l.payment_id IS NOT NULL AND l.provider = 'mercadopago'
           GROUP BY l.payment_id
           ORDER BY (l.payment_id = $3) DESC NULLS LAST, min(l.at) FILTER (WHERE l.kind = 'payment') DESC, l.payment_id DESC"#,
        reservation.uuid(),
        amount.currency.as_str(),
        cause.map(PaymentId::uuid),
    )
    .fetch_all(tx)
    .await
    .doing("read what is left of the booking's payments")?;
    Ok(rows
        .into_iter()
        .map(|row| (row.payment.into(), row.left))
        .collect())
}

/// Writes one down, with its matter: `refund_automatic` where Posta carries it out, `refund_due` where the owner does.
pub(crate) async fn refund(
    tx: &mut PgConnection,
    new: &NewRefund<'_>,
) -> Result<RefundId, StoreError> {
    let id = RefundId::fresh();
    sqlx::query!(
        "INSERT INTO refunds (tenant_id, id, reservation_id, payment_id, currency, amount, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        new.tenant.uuid(),
        id.uuid(),
        new.reservation.map(ReservationId::uuid),
        new.payment.map(PaymentId::uuid),
        new.amount.currency.as_str(),
        new.amount.minor,
        new.reason,
    )
    .execute(&mut *tx)
    .await
    .doing("note what is owed back")?;
    tell(tx, new, id, None).await?;
    Ok(id)
}

/// Tells the owner of a refund: that it goes back by itself, or that she is to give it back, and then why.
pub(crate) async fn tell(
    tx: &mut PgConnection,
    new: &NewRefund<'_>,
    id: RefundId,
    error: Option<&str>,
) -> Result<(), StoreError> {
    let by_hand = new.payment.is_none() || error.is_some();
    let subject = format!("refund:{id}");
    let (kind, other) = if by_hand {
        (REFUND_DUE, REFUND_AUTOMATIC)
    } else {
        (REFUND_AUTOMATIC, REFUND_DUE)
    };
    attention::close(tx, new.tenant, other, &subject).await?;
    let matter = NewAttention {
        tenant: new.tenant,
        kind,
        subject: &subject,
        detail: serde_json::json!({
            "reservation": new.reservation, "payment": new.payment, "amount": new.amount, "reason": new.reason,
            "error": error,
        }),
        deadline: None,
    };
    let actions: &[&str] = if by_hand { &["done"] } else { &[] };
    attention::raise_with(tx, &matter, actions).await
}

/// The owner gives it back.
pub(crate) const REFUND_DUE: &str = "refund_due";
/// It goes back by itself.
pub(crate) const REFUND_AUTOMATIC: &str = "refund_automatic";

/// Nobody has to do anything about a refund any more.
pub(crate) async fn settled(
    tx: &mut PgConnection,
    tenant: TenantId,
    id: RefundId,
) -> Result<(), StoreError> {
    let subject = format!("refund:{id}");
    attention::close(tx, tenant, REFUND_DUE, &subject).await?;
    attention::close(tx, tenant, REFUND_AUTOMATIC, &subject).await
}

/// Notes that so much is kept. Nothing for nothing; once in a booking's life, when it ends.
pub async fn retain(
    tx: &mut PgConnection,
    by: &By,
    reservation: ReservationId,
    guest: GuestId,
    amount: Money,
) -> Result<(), StoreError> {
    if amount.minor <= 0 {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO ledger_entries (tenant_id, id, reservation_id, guest_id, kind, provider, payment, currency,
                                     amount, recorded_by)
         VALUES ($1, $2, $3, $4, 'retention', 'internal', $5, $6, $7, $8)",
        by.tenant.uuid(),
        LedgerEntryId::fresh().uuid(),
        reservation.uuid(),
        guest.uuid(),
        format!("reservation:{reservation}"),
        amount.currency.as_str(),
        amount.minor,
        by.actor,
    )
    .execute(tx)
    .await
    .doing("note what is retained")
    .map(|_| ())
}

/// Both, for a booking that ends: as the rules divided what it held.
pub async fn ended(
    tx: &mut PgConnection,
    by: &By,
    reservation: ReservationId,
    guest: GuestId,
    ended: Ended,
) -> Result<Vec<RefundId>, StoreError> {
    retain(tx, by, reservation, guest, ended.retained).await?;
    match ended.refund {
        Some((refund, reason)) => owe(tx, by.tenant, reservation, refund, reason).await,
        None => Ok(Vec::new()),
    }
}
