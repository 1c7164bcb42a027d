//! The same words said on each day of four years, a leap year among them: what they mean moves with the day.

use chrono::{Datelike, Days, NaiveDate, TimeDelta, Weekday};
use posta_domain::understand::{Context, understand};

use crate::score::HOLIDAYS;

/// Easter Sundays, from the almanac.
const EASTER: [(i32, u32, u32); 6] = [
    (2026, 4, 5),
    (2027, 3, 28),
    (2028, 4, 16),
    (2029, 4, 1),
    (2030, 4, 21),
    (2031, 4, 13),
];

type Stay = (NaiveDate, Option<NaiveDate>);

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn every_day() -> impl Iterator<Item = NaiveDate> {
    day(2026, 1, 1)
        .iter_days()
        .take_while(|it| it.year() < 2030)
}

/// On each day for which `meant` knows an answer, the text means that.
fn means(text: &str, meant: impl Fn(NaiveDate) -> Option<Stay>) {
    let mut misses = Vec::new();
    let mut days = 0;
    for today in every_day() {
        let Some(stay) = meant(today) else { continue };
        days += 1;
        let context = Context {
            today,
            holidays: &HOLIDAYS,
            asked: None,
            check_in: None,
            names: &[],
        };
        let read = understand(text, &context);
        if (read.check_in, read.check_out) != (Some(stay.0), stay.1) {
            misses.push(format!(
                "on {today} ({}): {stay:?}, not {:?} to {:?}",
                today.weekday(),
                read.check_in,
                read.check_out
            ));
        }
    }
    assert!(days > 300, "{text:?} was tried on {days} days");
    misses.truncate(5);
    assert_eq!(misses, Vec::<String>::new(), "{text:?}");
}

fn next(today: NaiveDate, wanted: impl Fn(NaiveDate) -> bool) -> NaiveDate {
    today.iter_days().find(|it| wanted(*it)).unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "what a day may mean is an option")]
fn nights(from: NaiveDate, nights: u64) -> Option<Stay> {
    Some((from, Some(from + Days::new(nights))))
}

fn easter_from(today: NaiveDate) -> NaiveDate {
    EASTER
        .iter()
        .map(|&(y, m, d)| day(y, m, d))
        .find(|it| *it >= today)
        .unwrap()
}

#[test]
fn days_without_a_month_are_the_next_ones() {
    for (text, from, until) in [
        ("del 10 al 15 hay lugar?", 10, 15),
        ("tenes del 28 al 4", 28, 4),
        ("dsd el 20 hasta el 2 para 4?", 20, 2),
        ("hay algo del 1 al 8", 1, 8),
        ("entre el 5 y el 9 tenes", 5, 9),
    ] {
        means(text, |today| {
            let check_in = next(today, |it| it.day() == from);
            Some((
                check_in,
                Some(next(check_in + Days::new(1), |it| it.day() == until)),
            ))
        });
    }
    means("tenes el 25?", |today| {
        Some((next(today, |it| it.day() == 25), None))
    });
    means("3 noches desde el 7", |today| {
        nights(next(today, |it| it.day() == 7), 3)
    });
}

#[test]
fn a_day_and_its_month_are_the_next_ones() {
    means("del 28 de diciembre al 4 de enero tenes?", |today| {
        nights(next(today, |it| (it.month(), it.day()) == (12, 28)), 7)
    });
    means("del 10 al 15 de julio", |today| {
        nights(next(today, |it| (it.month(), it.day()) == (7, 10)), 5)
    });
    means("2/2 al 9/2 p 2", |today| {
        nights(next(today, |it| (it.month(), it.day()) == (2, 2)), 7)
    });
    means("el 29 de febrero una noche", |today| {
        // In other years there is no such day.
        nights(next(today, |it| (it.month(), it.day()) == (2, 29)), 1)
            .filter(|it| it.0 - today < TimeDelta::days(365))
    });
}

#[test]
fn a_weekend_is_from_friday_to_sunday() {
    let friday = |today| next(today, |it| it.weekday() == Weekday::Fri);
    for text in [
        "tenes algo este finde?",
        "hay lugar este fin de semana",
        "de viernes a domingo",
    ] {
        means(text, |today| {
            // Said during a weekend it is another question.
            (!matches!(today.weekday(), Weekday::Sat | Weekday::Sun))
                .then(|| nights(friday(today), 2))?
        });
    }
    means("el viernes por 2 noches", |today| nights(friday(today), 2));
}

#[test]
fn words_for_the_next_days_move_with_today() {
    means("mañana por dos noches", |today| {
        nights(today + Days::new(1), 2)
    });
    means("pasado mañana 3 noches", |today| {
        nights(today + Days::new(2), 3)
    });
    means("hoy 1 noche", |today| nights(today, 1));
    means("toda la semana que viene", |today| {
        nights(
            next(today + Days::new(1), |it| it.weekday() == Weekday::Mon),
            6,
        )
    });
    means("del lunes al jueves de la semana que viene", |today| {
        nights(
            next(today + Days::new(1), |it| it.weekday() == Weekday::Mon),
            3,
        )
    });
    means("el mes que viene del 4 al 6", |today| {
        nights(
            next(today, |it| it.month() != today.month() && it.day() == 4),
            2,
        )
    });
}

#[test]
fn holy_week_and_carnival_follow_easter() {
    means("tenes lugar en semana santa?", |today| {
        let easter = easter_from(today);
        let thursday = easter - Days::new(3);
        (today <= thursday).then(|| nights(thursday, 3))?
    });
    means("para carnaval hay algo", |today| {
        let easter = EASTER
            .iter()
            .map(|&(y, m, d)| day(y, m, d))
            .find(|it| *it - Days::new(47) >= today)
            .unwrap();
        let friday = easter - Days::new(51);
        (today <= friday).then(|| nights(friday, 4))?
    });
}

#[test]
fn halves_of_a_month_end_where_the_month_ends() {
    means("la primera quincena de enero", |today| {
        nights(next(today, |it| (it.month(), it.day()) == (1, 1)), 14)
            .filter(|_| today.month() != 1 || today.day() == 1)
    });
    means("2da quincena de febrero tenes?", |today| {
        let from = next(today, |it| (it.month(), it.day()) == (2, 16));
        let leap = from.year() % 4 == 0;
        nights(from, if leap { 13 } else { 12 }).filter(|_| today.month() != 2 || today.day() <= 16)
    });
}
