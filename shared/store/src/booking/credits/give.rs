//! Giving a credit.

use posta_domain::{dialogue::Event, money::Money};
use sqlx::PgConnection;

use crate::{
    audit::{self, By},
    booking::{BookingError, lock, money, refunds, view::Booking},
    error::{Doing as _, StoreError},
    events,
    ids::{CreditId, GuestId, LedgerEntryId, RefundId, ReservationId},
    pool::Store,
};

/// Keeps so much of what a booking received for its guest, as long as the property keeps credits, and tells her. The
/// caller holds the booking, and counts the money as gone from it.
pub async fn grant(
    tx: &mut PgConnection,
    by: &By,
    reservation: ReservationId,
    guest: GuestId,
    amount: Money,
) -> Result<CreditId, StoreError> {
    let id = CreditId::fresh();
    let until = sqlx::query_scalar!(
        "INSERT INTO credits (tenant_id, id, guest_id, reservation_id, currency, amount, created_at, expires_at)
         SELECT $1, $2, $3, r.id, $5, $6, clock.now, clock.now + make_interval(days => p.credit_days)
         FROM reservations r JOIN properties p ON p.id = r.property_id, (SELECT clock_timestamp() AS now) AS clock
         WHERE r.tenant_id = $1 AND r.id = $4
         RETURNING expires_at",
        by.tenant.uuid(),
        id.uuid(),
        guest.uuid(),
        reservation.uuid(),
        amount.currency.as_str(),
        amount.minor,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("keep a credit")?;
    sqlx::query!(
        "INSERT INTO ledger_entries (tenant_id, id, reservation_id, guest_id, kind, provider, payment, currency, amount,
                                     recorded_by)
         VALUES ($1, $2, $3, $4, 'credit', 'internal', $5, $6, $7, $8)",
        by.tenant.uuid(),
        LedgerEntryId::fresh().uuid(),
        reservation.uuid(),
        guest.uuid(),
        format!("credit:{id}"),
        amount.currency.as_str(),
        amount.minor,
        by.actor,
    )
    .execute(&mut *tx)
    .await
    .doing("enter the credit into the ledger")?;
    let event = Event::Credited {
        reservation,
        amount,
        until,
    };
    events::tell(tx, by.tenant, guest, &event, &format!("credited:{id}")).await?;
    let detail = serde_json::json!({ "credit": id, "amount": amount, "until": until });
    audit::record(
        tx,
        by,
        &format!("reservation:{reservation}"),
        "credited",
        detail,
    )
    .await?;
    Ok(id)
}

/// The guest takes a credit for what is owed back to her. Not once the provider may have been asked for it.
pub async fn from_refund(store: &Store, by: &By, id: RefundId) -> Result<CreditId, BookingError> {
    let mut tx = store.begin().await?;
    refunds::lock(&mut tx, by.tenant, id).await?;
    let row = sqlx::query!(
        "UPDATE refunds SET state = 'credited', done_at = clock_timestamp(), lease_until = NULL
         WHERE id = $1 AND reservation_id IS NOT NULL
           AND (state IN ('due', 'failed', 'by_hand') OR state = 'requested' AND payment_id IS NULL)
         RETURNING reservation_id, currency, amount",
        id.uuid(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("turn a refund into a credit")?
    .ok_or(BookingError::Stale)?;
    let reservation: ReservationId = row
        .reservation_id
        .map(ReservationId::from)
        .ok_or(BookingError::NotFound("reservation"))?;
    let currency = row
        .currency
        .parse()
        .map_err(|source| StoreError::Unreadable {
            what: "refunds.currency",
            source: Box::new(source),
        })?;
    let booking: Booking = lock::read(&mut tx, by.tenant, reservation).await?;
    let amount = Money::new(row.amount, currency);
    let credit = grant(&mut tx, by, reservation, booking.guest, amount).await?;
    money::settled(&mut tx, by.tenant, id).await?;
    tx.commit().await.doing("commit the credit")?;
    Ok(credit)
}
