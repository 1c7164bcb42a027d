//! Calling a booking off.
//!
//! Guaranteed: its nights are free when this commits, and what it held is owed back or retained as the policy
//! says that the guest booked under, the law's right of withdrawal first: it is kept with the quote, and what the owner
//! edits later is for later bookings. (A quote from before policies were kept follows the property's of the day.)

use chrono::{DateTime, Utc};
use posta_domain::{
    cancellation::{Facts, Outcome},
    dialogue::Event,
    reservation::{End, Status, on_end},
};
use sqlx::PgConnection;

use super::{
    BookingError, claims, lock,
    money::{self, RequestEnd},
    rules::{Rules, rules_of},
    view::{self, Booking},
};
use crate::{
    audit::{self, By},
    catalog, elsewhere,
    error::{Doing as _, StoreError},
    events,
    ids::{ReservationId, StayId, TenantId},
    pool::Store,
    text::first,
};

pub use posta_domain::cancellation::By as CancelBy;

/// Calls it off. The reason is for the owner's eyes.
pub async fn cancel(
    store: &Store,
    by: &By,
    id: ReservationId,
    who: CancelBy,
    reason: &str,
    expected_version: Option<i32>,
) -> Result<(Booking, Outcome), BookingError> {
    let mut tx = store.begin().await?;
    let cancelled = cancel_in(&mut tx, by, id, who, reason, expected_version).await?;
    tx.commit().await.doing("commit the cancellation")?;
    Ok(cancelled)
}

/// The same, as part of a transaction. The guest hears of it when it was the owner.
pub(crate) async fn cancel_in(
    tx: &mut PgConnection,
    by: &By,
    id: ReservationId,
    who: CancelBy,
    reason: &str,
    expected_version: Option<i32>,
) -> Result<(Booking, Outcome), BookingError> {
    let locked = lock::whole(tx, by.tenant, id, &[]).await?;
    lock::current(&locked.booking, expected_version)?;
    let to = locked.booking.state.cancel()?;
    let rules = rules_of(tx, &locked.booking).await?;
    let outcome = outcome(&locked.booking, &rules, who, locked.now)?;
    let booking = &locked.booking;
    view::step(tx, booking, to).await?;
    claims::release(tx, booking).await?;
    money::close_requests(tx, id, RequestEnd::Withdrawn).await?;
    let ended = on_end(End::Cancelled(outcome), booking.paid);
    money::ended(tx, by, id, booking.guest, ended).await?;
    let stays: Vec<StayId> = booking.stays.iter().map(|stay| stay.id).collect();
    elsewhere::resolve(tx, by.tenant, &stays, "cancelled").await?;
    if who == CancelBy::Owner {
        let event = Event::CancelledByOwner { reservation: id };
        events::tell(
            tx,
            by.tenant,
            booking.guest,
            &event,
            &format!("cancelled:{id}"),
        )
        .await?;
    }
    audit::record(
        tx,
        by,
        &format!("reservation:{id}"),
        "cancelled",
        serde_json::json!({
            "by": who,
            "reason": first(reason, 500),
            "outcome": outcome,
        }),
    )
    .await?;
    let after = lock::read(tx, by.tenant, id).await?;
    Ok((after, outcome))
}

/// What cancelling now would give back. Changes nothing.
pub async fn preview(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ReservationId,
    who: CancelBy,
) -> Result<Outcome, BookingError> {
    let booking = lock::read(conn, tenant, id).await?;
    booking.state.cancel()?;
    let rules = rules_of(conn, &booking).await?;
    let now = catalog::now(conn).await?;
    outcome(&booking, &rules, who, now)
}

pub(super) fn outcome(
    booking: &Booking,
    rules: &Rules,
    who: CancelBy,
    now: DateTime<Utc>,
) -> Result<Outcome, BookingError> {
    let first = booking.stays.iter().map(|stay| stay.period.check_in());
    let check_in = first.min().ok_or(BookingError::NotFound("stay"))?;
    let facts = Facts {
        paid: booking.paid,
        sold: booking.state.status() != Status::Held,
        booked_on: rules.day(booking.confirmed_at.unwrap_or(booking.created_at)),
        check_in,
        today: rules.day(now),
        by: who,
    };
    rules.policy.outcome(&facts).map_err(|source| {
        BookingError::Store(StoreError::Unreadable {
            what: "the booking's money",
            source: source.into(),
        })
    })
}
