//! More time for a hold whose payment is on its way, or whose payment nobody could ask about.
//!
//! Guaranteed: once for each reason in a booking's life; never beyond the day of arrival, never shorter than it was; the
//! nights, what is asked for and the links end with the hold. The policy: a payment that waits for its payer gives the
//! hold one more hold time; one that the provider looks at gives it the time of a receipt's look; a provider that cannot
//! be asked gives it one more hold time, an hour at most. After that the usual rules: what is paid later is held again
//! where the nights are free, and given back where they are not.

use chrono::{DateTime, Duration, Utc};
use posta_domain::reservation::{Awaiting, Hold, Reservation};
use sqlx::PgConnection;

use super::{
    BookingError,
    lock::Locked,
    rules::{rules, until},
    settling,
    view::Booking,
};
use crate::{
    audit::{self, By},
    error::Doing as _,
};

/// However long holds are: the provider's absence is not the other guests' fault.
const LONGEST_OUTAGE: Duration = Duration::minutes(60);

/// Why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A payment waits for its payer.
    Pending,
    /// The provider looks at a payment.
    InProcess,
    /// The provider could not be asked before the hold's end.
    Outage,
}

impl Reason {
    /// As the database writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InProcess => "in_process",
            Self::Outage => "outage",
        }
    }
}

/// Gives the hold more time; answers its new end. Nothing where it had that already, where it is no hold that waits for
/// money, or where there is no more time to give.
pub async fn once(
    tx: &mut PgConnection,
    by: &By,
    locked: &Locked,
    reason: Reason,
) -> Result<Option<DateTime<Utc>>, BookingError> {
    let Locked { booking, now, .. } = locked;
    let Reservation::Held(hold) = booking.state else {
        return Ok(None);
    };
    if hold.awaiting != Awaiting::Payment || hold.expires_at <= *now {
        return Ok(None);
    }
    let rules = rules(tx, booking.property).await?;
    let wait = match reason {
        Reason::Pending => rules.hold,
        Reason::InProcess => rules.verification,
        Reason::Outage => rules.hold.min(LONGEST_OUTAGE),
    };
    let ends = until(&rules, *now, wait, booking.check_in());
    if ends <= hold.expires_at && reason != Reason::InProcess {
        return Ok(None);
    }
    let ends = ends.max(hold.expires_at);
    if !first(tx, booking, reason, ends).await? {
        return Ok(None);
    }
    let to = match reason {
        Reason::InProcess => booking.state.await_now(
            *now,
            Hold {
                expires_at: ends,
                awaiting: Awaiting::Verification,
            },
        )?,
        Reason::Pending | Reason::Outage => booking.state.prolong(*now, ends)?,
    };
    settling::prolong(tx, booking, to, ends).await?;
    let detail = serde_json::json!({ "reason": reason.as_str(), "until": ends });
    audit::record(tx, by, &booking.subject(), "prolonged", detail).await?;
    Ok(Some(ends))
}

/// The payment that was looked at is refused: the hold waits for another one, as long as a new hold would. Nothing where
/// it waits for something else, or also for the owner's look at a receipt.
pub async fn after_review(
    tx: &mut PgConnection,
    by: &By,
    locked: &Locked,
) -> Result<Option<DateTime<Utc>>, BookingError> {
    let Locked { booking, now, .. } = locked;
    let Reservation::Held(Hold {
        awaiting: Awaiting::Verification,
        ..
    }) = booking.state
    else {
        return Ok(None);
    };
    let receipts = booking.requests.iter().map(|row| row.receipt.as_deref());
    if receipts
        .into_iter()
        .any(|receipt| receipt == Some("waiting"))
    {
        return Ok(None);
    }
    let ends = wait_for_money(tx, booking, *now).await?;
    let detail = serde_json::json!({ "reason": "review_over", "until": ends });
    audit::record(tx, by, &booking.subject(), "prolonged", detail).await?;
    Ok(Some(ends))
}

/// Back from being looked at to waiting for a payment, as long as a new hold would.
pub(super) async fn wait_for_money(
    tx: &mut PgConnection,
    booking: &Booking,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, BookingError> {
    let rules = rules(tx, booking.property).await?;
    let ends = until(&rules, now, rules.hold, booking.check_in());
    let hold = Hold {
        expires_at: ends,
        awaiting: Awaiting::Payment,
    };
    let to = booking.state.await_now(now, hold)?;
    settling::prolong(tx, booking, to, ends).await?;
    Ok(ends)
}

/// Whether this reason has not been given before.
async fn first(
    tx: &mut PgConnection,
    booking: &Booking,
    reason: Reason,
    ends: DateTime<Utc>,
) -> Result<bool, BookingError> {
    let written = sqlx::query!(
        "INSERT INTO hold_prolongations (tenant_id, reservation_id, reason, until) VALUES ($1, $2, $3, $4)
         ON CONFLICT ON CONSTRAINT hold_prolongations_key DO NOTHING",
        booking.tenant.uuid(),
        booking.id.uuid(),
        reason.as_str(),
        ends,
    )
    .execute(tx)
    .await
    .doing("note why a hold has more time")?
    .rows_affected();
    Ok(written == 1)
}
