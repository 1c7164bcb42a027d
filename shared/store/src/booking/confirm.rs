//! The owner's yes.
//!
//! A booking on request first waits for her: with her yes it waits for the deposit like any other. She may also confirm
//! without money; what was asked for then stays open, without a deadline. Money confirms by itself
//! ([`super::payments`]). Guaranteed: either every stay has its nights for good, or nothing has changed.

use chrono::{DateTime, Utc};
use posta_domain::{
    dialogue::Event,
    reservation::{Awaiting, Hold, Illegal, Reservation},
};
use sqlx::PgConnection;

use super::{
    BookingError, claims,
    hold::latest,
    lock::{self, Locked},
    rules::rules,
    view::{self, Booking},
};
use crate::{
    audit::{self, By},
    error::{Doing as _, StoreError},
    events,
    ids::ReservationId,
    payments::links,
    pool::Store,
};

/// Says yes. With `without_payment` the booking is confirmed; else one that waits for the owner begins to wait for its
/// deposit, and one whose deposit is there (or that needs none) is confirmed.
pub async fn confirm(
    store: &Store,
    by: &By,
    id: ReservationId,
    expected_version: Option<i32>,
    without_payment: bool,
) -> Result<Booking, BookingError> {
    let mut tx = store.begin().await?;
    let locked = lock::whole(&mut tx, by.tenant, id, &[]).await?;
    lock::current(&locked.booking, expected_version)?;
    let to = next(&mut tx, &locked, without_payment).await?;
    let booking = &locked.booking;
    view::step(&mut tx, booking, to).await?;
    let (action, until) = if let Reservation::Held(hold) = to {
        claims::extend(&mut tx, booking, hold.expires_at).await?;
        ("accepted", Some(hold.expires_at))
    } else {
        claims::confirm(&mut tx, booking).await?;
        ("confirmed", None)
    };
    ask_until(&mut tx, booking, until).await?;
    let event = match until {
        Some(_) => Event::Agreed { reservation: id },
        None => Event::Confirmed { reservation: id },
    };
    let key = format!("{action}:{id}:{}", booking.version);
    events::tell(&mut tx, by.tenant, booking.guest, &event, &key).await?;
    let detail = serde_json::json!({ "without_payment": without_payment, "until": until });
    audit::record(&mut tx, by, &booking.subject(), action, detail).await?;
    let after = lock::read(&mut tx, by.tenant, id).await?;
    tx.commit().await.doing("commit the owner's yes")?;
    Ok(after)
}

async fn next(
    tx: &mut PgConnection,
    locked: &Locked,
    without_payment: bool,
) -> Result<Reservation, BookingError> {
    let Locked { booking, now, .. } = locked;
    let due = booking.deposit.minor.min(booking.charge.minor);
    if without_payment || booking.paid.minor >= due {
        return Ok(booking.state.confirm(*now)?);
    }
    match booking.state {
        Reservation::Held(hold) if hold.awaiting != Awaiting::Owner => Err(Illegal::From {
            from: booking.state.status(),
            step: "be confirmed before its deposit is there",
        }
        .into()),
        state => {
            let rules = rules(tx, booking.property).await?;
            let hold = Hold {
                expires_at: (*now + rules.hold).min(latest(rules.zone, booking.check_in(), *now)),
                awaiting: Awaiting::Payment,
            };
            Ok(state.await_now(*now, hold)?)
        }
    }
}

/// What is open may be paid until then, or whenever.
async fn ask_until(
    tx: &mut PgConnection,
    booking: &Booking,
    until: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE payment_requests SET expires_at = $3
         WHERE tenant_id = $1 AND reservation_id = $2 AND state = 'open'",
        booking.tenant.uuid(),
        booking.id.uuid(),
        until,
    )
    .execute(&mut *tx)
    .await
    .doing("say until when it can be paid")?;
    links::sync(tx, booking.id).await
}
