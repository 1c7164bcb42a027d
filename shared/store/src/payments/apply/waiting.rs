//! A payment whose money has not come: it is on its way, or it was refused.
//!
//! Guaranteed: the guest hears of each payment once for each of these, and only while her booking lives; a hold has more
//! time once for a payment that waits and once for one that is looked at.

use posta_domain::{
    dialogue::Event,
    payment::{Standing, Why},
    reservation::{Reservation, Status},
};
use sqlx::PgConnection;

use super::{Case, telling};
use crate::{
    booking::{BookingError, lock::Locked, prolong, receipts::in_review},
    events,
};

/// Does what follows.
pub(super) async fn follow(tx: &mut PgConnection, case: &Case<'_>) -> Result<(), BookingError> {
    if !case.changed() {
        return Ok(());
    }
    let standing = case.snapshot.standing();
    if standing == Standing::Unknown {
        telling::unknown(tx, case).await?;
    }
    let Some(locked) = case.locked.as_ref().filter(|locked| alive(locked)) else {
        return Ok(());
    };
    match standing {
        Standing::Pending => pending(tx, case, locked, false).await,
        Standing::InProcess => pending(tx, case, locked, true).await,
        Standing::Rejected => {
            let why = Why::of(&case.snapshot.status, &case.snapshot.status_detail);
            refused(tx, case, locked, Some(why)).await
        }
        Standing::Cancelled => {
            // Nobody had heard of it: nothing to take back.
            let heard = matches!(case.before.standing.as_str(), "pending" | "in_process");
            let heard = heard && !case.before.fresh;
            refused(tx, case, locked, heard.then_some(Why::Expired)).await
        }
        _ => Ok(()),
    }
}

fn alive(locked: &Locked) -> bool {
    matches!(
        locked.booking.state.status(),
        Status::Held | Status::Confirmed | Status::CheckedIn
    )
}

async fn pending(
    tx: &mut PgConnection,
    case: &Case<'_>,
    locked: &Locked,
    review: bool,
) -> Result<(), BookingError> {
    let reason = if review {
        prolong::Reason::InProcess
    } else {
        prolong::Reason::Pending
    };
    prolong::once(tx, &case.by, locked, reason).await?;
    let reservation = locked.booking.id;
    let event = Event::PaymentPending {
        reservation,
        review,
    };
    let key = format!("pending:{}:{review}", case.id);
    events::tell(tx, case.by.tenant, locked.booking.guest, &event, &key).await?;
    Ok(())
}

async fn refused(
    tx: &mut PgConnection,
    case: &Case<'_>,
    locked: &Locked,
    why: Option<Why>,
) -> Result<(), BookingError> {
    let booking = &locked.booking;
    review_over(tx, case, locked).await?;
    let request = case.asked.as_ref().map(|asked| asked.request);
    let wanted = booking
        .requests
        .iter()
        .any(|row| Some(row.id) == request && row.state == "open");
    if let Some(why) = why.filter(|_| wanted) {
        let event = Event::PaymentRejected {
            reservation: booking.id,
            why,
        };
        let key = format!("rejected:{}", case.id);
        events::tell(tx, case.by.tenant, booking.guest, &event, &key).await?;
    }
    Ok(())
}

/// The provider looks at the payment no more, and it did not confirm: a hold that waited for that look waits for money
/// again.
pub(super) async fn review_over(
    tx: &mut PgConnection,
    case: &Case<'_>,
    locked: &Locked,
) -> Result<(), BookingError> {
    let booking = &locked.booking;
    if matches!(booking.state, Reservation::Held(_))
        && !in_review(tx, booking.id, Some(case.id)).await?
    {
        prolong::after_review(tx, &case.by, locked).await?;
    }
    Ok(())
}
