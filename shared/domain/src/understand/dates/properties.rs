//! What holds for every text, and that what a program writes is read back as it was meant.

use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::understand::Asked;
use crate::understand::holidays::argentina;
use crate::understand::lex::lex;

const MONTHS: [&str; 12] = [
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
];
const WEEKDAYS: [&str; 7] = [
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
];

/// The words the readers look for, to be thrown together.
const PIECES: &[&str] = &[
    "del",
    "al",
    "de",
    "el",
    "la",
    "hasta",
    "desde",
    "entre",
    "y",
    "o",
    "no",
    "mejor",
    "perdon",
    "finde",
    "largo",
    "semana",
    "santa",
    "quincena",
    "primera",
    "segunda",
    "ultimo",
    "que viene",
    "proximo",
    "hoy",
    "mañana",
    "pasado",
    "noches",
    "una",
    "3",
    "10",
    "15",
    "31",
    "29",
    "0",
    "99",
    "enero",
    "febrero",
    "29/2",
    "31/11",
    "10/1",
    "2027-02-29",
    "2027-02-28",
    "1/2027",
    "viernes",
    "domingo",
    "lunes",
    "carnaval",
    "navidad",
    "año nuevo",
    "en vez de",
    "entro",
    "salgo",
    "\n",
    ",",
    "-",
    "/",
    "?",
    "mes",
    "este",
    "otro",
    "feriado",
    "dias",
    "alrededor del",
    "dentro de",
    "2040",
    "10/1/2020",
    "mar",
    "sino",
    "todo",
    "esta noche",
    "12 de octubre",
];

fn day() -> impl Strategy<Value = NaiveDate> {
    (0..2200u64)
        .prop_map(|days| NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + chrono::Days::new(days))
}

fn read(today: NaiveDate, asked: Option<Asked>, check_in: Option<NaiveDate>, text: &str) -> Found {
    let holidays = argentina(today.year() - 1..=today.year() + 2);
    let context = Context {
        today,
        holidays: &holidays,
        asked,
        check_in,
        names: &[],
    };
    dates(&mut lex(text), &context)
}

fn sound(found: &Found, today: NaiveDate) -> Result<(), TestCaseError> {
    prop_assert!(
        found.check_in.is_none_or(|check_in| check_in >= today),
        "{found:?}"
    );
    prop_assert!(
        found.check_out.is_none_or(|check_out| check_out > today),
        "{found:?}"
    );
    if let (Some(check_in), Some(check_out)) = (found.check_in, found.check_out) {
        prop_assert!(check_out > check_in, "{found:?}");
        prop_assert_eq!(
            found.nights.map(i64::from),
            Some((check_out - check_in).num_days())
        );
    }
    prop_assert!(found.nights != Some(0));
    for other in &found.alternatives {
        prop_assert!(
            other.check_in >= today && other.check_out.is_none_or(|out| out > other.check_in),
            "{found:?}"
        );
    }
    Ok(())
}

/// The ways a stay within the next year is written.
fn written(style: usize, from: NaiveDate, to: NaiveDate) -> String {
    let (a, b) = (from.day(), to.day());
    let month = |date: NaiveDate| MONTHS[date.month0() as usize];
    let weekday = |date: NaiveDate| WEEKDAYS[date.weekday().num_days_from_monday() as usize];
    match style {
        0 => format!("del {a} de {} al {b} de {}", month(from), month(to)),
        1 => format!(
            "hola! tenes lugar desde el {a} de {} hasta el {b} de {}?",
            month(from),
            month(to)
        ),
        2 => format!("{a}/{} al {b}/{}", from.month(), to.month()),
        3 => format!("{a}/{:02}-{b}/{:02}", from.month(), to.month()),
        4 => format!("{} a {}", from.format("%d/%m/%Y"), to.format("%d/%m/%Y")),
        5 => format!("{from} al {to}"),
        6 => format!(
            "del {} {a} al {} {b} de {}",
            weekday(from),
            weekday(to),
            month(to)
        ),
        7 => format!("llegamos el {a} de {} y nos vamos el {b}", month(from)),
        8 => format!(
            "{} noches desde el {a} de {}",
            (to - from).num_days(),
            month(from)
        ),
        9 => format!(
            "entrando el {a}/{} y saliendo el {b}/{}",
            from.month(),
            to.month()
        ),
        10 => format!("DEL {a} AL {b} DE {} PARA DOS", month(to).to_uppercase()),
        11 => format!("entre el {a} de {} y el {b} de {}", month(from), month(to)),
        12 => format!("from {} {a} to {} {b}", from.format("%B"), to.format("%B")),
        13 => format!("del {a}\nal {b} de {}", month(to)),
        14 => format!(
            "{a}.{:02}.{} – {b}.{:02}.{}",
            from.month(),
            from.year(),
            to.month(),
            to.year()
        ),
        _ => format!(
            "del {a} de {} de {} al {b} de {} de {}",
            month(from),
            from.year(),
            month(to),
            to.year()
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stay_is_read_back_as_it_was_written(today in day(), ahead in 0..320u64, nights in 1..27u64, style in 0..16usize) {
        let from = today + chrono::Days::new(ahead);
        let to = from + chrono::Days::new(nights);
        // What has no year means the next such day.
        let text = written(style, from, to);
        let found = read(today, None, None, &text);
        prop_assert_eq!((found.check_in, found.check_out), (Some(from), Some(to)), "{}", text);
    }

    #[test]
    fn any_text_is_read_soundly(today in day(), text in "\\PC{0,120}") {
        sound(&read(today, None, None, &text), today)?;
    }

    #[test]
    fn any_words_are_read_soundly(
        today in day(),
        pieces in prop::collection::vec(prop::sample::select(PIECES), 1..14),
        asked in prop::sample::select(&[None, Some(Asked::Dates), Some(Asked::CheckOut), Some(Asked::Option)][..]),
        known in prop::option::of(0..300u64),
    ) {
        let check_in = known.map(|days| today + chrono::Days::new(days));
        sound(&read(today, asked, check_in, &pieces.join(" ")), today)?;
    }
}
