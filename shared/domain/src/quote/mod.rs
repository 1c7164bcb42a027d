//! A quote: what a booking costs, line by line, from inputs that are kept with it.
//!
//! [`price()`] is a function of [`Inputs`] alone: pricing stored inputs again gives the same [`Breakdown`], however the
//! owner's prices have changed since. What is charged is the quote's amount, to the minor unit.
//!
//! **Rounding** (see [`crate::money`]): nights, extra guests, fees and adjustments are whole minor units and are summed
//! exactly. The long-stay discount of a stay is a part of the sum of its nights, rounded once (not once a night, nor
//! once a line). The total is converted to the charge currency once, at the frozen rate. The deposit is a part of the
//! converted total, rounded once; the balance is what remains, so that the two are the charge exactly.

mod guests;
mod night;
mod price;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    cancellation::Policy,
    ids::{AccommodationId, UnitTypeId},
    money::{BasisPoints, Currency, Money, RateMicros},
    nights::Period,
    party::Party,
    rates::{BookingMode, Rates, Season},
};

pub(crate) use night::strongest;

pub use guests::places;
pub use night::{Night, night_price};
pub use price::price;

/// Everything the price follows from. Stored with the quote; a field is only ever added with a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// Version of this form: 1.
    pub v: u32,
    /// Today at the property when it was priced.
    pub priced_on: NaiveDate,
    /// One for each cabin, in the order they were asked for.
    pub stays: Vec<StayInputs>,
    /// Holidays that matter for the stays' nights (the days themselves, not the nights before).
    pub holidays: BTreeSet<NaiveDate>,
    /// The owner's, in the price currency.
    pub adjustments: Vec<Adjustment>,
    /// The rate, where the charge is in another currency.
    pub exchange: Option<Exchange>,
    /// Part of the charge that is due to confirm.
    pub deposit: BasisPoints,
    /// What comes back on cancelling, as the guest was told. No part of the price. None: as the property says on the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
}

/// One cabin of a booking, with the prices as they stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StayInputs {
    /// The type.
    pub unit_type: UnitTypeId,
    /// Its name then.
    pub unit_type_name: String,
    /// A certain unit of it, if one was asked for.
    pub accommodation: Option<AccommodationId>,
    /// Guests at most.
    pub capacity: u32,
    /// The nights.
    pub period: Period,
    /// Who comes.
    pub party: Party,
    /// Prices outside seasons.
    pub rates: Rates,
    /// The seasons that the nights touch.
    pub seasons: Vec<Season>,
}

/// What the owner took off or put on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Minor units of the price currency; negative is off.
    pub amount: i64,
    /// In the owner's words; the guest reads it.
    pub reason: String,
    /// Who, as the audit writes it: `user:<uuid>`.
    pub author: String,
}

/// A frozen rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// What is charged.
    pub to: Currency,
    /// One unit of the price currency in it.
    pub rate: RateMicros,
    /// Who said so.
    pub source: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The price, line by line. Amounts of lines are minor units of `total`'s currency and sum up to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    /// In the order a guest reads them: stay by stay, then adjustments.
    pub lines: Vec<Line>,
    /// In the price currency.
    pub total: Money,
    /// The same, in the currency that is charged. Equal to `total` without exchange.
    pub charge: Money,
    /// Part of `charge`, due to confirm.
    pub deposit: Money,
    /// Whether the owner must say yes.
    pub booking_mode: BookingMode,
}

impl Breakdown {
    /// What remains after the deposit.
    #[must_use]
    pub const fn balance(&self) -> Money {
        // The deposit is a part of the charge, by construction in the same currency and not above it.
        Money::new(self.charge.minor - self.deposit.minor, self.charge.currency)
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Which stay of the booking, from 0; none for adjustments.
    pub stay: Option<u32>,
    /// What for.
    pub kind: LineKind,
    /// How many of it: nights, guests × nights, pets, 1.
    pub count: i64,
    /// Each. For a discount: the same as `amount`.
    pub unit: i64,
    /// `count × unit`; a discount is negative.
    pub amount: i64,
}

/// What a line is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LineKind {
    /// Nights at one price.
    Nights {
        /// Which price.
        rate: NightRate,
        /// The season's name, where one gave the price.
        season: Option<String>,
    },
    /// Guests beyond those included.
    ExtraGuests {
        /// Up to this age; none: adults, or older than every band.
        up_to_age: Option<u8>,
    },
    /// Pets, a night or a stay.
    Pets,
    /// Cleaning.
    Cleaning,
    /// Off the nights of a long stay.
    LongStay {
        /// How much.
        discount: BasisPoints,
    },
    /// The owner's.
    Adjustment {
        /// In her words.
        reason: String,
    },
}

/// Which of the night prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NightRate {
    /// Any night.
    Plain,
    /// Of the weekend.
    Weekend,
    /// Before a holiday.
    Holiday,
}
