//! Taking hold of a booking, and writing where it goes.

use posta_domain::reservation::Reservation;
use sqlx::PgConnection;

use super::{Booking, read::load};
use crate::{
    attention,
    booking::{BookingError, asking, expire},
    error::Doing as _,
    ids::{ReservationId, TenantId},
    payments::{chase::BALANCE_OPEN, links::LINK_FAILED},
};

/// Locks the booking until the transaction ends, then reads it: a statement that did both would show the row as it was
/// before the lock was waited for. The caller holds its cabins already. A hold whose time is over is expired on the
/// spot, so that what comes back is what the row says.
pub async fn lock(
    tx: &mut PgConnection,
    tenant: TenantId,
    id: ReservationId,
) -> Result<Booking, BookingError> {
    sqlx::query_scalar!(
        "SELECT id FROM reservations WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant.uuid(),
        id.uuid(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("lock the booking")?
    .ok_or(BookingError::NotFound("reservation"))?;
    let (booking, now) = one(tx, tenant, id).await?;
    if booking.state.expire(now).is_ok() {
        expire::carry_out(tx, &booking, now).await?;
        return Ok(one(tx, tenant, id).await?.0);
    }
    Ok(booking)
}

async fn one(
    tx: &mut PgConnection,
    tenant: TenantId,
    id: ReservationId,
) -> Result<(Booking, chrono::DateTime<chrono::Utc>), BookingError> {
    load(tx, Some(tenant), &[id.uuid()])
        .await?
        .pop()
        .ok_or(BookingError::NotFound("reservation"))
}

/// Writes the state that a step of the domain led to, if the row is still what the step was decided on. Answers the new
/// version.
pub async fn step(
    tx: &mut PgConnection,
    booking: &Booking,
    to: Reservation,
) -> Result<i32, BookingError> {
    let (awaiting, until) = match to {
        Reservation::Held(hold) => (Some(hold.awaiting.as_str()), Some(hold.expires_at)),
        _ => (None, None),
    };
    let version = sqlx::query_scalar!(
        r#"UPDATE reservations
           SET status = $5, awaiting = $6, hold_expires_at = $7, version = version + 1,
               confirmed_at = CASE WHEN $5 = 'confirmed' THEN coalesce(confirmed_at, clock_timestamp())
                                   ELSE confirmed_at END,
               ended_at = CASE WHEN $5 IN ('completed', 'expired', 'cancelled', 'yielded', 'no_show')
                               THEN clock_timestamp() END
           WHERE tenant_id = $1 AND id = $2 AND status = $3 AND version = $4
           RETURNING version"#,
        booking.tenant.uuid(),
        booking.id.uuid(),
        booking.state.status().as_str(),
        booking.version,
        to.status().as_str(),
        awaiting,
        until,
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("write the booking's step")?;
    if !matches!(to, Reservation::Held(_)) {
        // Whether sold or over: nobody waits for the rest of the deposit any more.
        attention::close(tx, booking.tenant, "payment_short", &booking.subject()).await?;
    }
    if !to.takes_nights() {
        // Nobody comes to the door, and nobody needs a link.
        for kind in [BALANCE_OPEN, LINK_FAILED] {
            attention::close(tx, booking.tenant, kind, &booking.subject()).await?;
        }
    }
    asking::after(tx, booking.tenant, booking.id, (booking.state, to)).await?;
    version.ok_or(BookingError::Stale)
}
