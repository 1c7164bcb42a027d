use chrono::Days;
use proptest::prelude::*;

use super::{super::NightSet, day, period};
use crate::nights::Period;

#[test]
fn what_was_not_looked_at_counts_as_taken() {
    let set = NightSet::none(day("2027-01-10"), day("2027-01-20"));
    assert!(!set.touches(period("2027-01-10", "2027-01-20")));
    assert!(set.touches(period("2027-01-09", "2027-01-12")));
    assert!(set.touches(period("2027-01-18", "2027-01-21")));
    assert!(set.contains(day("2027-01-09")) && set.contains(day("2027-01-20")));
    let nothing = NightSet::none(day("2027-01-10"), day("2027-01-09"));
    assert!(nothing.touches(period("2027-01-10", "2027-01-11")));
}

#[test]
fn taken_nights_that_reach_beyond_the_window_are_cut_at_its_ends() {
    let mut set = NightSet::none(day("2027-01-10"), day("2027-01-20"));
    set.add(day("2026-01-01"), day("2027-01-12"));
    set.add(day("2027-01-19"), day("2029-01-01"));
    set.add(day("2027-01-15"), day("2027-01-15"));
    set.add(day("2027-01-16"), day("2027-01-14"));
    assert_eq!(
        set.ranges(),
        [
            (day("2027-01-10"), day("2027-01-12")),
            (day("2027-01-19"), day("2027-01-20"))
        ]
    );
}

proptest! {
    #[test]
    fn a_period_touches_the_set_if_and_only_if_one_of_its_nights_is_in_it(
        ranges in prop::collection::vec((0..300_u64, 0..20_u64), 0..12),
        first in 0..310_u64,
        nights in 1..150_u64,
    ) {
        let at = |days: u64| day("2027-01-01") + Days::new(days);
        let mut set = NightSet::none(at(0), at(290));
        for (first, len) in &ranges {
            set.add(at(*first), at(first + len));
        }
        let taken = |night| {
            night >= at(290) || ranges.iter().any(|(first, len)| at(*first) <= night && night < at(first + len))
        };
        let period = Period::new(at(first), at(first + nights)).unwrap();
        prop_assert_eq!(set.touches(period), period.nights().any(taken));
        for night in period.nights() {
            prop_assert_eq!(set.contains(night), taken(night));
        }
        let from_ranges: i64 = set.ranges().iter().map(|(a, b)| (*b - *a).num_days()).sum();
        let expected = (0..290).filter(|it| taken(at(*it))).count();
        prop_assert_eq!(usize::try_from(from_ranges), Ok(expected));
    }
}
