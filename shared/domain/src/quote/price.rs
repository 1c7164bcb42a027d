//! Pricing: a stay's lines in the order a guest reads them, then the whole.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Breakdown, Inputs, Line, LineKind, NightRate, StayInputs, guests, night_price};
use crate::{
    ids::SeasonId,
    money::{BasisPoints, Money, MoneyError},
    rates::{BookingMode, Pets},
    refusal::Refusal,
};

/// The price of these inputs. Whether the stay can be sold at all is asked elsewhere ([`crate::conditions`]); refused
/// here is only what has no price: no stay, prices in two currencies, a total below nothing or beyond 64 bits.
pub fn price(inputs: &Inputs) -> Result<Breakdown, Refusal> {
    let first = inputs.stays.first().ok_or(Refusal::StaysImpossible)?;
    let currency = first.rates.currency;
    if let Some(other) = inputs
        .stays
        .iter()
        .find(|stay| stay.rates.currency != currency)
    {
        return Err(Refusal::WrongCurrency {
            asked: other.rates.currency,
            possible: vec![currency],
        });
    }
    let breakdown = sum(inputs, currency).map_err(|_| Refusal::PriceImpossible)?;
    if breakdown.total.minor < 0 {
        return Err(Refusal::PriceImpossible);
    }
    Ok(breakdown)
}

fn sum(inputs: &Inputs, currency: crate::money::Currency) -> Result<Breakdown, MoneyError> {
    let mut lines = Vec::new();
    let mut booking_mode = BookingMode::Instant;
    for (at, stay) in (0_u32..).zip(&inputs.stays) {
        let from = lines.len();
        nights(stay, &inputs.holidays, &mut lines)?;
        extra_guests(stay, &mut lines)?;
        pets(stay, &mut lines)?;
        push(&mut lines, LineKind::Cleaning, 1, stay.rates.cleaning_fee)?;
        for line in lines.iter_mut().skip(from) {
            line.stay = Some(at);
        }
        booking_mode = booking_mode.max(mode(stay));
    }
    for adjustment in &inputs.adjustments {
        let reason = adjustment.reason.clone();
        let kind = LineKind::Adjustment { reason };
        push(&mut lines, kind, 1, adjustment.amount)?;
    }
    let mut total = Money::zero(currency);
    for line in &lines {
        total = total.plus(Money::new(line.amount, currency))?;
    }
    let charge = match &inputs.exchange {
        Some(exchange) => total.converted(exchange.to, exchange.rate)?,
        None => total,
    };
    Ok(Breakdown {
        lines,
        total,
        charge,
        deposit: charge.part(inputs.deposit)?,
        booking_mode,
    })
}

/// Nights of one price are one line, in the order of the first of each; then the long-stay discount on all of them.
fn nights(
    stay: &StayInputs,
    holidays: &BTreeSet<NaiveDate>,
    lines: &mut Vec<Line>,
) -> Result<(), MoneyError> {
    /// Nights of one price.
    struct Group<'a> {
        rate: NightRate,
        season: Option<(SeasonId, &'a str)>,
        price: i64,
        count: i64,
    }
    let mut groups: Vec<Group<'_>> = Vec::new();
    for night in stay.period.nights() {
        let night = night_price(&stay.rates, &stay.seasons, holidays, night);
        let season = night.season.map(|it| (it.id, it.name.as_str()));
        let known = groups.iter_mut().find(|group| {
            group.rate == night.rate && group.season == season && group.price == night.price
        });
        match known {
            Some(group) => group.count += 1,
            None => groups.push(Group {
                rate: night.rate,
                season,
                price: night.price,
                count: 1,
            }),
        }
    }
    let mut sum = Money::zero(stay.rates.currency);
    for group in groups {
        let kind = LineKind::Nights {
            rate: group.rate,
            season: group.season.map(|(_, name)| name.to_owned()),
        };
        let line = Line::new(kind, group.count, group.price)?;
        sum = sum.plus(Money::new(line.amount, sum.currency))?;
        lines.push(line);
    }
    let discount = long_stay(stay);
    let kind = LineKind::LongStay { discount };
    push(lines, kind, 1, -sum.part(discount)?.minor)
}

/// The discount of the longest tier that is reached.
fn long_stay(stay: &StayInputs) -> BasisPoints {
    let reached = stay.rates.long_stay.iter();
    reached
        .filter(|tier| tier.nights <= stay.period.len())
        .max_by_key(|tier| (tier.nights, tier.discount))
        .map_or(BasisPoints::ZERO, |tier| tier.discount)
}

fn extra_guests(stay: &StayInputs, lines: &mut Vec<Line>) -> Result<(), MoneyError> {
    for extra in guests::extras(&stay.rates, &stay.party) {
        let kind = LineKind::ExtraGuests {
            up_to_age: extra.up_to_age,
        };
        let count = i64::from(extra.guests) * i64::from(stay.period.len());
        push(lines, kind, count, extra.night)?;
    }
    Ok(())
}

fn pets(stay: &StayInputs, lines: &mut Vec<Line>) -> Result<(), MoneyError> {
    let pets = i64::from(stay.party.pets());
    if let Pets::Fee {
        per_stay,
        per_night,
        ..
    } = stay.rates.pets
        && pets > 0
    {
        push(lines, LineKind::Pets, pets, per_stay)?;
        let nights = i64::from(stay.period.len());
        push(lines, LineKind::Pets, pets * nights, per_night)?;
    }
    Ok(())
}

/// The strictest of what the stay touches. Pets to be asked about are for the owner.
fn mode(stay: &StayInputs) -> BookingMode {
    let seasons = stay.seasons.iter();
    let touched = seasons.filter(|season| season.touches(stay.period));
    let strictest = touched
        .filter_map(|season| season.booking_mode)
        .fold(stay.rates.booking_mode, BookingMode::max);
    if stay.party.pets() > 0 && stay.rates.pets == Pets::Ask {
        BookingMode::Request
    } else {
        strictest
    }
}

/// Adds a line, unless it is about nothing.
fn push(lines: &mut Vec<Line>, kind: LineKind, count: i64, unit: i64) -> Result<(), MoneyError> {
    if unit != 0 {
        lines.push(Line::new(kind, count, unit)?);
    }
    Ok(())
}

impl Line {
    fn new(kind: LineKind, count: i64, unit: i64) -> Result<Self, MoneyError> {
        let amount = count.checked_mul(unit).ok_or(MoneyError::TooLarge)?;
        Ok(Self {
            stay: None,
            kind,
            count,
            unit,
            amount,
        })
    }
}
