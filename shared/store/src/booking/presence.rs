//! The guest comes, stays, leaves, or does not come.
//!
//! Guaranteed: nights that will not be slept in are free when this commits. Whoever leaves early frees the nights from
//! that day on, and no money moves by itself: what the owner gives back she does by an adjustment. A guest who does not
//! come frees all nights, this one's too, and what was paid is retained.

use chrono::NaiveDate;
use posta_domain::reservation::{End, Illegal, on_end};
use sqlx::PgConnection;

use super::{
    BookingError, claims,
    lock::{self, Locked},
    money::{self, RequestEnd},
    rules::rules,
    view::{self, BookedStay, Booking},
};
use crate::{
    audit::{self, By},
    elsewhere,
    error::{Doing as _, StoreError},
    ids::{ReservationId, StayId},
    pool::Store,
};

/// The guest is there: from the first arrival until the day before the last departure.
pub async fn check_in(
    store: &Store,
    by: &By,
    id: ReservationId,
    expected_version: Option<i32>,
) -> Result<Booking, BookingError> {
    let mut tx = store.begin().await?;
    let Now { booking, today } = now(&mut tx, by, id, expected_version).await?;
    let (first, last) = ends(&booking)?;
    let to = booking.state.check_in(today, first, last)?;
    view::step(&mut tx, &booking, to).await?;
    note(&mut tx, by, id, "checked_in", serde_json::json!({})).await?;
    finish(tx, by, id).await
}

/// The guest has left. Nights that were still to come are free.
pub async fn check_out(
    store: &Store,
    by: &By,
    id: ReservationId,
    expected_version: Option<i32>,
) -> Result<Booking, BookingError> {
    let mut tx = store.begin().await?;
    let Now { booking, today } = now(&mut tx, by, id, expected_version).await?;
    let to = booking.state.check_out()?;
    for stay in &booking.stays {
        if today < end(stay) {
            // A cabin of the booking that is for later was never slept in.
            leave(&mut tx, stay, today.max(stay.period.check_in())).await?;
        }
    }
    view::step(&mut tx, &booking, to).await?;
    note(
        &mut tx,
        by,
        id,
        "checked_out",
        serde_json::json!({ "on": today }),
    )
    .await?;
    finish(tx, by, id).await
}

/// The guest did not come.
pub async fn no_show(
    store: &Store,
    by: &By,
    id: ReservationId,
    expected_version: Option<i32>,
) -> Result<Booking, BookingError> {
    let mut tx = store.begin().await?;
    let Now { booking, today } = now(&mut tx, by, id, expected_version).await?;
    let (first, _) = ends(&booking)?;
    let to = booking.state.no_show(today, first)?;
    view::step(&mut tx, &booking, to).await?;
    claims::release(&mut tx, &booking).await?;
    money::close_requests(&mut tx, id, RequestEnd::Withdrawn).await?;
    money::ended(
        &mut tx,
        by,
        id,
        booking.guest,
        on_end(End::NoShow, booking.paid),
    )
    .await?;
    let stays: Vec<StayId> = booking.stays.iter().map(|stay| stay.id).collect();
    elsewhere::resolve(&mut tx, by.tenant, &stays, "no_show").await?;
    note(
        &mut tx,
        by,
        id,
        "no_show",
        serde_json::json!({ "retained": booking.paid }),
    )
    .await?;
    finish(tx, by, id).await
}

/// The guest leaves (one cabin, or all of them) on a day before the last: the nights from then on are free at once.
/// When everybody has left, the booking is over.
pub async fn leave_early(
    store: &Store,
    by: &By,
    id: ReservationId,
    stay: Option<StayId>,
    on: NaiveDate,
    expected_version: Option<i32>,
) -> Result<Booking, BookingError> {
    let mut tx = store.begin().await?;
    let Now { booking, today } = now(&mut tx, by, id, expected_version).await?;
    let mut state = booking.state;
    let leaving = leaving(&booking, stay, on)?;
    for (stay, on) in &leaving {
        state = booking
            .state
            .leave_early(*on, stay.period.check_in(), end(stay))?;
        leave(&mut tx, stay, *on).await?;
    }
    let gone = booking.stays.iter().all(|stay| {
        let left = leaving.iter().find(|(leaver, _)| leaver.id == stay.id);
        left.map_or_else(|| end(stay), |(_, on)| *on) <= today
    });
    if gone {
        state = state.check_out()?;
    }
    view::step(&mut tx, &booking, state).await?;
    let stays: Vec<StayId> = leaving.iter().map(|(stay, _)| stay.id).collect();
    note(
        &mut tx,
        by,
        id,
        "left_early",
        serde_json::json!({ "on": on, "stays": stays }),
    )
    .await?;
    finish(tx, by, id).await
}

/// Which stays end earlier, and on which day: nobody leaves before arriving.
fn leaving(
    booking: &Booking,
    stay: Option<StayId>,
    on: NaiveDate,
) -> Result<Vec<(&BookedStay, NaiveDate)>, BookingError> {
    let leaving: Vec<_> = match stay {
        Some(id) => {
            let named = booking.stays.iter().find(|stay| stay.id == id);
            vec![(named.ok_or(BookingError::NotFound("stay"))?, on)]
        }
        None => booking
            .stays
            .iter()
            .filter(|stay| on < end(stay))
            .map(|stay| (stay, on.max(stay.period.check_in())))
            .collect(),
    };
    // Somebody must have arrived by then.
    if leaving.is_empty() || booking.stays.iter().all(|stay| on < stay.period.check_in()) {
        return Err(Illegal::Day(on).into());
    }
    Ok(leaving)
}

/// The day the stay ends, as far as is known.
fn end(stay: &BookedStay) -> NaiveDate {
    stay.left_on.unwrap_or_else(|| stay.period.check_out())
}

/// The first arrival and the last departure.
fn ends(booking: &Booking) -> Result<(NaiveDate, NaiveDate), BookingError> {
    let first = booking.stays.iter().map(|stay| stay.period.check_in());
    let last = booking.stays.iter().map(|stay| stay.period.check_out());
    first
        .min()
        .zip(last.max())
        .ok_or(BookingError::NotFound("stay"))
}

struct Now {
    booking: Booking,
    today: NaiveDate,
}

async fn now(
    tx: &mut PgConnection,
    by: &By,
    id: ReservationId,
    expected_version: Option<i32>,
) -> Result<Now, BookingError> {
    let Locked { booking, now, .. } = lock::whole(tx, by.tenant, id, &[]).await?;
    lock::current(&booking, expected_version)?;
    let today = rules(tx, booking.property).await?.day(now);
    Ok(Now { booking, today })
}

/// The nights from that day on are free.
async fn leave(tx: &mut PgConnection, stay: &BookedStay, on: NaiveDate) -> Result<(), StoreError> {
    let shortened = sqlx::query!(
        "UPDATE claims SET period = daterange(lower(period), $2, '[)')
         WHERE stay_id = $1 AND lower(period) < $2 AND upper(period) > $2",
        stay.id.uuid(),
        on,
    )
    .execute(&mut *tx)
    .await
    .doing("shorten the nights that are taken")?
    .rows_affected();
    if shortened == 0 {
        sqlx::query!(
            "DELETE FROM claims WHERE stay_id = $1 AND lower(period) >= $2",
            stay.id.uuid(),
            on
        )
        .execute(&mut *tx)
        .await
        .doing("free the nights")?;
    }
    sqlx::query!(
        "UPDATE stays SET left_on = $2 WHERE id = $1",
        stay.id.uuid(),
        on
    )
    .execute(tx)
    .await
    .doing("note that the guest leaves earlier")
    .map(|_| ())
}

async fn note(
    tx: &mut PgConnection,
    by: &By,
    id: ReservationId,
    action: &str,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    audit::record(tx, by, &format!("reservation:{id}"), action, detail).await
}

async fn finish(
    mut tx: sqlx::Transaction<'_, sqlx::Postgres>,
    by: &By,
    id: ReservationId,
) -> Result<Booking, BookingError> {
    let after = lock::read(&mut tx, by.tenant, id).await?;
    tx.commit().await.doing("commit what the guest did")?;
    Ok(after)
}
