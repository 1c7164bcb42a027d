//! `[[seasons]]`.

use std::collections::{BTreeMap, BTreeSet};

use posta_domain::{money::Currency, rates::SeasonPrices};

use super::{
    super::reader::{Part, Reading, amount, count, date, number, text},
    FileSeason,
    rates::{booking_mode, weekdays},
};
use crate::catalog::{SeasonEdit, check};

pub(super) fn read(
    mut part: Part<'_, '_>,
    currency: Currency,
    types: &BTreeSet<&str>,
    reading: &mut Reading,
) -> Option<FileSeason> {
    let name = part.need(reading, "name", text);
    let first_night = part.need(reading, "first_night", date);
    let last_night = part.need(reading, "last_night", date);
    let priority = part.get(reading, "priority", number).unwrap_or(0);
    let min_nights = part.get(reading, "min_nights", count);
    let arrival_days = part.get(reading, "arrival_days", weekdays);
    let booking_mode = part.get(reading, "booking_mode", booking_mode);
    let prices = prices(&mut part, currency, types, reading);
    let at = part.prefix();
    part.finish(reading);
    let season = SeasonEdit {
        name: name?,
        first_night: first_night?,
        last_night: last_night?,
        priority,
        min_nights,
        arrival_days,
        booking_mode,
        prices: BTreeMap::new(),
    };
    let mut found = Vec::new();
    season.check(&at, &mut found);
    reading.problems_of(found);
    Some(FileSeason { season, prices })
}

fn prices(
    part: &mut Part<'_, '_>,
    currency: Currency,
    types: &BTreeSet<&str>,
    reading: &mut Reading,
) -> BTreeMap<String, SeasonPrices> {
    let mut prices = BTreeMap::new();
    let Some(part) = part.part(reading, "prices") else {
        return prices;
    };
    for (name, at, value) in part.each(reading) {
        if !types.contains(name.as_str()) {
            reading.problem(&at, "is not the name of a type of cabin of this file");
        }
        let Some(mut part) = Part::inside(at.clone(), value, reading) else {
            continue;
        };
        let money = || amount(currency.decimals());
        let night = part.need(reading, "night", money());
        let weekend_night = part.get(reading, "weekend_night", money());
        let holiday_night = part.get(reading, "holiday_night", money());
        part.finish(reading);
        if let Some(night) = night {
            let of_type = SeasonPrices {
                night,
                weekend_night,
                holiday_night,
            };
            let mut found = Vec::new();
            check::prices_of_type(&at, &of_type, &mut found);
            reading.problems_of(found);
            prices.insert(name, of_type);
        }
    }
    prices
}
