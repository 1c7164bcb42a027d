//! What a payment means for a booking.
//!
//! Guaranteed: `applied + refund` is the amount; what is applied is never more than was open. A payment confirms a
//! living hold whatever it waits for: nobody is given a way to pay before the owner's yes, and what she records by hand
//! is her yes. Not decided here: whether the nights of an expired hold are free (the caller looks, with the cabins
//! locked).

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
    /// Paid before and still belonging to the stay: net of what went back, is owed back, or was retained.
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
    /// The hold was over, and this is less than its deposit.
    TooLittle,
    /// The hold was over with this in it.
    Expired,
    /// The hold gave way to a night sold elsewhere.
    Yielded,
    /// The booking was called off.
    Cancelled,
    /// Called off by the law's right of withdrawal.
    Withdrawal,
    /// The booking became cheaper.
    Changed,
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
            Self::TooLittle => "too_little",
            Self::Expired => "expired",
            Self::Yielded => "yielded",
            Self::Cancelled => "cancelled",
            Self::Withdrawal => "withdrawal",
            Self::Changed => "changed",
        }
    }
}

/// Decides. See the table of payments in `docs/ARCHITECTURE.md`. An amount that is not above zero changes nothing.
#[must_use]
pub fn settle(view: &View, paid: Paid) -> Settlement {
    let Money { minor, currency } = paid.amount;
    let all_back = |reason| Settlement {
        step: Step::Stay,
        applied: Money::zero(currency),
        refund: (minor > 0).then_some((paid.amount, reason)),
    };
    if minor <= 0 {
        return all_back(Reason::Overpaid);
    }
    if currency != view.total.currency {
        return all_back(Reason::WrongCurrency);
    }
    let before = view.paid.minor.max(0);
    let open = view.total.minor.saturating_sub(before).max(0);
    let applied = minor.min(open);
    let enough = covers(before.saturating_add(applied), view.deposit, view.total);
    let step = match view.state.status() {
        Status::Held if enough => Step::Confirm,
        Status::Held | Status::Confirmed | Status::CheckedIn | Status::Completed => Step::Stay,
        Status::Expired if !view.can_hold_again => return all_back(Reason::NightsGone),
        // Too little for an expired hold brings nothing back to life.
        Status::Expired if !enough => return all_back(Reason::TooLittle),
        Status::Expired => Step::HoldAgain,
        Status::Cancelled | Status::Yielded | Status::NoShow => return all_back(Reason::AfterEnd),
    };
    let over = minor - applied;
    Settlement {
        step,
        applied: Money::new(applied, currency),
        refund: (over > 0).then_some((Money::new(over, currency), Reason::Overpaid)),
    }
}

/// Whether so much confirms. Nobody owes more than the total, whatever the deposit says.
pub(super) fn covers(paid: i64, deposit: Money, total: Money) -> bool {
    paid >= deposit.minor.min(total.minor)
}
