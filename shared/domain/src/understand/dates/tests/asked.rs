//! What was asked and what is known decide how bare numbers are read.

use super::*;

#[track_caller]
fn all_knowing(asked: Option<Asked>, check_in: Option<&str>, rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        assert_eq!(
            show(&read_knowing(FRIDAY, asked, check_in, text)),
            *expected,
            "{text}"
        );
    }
}

#[test]
fn bare_numbers_are_days_when_dates_were_asked_for() {
    let rows = [
        ("10", "2026-12-10.."),
        ("10 al 15", "2026-12-10..2026-12-15"),
        ("10 y 15", "2026-12-10..2026-12-15"),
        ("10 15 enero", "2027-01-10..2027-01-15"),
        ("diez al quince", "2026-12-10..2026-12-15"),
        ("4 personas", "-"),
    ];
    all_knowing(Some(Asked::Dates), None, &rows);
    all_knowing(None, None, &[("10", "-"), ("10 y 15", "-")]);
    all_knowing(
        Some(Asked::Option),
        None,
        &[("el 2", "-"), ("el 2 de enero", "2027-01-02..")],
    );
}

#[test]
fn an_end_alone_completes_the_arrival_that_is_known() {
    let rows = [
        ("15", "..2027-01-15"),
        ("hasta el 15", "..2027-01-15"),
        ("3 noches", "..2027-01-13"),
        ("al otro dia", "..2027-01-11"),
        ("el domingo", "..2027-01-17"),
        ("el 5", "..2027-02-05"),
        ("del 12 al 15", "2027-01-12..2027-01-15"),
    ];
    all_knowing(Some(Asked::CheckOut), Some("2027-01-10"), &rows);
}

#[test]
fn days_without_a_month_are_looked_for_near_the_arrival_that_is_known() {
    let rows = [
        ("mejor el 12", "2027-01-12.."),
        ("perdon, del 8 al 12", "2027-01-08..2027-01-12"),
        ("y este finde?", "2026-11-20..2026-11-22"),
    ];
    all_knowing(None, Some("2027-01-10"), &rows);
}
