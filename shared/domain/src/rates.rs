//! What a type of cabin costs and under which conditions, as the owner set it. Amounts are minor units of
//! [`Rates::currency`], never negative.

mod check;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use check::{MOST_AMOUNT, RatesProblem, SeasonProblem};

use crate::{
    ids::SeasonId,
    money::{BasisPoints, Currency},
    nights::{Period, Weekdays},
};

/// Prices and conditions of one unit type outside seasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// Of every amount here.
    pub currency: Currency,
    /// Any night without another price.
    pub night: i64,
    /// A night of the weekend; absent: as any night.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekend_night: Option<i64>,
    /// A night before a holiday; absent: as a night of the weekend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holiday_night: Option<i64>,
    /// Which nights are the weekend's.
    #[serde(default = "weekend")]
    pub weekend: Weekdays,
    /// At least so many nights.
    #[serde(default = "one")]
    pub min_nights: u32,
    /// Arrivals on these days only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrival_days: Option<Weekdays>,
    /// Whether a booking needs the owner's yes.
    #[serde(default)]
    pub booking_mode: BookingMode,
    /// Guests that the price of the night includes.
    pub included_guests: u32,
    /// Each further guest, a night, who falls in no age band.
    #[serde(default)]
    pub extra_guest_night: i64,
    /// Children by age, youngest band first.
    #[serde(default)]
    pub age_bands: Vec<AgeBand>,
    /// Pets.
    #[serde(default)]
    pub pets: Pets,
    /// Once a stay.
    #[serde(default)]
    pub cleaning_fee: i64,
    /// Discounts on the nights of long stays; the longest that is reached counts.
    #[serde(default)]
    pub long_stay: Vec<LongStay>,
}

/// Whether the booking stands by itself or waits for the owner's yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingMode {
    /// By itself.
    #[default]
    Instant,
    /// For the owner.
    Request,
}

/// Children of some ages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeBand {
    /// The oldest of them, in whole years.
    pub up_to: u8,
    /// What each of them costs a night once the included places are used up.
    pub extra_night: i64,
    /// Whether they take a place of the cabin's capacity (babies in a cot do not).
    pub takes_place: bool,
}

/// What is done about pets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "policy", rename_all = "snake_case", deny_unknown_fields)]
pub enum Pets {
    /// Not taken.
    #[default]
    No,
    /// The owner decides each time.
    Ask,
    /// Taken, at most so many, for a fee each.
    Fee {
        /// So many at most.
        most: u8,
        /// Each pet, once a stay.
        per_stay: i64,
        /// Each pet, a night.
        per_night: i64,
    },
}

/// A discount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongStay {
    /// From so many nights.
    pub nights: u32,
    /// Off the nights (not off cleaning or pets).
    pub discount: BasisPoints,
}

/// A part of the year with its own prices or conditions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// Which.
    pub id: SeasonId,
    /// As the owner calls it.
    pub name: String,
    /// The first night of it.
    pub first_night: NaiveDate,
    /// The last one.
    pub last_night: NaiveDate,
    /// Where seasons overlap, the higher one gives the night's price (ties: the lower id).
    pub priority: i32,
    /// Its prices for this type; absent: those outside seasons stay.
    pub prices: Option<SeasonPrices>,
    /// At least so many nights, if any night of the stay is in it.
    pub min_nights: Option<u32>,
    /// Arrivals within it on these days only.
    pub arrival_days: Option<Weekdays>,
    /// For stays with a night in it.
    pub booking_mode: Option<BookingMode>,
}

/// A season's prices for one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeasonPrices {
    /// Any night.
    pub night: i64,
    /// A night of the weekend; absent: as any night of the season.
    pub weekend_night: Option<i64>,
    /// A night before a holiday; absent: as a night of the weekend.
    pub holiday_night: Option<i64>,
}

const fn weekend() -> Weekdays {
    Weekdays::WEEKEND_NIGHTS
}

const fn one() -> u32 {
    1
}

impl Season {
    /// Whether the night is in it.
    #[must_use]
    pub fn covers(&self, night: NaiveDate) -> bool {
        self.first_night <= night && night <= self.last_night
    }

    /// Whether any night of the period is in it.
    #[must_use]
    pub fn touches(&self, period: Period) -> bool {
        self.first_night < period.check_out() && period.check_in() <= self.last_night
    }
}

impl Rates {
    /// For a type that has no prices yet, when the owner sells it by hand: nothing costs anything, and her adjustment
    /// is the price.
    #[must_use]
    pub fn by_hand(currency: Currency, capacity: u32) -> Self {
        Self {
            currency,
            night: 0,
            weekend_night: None,
            holiday_night: None,
            weekend: weekend(),
            min_nights: 1,
            arrival_days: None,
            booking_mode: BookingMode::Instant,
            included_guests: capacity,
            extra_guest_night: 0,
            age_bands: Vec::new(),
            pets: Pets::Ask,
            cleaning_fee: 0,
            long_stay: Vec::new(),
        }
    }
}
