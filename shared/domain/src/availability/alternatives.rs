//! Other nights.

use chrono::Days;

use super::{Among, MOST_ALTERNATIVES, Offer, SHIFTS, search::Asking};
use crate::{nights::Period, refusal::Refusal};

/// The same number of nights, the nearest first, later before earlier; of each the cheapest.
pub(super) fn dates(asking: &Asking<'_>, among: Among, period: Period) -> Vec<Offer> {
    (1..=i64::from(SHIFTS))
        .flat_map(|days| [days, -days])
        .filter_map(|days| period.shifted(days))
        .filter_map(|period| cheapest(asking, among, period))
        .take(MOST_ALTERNATIVES)
        .collect()
}

/// At least `least` nights around the ones asked for: leaving later, or arriving earlier.
pub(super) fn longer(asking: &Asking<'_>, among: Among, period: Period, least: u32) -> Vec<Offer> {
    [End::Departure, End::Arrival]
        .into_iter()
        .filter_map(|end| stretched(asking, among, period, least, end))
        .collect()
}

#[derive(Clone, Copy)]
enum End {
    Departure,
    Arrival,
}

fn stretched(
    asking: &Asking<'_>,
    among: Among,
    period: Period,
    mut least: u32,
    end: End,
) -> Option<Offer> {
    // A longer stay may touch a season that wants still more; two seasons are as many as meet at an end.
    for _ in 0..3 {
        let nights = Days::new(u64::from(least));
        let (check_in, check_out) = match end {
            End::Departure => (
                period.check_in(),
                period.check_in().checked_add_days(nights)?,
            ),
            End::Arrival => (
                period.check_out().checked_sub_days(nights)?,
                period.check_out(),
            ),
        };
        let period = Period::new(check_in, check_out).ok()?;
        match asking.ask(among, period) {
            (_, Some(Refusal::BelowMinimum { min_nights })) if min_nights > least => {
                least = min_nights;
            }
            (offers, _) => return offers.into_iter().next(),
        }
    }
    None
}

fn cheapest(asking: &Asking<'_>, among: Among, period: Period) -> Option<Offer> {
    asking.ask(among, period).0.into_iter().next()
}
