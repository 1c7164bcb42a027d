//! How dates, amounts, lists and refusals are written.

#![expect(
    clippy::unwrap_used,
    reason = "tests stop at the first thing that is not as it must be"
)]

use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use chrono_tz::America::Argentina::Buenos_Aires;
use posta_domain::{
    dialogue::{Phrase, Value},
    money::{Currency, Money},
    nights::{Period, Weekdays},
    party::Party,
    refusal::Refusal,
};
use posta_texts::{Renderer, Texts};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Sunday, 22 November 2026, 12:00 in Buenos Aires.
fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 15, 0, 0).unwrap()
}

fn said(value: impl Into<Value>) -> String {
    let texts = Texts::es_ar().unwrap();
    Renderer::new(&texts, Buenos_Aires, noon()).value(&value.into())
}

fn period(from: &str, until: &str) -> String {
    said(Period::new(day(from), day(until)).unwrap())
}

#[test]
fn a_day_has_its_year_only_where_it_could_be_mistaken() {
    assert_eq!(said(day("2027-01-09")), "sábado 9 de enero");
    assert_eq!(said(day("2026-12-31")), "jueves 31 de diciembre");
    assert_eq!(said(day("2026-01-01")), "jueves 1 de enero");
    assert_eq!(said(day("2027-07-09")), "viernes 9 de julio de 2027");
    assert_eq!(said(day("2025-12-31")), "miércoles 31 de diciembre de 2025");
}

#[test]
fn a_period_says_month_and_year_once() {
    assert_eq!(
        period("2027-01-09", "2027-01-15"),
        "del sábado 9 al viernes 15 de enero"
    );
    assert_eq!(
        period("2026-12-29", "2027-01-04"),
        "del martes 29 de diciembre al lunes 4 de enero"
    );
    assert_eq!(
        period("2027-07-30", "2027-08-02"),
        "del viernes 30 de julio al lunes 2 de agosto de 2027"
    );
    assert_eq!(
        period("2027-12-30", "2028-01-02"),
        "del jueves 30 de diciembre de 2027 al domingo 2 de enero de 2028"
    );
}

#[test]
fn a_moment_is_told_by_the_clock_on_the_propertys_wall() {
    let at = |text: &str| said(text.parse::<DateTime<Utc>>().unwrap());
    assert_eq!(at("2026-11-22T18:40:00Z"), "hoy a las 15:40");
    assert_eq!(at("2026-11-23T02:59:00Z"), "hoy a las 23:59");
    assert_eq!(at("2026-11-23T12:00:00Z"), "mañana a las 9:00");
    assert_eq!(at("2026-11-22T01:30:00Z"), "ayer a las 22:30");
    assert_eq!(
        at("2026-11-24T04:05:00Z"),
        "el martes 24 de noviembre a la 1:05"
    );
    let texts = Texts::es_ar().unwrap();
    let anywhere = Renderer::anywhere(&texts, Buenos_Aires);
    assert_eq!(
        anywhere.moment(noon()),
        "el 22 de noviembre de 2026 a las 12:00"
    );
}

#[test]
fn amounts_have_points_between_thousands_and_decimals_only_where_there_are_some() {
    let ars = |minor| said(Money::new(minor, Currency::ARS));
    assert_eq!(ars(12_000_000), "$ 120.000");
    assert_eq!(ars(100), "$ 1");
    assert_eq!(ars(12_345_678_905), "$ 123.456.789,05");
    assert_eq!(ars(-500_000), "-$ 5.000");
    assert_eq!(ars(0), "$ 0");
    assert_eq!(said(Money::new(8050, Currency::USD)), "US$ 80,50");
    assert_eq!(said(Money::new(8050, "CLP".parse().unwrap())), "CLP 8.050");
    assert_eq!(ars(i64::MIN), "-$ 92.233.720.368.547.758,08");
}

#[test]
fn who_comes_is_counted_in_words() {
    let party = |adults, children: &[Option<u8>], pets| {
        said(Party::new(adults, children.to_vec(), pets).unwrap())
    };
    assert_eq!(party(1, &[], 0), "1 adulto");
    assert_eq!(party(2, &[Some(5)], 1), "2 adultos, 1 menor y 1 mascota");
    assert_eq!(
        party(2, &[None, Some(0), Some(9)], 2),
        "2 adultos, 2 menores, 1 bebé y 2 mascotas"
    );
}

#[test]
fn and_gives_way_before_its_own_sound() {
    let list = |items: &[&str]| {
        said(
            items
                .iter()
                .map(|item| Value::from(*item))
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!(list(&[]), "");
    assert_eq!(list(&["Coihue"]), "Coihue");
    assert_eq!(
        list(&["Coihue", "Arrayán", "Ñire"]),
        "Coihue, Arrayán y Ñire"
    );
    assert_eq!(list(&["Coihue", "Iberá"]), "Coihue e Iberá");
    assert_eq!(list(&["agua", "hielo"]), "agua y hielo");
    assert_eq!(list(&["Ana", "Hilda"]), "Ana e Hilda");
}

#[test]
fn refusals_say_dates_as_people_do() {
    let texts = Texts::es_ar().unwrap();
    let now = |refusal: Refusal| said(refusal);
    let arrival = Refusal::ArrivalDay {
        check_in: day("2027-01-04"),
        allowed: Weekdays::WEEKEND_NIGHTS,
    };
    assert_eq!(
        now(arrival.clone()),
        "En esa época las llegadas son los días viernes y sábado, y el 4 de enero cae lunes."
    );
    assert_eq!(
        texts.refusal(&arrival),
        "En esa época las llegadas son los días viernes y sábado, y el 4 de enero de 2027 cae lunes."
    );
    let taken = |days: &[&str]| {
        now(Refusal::Taken {
            nights: days.iter().map(|text| day(text)).collect(),
        })
    };
    assert_eq!(
        taken(&["2027-01-04"]),
        "La noche del 4 de enero ya está reservada."
    );
    assert_eq!(
        taken(&[
            "2027-01-04",
            "2027-01-01",
            "2027-01-02",
            "2027-01-05",
            "2027-01-06"
        ]),
        "Estas noches ya están reservadas: 1 de enero, 2 de enero y del 4 al 6 de enero."
    );
    assert_eq!(
        now(Refusal::StaleQuote {
            valid_until: noon()
        }),
        "Ese presupuesto valía hasta hoy a las 12:00. Pedí uno nuevo y lo reservás al momento."
    );
}

#[test]
fn a_name_cannot_turn_the_direction_of_the_sentence() {
    assert_eq!(said("Ana\u{202e}oiraM\u{2069} { $x }"), "AnaoiraM { $x }");
}

#[test]
fn a_phrase_stands_within_a_phrase() {
    let inner = Phrase::new("moment-on").with("day", "9").with("at", "ya");
    let lines = Value::from(vec![inner.clone(), inner]);
    assert_eq!(said(lines), "el 9 ya\nel 9 ya");
}

proptest! {
    #[test]
    fn no_value_stops_the_program(
        words in any::<String>(),
        seconds in any::<i64>(),
        minor in any::<i64>(),
        days in any::<i32>(),
        now in -8_000_000_000_000_i64..8_000_000_000_000,
        nights in 1..366_i64,
    ) {
        let texts = Texts::es_ar().unwrap();
        let at = DateTime::from_timestamp(now, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let render = Renderer::new(&texts, Buenos_Aires, at);
        let moment = DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let date = NaiveDate::from_num_days_from_ce_opt(days).unwrap_or(NaiveDate::MAX);
        render.value(&words.into());
        render.moment(moment);
        render.money(Money::new(minor, Currency::USD));
        render.day(date);
        if let Some(period) = date.checked_add_signed(chrono::TimeDelta::days(nights)).and_then(|until| Period::new(date, until).ok()) {
            render.period(period);
            render.refusal(&Refusal::Taken { nights: period.nights().collect() });
        }
    }
}

/// How it reads with each word of a choice, the rest given.
fn each(key: &'static str, name: &'static str, words: &[&'static str]) -> Vec<String> {
    let texts = Texts::es_ar().unwrap();
    let period = Period::new(day("2027-01-09"), day("2027-01-15")).unwrap();
    let until: DateTime<Utc> = "2026-11-22T18:40:00Z".parse().unwrap();
    let phrase = |word| {
        Phrase::new(key)
            .with(name, Value::Which(word))
            .with("code", "K7M2QPX")
            .with("cabins", "Cabaña Coihue")
            .with("period", period)
            .with("amount", Money::new(12_000_000, Currency::ARS))
            .with("until", until)
            .with("kept", Phrase::new("kept-until").with("until", until))
            .with("url", "https://mp.example/1")
            .with("day", day("2027-01-09"))
    };
    let words = words.iter().copied();
    words
        .map(|word| Renderer::new(&texts, Buenos_Aires, noon()).phrase(&phrase(word)))
        .collect()
}

#[test]
fn what_is_said_of_payments_reads_well_whatever_was_chosen() {
    let whys = [
        "funds",
        "data",
        "call",
        "card",
        "risk",
        "twice",
        "tries",
        "instalments",
        "expired",
        "other",
    ];
    let mut said = each("event-payment-rejected", "why", &whys);
    for key in ["pay-link-late", "pay-link-failed"] {
        said.extend(each(key, "other", &["transfer", "person"]));
    }
    said.extend(each("pay-not-seen", "other", &["transfer", "none"]));
    said.extend(each("pay-ways", "ways", &["both", "link", "transfer"]));
    for key in [
        "pay-link",
        "pay-link-balance",
        "pay-link-soon",
        "pay-link-soon-balance",
        "pay-cash",
        "pay-here",
        "pay-looked-for",
        "status-reviewing",
        "event-hold-ending-link",
        "event-payment-asked",
        "event-payment-pending",
        "event-payment-review",
        "event-paid-too-late",
        "event-paid-too-much",
        "event-refunded",
        "event-credited",
        "event-hold-prolonged",
    ] {
        said.extend(each(key, "unused", &["none"]));
    }
    for text in &said {
        assert!(!text.contains("  ") && !text.contains(['{', '}']), "{text}");
        assert!(!text.ends_with(' ') && text.chars().count() < 600, "{text}");
    }
    let distinct: std::collections::BTreeSet<&String> = said.iter().collect();
    assert_eq!(distinct.len(), said.len());
    assert_eq!(
        said.iter().find(|text| text.contains("figura")).unwrap(),
        "Gracias por avisar. Todavía no me figura el pago de $ 120.000 de tu reserva K7M2QPX: lo estoy verificando con \
         Mercado Pago y apenas entre te confirmo por acá. Si fue una transferencia, mandame la foto del comprobante. \
         Te guardo las noches hasta hoy a las 15:40."
    );
}
