//! What is free, for whom, at what price; and what comes nearest where nothing is.
//!
//! Pure: the caller brings the cabins with their taken nights ([`Market`]) and a question ([`Search`]). One type's units
//! cost the same, so an offer is a type with the units that are free. Everything offered passes the conditions of sale
//! and is priced as a quote for it would be. Not guaranteed: that it is still free a moment later; holding the nights
//! decides that.

mod alternatives;
mod calendar;
mod nights;
mod search;
#[cfg(test)]
mod tests;
mod together;

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::{
    conditions::Limits,
    ids::{AccommodationId, UnitTypeId},
    money::{BasisPoints, Currency},
    nights::Period,
    party::Party,
    quote::{Breakdown, Exchange},
    rates::{Rates, Season},
    refusal::Refusal,
};

pub use calendar::{CabinNights, Calendar, CalendarError, Day, KindNights, calendar, check_range};
pub use nights::NightSet;
pub use search::offers;

/// How far the same stay is looked for, earlier and later.
pub const SHIFTS: u32 = 30;
/// Alternatives of one sort at most: what a guest reads.
pub const MOST_ALTERNATIVES: usize = 3;

/// What a property lets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    /// Kinds of cabins.
    pub kinds: Vec<Kind>,
    /// The days themselves, not the nights before.
    pub holidays: BTreeSet<NaiveDate>,
    /// What is charged.
    pub charge_currency: Currency,
    /// The rate, where that is not the currency of the prices and a rate is known.
    pub exchange: Option<Exchange>,
    /// Part of the charge that is due to confirm.
    pub deposit: BasisPoints,
}

/// A kind of cabin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// The type.
    pub id: UnitTypeId,
    /// As guests know it.
    pub name: String,
    /// Guests at most.
    pub capacity: u32,
    /// Whether it is let.
    pub active: bool,
    /// Prices outside seasons, if it has prices.
    pub rates: Option<Rates>,
    /// With this type's prices.
    pub seasons: Vec<Season>,
    /// Its units.
    pub cabins: Vec<Cabin>,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cabin {
    /// Which.
    pub id: AccommodationId,
    /// As guests know it.
    pub name: String,
    /// Whether it is let.
    pub active: bool,
    /// Nights somebody has. What lies outside of the set's window counts as taken.
    pub taken: NightSet,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The nights.
    pub period: Period,
    /// Who comes.
    pub party: Party,
    /// Which cabins are meant.
    pub among: Among,
}

/// Which cabins are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Among {
    /// Any.
    #[default]
    All,
    /// Of a type.
    Type(UnitTypeId),
    /// This one.
    Cabin(AccommodationId),
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offers {
    /// What was asked for, the cheapest first.
    pub offers: Vec<Offer>,
    /// Why there is none.
    pub refusal: Option<Refusal>,
    /// What comes nearest, where there is none.
    pub alternatives: Alternatives,
}

/// What comes nearest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Alternatives {
    /// The same nights in other cabins than the one asked for, the cheapest first.
    pub cabins: Vec<Offer>,
    /// The same number of nights a little earlier or later, the nearest first.
    pub dates: Vec<Offer>,
    /// As many nights as are wanted at least, where too few were asked for.
    pub longer: Vec<Offer>,
    /// The same nights with the party in two cabins, the cheapest first.
    pub together: Vec<Together>,
}

/// A type of cabin for some nights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// The type.
    pub unit_type: UnitTypeId,
    /// Its name.
    pub unit_type_name: String,
    /// Guests at most.
    pub capacity: u32,
    /// The nights.
    pub period: Period,
    /// Its units that are free all these nights. At least one.
    pub free: Vec<AccommodationId>,
    /// What one of them costs.
    pub price: Breakdown,
}

/// Two cabins for one party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Together {
    /// Who sleeps where.
    pub halves: [Half; 2],
    /// The nights, of both.
    pub period: Period,
    /// What the two cost in one booking.
    pub price: Breakdown,
}

/// One of two cabins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Half {
    /// The type.
    pub unit_type: UnitTypeId,
    /// Its name.
    pub unit_type_name: String,
    /// A unit that is free.
    pub cabin: AccommodationId,
    /// Who sleeps in it.
    pub party: Party,
}

/// The nights that [`offers`] looks at, the last one excluded: what [`Cabin::taken`] must know about.
#[must_use]
pub fn window(search: &Search, limits: &Limits, longest_minimum: u32) -> (NaiveDate, NaiveDate) {
    let around = Days::new(u64::from(SHIFTS.max(longest_minimum)));
    let Search { period, .. } = search;
    let first = period.check_in().checked_sub_days(around);
    let until = period.check_out().checked_add_days(around);
    (
        // The past is not sold.
        first.unwrap_or(NaiveDate::MIN).max(limits.today),
        until.unwrap_or(NaiveDate::MAX),
    )
}

impl Alternatives {
    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.cabins.is_empty()
            && self.dates.is_empty()
            && self.longer.is_empty()
            && self.together.is_empty()
    }
}
