//! Which nights are free, at a glance: for calendars on a page.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Kind, Market};
use crate::{
    conditions::Limits,
    ids::{AccommodationId, UnitTypeId},
    money::Money,
    quote::night_price,
};

/// The nights of a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Calendar {
    /// Each night of the range.
    pub days: Vec<Day>,
    /// Each type that is let.
    pub kinds: Vec<KindNights>,
    /// Each unit that is let.
    pub cabins: Vec<CabinNights>,
}

/// One night of a property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    /// Which.
    pub night: NaiveDate,
    /// How many units can be had.
    pub free: u32,
    /// What the cheapest of them costs, for the guests it includes, in the currency of the prices. None: none is free,
    /// or it has no price.
    pub from: Option<Money>,
}

/// The prices of a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindNights {
    /// Which.
    pub unit_type: UnitTypeId,
    /// Its name.
    pub name: String,
    /// Of each night of the range, for the guests it includes; none: no price yet.
    pub prices: Vec<Option<Money>>,
}

/// The nights of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CabinNights {
    /// Which.
    pub accommodation: AccommodationId,
    /// Its name.
    pub name: String,
    /// Its type.
    pub unit_type: UnitTypeId,
    /// Nights that cannot be had, as ranges, the end of each not in it.
    pub taken: Vec<(NaiveDate, NaiveDate)>,
}

/// A range that is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a calendar has from 1 to {most} nights")]
pub struct CalendarError {
    /// So many at most.
    pub most: u32,
}

/// Shown at once, at most.
const MOST_DAYS: u32 = 400;

/// Whether a range of nights is shown.
pub fn check_range(from: NaiveDate, until: NaiveDate) -> Result<(), CalendarError> {
    let len = (until - from).num_days();
    if (1..=i64::from(MOST_DAYS)).contains(&len) {
        Ok(())
    } else {
        Err(CalendarError { most: MOST_DAYS })
    }
}

/// The nights from `from` to `until`, which is not in it. Past nights and those beyond the horizon cannot be had.
/// Whether a certain stay can be is another question: minimum nights and arrival days count for nothing here.
pub fn calendar(
    market: &Market,
    limits: &Limits,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Calendar, CalendarError> {
    check_range(from, until)?;
    let nights: Vec<_> = from
        .iter_days()
        .take_while(|night| *night < until)
        .collect();
    let kinds: Vec<_> = market
        .kinds
        .iter()
        .filter(|kind| kind.active)
        .map(|kind| (kind, prices(market, kind, &nights)))
        .collect();
    let days = nights.iter().enumerate().map(|(at, night)| {
        let mut day = Day {
            night: *night,
            free: 0,
            from: None,
        };
        let ahead = (*night - limits.today).num_days();
        if !(0..i64::from(limits.horizon_days)).contains(&ahead) {
            return day;
        }
        for (kind, prices) in &kinds {
            let cabins = kind.cabins.iter().filter(|cabin| cabin.active);
            let free = cabins.filter(|cabin| !cabin.taken.contains(*night)).count();
            if free == 0 {
                continue;
            }
            day.free = day
                .free
                .saturating_add(u32::try_from(free).unwrap_or(u32::MAX));
            let price = prices.get(at).copied().flatten();
            day.from = match (day.from, price) {
                (Some(known), Some(price)) if known.minor <= price.minor => Some(known),
                (known, price) => price.or(known),
            };
        }
        day
    });
    let days = days.collect();
    let cabins = kinds.iter().flat_map(|(kind, _)| {
        let cabins = kind.cabins.iter().filter(|cabin| cabin.active);
        cabins.map(|cabin| CabinNights {
            accommodation: cabin.id,
            name: cabin.name.clone(),
            unit_type: kind.id,
            taken: cabin.taken.ranges(),
        })
    });
    Ok(Calendar {
        days,
        cabins: cabins.collect(),
        kinds: kinds
            .into_iter()
            .map(|(kind, prices)| KindNights {
                unit_type: kind.id,
                name: kind.name.clone(),
                prices,
            })
            .collect(),
    })
}

fn prices(market: &Market, kind: &Kind, nights: &[NaiveDate]) -> Vec<Option<Money>> {
    let price = |night: &NaiveDate| {
        kind.rates.as_ref().map(|rates| {
            let price = night_price(rates, &kind.seasons, &market.holidays, *night).price;
            Money::new(price, rates.currency)
        })
    };
    nights.iter().map(price).collect()
}
