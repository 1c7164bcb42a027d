use super::{
    super::{Among, MOST_ALTERNATIVES, Together},
    cabin_id, day, kind, kind_id, market, party, period, search, season, starts, take,
};
use crate::{nights::Weekdays, rates::Pets, refusal::Refusal};

#[test]
fn the_nearest_dates_are_offered_later_before_earlier() {
    let mut only = kind(1, 2, 900, 1);
    take(&mut only, 0, "2026-12-10", "2026-12-12");
    let market = market(vec![only]);
    let found = search(
        &market,
        ("2026-12-09", "2026-12-12"),
        party(2, &[], 0),
        Among::All,
    );
    assert_eq!(
        found.refusal,
        Some(Refusal::Taken {
            nights: vec![day("2026-12-10"), day("2026-12-11")]
        })
    );
    // 2 days earlier ends on the 10th; 3 days later begins on the 12th, as does 3 days earlier end on the 9th.
    assert_eq!(
        starts(&found.alternatives.dates),
        ["2026-12-07", "2026-12-12", "2026-12-06"]
    );
    let lengths = found.alternatives.dates.iter().map(|it| it.period.len());
    assert!(lengths.clone().all(|nights| nights == 3) && lengths.count() == MOST_ALTERNATIVES);
}

#[test]
fn other_dates_are_looked_for_a_month_around_and_no_farther() {
    let full = |until: &str| {
        let mut only = kind(1, 2, 900, 1);
        take(&mut only, 0, "2026-11-01", until);
        let market = market(vec![only]);
        let found = search(
            &market,
            ("2027-01-10", "2027-01-12"),
            party(2, &[], 0),
            Among::All,
        );
        starts(&found.alternatives.dates)
    };
    assert_eq!(full("2027-02-09"), ["2027-02-09"]);
    assert_eq!(full("2027-02-10"), Vec::<String>::new());
}

#[test]
fn on_the_wrong_day_of_arrival_the_next_right_ones_are_offered() {
    let mut only = kind(1, 2, 900, 1);
    only.rates.as_mut().unwrap().arrival_days = Weekdays::from_bits(0b10_0000);
    let market = market(vec![only]);
    // Thursday 14 January.
    let found = search(
        &market,
        ("2027-01-14", "2027-01-21"),
        party(2, &[], 0),
        Among::All,
    );
    assert!(matches!(found.refusal, Some(Refusal::ArrivalDay { .. })));
    assert_eq!(
        starts(&found.alternatives.dates),
        ["2027-01-16", "2027-01-09", "2027-01-23"]
    );
}

#[test]
fn below_the_minimum_the_stay_that_satisfies_it_is_offered_at_either_end() {
    let mut only = kind(1, 2, 900, 1);
    let mut early = season("2027-01-01", "2027-01-15");
    early.min_nights = Some(4);
    // Reached only by the longer stay, and stricter still.
    let mut late = season("2027-01-16", "2027-01-31");
    late.min_nights = Some(6);
    only.seasons = vec![early, late];
    let market = market(vec![only]);
    let found = search(
        &market,
        ("2027-01-13", "2027-01-15"),
        party(2, &[], 0),
        Among::All,
    );
    assert_eq!(found.refusal, Some(Refusal::BelowMinimum { min_nights: 4 }));
    let longer: Vec<_> = found
        .alternatives
        .longer
        .iter()
        .map(|it| it.period)
        .collect();
    assert_eq!(
        longer,
        [
            period("2027-01-13", "2027-01-19"),
            period("2027-01-11", "2027-01-15")
        ]
    );
}

#[test]
fn other_cabins_are_offered_for_the_same_nights_when_the_one_asked_for_is_taken() {
    let mut liked = kind(1, 2, 900, 2);
    take(&mut liked, 0, "2026-12-10", "2026-12-11");
    let market = market(vec![liked, kind(2, 4, 500, 1)]);
    let nights = ("2026-12-09", "2026-12-11");
    let found = search(
        &market,
        nights,
        party(2, &[], 0),
        Among::Cabin(cabin_id(10)),
    );
    assert!(matches!(found.refusal, Some(Refusal::Taken { .. })));
    let cabins: Vec<_> = found
        .alternatives
        .cabins
        .iter()
        .map(|it| &it.free[0])
        .collect();
    assert_eq!(cabins, [&cabin_id(20), &cabin_id(11)]);
    // Other dates are those of the cabin that was asked for.
    let dates = &found.alternatives.dates;
    assert!(!dates.is_empty() && dates.iter().all(|it| it.free == [cabin_id(10)]));
    assert!(found.alternatives.together.is_empty());
    // Of the type, the other unit is what was asked for.
    let found = search(&market, nights, party(2, &[], 0), Among::Type(kind_id(1)));
    assert_eq!(found.offers[0].free, [cabin_id(11)]);
}

fn halves(together: &Together) -> [(uuid::Uuid, u32); 2] {
    [0, 1].map(|at| {
        let half = &together.halves[at];
        (half.cabin.uuid(), half.party.guests())
    })
}

#[test]
fn a_party_that_is_too_large_for_one_is_shared_between_two() {
    let mut four = kind(1, 4, 900, 2);
    take(&mut four, 0, "2026-12-09", "2026-12-10");
    let market = market(vec![four, kind(2, 6, 1_500, 2)]);
    let nights = ("2026-12-09", "2026-12-11");
    let found = search(&market, nights, party(4, &[5, 9, 12, 14], 0), Among::All);
    assert_eq!(
        found.refusal,
        Some(Refusal::TooManyGuests {
            guests: 8,
            capacity: Some(6)
        })
    );
    assert!(
        found.alternatives.dates.is_empty(),
        "no other date has a larger cabin"
    );
    let together = &found.alternatives.together;
    assert_eq!(together.len(), 2);
    // 4 + 6 for 8 is cheaper than 6 + 6. Of each type a unit that is free, never the same twice.
    assert_eq!(
        halves(&together[0]),
        [(cabin_id(11).uuid(), 3), (cabin_id(20).uuid(), 5)]
    );
    assert_eq!(together[0].price.total.minor, 2 * (900 + 1_500));
    assert_eq!(
        halves(&together[1]),
        [(cabin_id(20).uuid(), 4), (cabin_id(21).uuid(), 4)]
    );
    for half in together.iter().flat_map(|it| &it.halves) {
        assert!(half.party.adults() >= 1);
    }
}

#[test]
fn one_adult_is_never_shared_between_two_cabins() {
    let market = market(vec![kind(1, 2, 900, 2)]);
    let found = search(
        &market,
        ("2026-12-09", "2026-12-11"),
        party(1, &[5, 9], 0),
        Among::All,
    );
    assert!(found.alternatives.together.is_empty());
}

#[test]
fn the_dog_sleeps_where_dogs_may() {
    let mut without = kind(1, 4, 900, 1);
    without.rates.as_mut().unwrap().pets = Pets::No;
    let with = kind(2, 2, 900, 1);
    let market = market(vec![without, with]);
    let found = search(
        &market,
        ("2026-12-09", "2026-12-11"),
        party(4, &[], 1),
        Among::All,
    );
    let [one, other] = &found.alternatives.together[0].halves;
    assert_eq!((one.party.pets(), other.party.pets()), (0, 1));
    assert_eq!((one.party.guests(), other.party.guests()), (3, 1));
}
