use chrono::{NaiveDate, Weekday};
use proptest::prelude::*;

use super::{MOST_NIGHTS, Period, Weekdays, parse_date};
use crate::refusal::Refusal;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period(check_in: &str, check_out: &str) -> Period {
    Period::new(day(check_in), day(check_out)).unwrap()
}

#[test]
fn the_29th_of_february_exists_in_leap_years_only() {
    assert_eq!(parse_date("2028-02-29"), Ok(day("2028-02-29")));
    for year in ["2026", "2027", "2100"] {
        let text = format!("{year}-02-29");
        assert_eq!(parse_date(&text), Err(Refusal::NoSuchDate { text }));
    }
    assert_eq!(period("2028-02-28", "2028-03-01").len(), 2);
    assert_eq!(period("2027-02-28", "2027-03-01").len(), 1);
}

#[test]
fn what_is_not_written_as_a_date_is_told_apart_from_a_day_that_does_not_exist() {
    for text in [
        "",
        "mañana",
        "2027-1-5",
        "15/01/2027",
        "2027-01-15T00:00:00Z",
        "+027-01-05",
        "２０２７-01-15",
    ] {
        assert!(
            matches!(parse_date(text), Err(Refusal::NotADate { .. })),
            "{text}"
        );
    }
    for text in [
        "2027-13-01",
        "2027-00-10",
        "2027-04-31",
        "2027-01-00",
        "0000-01-01",
    ] {
        assert!(
            matches!(parse_date(text), Err(Refusal::NoSuchDate { .. })),
            "{text}"
        );
    }
    assert_eq!(parse_date("0001-01-01"), Ok(day("0001-01-01")));
    let Err(Refusal::NotADate { text }) = parse_date(&"ñ".repeat(10_000)) else {
        panic!("it is no date");
    };
    assert_eq!(text.chars().count(), 32);
}

#[test]
fn a_departure_on_or_before_the_arrival_is_inverted() {
    for check_out in ["2027-01-10", "2027-01-09", "2026-01-11"] {
        let refused = Period::new(day("2027-01-10"), day(check_out));
        assert!(
            matches!(refused, Err(Refusal::Inverted { .. })),
            "{check_out}"
        );
    }
    assert_eq!(period("2027-01-10", "2027-01-11").len(), 1);
}

#[test]
fn an_absurd_length_is_refused_before_anything_loops_over_it() {
    let first = day("2027-01-01");
    assert_eq!(
        Period::new(first, NaiveDate::MAX),
        Err(Refusal::TooLong { most: MOST_NIGHTS })
    );
    assert!(Period::new(NaiveDate::MIN, NaiveDate::MAX).is_err());
    assert!(Period::new(first, day("2028-01-02")).is_ok_and(|year| year.len() == 366));
    assert!(Period::new(first, day("2028-01-03")).is_err());
}

#[test]
fn the_night_of_departure_is_not_part_of_the_stay() {
    let stay = period("2027-01-10", "2027-01-12");
    let nights: Vec<_> = stay.nights().collect();
    assert_eq!(nights, [day("2027-01-10"), day("2027-01-11")]);
    assert!(!stay.overlaps(period("2027-01-12", "2027-01-14")));
    assert!(!stay.overlaps(period("2027-01-08", "2027-01-10")));
    assert!(stay.overlaps(period("2027-01-11", "2027-01-14")));
    assert!(stay.overlaps(period("2027-01-01", "2027-02-01")));
}

#[test]
fn a_stay_moved_beyond_the_calendar_is_none() {
    let stay = period("2027-01-10", "2027-01-12");
    assert_eq!(stay.shifted(-10), Some(period("2026-12-31", "2027-01-02")));
    assert_eq!(stay.shifted(i64::MAX), None);
    assert_eq!(stay.shifted(i64::MIN), None);
}

#[test]
fn a_stored_period_is_checked_again() {
    let stay = period("2027-01-10", "2027-01-12");
    let json = serde_json::to_string(&stay).unwrap();
    assert_eq!(
        json,
        r#"{"check_in":"2027-01-10","check_out":"2027-01-12"}"#
    );
    assert_eq!(serde_json::from_str::<Period>(&json).unwrap(), stay);
    let inverted = r#"{"check_in":"2027-01-12","check_out":"2027-01-10"}"#;
    assert!(serde_json::from_str::<Period>(inverted).is_err());
}

#[test]
fn weekdays_are_written_by_name_and_kept_as_bits() {
    let weekend: Weekdays = serde_json::from_str(r#"["sat", "fri"]"#).unwrap();
    assert_eq!(weekend, Weekdays::WEEKEND_NIGHTS);
    assert_eq!(serde_json::to_string(&weekend).unwrap(), r#"["fri","sat"]"#);
    assert!(weekend.contains(Weekday::Sat) && !weekend.contains(Weekday::Sun));
    for wrong in ["[]", r#"["sabado"]"#] {
        assert!(serde_json::from_str::<Weekdays>(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Weekdays::from_bits(0), None);
    assert_eq!(Weekdays::from_bits(128), None);
}

proptest! {
    #[test]
    fn two_stays_overlap_if_and_only_if_they_share_a_night(
        a in 0..40_u64, a_nights in 1..20_u64, b in 0..40_u64, b_nights in 1..20_u64,
    ) {
        let stay = |first: u64, nights: u64| {
            let first = day("2028-02-20") + chrono::Days::new(first);
            Period::new(first, first + chrono::Days::new(nights)).unwrap()
        };
        let (a, b) = (stay(a, a_nights), stay(b, b_nights));
        let shared = a.nights().any(|night| b.nights().any(|other| night == other));
        prop_assert_eq!(a.overlaps(b), shared);
        prop_assert_eq!(b.overlaps(a), shared);
        prop_assert_eq!(u64::from(a.len()), a_nights);
        prop_assert_eq!(a.nights().count() as u64, a_nights);
    }
}
