//! `[unit_types.rates]`.

use posta_domain::{
    money::Currency,
    nights::Weekdays,
    rates::{AgeBand, BookingMode, LongStay, Pets, Rates},
};
use toml::de::DeValue;

use super::super::reader::{Part, Reading, amount, count, flag, percent, text, texts};
use crate::catalog::check;

/// The rates. Guests that the price includes are all that fit, unless the file says otherwise.
pub(super) fn read(
    mut part: Part<'_, '_>,
    currency: Currency,
    capacity: u32,
    reading: &mut Reading,
) -> Option<Rates> {
    let money = || amount(currency.decimals());
    let night = part.need(reading, "night", money());
    let rates = Rates {
        currency,
        night: night.unwrap_or(1),
        weekend_night: part.get(reading, "weekend_night", money()),
        holiday_night: part.get(reading, "holiday_night", money()),
        weekend: part
            .get(reading, "weekend", weekdays)
            .unwrap_or(Weekdays::WEEKEND_NIGHTS),
        min_nights: part.get(reading, "min_nights", count).unwrap_or(1),
        arrival_days: part.get(reading, "arrival_days", weekdays),
        booking_mode: part
            .get(reading, "booking_mode", booking_mode)
            .unwrap_or_default(),
        included_guests: part
            .get(reading, "included_guests", count)
            .unwrap_or(capacity),
        extra_guest_night: part.get(reading, "extra_guest_night", money()).unwrap_or(0),
        age_bands: age_bands(&mut part, currency, reading),
        pets: pets(&mut part, currency, reading),
        cleaning_fee: part.get(reading, "cleaning_fee", money()).unwrap_or(0),
        long_stay: long_stay(&mut part, reading),
    };
    let mut found = Vec::new();
    let at = part.prefix();
    check::rates(at.trim_end_matches('.'), &rates, currency, &mut found);
    reading.problems_of(found);
    part.finish(reading);
    night.map(|_| rates)
}

pub(super) fn weekdays(value: &DeValue<'_>) -> Result<Weekdays, String> {
    Weekdays::try_from(texts(value)?)
}

pub(super) fn booking_mode(value: &DeValue<'_>) -> Result<BookingMode, String> {
    match text(value)?.as_str() {
        "instant" => Ok(BookingMode::Instant),
        "request" => Ok(BookingMode::Request),
        _ => Err("is neither \"instant\" nor \"request\"".to_owned()),
    }
}

fn age_bands(part: &mut Part<'_, '_>, currency: Currency, reading: &mut Reading) -> Vec<AgeBand> {
    let mut bands = Vec::new();
    for mut part in part.parts(reading, "age_bands") {
        let up_to = part.need(reading, "up_to", |value| {
            u8::try_from(count(value)?).map_err(|_| "is not an age".to_owned())
        });
        let extra_night = part.get(reading, "extra_night", amount(currency.decimals()));
        let takes_place = part.get(reading, "takes_place", flag);
        if let Some(up_to) = up_to {
            bands.push(AgeBand {
                up_to,
                extra_night: extra_night.unwrap_or(0),
                takes_place: takes_place.unwrap_or(true),
            });
        }
        part.finish(reading);
    }
    bands
}

fn pets(part: &mut Part<'_, '_>, currency: Currency, reading: &mut Reading) -> Pets {
    let word = part.get(reading, "pets", |value| match value {
        DeValue::String(word) if word == "no" => Ok(Some(Pets::No)),
        DeValue::String(word) if word == "ask" => Ok(Some(Pets::Ask)),
        DeValue::Table(_) => Ok(None),
        _ => Err("is not \"no\", \"ask\" or { most = 1, per_stay = 10000 }".to_owned()),
    });
    if word != Some(None) {
        return word.flatten().unwrap_or_default();
    }
    let Some(mut part) = part.part(reading, "pets") else {
        return Pets::No;
    };
    let most = part.need(reading, "most", |value| match u8::try_from(count(value)?) {
        Ok(most @ 1..=50) => Ok(most),
        _ => Err("is not from 1 to 50".to_owned()),
    });
    let money = || amount(currency.decimals());
    let per_stay = part.get(reading, "per_stay", money()).unwrap_or(0);
    let per_night = part.get(reading, "per_night", money()).unwrap_or(0);
    part.finish(reading);
    most.map_or(Pets::No, |most| Pets::Fee {
        most,
        per_stay,
        per_night,
    })
}

fn long_stay(part: &mut Part<'_, '_>, reading: &mut Reading) -> Vec<LongStay> {
    let mut tiers = Vec::new();
    for mut part in part.parts(reading, "long_stay") {
        let nights = part.need(reading, "nights", count);
        let discount = part.need(reading, "discount_percent", percent);
        if let (Some(nights), Some(discount)) = (nights, discount) {
            tiers.push(LongStay { nights, discount });
        }
        part.finish(reading);
    }
    tiers
}
