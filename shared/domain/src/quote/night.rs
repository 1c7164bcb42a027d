//! What one night costs.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::NightRate;
use crate::rates::{Rates, Season, SeasonPrices};

/// The price of one night for the guests it includes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Night<'a> {
    /// Minor units.
    pub price: i64,
    /// Which of the prices it is: a night before a holiday that has no price of its own is sold as the weekend's, or as
    /// any night, and says so.
    pub rate: NightRate,
    /// The season that gave it.
    pub season: Option<&'a Season>,
}

/// The season with the highest priority (ties: the lower id) covering the night that sets prices gives the price; where
/// none does, `rates`. The night is one before a holiday if the day after it is in `holidays`: guests sleep in.
#[must_use]
pub fn night_price<'a>(
    rates: &Rates,
    seasons: &'a [Season],
    holidays: &BTreeSet<NaiveDate>,
    night: NaiveDate,
) -> Night<'a> {
    let eve = night
        .succ_opt()
        .is_some_and(|next| holidays.contains(&next));
    let wanted = if eve {
        NightRate::Holiday
    } else if rates.weekend.contains_date(night) {
        NightRate::Weekend
    } else {
        NightRate::Plain
    };
    let season = strongest(seasons, night, |season| season.prices.is_some());
    let prices = season.and_then(|season| season.prices).unwrap_or({
        SeasonPrices {
            night: rates.night,
            weekend_night: rates.weekend_night,
            holiday_night: rates.holiday_night,
        }
    });
    let (rate, price) = pick(&prices, wanted);
    Night {
        price,
        rate,
        season,
    }
}

/// Of the seasons covering the night that the condition holds for, the one that counts.
pub(crate) fn strongest(
    seasons: &[Season],
    night: NaiveDate,
    condition: impl Fn(&Season) -> bool,
) -> Option<&Season> {
    seasons
        .iter()
        .filter(|season| season.covers(night) && condition(season))
        .min_by_key(|season| (std::cmp::Reverse(season.priority), season.id))
}

fn pick(prices: &SeasonPrices, wanted: NightRate) -> (NightRate, i64) {
    let holiday = prices.holiday_night.map(|it| (NightRate::Holiday, it));
    let weekend = prices.weekend_night.map(|it| (NightRate::Weekend, it));
    let plain = (NightRate::Plain, prices.night);
    match wanted {
        NightRate::Holiday => holiday.or(weekend).unwrap_or(plain),
        NightRate::Weekend => weekend.unwrap_or(plain),
        NightRate::Plain => plain,
    }
}
