//! What is offered, and that nothing taken ever is.
#![expect(
    clippy::inconsistent_digit_grouping,
    reason = "80_000_00 is $ 80.000,00"
)]

mod alternatives;
mod calendar;
mod nights;
mod offers;
mod random;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Among, Cabin, Kind, Market, NightSet, Offers, Search, offers as ask, window};
use crate::{
    conditions::Limits,
    ids::{AccommodationId, UnitTypeId},
    money::{BasisPoints, Currency},
    nights::Period,
    party::Party,
    rates::{Rates, Season},
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period(check_in: &str, check_out: &str) -> Period {
    Period::new(day(check_in), day(check_out)).unwrap()
}

fn party(adults: u8, ages: &[u8], pets: u8) -> Party {
    Party::new(adults, ages.iter().copied().map(Some).collect(), pets).unwrap()
}

fn kind_id(id: u128) -> UnitTypeId {
    Uuid::from_u128(id).into()
}

fn cabin_id(id: u128) -> AccommodationId {
    Uuid::from_u128(id).into()
}

fn limits() -> Limits {
    Limits {
        today: day("2026-11-20"),
        horizon_days: 365,
        max_nights: 30,
    }
}

/// A type whose units are numbered `10 × id` and up, free from November to June.
fn kind(id: u128, capacity: u32, night: i64, units: u128) -> Kind {
    let cabins = (0..units).map(|unit| Cabin {
        id: cabin_id(id * 10 + unit),
        name: format!("{id}.{unit}"),
        active: true,
        taken: NightSet::none(day("2026-11-01"), day("2027-06-01")),
    });
    Kind {
        id: kind_id(id),
        name: format!("Tipo {id}"),
        capacity,
        active: true,
        rates: Some(Rates {
            night,
            ..Rates::by_hand(Currency::ARS, capacity)
        }),
        seasons: Vec::new(),
        cabins: cabins.collect(),
    }
}

fn season(first: &str, last: &str) -> Season {
    Season {
        id: Uuid::from_u128(1).into(),
        name: "Verano".to_owned(),
        first_night: day(first),
        last_night: day(last),
        priority: 0,
        prices: None,
        min_nights: None,
        arrival_days: None,
        booking_mode: None,
    }
}

fn market(kinds: Vec<Kind>) -> Market {
    Market {
        kinds,
        holidays: BTreeSet::new(),
        charge_currency: Currency::ARS,
        exchange: None,
        deposit: BasisPoints::new(5_000).unwrap(),
    }
}

fn take(kind: &mut Kind, unit: usize, first: &str, until: &str) {
    kind.cabins[unit].taken.add(day(first), day(until));
}

fn search(market: &Market, nights: (&str, &str), party: Party, among: Among) -> Offers {
    let search = Search {
        period: period(nights.0, nights.1),
        party,
        among,
    };
    ask(market, &limits(), &search)
}

fn starts(offers: &[super::Offer]) -> Vec<String> {
    let starts = offers.iter().map(|it| it.period.check_in().to_string());
    starts.collect()
}
