//! The life of a booking: which steps lead where, and when they are refused.
//!
//! Each step consumes the old state. The database guards again (`WHERE status = …` and one changed row), and its clock
//! is the `now` that is passed here. What a step means for nights and money is the caller's transaction.

mod ending;
mod settle;
mod status;
#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use ending::{Changed, End, Ended, on_change, on_end};
pub use settle::{Paid, Reason, Settlement, Step, View, settle};
pub use status::{NotAStatus, Status};

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reservation {
    /// The nights are kept until a moment, waiting for something.
    Held(Hold),
    /// Sold.
    Confirmed,
    /// The guest is there.
    CheckedIn,
    /// The guest has left.
    Completed,
    /// The hold's time was over.
    Expired,
    /// Called off, by either side.
    Cancelled,
    /// The hold gave way to a night sold on another channel.
    Yielded,
    /// The guest did not come.
    NoShow,
}

/// A hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hold {
    /// From this moment on the nights are free.
    pub expires_at: DateTime<Utc>,
    /// What it waits for.
    pub awaiting: Awaiting,
}

/// What a hold waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaiting {
    /// Money.
    Payment,
    /// The owner's look at a receipt.
    Verification,
    /// The owner's yes.
    Owner,
}

/// A step that is not possible from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Illegal {
    /// Not from this state.
    #[error("a booking that is {from:?} cannot {step}")]
    From {
        /// The state.
        from: Status,
        /// The step, as an infinitive.
        step: &'static str,
    },
    /// The hold's time is over.
    #[error("the hold ended at {0}")]
    HoldOver(DateTime<Utc>),
    /// The hold's time is not over yet.
    #[error("the hold lasts until {0}")]
    HoldAlive(DateTime<Utc>),
    /// Not on this day: before the arrival, or after the departure.
    #[error("not possible on {0}")]
    Day(NaiveDate),
}

impl Reservation {
    const fn from(self, step: &'static str) -> Illegal {
        Illegal::From {
            from: self.status(),
            step,
        }
    }

    /// The money is there, or the owner said so.
    pub fn confirm(self, now: DateTime<Utc>) -> Result<Self, Illegal> {
        match self {
            Self::Held(hold) if now < hold.expires_at => Ok(Self::Confirmed),
            Self::Held(hold) => Err(Illegal::HoldOver(hold.expires_at)),
            other => Err(other.from("be confirmed")),
        }
    }

    /// The hold's time is over.
    pub fn expire(self, now: DateTime<Utc>) -> Result<Self, Illegal> {
        match self {
            Self::Held(hold) if now >= hold.expires_at => Ok(Self::Expired),
            Self::Held(hold) => Err(Illegal::HoldAlive(hold.expires_at)),
            other => Err(other.from("expire")),
        }
    }

    /// What the hold waits for, and until when, changes: a receipt came or was refused, the owner said yes, or the
    /// guest moved to dates that need her yes. Waiting for the same thing again is refused, so that no hold is
    /// prolonged by repeating a step; and no receipt takes the place of the owner's yes.
    pub fn await_now(self, now: DateTime<Utc>, hold: Hold) -> Result<Self, Illegal> {
        match self {
            Self::Held(old) if now >= old.expires_at => Err(Illegal::HoldOver(old.expires_at)),
            Self::Held(old) => match (old.awaiting, hold.awaiting) {
                (Awaiting::Payment, Awaiting::Verification | Awaiting::Owner)
                | (Awaiting::Verification | Awaiting::Owner, Awaiting::Payment) => {
                    Ok(Self::Held(hold))
                }
                _ => Err(self.from("wait for that")),
            },
            other => Err(other.from("wait for something else")),
        }
    }

    /// A hold that waits for money is given more time: a payment is on its way, or nobody could look whether one is.
    /// Never less time than it had. That it happens once is the caller's part.
    pub fn prolong(self, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Self, Illegal> {
        match self {
            Self::Held(hold) if now >= hold.expires_at => Err(Illegal::HoldOver(hold.expires_at)),
            Self::Held(hold) if hold.awaiting == Awaiting::Payment => Ok(Self::Held(Hold {
                expires_at: hold.expires_at.max(until),
                ..hold
            })),
            other => Err(other.from("be prolonged")),
        }
    }

    /// Called off. A guest who is there leaves early instead.
    pub fn cancel(self) -> Result<Self, Illegal> {
        match self {
            Self::Held(_) | Self::Confirmed => Ok(Self::Cancelled),
            other => Err(other.from("be cancelled")),
        }
    }

    /// Gives way to a night sold elsewhere; not while the owner looks at a receipt.
    pub fn give_way(self) -> Result<Self, Illegal> {
        match self {
            Self::Held(hold) if hold.awaiting != Awaiting::Verification => Ok(Self::Yielded),
            other => Err(other.from("give way")),
        }
    }

    /// Money came after the hold's end, and the nights could be claimed again (the caller's part).
    pub fn hold_again(self, today: NaiveDate, check_in: NaiveDate) -> Result<Self, Illegal> {
        match self {
            Self::Expired if today <= check_in => Ok(Self::Confirmed),
            Self::Expired => Err(Illegal::Day(today)),
            other => Err(other.from("be held again")),
        }
    }

    /// The guest arrived: from the day of arrival until the day before departure.
    pub fn check_in(
        self,
        today: NaiveDate,
        check_in: NaiveDate,
        check_out: NaiveDate,
    ) -> Result<Self, Illegal> {
        match self {
            Self::Confirmed if check_in <= today && today < check_out => Ok(Self::CheckedIn),
            Self::Confirmed => Err(Illegal::Day(today)),
            other => Err(other.from("be checked in")),
        }
    }

    /// The guest left, on whatever day.
    pub fn check_out(self) -> Result<Self, Illegal> {
        match self {
            Self::CheckedIn => Ok(Self::Completed),
            other => Err(other.from("be checked out")),
        }
    }

    /// The guest of one of the stays goes before its end. Others may stay; with the last of them [`Self::check_out`]
    /// follows.
    pub fn leave_early(
        self,
        on: NaiveDate,
        check_in: NaiveDate,
        check_out: NaiveDate,
    ) -> Result<Self, Illegal> {
        match self {
            Self::CheckedIn if check_in <= on && on < check_out => Ok(Self::CheckedIn),
            Self::CheckedIn => Err(Illegal::Day(on)),
            other => Err(other.from("be left early")),
        }
    }

    /// The guest did not come: from the day of arrival on. All its nights are free from then on.
    pub fn no_show(self, today: NaiveDate, check_in: NaiveDate) -> Result<Self, Illegal> {
        match self {
            Self::Confirmed if today >= check_in => Ok(Self::NoShow),
            Self::Confirmed => Err(Illegal::Day(today)),
            other => Err(other.from("be a no-show")),
        }
    }

    /// Dates, cabin or party may change.
    pub fn change(self, now: DateTime<Utc>) -> Result<Self, Illegal> {
        match self {
            Self::Held(hold) if now >= hold.expires_at => Err(Illegal::HoldOver(hold.expires_at)),
            Self::Held(_) | Self::Confirmed => Ok(self),
            other => Err(other.from("be changed")),
        }
    }

    /// As the clock sees it: a hold whose time is over has expired, swept or not.
    #[must_use]
    pub fn at(self, now: DateTime<Utc>) -> Self {
        self.expire(now).unwrap_or(self)
    }

    /// Whether its nights are taken. What does not take nights has no claim, and holds no money but what is retained.
    #[must_use]
    pub const fn takes_nights(self) -> bool {
        matches!(
            self,
            Self::Held(_) | Self::Confirmed | Self::CheckedIn | Self::Completed
        )
    }
}
