//! Prices worked out by hand, and properties of random ones.
#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "80_000_00 is $ 80.000,00"
)]

mod arbitrary;
mod examples;
mod guests;
mod random;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Inputs, StayInputs};
use crate::{
    money::{BasisPoints, Currency},
    nights::Period,
    party::Party,
    rates::{Pets, Rates, Season, SeasonPrices},
};

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn period(check_in: &str, check_out: &str) -> Period {
    Period::new(day(check_in), day(check_out)).unwrap()
}

pub(super) fn party(adults: u8, ages: &[u8], pets: u8) -> Party {
    Party::new(adults, ages.iter().copied().map(Some).collect(), pets).unwrap()
}

/// $ 80.000 a night for two, weekends $ 100.000, nothing else.
pub(super) fn rates() -> Rates {
    Rates {
        night: 80_000_00,
        weekend_night: Some(100_000_00),
        pets: Pets::No,
        ..Rates::by_hand(Currency::ARS, 2)
    }
}

pub(super) fn season(name: &str, first: &str, last: &str, priority: i32, night: i64) -> Season {
    Season {
        id: Uuid::from_u128(1).into(),
        name: name.to_owned(),
        first_night: day(first),
        last_night: day(last),
        priority,
        prices: Some(SeasonPrices {
            night,
            weekend_night: None,
            holiday_night: None,
        }),
        min_nights: None,
        arrival_days: None,
        booking_mode: None,
    }
}

pub(super) fn stay(period: Period, party: Party, rates: Rates) -> StayInputs {
    StayInputs {
        unit_type: Uuid::from_u128(7).into(),
        unit_type_name: "Cabaña".to_owned(),
        accommodation: None,
        capacity: 6,
        period,
        party,
        rates,
        seasons: Vec::new(),
    }
}

pub(super) fn inputs(stay: StayInputs) -> Inputs {
    Inputs {
        v: 1,
        priced_on: day("2026-11-20"),
        stays: vec![stay],
        holidays: BTreeSet::new(),
        adjustments: Vec::new(),
        exchange: None,
        deposit: BasisPoints::new(5_000).unwrap(),
        policy: None,
    }
}
