//! Nights for a hold whose time was over, when its money comes after all.
//!
//! Guaranteed: each stay gets its own cabin where that is free, else another of the same kind that is let, unless a
//! certain one was asked for; all of them or none. The caller has locked the cabins ([`super::lock::for_money`]).

use std::collections::HashMap;

use posta_domain::nights::Period;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{BookingError, hold::assign, lock::Locked, nights, quotes, view::BookedStay};
use crate::{
    error::{Doing as _, StoreError},
    ids::{AccommodationId, ReservationId, TenantId, UnitTypeId},
};

/// Cabins that may stand in for those of a booking that has lost its nights, or is about to; none for any other.
pub(super) async fn spare(
    tx: &mut PgConnection,
    tenant: TenantId,
    id: ReservationId,
) -> Result<Vec<AccommodationId>, StoreError> {
    let cabins = sqlx::query_scalar!(
        "SELECT DISTINCT a.id
         FROM reservations r
         JOIN stays s ON s.reservation_id = r.id
         JOIN accommodations a ON a.unit_type_id = s.unit_type_id AND a.active
         WHERE r.tenant_id = $1 AND r.id = $2
           AND (r.status = 'expired'
                OR r.status = 'held' AND r.hold_expires_at <= clock_timestamp() + interval '1 second')
         ORDER BY a.id",
        tenant.uuid(),
        id.uuid(),
    )
    .fetch_all(tx)
    .await
    .doing("look for cabins of the booking's kinds")?;
    Ok(cabins.into_iter().map(AccommodationId::from).collect())
}

/// One for each stay of the booking, in their order; nothing where they cannot all be had.
pub(super) async fn cabins(
    tx: &mut PgConnection,
    locked: &Locked,
) -> Result<Option<Vec<AccommodationId>>, BookingError> {
    let Locked { booking, now, .. } = locked;
    let quote = quotes::get(tx, Some(booking.tenant), booking.quote).await?;
    let quote = quote.ok_or(BookingError::NotFound("quote"))?;
    let kinds = kinds(tx, &locked.spare).await?;
    let mut free: Vec<(Period, Vec<AccommodationId>)> = Vec::new();
    for (at, stay) in booking.stays.iter().enumerate() {
        let asked = quote.inputs.stays.get(at);
        let certain = asked.is_none_or(|asked| asked.accommodation.is_some());
        let others = locked.spare.iter().copied().filter(|cabin| {
            !certain && *cabin != stay.cabin && kinds.get(cabin) == Some(&stay.unit_type)
        });
        let mut here = Vec::new();
        for cabin in std::iter::once(stay.cabin).chain(others) {
            let taken = nights::taken(tx, cabin, stay.period, *now, |_| true).await?;
            if taken.is_empty() {
                here.push(cabin);
            }
        }
        free.push((stay.period, here));
    }
    Ok(assign(&free))
}

/// Those of the cabins that are still let, with their kinds.
async fn kinds(
    tx: &mut PgConnection,
    cabins: &[AccommodationId],
) -> Result<HashMap<AccommodationId, UnitTypeId>, StoreError> {
    let ids: Vec<Uuid> = cabins.iter().map(|cabin| cabin.uuid()).collect();
    let rows = sqlx::query!(
        "SELECT id, unit_type_id FROM accommodations WHERE id = ANY($1) AND active",
        &ids
    )
    .fetch_all(tx)
    .await
    .doing("read the kinds of the cabins")?;
    let kinds = rows.into_iter();
    Ok(kinds
        .map(|row| (row.id.into(), row.unit_type_id.into()))
        .collect())
}

/// The stay is in this cabin from now on.
pub(super) async fn put(
    tx: &mut PgConnection,
    stay: &BookedStay,
    cabin: AccommodationId,
) -> Result<(), StoreError> {
    if stay.cabin == cabin {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE stays SET accommodation_id = $2 WHERE id = $1",
        stay.id.uuid(),
        cabin.uuid()
    )
    .execute(tx)
    .await
    .doing("put the stay into another cabin of its kind")
    .map(|_| ())
}
