//! Money that leaves a stay: owed back, or kept by policy.

use posta_domain::money::Money;
use sqlx::PgConnection;

use crate::{
    audit::By,
    error::{Doing as _, StoreError},
    ids::{GuestId, LedgerEntryId, RefundId, ReservationId, TenantId},
};

/// Notes that so much is owed back. Nothing for nothing.
pub async fn owe(
    tx: &mut PgConnection,
    tenant: TenantId,
    reservation: ReservationId,
    amount: Money,
    reason: &str,
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
        reason,
    )
    .execute(tx)
    .await
    .doing("note what is owed back")?;
    Ok(Some(id))
}

/// Notes that so much is kept. Nothing for nothing; for one reason once in a booking's life.
pub async fn retain(
    tx: &mut PgConnection,
    by: &By,
    reservation: ReservationId,
    guest: GuestId,
    amount: Money,
    reason: &str,
) -> Result<(), StoreError> {
    if amount.minor <= 0 {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO ledger_entries (tenant_id, id, reservation_id, guest_id, kind, provider, payment, detail, currency,
                                     amount, recorded_by)
         VALUES ($1, $2, $3, $4, 'retention', 'internal', $5, $6, $7, $8, $9)",
        by.tenant.uuid(),
        LedgerEntryId::fresh().uuid(),
        reservation.uuid(),
        guest.uuid(),
        format!("reservation:{reservation}"),
        reason,
        amount.currency.as_str(),
        amount.minor,
        by.actor,
    )
    .execute(tx)
    .await
    .doing("note what is retained")
    .map(|_| ())
}

/// Both, for a booking that ends.
pub async fn ended(
    tx: &mut PgConnection,
    by: &By,
    reservation: ReservationId,
    guest: GuestId,
    (refund, retained): (Money, Money),
    reason: &str,
) -> Result<Option<RefundId>, StoreError> {
    retain(tx, by, reservation, guest, retained, reason).await?;
    owe(tx, by.tenant, reservation, refund, reason).await
}
