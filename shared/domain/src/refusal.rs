//! Why a stay cannot be sold as asked. Each has a code for programs; the words a guest reads are in
//! `locales/es-AR/refusals.ftl`, under `refusal-<code with dashes>`.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{money::Currency, nights::Weekdays};

/// A clear no, with what is needed to explain it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// Not of the form `YYYY-MM-DD`.
    #[error("{text:?} is not a date")]
    NotADate {
        /// As it was written (shortened).
        text: String,
    },
    /// Well-formed, but the calendar has no such day: 29 February of most years.
    #[error("the day {text} does not exist")]
    NoSuchDate {
        /// As it was written.
        text: String,
    },
    /// Departure is not after arrival.
    #[error("the departure {check_out} is not after the arrival {check_in}")]
    Inverted {
        /// Arrival.
        check_in: NaiveDate,
        /// Departure.
        check_out: NaiveDate,
    },
    /// Arrival is before today at the property.
    #[error("the arrival {check_in} is past")]
    Past {
        /// Arrival.
        check_in: NaiveDate,
        /// Today there.
        today: NaiveDate,
    },
    /// More nights than are sold at once.
    #[error("a stay has at most {most} nights")]
    TooLong {
        /// So many at most.
        most: u32,
    },
    /// Further ahead than bookings are taken.
    #[error("bookings are taken until {until}")]
    BeyondHorizon {
        /// The last day of departure that is sold.
        until: NaiveDate,
    },
    /// Children alone.
    #[error("nobody of age comes along")]
    NoAdult,
    /// More than fit.
    #[error("{guests} guests do not fit")]
    TooManyGuests {
        /// Asked for.
        guests: u32,
        /// Of the cabin; none where no cabin was named.
        capacity: Option<u32>,
    },
    /// Shorter than the season wants.
    #[error("the stay must have at least {min_nights} nights")]
    BelowMinimum {
        /// The strictest minimum of what the stay touches.
        min_nights: u32,
    },
    /// Nobody arrives on that day of the week then.
    #[error("arrivals are not possible on {check_in}")]
    ArrivalDay {
        /// Arrival.
        check_in: NaiveDate,
        /// The days on which it is possible.
        allowed: Weekdays,
    },
    /// Pets are not taken, or not so many.
    #[error("pets are not possible")]
    Pets {
        /// So many at most; 0: none.
        most: u8,
    },
    /// There is no such property, cabin, type or quote (or it is another tenant's).
    #[error("there is no such {what}")]
    Unknown {
        /// `property`, `accommodation`, `unit_type`, `quote`, `reservation`.
        what: String,
    },
    /// It is not let at the moment.
    #[error("the cabin is not let at the moment")]
    Inactive,
    /// It has no price yet: the owner must say.
    #[error("the cabin has no price yet")]
    NoPrice,
    /// Not a currency that this property charges in, or no rate is known.
    #[error("prices are not given in {asked}")]
    WrongCurrency {
        /// Asked for.
        asked: Currency,
        /// What it can be.
        possible: Vec<Currency>,
    },
    /// The quote's time is over.
    #[error("the quote was valid until {valid_until}")]
    StaleQuote {
        /// Until then.
        valid_until: DateTime<Utc>,
    },
    /// The quote has become a booking already.
    #[error("the quote has been used")]
    QuoteUsed,
    /// Some of the nights are taken.
    #[error("some of the nights are taken")]
    Taken {
        /// Those, where they can be named.
        nights: Vec<NaiveDate>,
    },
    /// Adjustments would make the price negative, or it does not fit.
    #[error("the price is not possible")]
    PriceImpossible,
    /// The same cabin twice in one booking, or no stay, or too many.
    #[error("the booking's cabins are not possible")]
    StaysImpossible,
    /// Another receipt of the same guest waits for the owner's look.
    #[error("another receipt of this guest is being looked at")]
    ReceiptWaiting,
    /// Sold with the owner's yes only: she makes the change.
    #[error("only the owner can agree to this")]
    NeedsOwner,
}

impl Refusal {
    /// For programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotADate { .. } => "not_a_date",
            Self::NoSuchDate { .. } => "no_such_date",
            Self::Inverted { .. } => "inverted",
            Self::Past { .. } => "past",
            Self::TooLong { .. } => "too_long",
            Self::BeyondHorizon { .. } => "beyond_horizon",
            Self::NoAdult => "no_adult",
            Self::TooManyGuests { .. } => "too_many_guests",
            Self::BelowMinimum { .. } => "below_minimum",
            Self::ArrivalDay { .. } => "arrival_day",
            Self::Pets { .. } => "pets",
            Self::Unknown { .. } => "unknown",
            Self::Inactive => "inactive",
            Self::NoPrice => "no_price",
            Self::WrongCurrency { .. } => "wrong_currency",
            Self::StaleQuote { .. } => "stale_quote",
            Self::QuoteUsed => "quote_used",
            Self::Taken { .. } => "taken",
            Self::PriceImpossible => "price_impossible",
            Self::StaysImpossible => "stays_impossible",
            Self::ReceiptWaiting => "receipt_waiting",
            Self::NeedsOwner => "needs_owner",
        }
    }
}
