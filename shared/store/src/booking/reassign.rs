//! Another unit of the same type, for one stay: the remedy when two channels have sold one cabin.
//!
//! Guaranteed: the stay has nights in one cabin at every moment anybody else can see; neither its price nor anything
//! else of it changes. Until check-in only: a guest who is there does not move by a tap.

use posta_domain::{
    refusal::Refusal,
    reservation::{Illegal, Status},
};
use sqlx::PgConnection;

use super::{
    BookingError,
    lock::{self, Locked},
    nights,
    view::{self, BookedStay, Booking},
};
use crate::{
    audit::{self, By},
    elsewhere,
    error::{Doing as _, StoreError},
    ids::{AccommodationId, ReservationId, StayId},
    pool::Store,
};

/// Moves the stay. To where it is already: nothing changes.
pub async fn reassign(
    store: &Store,
    by: &By,
    stay: StayId,
    to: AccommodationId,
    expected_version: Option<i32>,
) -> Result<Booking, BookingError> {
    let mut tx = store.begin().await?;
    let id = booking_of(&mut tx, by, stay).await?;
    let Locked { booking, now, .. } = lock::whole(&mut tx, by.tenant, id, &[to]).await?;
    lock::current(&booking, expected_version)?;
    let moved = booking.stays.iter().find(|known| known.id == stay);
    let moved = moved.ok_or(BookingError::NotFound("stay"))?;
    if moved.cabin == to {
        return Ok(booking);
    }
    if !matches!(booking.state.status(), Status::Held | Status::Confirmed) {
        return Err(Illegal::From {
            from: booking.state.status(),
            step: "move to another cabin",
        }
        .into());
    }
    fits(&mut tx, by, moved, to).await?;
    let nights = nights::taken(&mut tx, to, moved.period, now, |_| true).await?;
    if !nights.is_empty() {
        return Err(Refusal::Taken { nights }.into());
    }
    put(&mut tx, moved, to).await?;
    view::step(&mut tx, &booking, booking.state).await?;
    elsewhere::resolve(&mut tx, by.tenant, &[stay], "reassigned").await?;
    audit::record(
        &mut tx,
        by,
        &format!("reservation:{id}"),
        "reassigned",
        serde_json::json!({ "stay": stay, "from": moved.cabin, "to": to }),
    )
    .await?;
    let after = lock::read(&mut tx, by.tenant, id).await?;
    tx.commit().await.doing("commit the re-assignment")?;
    Ok(after)
}

async fn booking_of(
    tx: &mut PgConnection,
    by: &By,
    stay: StayId,
) -> Result<ReservationId, BookingError> {
    sqlx::query_scalar!(
        "SELECT reservation_id FROM stays WHERE tenant_id = $1 AND id = $2",
        by.tenant.uuid(),
        stay.uuid(),
    )
    .fetch_optional(tx)
    .await
    .doing("look for the stay")?
    .map(ReservationId::from)
    .ok_or(BookingError::NotFound("stay"))
}

/// The cabin is one of the stay's type, and is let.
async fn fits(
    tx: &mut PgConnection,
    by: &By,
    stay: &BookedStay,
    to: AccommodationId,
) -> Result<(), BookingError> {
    let active = sqlx::query_scalar!(
        "SELECT active FROM accommodations WHERE tenant_id = $1 AND id = $2 AND unit_type_id = $3",
        by.tenant.uuid(),
        to.uuid(),
        stay.unit_type.uuid(),
    )
    .fetch_optional(tx)
    .await
    .doing("look for the cabin to move to")?;
    match active {
        Some(true) => Ok(()),
        Some(false) => Err(Refusal::Inactive.into()),
        None => Err(BookingError::NotFound("accommodation")),
    }
}

/// The stay and its claim, in step.
async fn put(
    tx: &mut PgConnection,
    stay: &BookedStay,
    to: AccommodationId,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE stays SET accommodation_id = $2 WHERE id = $1",
        stay.id.uuid(),
        to.uuid()
    )
    .execute(&mut *tx)
    .await
    .doing("move the stay")?;
    let moved = sqlx::query!(
        "UPDATE claims SET accommodation_id = $2 WHERE stay_id = $1",
        stay.id.uuid(),
        to.uuid()
    )
    .execute(tx)
    .await
    .doing("move the nights")?
    .rows_affected();
    if moved == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict("the stay to be moved has no nights"))
    }
}
