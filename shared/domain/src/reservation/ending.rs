//! What becomes of the money in a booking that ends, or that changes its price.
//!
//! Guaranteed: what an ended booking held is owed back or retained, to the minor unit, and the reason is named; what a
//! changed one holds beyond its new total is owed back. The caller writes a `refunds` row for what is owed back and a
//! ledger entry for what is retained, in the transaction of the step itself.

use crate::{
    cancellation::{Outcome, Rule},
    money::{Money, MoneyError},
    reservation::{Reason, Reservation, Status, Step, settle::covers},
};

/// How a booking ends without the stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The hold's time was over.
    Expired,
    /// The hold gave way to a night sold elsewhere.
    Yielded,
    /// Called off, with what the policy says.
    Cancelled(Outcome),
    /// The guest did not come.
    NoShow,
}

/// Where the money goes. The two together are what the booking held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Owed back, and why.
    pub refund: Option<(Money, Reason)>,
    /// Stays with the owner; zero often.
    pub retained: Money,
}

/// What a change of price leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// A hold whose money covers the new deposit is confirmed.
    pub step: Step,
    /// Owed back: what is held beyond the new total.
    pub refund: Option<(Money, Reason)>,
    /// Of the new total, what is still open.
    pub open: Money,
}

/// Divides what the booking held (what was paid, net of what went back, is owed back or was retained before).
#[must_use]
pub fn on_end(how: End, paid: Money) -> Ended {
    let held = paid.minor.max(0);
    let (back, reason) = match how {
        End::Expired => (held, Reason::Expired),
        End::Yielded => (held, Reason::Yielded),
        End::Cancelled(outcome) => (
            // Never more than is there, should the outcome have been computed on another amount.
            outcome.refund.minor.clamp(0, held),
            match outcome.rule {
                Rule::Withdrawal => Reason::Withdrawal,
                _ => Reason::Cancelled,
            },
        ),
        End::NoShow => (0, Reason::Cancelled),
    };
    Ended {
        refund: (back > 0).then_some((Money::new(back, paid.currency), reason)),
        retained: Money::new(held - back, paid.currency),
    }
}

/// Compares what the booking holds with its new price. Fails when that is in another currency: what has been paid
/// cannot be compared, and nothing may change.
pub fn on_change(
    state: Reservation,
    paid: Money,
    deposit: Money,
    total: Money,
) -> Result<Changed, MoneyError> {
    if paid.currency != total.currency {
        return Err(MoneyError::Mixed(paid.currency, total.currency));
    }
    let held = paid.minor.max(0);
    let kept = held.min(total.minor);
    let confirms = state.status() == Status::Held && held > 0 && covers(kept, deposit, total);
    Ok(Changed {
        step: if confirms { Step::Confirm } else { Step::Stay },
        refund: (held > kept).then_some((Money::new(held - kept, paid.currency), Reason::Changed)),
        open: Money::new(total.minor - kept, total.currency),
    })
}
