//! What the owner may set. Everything that is wrong is said, not only the first.

use super::{AgeBand, LongStay, Pets, Rates, Season, SeasonPrices};
use crate::{nights::MOST_NIGHTS, party::ADULT_FROM};

/// The largest amount of one price, in minor units: ten billion pesos. Keeps every sum far inside 64 bits.
pub const MOST_AMOUNT: i64 = 1_000_000_000_000;
/// More guests than any cabin includes.
const MOST_GUESTS: u32 = 50;

/// Rates that are not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RatesProblem {
    /// A night for nothing, or for less.
    #[error("{0} must be above 0 and at most {MOST_AMOUNT}")]
    Night(&'static str),
    /// Negative, or absurdly large.
    #[error("{0} must be from 0 to {MOST_AMOUNT}")]
    Amount(&'static str),
    /// No night at all, or more than a stay has.
    #[error("min_nights must be from 1 to {MOST_MIN_NIGHTS}")]
    MinNights,
    /// Nobody, or too many.
    #[error("included_guests must be from 1 to {MOST_GUESTS}")]
    IncludedGuests,
    /// Not ascending, or of adults.
    #[error("age_bands go up from the youngest, each with another age below {ADULT_FROM}")]
    AgeBands,
    /// Not ascending: a longer stay would get less off.
    #[error(
        "long_stay goes up, with other nights from 2 to {MOST_NIGHTS} and more discount each time"
    )]
    LongStay,
}

/// A season that is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeasonProblem {
    /// Without a name on one line.
    #[error("the season needs a name of at most 100 letters, without control characters")]
    Name,
    /// The end before the beginning, or beyond two years of it.
    #[error("last_night must not be before first_night, nor more than two years after it")]
    Nights,
    /// No night at all, or more than a stay has.
    #[error("min_nights must be from 1 to {MOST_MIN_NIGHTS}")]
    MinNights,
    /// A night for nothing, or for less.
    #[error("{0} must be above 0 and at most {MOST_AMOUNT}")]
    Night(&'static str),
}

/// As the database bounds it.
const MOST_MIN_NIGHTS: u32 = 365;

impl Rates {
    /// Every problem.
    #[must_use]
    pub fn problems(&self) -> Vec<RatesProblem> {
        let mut problems = Vec::new();
        for (name, amount) in [
            ("night", Some(self.night)),
            ("weekend_night", self.weekend_night),
            ("holiday_night", self.holiday_night),
        ] {
            if !amount.is_none_or(is_price) {
                problems.push(RatesProblem::Night(name));
            }
        }
        let (per_stay, per_night) = match self.pets {
            Pets::Fee {
                per_stay,
                per_night,
                ..
            } => (per_stay, per_night),
            Pets::No | Pets::Ask => (0, 0),
        };
        for (name, amount) in [
            ("extra_guest_night", self.extra_guest_night),
            ("cleaning_fee", self.cleaning_fee),
            ("pets.per_stay", per_stay),
            ("pets.per_night", per_night),
        ] {
            if !is_amount(amount) {
                problems.push(RatesProblem::Amount(name));
            }
        }
        if !(1..=MOST_MIN_NIGHTS).contains(&self.min_nights) {
            problems.push(RatesProblem::MinNights);
        }
        if !(1..=MOST_GUESTS).contains(&self.included_guests) {
            problems.push(RatesProblem::IncludedGuests);
        }
        problems.extend(bands(&self.age_bands));
        if !tiers_ascend(&self.long_stay) {
            problems.push(RatesProblem::LongStay);
        }
        problems
    }

    /// The first problem.
    pub fn check(&self) -> Result<(), RatesProblem> {
        self.problems().first().map_or(Ok(()), |first| Err(*first))
    }
}

impl Season {
    /// Every problem.
    #[must_use]
    pub fn problems(&self) -> Vec<SeasonProblem> {
        let mut problems = Vec::new();
        let letters = self.name.chars().count();
        if self.name.trim().is_empty() || letters > 100 || self.name.chars().any(char::is_control) {
            problems.push(SeasonProblem::Name);
        }
        let days = (self.last_night - self.first_night).num_days();
        if !(0..=731).contains(&days) {
            problems.push(SeasonProblem::Nights);
        }
        if !self
            .min_nights
            .is_none_or(|least| (1..=MOST_MIN_NIGHTS).contains(&least))
        {
            problems.push(SeasonProblem::MinNights);
        }
        problems.extend(self.prices.iter().flat_map(SeasonPrices::problems));
        problems
    }

    /// The first problem.
    pub fn check(&self) -> Result<(), SeasonProblem> {
        self.problems().first().map_or(Ok(()), |first| Err(*first))
    }
}

impl SeasonPrices {
    /// Every problem.
    #[must_use]
    pub fn problems(&self) -> Vec<SeasonProblem> {
        let prices = [
            ("night", Some(self.night)),
            ("weekend_night", self.weekend_night),
            ("holiday_night", self.holiday_night),
        ];
        prices
            .into_iter()
            .filter(|(_, amount)| !amount.is_none_or(is_price))
            .map(|(name, _)| SeasonProblem::Night(name))
            .collect()
    }
}

fn bands(bands: &[AgeBand]) -> Vec<RatesProblem> {
    let mut problems = Vec::new();
    let ascend = bands.is_sorted_by(|a, b| a.up_to < b.up_to);
    if !ascend || bands.iter().any(|band| band.up_to >= ADULT_FROM) {
        problems.push(RatesProblem::AgeBands);
    }
    if bands.iter().any(|band| !is_amount(band.extra_night)) {
        problems.push(RatesProblem::Amount("age_bands.extra_night"));
    }
    problems
}

fn tiers_ascend(tiers: &[LongStay]) -> bool {
    tiers.is_sorted_by(|a, b| a.nights < b.nights && a.discount < b.discount)
        && tiers
            .iter()
            .all(|tier| (2..=MOST_NIGHTS).contains(&tier.nights))
}

fn is_price(amount: i64) -> bool {
    amount > 0 && is_amount(amount)
}

fn is_amount(amount: i64) -> bool {
    (0..=MOST_AMOUNT).contains(&amount)
}

#[cfg(test)]
mod tests;
