//! Money that leaves a stay: owed back, or kept by policy.

use posta_domain::{
    money::Money,
    reservation::{Ended, Reason},
};
use sqlx::PgConnection;

use crate::{
    attention::{self, NewAttention},
    audit::By,
    error::{Doing as _, StoreError},
    ids::{GuestId, LedgerEntryId, RefundId, ReservationId, TenantId},
};

/// Notes that so much is owed back, and tells the owner. Nothing for nothing.
pub async fn owe(
    tx: &mut PgConnection,
    tenant: TenantId,
    reservation: ReservationId,
    amount: Money,
    reason: Reason,
) -> Result<Option<RefundId>, StoreError> {
    if amount.minor <= 0 {
        return Ok(None);
    }
    let id = RefundId::fresh();
    sqlx::query!(
        "INSERT INTO refunds (tenant_id, id, reservation_id, currency, amount, reason)
         VALUES ($1, $2, $3, $4, $5, $6)",
        tenant.uuid(),
        id.uuid(),
        reservation.uuid(),
        amount.currency.as_str(),
        amount.minor,
        reason.as_str(),
    )
    .execute(&mut *tx)
    .await
    .doing("note what is owed back")?;
    let matter = NewAttention {
        tenant,
        kind: "refund_due",
        subject: &format!("refund:{id}"),
        detail: serde_json::json!({
            "reservation": reservation, "amount": amount, "reason": reason.as_str(),
        }),
        deadline: None,
    };
    attention::raise_with(tx, &matter, &["done"]).await?;
    Ok(Some(id))
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
) -> Result<Option<RefundId>, StoreError> {
    retain(tx, by, reservation, guest, ended.retained).await?;
    match ended.refund {
        Some((refund, reason)) => owe(tx, by.tenant, reservation, refund, reason).await,
        None => Ok(None),
    }
}
