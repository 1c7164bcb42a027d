//! Feasts and long weekends, seen from different days.

use super::*;

#[test]
fn long_weekends_follow_the_table() {
    all(
        "2026-02-10",
        &[
            ("finde largo de marzo", "2026-03-20..2026-03-24"),
            ("finde largo de abril", "2026-04-02..2026-04-05"),
            ("finde largo del 9 de julio", "2026-07-08..2026-07-12"),
            ("finde largo de junio", "2026-06-12..2026-06-15"),
            ("finde largo del 17 de agosto", "2026-08-14..2026-08-17"),
        ],
    );
    // No bridge has been decreed yet: the holiday is joined to its weekend all the same.
    all(
        "2027-01-04",
        &[("finde largo de mayo", "2027-05-21..2027-05-25")],
    );
    // Inside of one.
    all(
        "2026-12-05",
        &[
            ("finde largo", "2026-12-05..2026-12-08"),
            ("este finde", "2026-12-05..2026-12-06"),
        ],
    );
}

#[test]
fn feasts_of_no_fixed_length_are_asked_about_and_anchor_what_is_said_beside() {
    all(
        FRIDAY,
        &[
            ("navidad", "Other"),
            ("la primera semana de enero", "PartOfMonth"),
            ("para navidad del 24 al 26", "2026-12-24..2026-12-26"),
            (
                "del 26 de diciembre hasta año nuevo",
                "2026-12-26..2027-01-01",
            ),
            ("navidad 3 noches", "2026-12-24..2026-12-27"),
            ("del 23 al 27 para las fiestas", "2026-12-23..2026-12-27"),
        ],
    );
    assert!(!read(FRIDAY, "navidad").alternatives.is_empty());
}

#[test]
fn feasts_have_years_and_days() {
    all(
        "2027-01-15",
        &[
            ("semana santa", "2027-03-25..2027-03-28"),
            ("semana santa 2028", "2028-04-13..2028-04-16"),
            ("carnaval del año que viene", "2028-02-25..2028-02-29"),
            ("viernes santo a domingo", "2027-03-26..2027-03-28"),
            (
                "miercoles a domingo de semana santa",
                "2027-03-24..2027-03-28",
            ),
            ("semana santa, 4 noches", "2027-03-24..2027-03-28"),
        ],
    );
}

#[test]
fn the_last_day_of_february_exists_only_where_it_does() {
    all(
        "2028-02-20",
        &[("del 27 al 29 de febrero", "2028-02-27..2028-02-29")],
    );
    all(
        "2027-02-20",
        &[
            ("del 27 al 29 de febrero", "Other"),
            ("el 30 de febrero", "Other"),
        ],
    );
}
