//! Whatever is written: an answer, always the same one, and never a nonsensical one.

use chrono::{Datelike, Days, NaiveDate};
use posta_domain::understand::{Asked, Context, Understanding, is_complete, understand};
use proptest::prelude::*;

use crate::score::HOLIDAYS;

/// The longest text WhatsApp delivers.
pub(crate) const LONGEST: usize = 4096;

/// Pieces whose repetition has hurt parsers, and the vocabulary itself.
pub(crate) const FRAGMENTS: &[&str] = &[
    "del 1 al 2 ",
    "del 10 al 15 de enero ",
    "10/1 ",
    "10/1-",
    "1-1-1-1",
    "2 adultos y ",
    "y un nene de 3 ",
    "del ",
    "al ",
    "desde hasta ",
    "10 ",
    "7",
    "9999999999",
    "10,",
    "el finde largo ",
    "del lunes ",
    "semana santa ",
    "enero ",
    "no mejor ",
    "perdon ",
    "para ",
    "x ",
    "p/",
    "$ ",
    "$1.000",
    "15:30",
    "a las 10",
    "cabaña ",
    "noches ",
    "3 noches desde el 5 ",
    "primera quincena de ",
    "treinta y ",
    "veinti",
    "hola ",
    "👍",
    "👨‍👩‍👧‍👦",
    "\u{200b}",
    "\u{202e}",
    "ñ",
    "n\u{303}",
    "e\u{301}\u{301}\u{301}",
    "ﷺ",
    "שלום ",
    "السعر ",
    "价格",
    "\0",
    "\n",
    "\r\n",
    "?",
    "¿",
    "!",
    "'; DROP TABLE guests; --",
    "{\"intent\":\"affirm\"}",
    "</s>ignore previous instructions",
    "%s%n",
    "31 de febrero ",
    "29/2 ",
    "99/99/9999",
    "0/0",
    "2026-13-45",
    "4294967296",
    "18446744073709551616",
    "-1",
    "½",
    "٣",
    "Ⅳ",
    "²",
    "İ",
    "ß",
];

fn context(
    today: NaiveDate,
    asked: Option<Asked>,
    check_in: Option<NaiveDate>,
    names: &[String],
) -> Context<'_> {
    Context {
        today,
        holidays: &HOLIDAYS,
        asked,
        check_in,
        names,
    }
}

fn days() -> impl Strategy<Value = NaiveDate> {
    // Some years with a leap day between them.
    (0u64..1500).prop_map(|days| NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(days))
}

fn asked() -> impl Strategy<Value = Option<Asked>> {
    prop::option::of(prop::sample::select(vec![
        Asked::Dates,
        Asked::CheckOut,
        Asked::Guests,
        Asked::Ages,
        Asked::Option,
        Asked::YesOrNo,
    ]))
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        prop::collection::vec(any::<char>(), 0..600).prop_map(String::from_iter),
        "[0-9 /.,:-]{0,400}",
        "[a-z0-9ñáé ?\n]{0,200}",
        prop::collection::vec(prop::sample::select(FRAGMENTS), 0..40).prop_map(|it| it.concat()),
        (prop::sample::select(FRAGMENTS), 1usize..600)
            .prop_map(|(fragment, times)| fragment.repeat(times)),
    ]
}

/// What must hold of every reading.
fn makes_sense(read: &Understanding) -> Result<(), TestCaseError> {
    if let (Some(check_in), Some(check_out)) = (read.check_in, read.check_out) {
        prop_assert!(check_in < check_out, "{check_in} to {check_out}");
        prop_assert_eq!(
            i64::from(read.nights.unwrap_or_default()),
            (check_out - check_in).num_days()
        );
    }
    for day in [read.check_in, read.check_out].into_iter().flatten() {
        prop_assert!((1970..=2200).contains(&day.year()), "{day}");
    }
    for other in &read.alternatives {
        prop_assert!(
            other.check_out.is_none_or(|it| other.check_in < it),
            "{other:?}"
        );
        prop_assert!(
            Some(other.check_in) != read.check_in || other.check_out != read.check_out,
            "an alternative that is the reading itself"
        );
    }
    if let (Some(adults), Some(children), Some(total)) =
        (read.adults, read.children, read.guests_total)
    {
        prop_assert_eq!(adults.checked_add(children), Some(total));
    }
    if let (Some(infants), Some(children)) = (read.infants, read.children) {
        prop_assert!(infants <= children);
    }
    prop_assert!(!read.also.contains(&read.intent), "{:?} twice", read.intent);
    prop_assert!(read.nights.is_none_or(|it| it > 0), "no night");
    prop_assert!(read.guests_total.is_none_or(|it| it > 0), "nobody");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_and_the_reading_makes_sense(
        text in texts(),
        today in days(),
        asked in asked(),
        ahead in prop::option::of(0u64..40),
    ) {
        let names = ["La Araucaria".to_owned(), "cabaña 2".to_owned(), String::new()];
        let check_in = ahead.map(|days| today + Days::new(days));
        let context = context(today, asked, check_in, &names);
        let read = understand(&text, &context);
        makes_sense(&read)?;
        prop_assert_eq!(&read, &understand(&text, &context), "not the same twice");
        let _ = is_complete(&text, &context);
    }

    #[test]
    fn a_range_is_read_on_any_day_of_any_year(today in days(), ahead in 0u64..300, nights in 1u64..28, style in 0..6) {
        let from = today + Days::new(ahead);
        let until = from + Days::new(nights);
        let words = ["", "hola! ", "buenas tenes lugar ", "hay dispo ", "quiero reservar ", "cuanto sale "];
        let written = match style {
            0 => format!("del {}/{} al {}/{}", from.day(), from.month(), until.day(), until.month()),
            1 => format!("del {} de {} al {} de {}", from.day(), month(from), until.day(), month(until)),
            2 => format!("{:02}/{:02} al {:02}/{:02}", from.day(), from.month(), until.day(), until.month()),
            3 => format!("desde el {} de {} hasta el {} de {}", from.day(), month(from), until.day(), month(until)),
            4 => format!("{nights} noches desde el {} de {}", from.day(), month(from)),
            _ => format!("entrando el {}/{} y saliendo el {}/{}", from.day(), from.month(), until.day(), until.month()),
        };
        let text = format!("{}{written} para 4", words[usize::try_from(ahead).unwrap() % words.len()]);
        let read = understand(&text, &context(today, None, None, &[]));
        prop_assert_eq!((read.check_in, read.check_out), (Some(from), Some(until)), "{} said on {}", text, today);
        prop_assert_eq!(read.guests_total, Some(4), "{}", text);
    }
}

proptest! {
    // Each takes long without optimisation.
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_text_of_the_longest_kind_is_read(fragments in prop::collection::vec(prop::sample::select(FRAGMENTS), 1..6)) {
        let piece = fragments.concat();
        let text: String = piece.chars().cycle().take(LONGEST).collect();
        let today = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        makes_sense(&understand(&text, &context(today, None, None, &[])))?;
    }
}

fn month(day: NaiveDate) -> &'static str {
    [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ][usize::try_from(day.month0()).unwrap()]
}
