//! Whether a stay can be sold as asked. The first thing in the way is said; what it costs is asked elsewhere
//! ([`crate::quote`]), whether the nights are free too (the database decides).

use chrono::{Days, NaiveDate};

use crate::{
    ids::AccommodationId,
    money::Currency,
    nights::{Period, Weekdays},
    party::Party,
    quote::{places, strongest},
    rates::{Pets, Rates, Season},
    refusal::Refusal,
};

/// Cabins of one booking at most.
pub const MOST_STAYS: usize = 10;

/// Up to when a property sells, and how much at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Today at the property.
    pub today: NaiveDate,
    /// A stay ends at most so many days from today.
    pub horizon_days: u32,
    /// And has at most so many nights.
    pub max_nights: u32,
}

/// Who sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Checks {
    /// The guest buys by herself: everything counts.
    #[default]
    Guest,
    /// The owner sells by hand: she may go beyond her own horizon, minimum and maximum nights, arrival days, pets, and
    /// let what is not let or priced at the moment; and the guest who stands at the door after midnight arrived yesterday.
    /// Otherwise she cannot sell the past, nor put more guests into a cabin than fit.
    Owner,
}

/// One cabin, asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The nights.
    pub period: Period,
    /// Who comes.
    pub party: &'a Party,
    /// Guests at most.
    pub capacity: u32,
    /// Whether cabin and type are let.
    pub active: bool,
    /// Prices outside seasons, if it has prices.
    pub rates: Option<&'a Rates>,
    /// Seasons of the type; those the nights do not touch count for nothing.
    pub seasons: &'a [Season],
}

/// Whether one stay can be sold.
pub fn check(wanted: &Wanted<'_>, limits: &Limits, checks: Checks) -> Result<(), Refusal> {
    let guest = checks == Checks::Guest;
    if guest && !wanted.active {
        return Err(Refusal::Inactive);
    }
    check_dates(wanted.period, limits, checks)?;
    let by_hand;
    let rates = match wanted.rates {
        Some(rates) => rates,
        None if guest => return Err(Refusal::NoPrice),
        None => {
            // Its currency decides nothing here.
            by_hand = Rates::by_hand(Currency::ARS, wanted.capacity);
            &by_hand
        }
    };
    if places(rates, wanted.party) > wanted.capacity {
        return Err(Refusal::TooManyGuests {
            guests: wanted.party.guests(),
            capacity: Some(wanted.capacity),
        });
    }
    if guest {
        check_pets(rates, wanted.party)?;
        check_nights(rates, wanted.seasons, wanted.period)?;
    }
    Ok(())
}

/// The part of [`check`] that depends on no cabin.
pub fn check_dates(period: Period, limits: &Limits, checks: Checks) -> Result<(), Refusal> {
    check_arrival(period, limits.today, checks)?;
    if checks == Checks::Owner {
        return Ok(());
    }
    let horizon = Days::new(u64::from(limits.horizon_days));
    let until = limits.today.checked_add_days(horizon);
    let until = until.unwrap_or(NaiveDate::MAX);
    if period.check_out() > until {
        return Err(Refusal::BeyondHorizon { until });
    }
    if period.len() > limits.max_nights {
        return Err(Refusal::TooLong {
            most: limits.max_nights,
        });
    }
    Ok(())
}

/// Nobody arrives in the past: yesterday is past for whoever books by herself, the day before it for the owner too.
pub fn check_arrival(period: Period, today: NaiveDate, checks: Checks) -> Result<(), Refusal> {
    let first = match checks {
        Checks::Guest => today,
        Checks::Owner => today.pred_opt().unwrap_or(today),
    };
    if period.check_in() < first {
        return Err(Refusal::Past {
            check_in: period.check_in(),
            today,
        });
    }
    Ok(())
}

/// The strictest minimum of what the nights touch.
#[must_use]
pub fn min_nights(rates: &Rates, seasons: &[Season], period: Period) -> u32 {
    let touched = seasons.iter().filter(|season| season.touches(period));
    touched
        .filter_map(|season| season.min_nights)
        .fold(rates.min_nights, u32::max)
}

/// On which days a guest may arrive, at that time of the year: as the strongest season says that says something about
/// it. None: on any.
#[must_use]
pub fn arrival_days(rates: &Rates, seasons: &[Season], check_in: NaiveDate) -> Option<Weekdays> {
    strongest(seasons, check_in, |season| season.arrival_days.is_some())
        .and_then(|season| season.arrival_days)
        .or(rates.arrival_days)
}

/// Whether the stays make one booking: from one to [`MOST_STAYS`], of one currency, no cabin twice for a night.
pub fn check_together<'a>(
    stays: impl IntoIterator<Item = (Option<AccommodationId>, Period, Option<&'a Rates>)>,
) -> Result<(), Refusal> {
    let stays: Vec<_> = stays.into_iter().take(MOST_STAYS + 1).collect();
    if stays.is_empty() || stays.len() > MOST_STAYS {
        return Err(Refusal::StaysImpossible);
    }
    for (at, (cabin, period, _)) in stays.iter().enumerate() {
        let twice = stays.iter().skip(at + 1).any(|(other, nights, _)| {
            cabin.is_some() && cabin == other && period.overlaps(*nights)
        });
        if twice {
            return Err(Refusal::StaysImpossible);
        }
    }
    let mut currencies = stays
        .iter()
        .filter_map(|(_, _, rates)| rates.map(|rates| rates.currency));
    if let Some(first) = currencies.next()
        && let Some(asked) = currencies.find(|currency| *currency != first)
    {
        return Err(Refusal::WrongCurrency {
            asked,
            possible: vec![first],
        });
    }
    Ok(())
}

fn check_pets(rates: &Rates, party: &Party) -> Result<(), Refusal> {
    let most = match rates.pets {
        Pets::No => 0,
        Pets::Ask => return Ok(()),
        Pets::Fee { most, .. } => most,
    };
    if party.pets() > most {
        return Err(Refusal::Pets { most });
    }
    Ok(())
}

fn check_nights(rates: &Rates, seasons: &[Season], period: Period) -> Result<(), Refusal> {
    let least = min_nights(rates, seasons, period);
    if period.len() < least {
        return Err(Refusal::BelowMinimum { min_nights: least });
    }
    let check_in = period.check_in();
    match arrival_days(rates, seasons, check_in) {
        Some(allowed) if !allowed.contains_date(check_in) => {
            Err(Refusal::ArrivalDay { check_in, allowed })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
