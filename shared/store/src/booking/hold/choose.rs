//! Which cabin each stay gets. Pure.
//!
//! The cabin whose neighbouring bookings leave the fewest free nights around the stay, so that long free stretches stay
//! long; then the lower id. The same question has the same answer.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use posta_domain::{nights::Period, refusal::Refusal};

use crate::{booking::claims::Taken, ids::AccommodationId};

/// Free nights beside a stay beyond this count as this: a gap of three weeks is as good as one of three months.
const WIDEST_GAP: u64 = 21;
/// Combinations that are tried before giving up. Stays of equal dates need no second try; only bookings of many cabins
/// with differing dates could come near this.
const MOST_TRIES: u32 = 20_000;

/// A stay in search of a cabin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Want {
    /// The nights.
    pub(super) period: Period,
    /// What it may be given.
    pub(super) cabins: Vec<AccommodationId>,
}

/// The window with what lies beside it, for measuring gaps; without, where that would be too long.
pub(super) fn around(window: Period) -> Period {
    let first = window.check_in().checked_sub_days(Days::new(WIDEST_GAP));
    let last = window.check_out().checked_add_days(Days::new(WIDEST_GAP));
    match (first, last) {
        (Some(first), Some(last)) => Period::new(first, last).unwrap_or(window),
        _ => window,
    }
}

/// A cabin for each stay, in the order of the stays; refused with the nights that are in the way.
pub(super) fn choose(wants: &[Want], taken: &[Taken]) -> Result<Vec<AccommodationId>, Refusal> {
    let free = wants
        .iter()
        .map(|want| (want.period, ranked(want, taken)))
        .collect::<Vec<_>>();
    assign(&free).ok_or_else(|| Refusal::Taken {
        nights: in_the_way(wants, taken),
    })
}

/// One cabin for each stay out of those that are free for it, the first ones preferred, none twice for a night. Bounded:
/// what is not found after [`MOST_TRIES`] is not found.
pub(in crate::booking) fn assign(
    free: &[(Period, Vec<AccommodationId>)],
) -> Option<Vec<AccommodationId>> {
    // Whoever has the least choice chooses first.
    let mut order: Vec<usize> = (0..free.len()).collect();
    order.sort_by_key(|at| free.get(*at).map_or(0, |(_, cabins)| cabins.len()));
    let mut search = Search {
        free,
        order: &order,
        chosen: vec![None; free.len()],
        tries: 0,
    };
    if search.from(0) {
        search.chosen.into_iter().collect()
    } else {
        None
    }
}

struct Search<'a> {
    free: &'a [(Period, Vec<AccommodationId>)],
    order: &'a [usize],
    chosen: Vec<Option<AccommodationId>>,
    tries: u32,
}

impl Search<'_> {
    fn from(&mut self, depth: usize) -> bool {
        let Some(&at) = self.order.get(depth) else {
            return true;
        };
        let open = self.free.get(at).map(|(_, cabins)| cabins);
        for &cabin in open.into_iter().flatten() {
            self.tries += 1;
            if self.tries > MOST_TRIES {
                return false;
            }
            if self.given_already(at, cabin) {
                continue;
            }
            self.set(at, Some(cabin));
            if self.from(depth + 1) {
                return true;
            }
            self.set(at, None);
        }
        false
    }

    fn set(&mut self, at: usize, cabin: Option<AccommodationId>) {
        if let Some(place) = self.chosen.get_mut(at) {
            *place = cabin;
        }
    }

    fn given_already(&self, at: usize, cabin: AccommodationId) -> bool {
        let Some((period, _)) = self.free.get(at) else {
            return false;
        };
        let others = self.free.iter().zip(&self.chosen);
        others
            .filter(|(_, chosen)| **chosen == Some(cabin))
            .any(|((other, _), _)| other.overlaps(*period))
    }
}

/// Its cabins that are free, the best first.
fn ranked(want: &Want, taken: &[Taken]) -> Vec<AccommodationId> {
    let free = want.cabins.iter().filter(|cabin| {
        let mut of_cabin = taken.iter().filter(|taken| taken.accommodation == **cabin);
        !of_cabin.any(|taken| taken.period.overlaps(want.period))
    });
    let mut free: Vec<AccommodationId> = free.copied().collect();
    free.sort_by_key(|cabin| (gaps(*cabin, want.period, taken), *cabin));
    free
}

/// Free nights before and after.
fn gaps(cabin: AccommodationId, period: Period, taken: &[Taken]) -> i64 {
    let widest = i64::try_from(WIDEST_GAP).unwrap_or(i64::MAX);
    let of_cabin = || {
        taken
            .iter()
            .filter(move |taken| taken.accommodation == cabin)
    };
    let before = of_cabin()
        .map(|taken| (period.check_in() - taken.period.check_out()).num_days())
        .filter(|days| *days >= 0);
    let after = of_cabin()
        .map(|taken| (taken.period.check_in() - period.check_out()).num_days())
        .filter(|days| *days >= 0);
    before.min().unwrap_or(widest).min(widest) + after.min().unwrap_or(widest).min(widest)
}

/// Nights of a stay on which none of its cabins is free. Where each is free in part, none can be named.
fn in_the_way(wants: &[Want], taken: &[Taken]) -> Vec<NaiveDate> {
    let mut nights = BTreeSet::new();
    for want in wants {
        let full = |night: &NaiveDate| {
            want.cabins.iter().all(|cabin| {
                taken.iter().any(|taken| {
                    taken.accommodation == *cabin
                        && (taken.period.check_in()..taken.period.check_out()).contains(night)
                })
            })
        };
        nights.extend(want.period.nights().filter(full));
    }
    nights.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use posta_domain::{nights::Period, refusal::Refusal};
    use uuid::Uuid;

    use super::{Want, choose};
    use crate::{
        booking::claims::{Taken, TakenBy},
        ids::AccommodationId,
    };

    fn cabin(n: u128) -> AccommodationId {
        Uuid::from_u128(n).into()
    }

    fn january(from: u32, to: u32) -> Period {
        let day = |d| chrono::NaiveDate::from_ymd_opt(2027, 1, d).unwrap();
        Period::new(day(from), day(to)).unwrap()
    }

    fn want(from: u32, to: u32, cabins: &[u128]) -> Want {
        Want {
            period: january(from, to),
            cabins: cabins.iter().map(|n| cabin(*n)).collect(),
        }
    }

    fn taken(n: u128, from: u32, to: u32) -> Taken {
        Taken {
            accommodation: cabin(n),
            period: january(from, to),
            by: TakenBy::Elsewhere,
        }
    }

    #[test]
    fn the_cabin_with_the_smallest_gaps_around_the_stay_is_given() {
        let gaps = [taken(1, 1, 5), taken(2, 1, 9), taken(2, 14, 20)];
        let chosen = choose(&[want(10, 14, &[1, 2, 3])], &gaps);
        assert_eq!(chosen, Ok(vec![cabin(2)]));
    }

    #[test]
    fn with_nothing_else_to_go_by_the_lower_id_is_given() {
        assert_eq!(choose(&[want(10, 14, &[3, 2])], &[]), Ok(vec![cabin(2)]));
    }

    #[test]
    fn two_stays_of_one_booking_get_two_cabins_unless_one_follows_the_other() {
        let same = [want(10, 14, &[1, 2]), want(12, 16, &[1, 2])];
        assert_eq!(choose(&same, &[]), Ok(vec![cabin(1), cabin(2)]));
        let after = [want(10, 14, &[1]), want(14, 16, &[1])];
        assert_eq!(choose(&after, &[]), Ok(vec![cabin(1), cabin(1)]));
    }

    #[test]
    fn a_stay_with_less_choice_is_not_left_without_by_one_with_more() {
        let wants = [want(10, 14, &[1, 2]), want(10, 14, &[1])];
        assert_eq!(choose(&wants, &[]), Ok(vec![cabin(2), cabin(1)]));
        // The first greedy choice is a dead end here.
        let wants = [
            want(1, 10, &[1, 2]),
            want(8, 12, &[1, 3]),
            want(9, 11, &[2, 3]),
        ];
        assert!(choose(&wants, &[taken(1, 12, 20)]).is_ok());
    }

    #[test]
    fn the_nights_on_which_every_cabin_is_taken_are_named() {
        let taken = [taken(1, 9, 12), taken(2, 11, 13)];
        let refused = choose(&[want(10, 14, &[1, 2])], &taken);
        let nights = january(11, 12).nights().collect();
        assert_eq!(refused, Err(Refusal::Taken { nights }));
    }
}
