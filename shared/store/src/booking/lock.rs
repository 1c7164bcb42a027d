//! A booking with its cabins locked, in the one order: accommodations ascending, then the booking.
//!
//! Which cabins a booking has is read before they are locked, and may have changed by then: then the locks are let go
//! and taken again. With the booking, and in the same ascending statement, the holds on these cabins whose time is over
//! are locked: the caller may have to end them, and whoever locks several bookings locks them in one order.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{BookingError, again, units, view, view::Booking};
use crate::{
    error::{Doing as _, StoreError},
    ids::{AccommodationId, ReservationId, TenantId},
};

/// Somebody re-assigns a cabin in the moment between reading and locking; again and again is not chance.
const TRIES: usize = 8;

/// A locked booking.
#[derive(Debug)]
pub struct Locked {
    /// As it stands; an overdue hold has been expired.
    pub booking: Booking,
    /// The database's clock, read with the cabins locked: from then on nobody else prolongs or takes anything of them.
    pub now: DateTime<Utc>,
    /// The cabins that were locked beside its own.
    pub spare: Vec<AccommodationId>,
}

/// For money that comes: with the cabins that may stand in for its own, should its nights be gone.
pub async fn for_money(
    tx: &mut PgConnection,
    tenant: TenantId,
    id: ReservationId,
) -> Result<Locked, BookingError> {
    let spare = again::spare(tx, tenant, id).await?;
    whole(tx, tenant, id, &spare).await
}

/// Locks the booking, its cabins, and `more` of them.
pub async fn whole(
    tx: &mut PgConnection,
    tenant: TenantId,
    id: ReservationId,
    more: &[AccommodationId],
) -> Result<Locked, BookingError> {
    for _ in 0..TRIES {
        let cabins = cabins(tx, tenant, id).await?;
        if cabins.is_empty() {
            return Err(BookingError::NotFound("reservation"));
        }
        let all: Vec<_> = cabins.iter().chain(more).copied().collect();
        run(tx, "SAVEPOINT cabins").await?;
        let now = units::lock(tx, tenant, &all).await?;
        with_overdue(tx, id, &all, now).await?;
        let booking = view::lock(tx, tenant, id).await?;
        if booking.stays.iter().all(|stay| all.contains(&stay.cabin)) {
            run(tx, "RELEASE SAVEPOINT cabins").await?;
            let spare = more.to_vec();
            return Ok(Locked {
                booking,
                now,
                spare,
            });
        }
        // Lets the locks go.
        run(tx, "ROLLBACK TO SAVEPOINT cabins").await?;
    }
    Err(BookingError::Busy(StoreError::Conflict(
        "the booking's cabins kept changing",
    )))
}

/// Locks the booking and the others' holds on the cabins whose time is over, in ascending order.
async fn with_overdue(
    tx: &mut PgConnection,
    id: ReservationId,
    cabins: &[AccommodationId],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let cabins: Vec<uuid::Uuid> = cabins.iter().map(|cabin| cabin.uuid()).collect();
    sqlx::query_scalar!(
        "SELECT id FROM reservations
         WHERE id = ANY (ARRAY(SELECT $1::uuid
                               UNION
                               SELECT h.id FROM reservations h JOIN stays s ON s.reservation_id = h.id
                               WHERE h.status = 'held' AND h.hold_expires_at <= $3 AND s.accommodation_id = ANY ($2)))
         ORDER BY id FOR NO KEY UPDATE",
        id.uuid(),
        &cabins,
        now,
    )
    .fetch_all(tx)
    .await
    .doing("lock the booking and the holds that are over")
    .map(|_| ())
}

async fn cabins(
    tx: &mut PgConnection,
    tenant: TenantId,
    id: ReservationId,
) -> Result<Vec<AccommodationId>, StoreError> {
    sqlx::query_scalar!(
        "SELECT accommodation_id FROM stays WHERE tenant_id = $1 AND reservation_id = $2 ORDER BY accommodation_id",
        tenant.uuid(),
        id.uuid(),
    )
    .fetch_all(tx)
    .await
    .doing("read which cabins the booking has")
    .map(|ids| ids.into_iter().map(AccommodationId::from).collect())
}

async fn run(tx: &mut PgConnection, sql: &'static str) -> Result<(), StoreError> {
    sqlx::query(sql)
        .execute(tx)
        .await
        .doing("set a savepoint")
        .map(|_| ())
}

/// Refuses what was decided on an older version.
pub(super) fn current(booking: &Booking, expected: Option<i32>) -> Result<(), BookingError> {
    match expected {
        Some(version) if version != booking.version => Err(BookingError::Stale),
        _ => Ok(()),
    }
}

/// The booking as it is now, inside or outside a transaction.
pub(crate) async fn read(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ReservationId,
) -> Result<Booking, BookingError> {
    view::view(conn, tenant, id)
        .await?
        .ok_or(BookingError::NotFound("reservation"))
}
