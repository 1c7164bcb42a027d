//! The life of a booking: which steps lead where, and when they are refused.
//!
//! Each step consumes the old state. The database guards again (`WHERE status = …` and one changed row), and its clock
//! is the `now` that is passed here. What a step means for nights and money is the caller's transaction.

mod settle;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use settle::{Paid, Reason, Settlement, Step, View, settle};

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

/// The state without its data, as the database and the API write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants are those of Reservation")]
pub enum Status {
    Held,
    Confirmed,
    CheckedIn,
    Completed,
    Expired,
    Cancelled,
    Yielded,
    NoShow,
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
    /// Without its data.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            Self::Held(_) => Status::Held,
            Self::Confirmed => Status::Confirmed,
            Self::CheckedIn => Status::CheckedIn,
            Self::Completed => Status::Completed,
            Self::Expired => Status::Expired,
            Self::Cancelled => Status::Cancelled,
            Self::Yielded => Status::Yielded,
            Self::NoShow => Status::NoShow,
        }
    }

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

    /// What the hold waits for, and until when, changes: a receipt came, the owner said yes, a receipt was refused.
    pub fn await_now(self, now: DateTime<Utc>, hold: Hold) -> Result<Self, Illegal> {
        match self {
            Self::Held(old) if now < old.expires_at => Ok(Self::Held(hold)),
            Self::Held(old) => Err(Illegal::HoldOver(old.expires_at)),
            other => Err(other.from("wait for something else")),
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

    /// The guest did not come: from the day of arrival on.
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

    /// Whether its nights are taken.
    #[must_use]
    pub const fn takes_nights(self) -> bool {
        matches!(
            self,
            Self::Held(_) | Self::Confirmed | Self::CheckedIn | Self::Completed
        )
    }
}
