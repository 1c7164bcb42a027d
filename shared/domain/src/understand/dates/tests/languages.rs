//! Portuguese, English, and Spanish as thumbs write it.

use super::*;

#[test]
fn english_dates_are_read() {
    all(
        FRIDAY,
        &[
            ("from Dec 26 to Jan 2", "2026-12-26..2027-01-02"),
            ("may i book from may 1st to 5th?", "2027-05-01..2027-05-05"),
            (
                "arriving on the 10th and leaving on the 15th of January",
                "2027-01-10..2027-01-15",
            ),
            (
                "we'd like 3 nights from the 5th of December",
                "2026-12-05..2026-12-08",
            ),
            ("12/24 - 12/27", "2026-12-24..2026-12-27"),
            ("12/10 al 12/15", "2026-12-10..2026-12-15"),
            ("tomorrow for 2 nights", "2026-11-21..2026-11-23"),
        ],
    );
}

#[test]
fn portuguese_dates_are_read() {
    all(
        FRIDAY,
        &[
            (
                "do dia 26 de dezembro ate 2 de janeiro",
                "2026-12-26..2027-01-02",
            ),
            ("de sexta-feira a domingo", "2026-11-20..2026-11-22"),
            ("sexta a domingo", "2026-11-20..2026-11-22"),
            ("dia 10 de fevereiro por 3 noites", "2027-02-10..2027-02-13"),
            ("na semana que vem", "2026-11-23..2026-11-29"),
        ],
    );
}

#[test]
fn slips_of_the_finger_are_forgiven() {
    all(
        FRIDAY,
        &[
            ("dl 5 al 10 d enro", "2027-01-05..2027-01-10"),
            ("del5al10 de disiembre", "2026-12-05..2026-12-10"),
            ("vierns a domigo", "2026-11-20..2026-11-22"),
            ("seman santa", "2027-03-25..2027-03-28"),
            ("desde el 5asta el 10 de enero", "2027-01-05..2027-01-10"),
            ("del 5 al 10 del 1", "2027-01-05..2027-01-10"),
        ],
    );
}
