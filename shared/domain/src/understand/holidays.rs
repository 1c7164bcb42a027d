//! Public holidays of Argentina, by rule: those of fixed date, those that follow Easter, those that move (Ley 27.399)
//! and the bridges decreed so far.
//!
//! Not guaranteed: bridges of years nobody has decreed yet, and provincial ones. The table a property keeps is the
//! owner's; this one serves where there is none.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Always on their day.
const FIXED: [(u32, u32, &str); 9] = [
    (1, 1, "Año Nuevo"),
    (3, 24, "Día de la Memoria"),
    (4, 2, "Malvinas"),
    (5, 1, "Día del Trabajador"),
    (5, 25, "Revolución de Mayo"),
    (6, 20, "Día de la Bandera"),
    (7, 9, "Día de la Independencia"),
    (12, 8, "Inmaculada Concepción"),
    (12, 25, "Navidad"),
];

/// On Tuesday or Wednesday they move to the Monday before, on Thursday or Friday to the Monday after.
const MOVABLE: [(u32, u32, &str); 4] = [
    (6, 17, "Paso a la Inmortalidad de Güemes"),
    (8, 17, "Paso a la Inmortalidad de San Martín"),
    (10, 12, "Respeto a la Diversidad Cultural"),
    (11, 20, "Soberanía Nacional"),
];

/// Decreed each year: 2026 by Resolución 164/2025.
const BRIDGES: [(i32, u32, u32); 3] = [(2026, 3, 23), (2026, 7, 10), (2026, 12, 7)];

/// The holidays of these years, bridges included where they are known.
pub fn argentina(years: RangeInclusive<i32>) -> BTreeMap<NaiveDate, String> {
    let mut all = BTreeMap::new();
    for year in years {
        for (month, day, name) in FIXED {
            add(&mut all, NaiveDate::from_ymd_opt(year, month, day), name);
        }
        for (month, day, name) in MOVABLE {
            add(
                &mut all,
                NaiveDate::from_ymd_opt(year, month, day).and_then(moved),
                name,
            );
        }
        for (bridge_year, month, day) in BRIDGES {
            if bridge_year == year {
                add(
                    &mut all,
                    NaiveDate::from_ymd_opt(year, month, day),
                    "Feriado puente",
                );
            }
        }
        if let Some(easter) = easter(year) {
            for (before, name) in [
                (48, "Carnaval"),
                (47, "Carnaval"),
                (3, "Jueves Santo"),
                (2, "Viernes Santo"),
            ] {
                add(&mut all, easter.checked_sub_days(Days::new(before)), name);
            }
        }
    }
    all
}

fn add(all: &mut BTreeMap<NaiveDate, String>, day: Option<NaiveDate>, name: &str) {
    if let Some(day) = day {
        all.entry(day)
            .and_modify(|known| *known = format!("{known} y {name}"))
            .or_insert_with(|| name.to_owned());
    }
}

fn moved(day: NaiveDate) -> Option<NaiveDate> {
    match day.weekday() {
        Weekday::Tue => day.checked_sub_days(Days::new(1)),
        Weekday::Wed => day.checked_sub_days(Days::new(2)),
        Weekday::Thu => day.checked_add_days(Days::new(4)),
        Weekday::Fri => day.checked_add_days(Days::new(3)),
        Weekday::Sat | Weekday::Sun | Weekday::Mon => Some(day),
    }
}

/// Easter Sunday (the anonymous Gregorian computus); none before the calendar's reform.
pub fn easter(year: i32) -> Option<NaiveDate> {
    if year < 1583 {
        return None;
    }
    let year_u = u32::try_from(year).ok()?;
    let golden = year_u % 19;
    let (century, of_century) = (year_u / 100, year_u % 100);
    let leap = (century + 8) / 25;
    let moon = (19 * golden + century - century / 4 - (century - leap + 1) / 3 + 15) % 30;
    let sunday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4) % 7;
    let shift = (golden + 11 * moon + 22 * sunday) / 451;
    let total = moon + sunday + 114 - 7 * shift;
    NaiveDate::from_ymd_opt(year, total / 31, total % 31 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn easter_falls_on_its_known_days() {
        for (year, month, day) in [
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2028, 4, 16),
            (2038, 4, 25),
        ] {
            assert_eq!(easter(year), Some(ymd(year, month, day)));
        }
        assert_eq!(easter(-1), None);
    }

    /// What the database gives a new property and what the rules compute are the same days and names.
    #[test]
    fn the_table_of_the_migration_and_the_rules_agree() {
        let sql = include_str!("../../../../migrations/0009_holidays.sql");
        let table: BTreeMap<NaiveDate, String> = sql
            .lines()
            .filter_map(|line| line.trim().strip_prefix("('AR', '"))
            .map(|line| {
                let (day, rest) = line.split_once("', '").unwrap();
                (
                    day.parse().unwrap(),
                    rest.split_once('\'').unwrap().0.to_owned(),
                )
            })
            .collect();
        assert_eq!(table.len(), 36);
        assert_eq!(argentina(2026..=2027), table);
    }
}
