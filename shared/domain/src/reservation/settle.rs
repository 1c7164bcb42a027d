//! What a payment means for a booking.

use crate::{
    money::Money,
    reservation::{Reservation, Status},
};

/// What arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    /// How much.
    pub amount: Money,
}

/// The booking as the transaction sees it, with everything locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Where it stands, by the database's clock: a hold whose time is over is `Expired` here, swept or not.
    pub state: Reservation,
    /// Paid before, net of what went back.
    pub paid: Money,
    /// Needed to confirm.
    pub deposit: Money,
    /// The whole charge.
    pub total: Money,
    /// Whether all nights of an expired hold can be claimed and arrival is not past.
    pub can_hold_again: bool,
}

/// What follows. Money that is not applied is owed back, and says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// What becomes of the booking.
    pub step: Step,
    /// Of the amount, what belongs to the stay.
    pub applied: Money,
    /// Of the amount, what is owed back.
    pub refund: Option<(Money, Reason)>,
}

/// What becomes of the booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing; the money is applied or owed back.
    Stay,
    /// A living hold is confirmed.
    Confirm,
    /// An expired hold is claimed again and confirmed.
    HoldAgain,
}

/// Why money goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The hold was over and the nights are taken, or arrival is past.
    NightsGone,
    /// The booking had been called off.
    AfterEnd,
    /// More than was open.
    Overpaid,
    /// Not the currency that is charged.
    WrongCurrency,
}

impl Reason {
    /// As `refunds.reason` says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NightsGone => "nights_gone",
            Self::AfterEnd => "after_end",
            Self::Overpaid => "overpaid",
            Self::WrongCurrency => "wrong_currency",
        }
    }
}

/// Decides. See the table of payments in `docs/ARCHITECTURE.md`.
#[must_use]
pub fn settle(view: &View, paid: Paid) -> Settlement {
    let zero = Money::zero(paid.amount.currency);
    let all_back = |reason| Settlement {
        step: Step::Stay,
        applied: zero,
        refund: Some((paid.amount, reason)),
    };
    if paid.amount.currency != view.total.currency {
        return all_back(Reason::WrongCurrency);
    }
    let open = view.total.minor.saturating_sub(view.paid.minor).max(0);
    let applied = Money::new(paid.amount.minor.min(open), paid.amount.currency);
    let over = paid.amount.minor - applied.minor;
    let refund = (over > 0).then_some((Money::new(over, paid.amount.currency), Reason::Overpaid));
    let enough = view.paid.minor.saturating_add(applied.minor) >= view.deposit.minor;
    let step = match view.state.status() {
        Status::Held if enough => Step::Confirm,
        Status::Held | Status::Confirmed | Status::CheckedIn | Status::Completed => Step::Stay,
        // Too little for an expired hold brings nothing back to life.
        Status::Expired if enough && view.can_hold_again => Step::HoldAgain,
        Status::Expired => return all_back(Reason::NightsGone),
        Status::Cancelled | Status::Yielded | Status::NoShow => return all_back(Reason::AfterEnd),
    };
    Settlement {
        step,
        applied,
        refund,
    }
}
