//! Guests and dates in one message, in any order and spelling: neither is taken for the other.

use chrono::{Datelike, Days, NaiveDate};
use posta_domain::understand::{Context, understand};
use proptest::prelude::*;

use crate::score::HOLIDAYS;

const WORDS: [&str; 13] = [
    "cero", "un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez",
    "once", "doce",
];

fn number(n: u32, in_words: bool) -> String {
    if in_words {
        WORDS[usize::try_from(n).unwrap()].to_owned()
    } else {
        n.to_string()
    }
}

fn read_guests(text: &str, today: NaiveDate) -> [Option<u32>; 3] {
    let read = understand(text, &context(today));
    [read.adults, read.children, read.guests_total]
}

fn context(today: NaiveDate) -> Context<'static> {
    Context {
        today,
        holidays: &HOLIDAYS,
        asked: None,
        check_in: None,
        names: &[],
    }
}

fn days() -> impl Strategy<Value = NaiveDate> {
    (0u64..1500).prop_map(|days| NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(days))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn grown_ups_and_children_are_told_apart(
        today in days(),
        adults in 1u32..13,
        children in 1u32..9,
        in_words in any::<bool>(),
        adult in prop::sample::select(&["adultos", "grandes", "mayores", "ADULTOS", "adulto"][..]),
        child in prop::sample::select(&["chicos", "nenes", "nenas", "niños", "menores", "pibes", "chiquitos", "hijos"][..]),
        join in prop::sample::select(&[" y ", " + ", ", ", " mas ", " con ", "\n"][..]),
        before in prop::sample::select(&["", "somos ", "para ", "seriamos ", "hola, vamos "][..]),
        after in prop::sample::select(&["", ", hay lugar?", " del 10 al 15 de marzo", " este finde", " gracias"][..]),
    ) {
        let text = format!(
            "{before}{} {adult}{join}{} {child}{after}",
            number(adults, in_words),
            number(children, in_words),
        );
        prop_assert_eq!(
            read_guests(&text, today),
            [Some(adults), Some(children), Some(adults + children)],
            "{:?}", text
        );
    }

    #[test]
    fn a_number_of_guests_is_no_day_and_a_day_is_no_number_of_guests(
        today in days(),
        guests in 2u32..13,
        ahead in 1u64..300,
        nights in 1u64..15,
        in_words in any::<bool>(),
        said in 0..6,
        guests_first in any::<bool>(),
        join in prop::sample::select(&[" ", ", ", ". ", "\n", " - "][..]),
        greeting in prop::sample::select(&["", "hola ", "Buenas! ", "buenas noches, "][..]),
        asking in prop::sample::select(&["", " hay lugar?", " tenes algo?", " cuanto sale?", " quiero reservar"][..]),
    ) {
        let n = number(guests, in_words);
        let who = match said {
            0 => format!("somos {n}"),
            1 => format!("{n} personas"),
            2 => format!("para {n} personas"),
            3 => format!("{n} pax"),
            4 => format!("seriamos {n}"),
            _ => format!("para {n}"),
        };
        let from = today + Days::new(ahead);
        let until = from + Days::new(nights);
        let when = format!("del {}/{} al {}/{}", from.day(), from.month(), until.day(), until.month());
        let text = if guests_first {
            format!("{greeting}{who}{join}{when}{asking}")
        } else {
            format!("{greeting}{when}{join}{who}{asking}")
        };
        let read = understand(&text, &context(today));
        prop_assert_eq!((read.check_in, read.check_out), (Some(from), Some(until)), "{:?} on {}", text, today);
        prop_assert_eq!(read.guests_total, Some(guests), "{:?}", text);
    }

    #[test]
    fn what_is_no_date_gives_none(
        today in days(),
        n in 1u32..60,
        thousands in 10u32..999,
        phone in 1_100_000_000u64..1_199_999_999,
        said in 0..14,
    ) {
        let text = match said {
            0 => format!("mi numero es {phone}"),
            1 => format!("te transferi {thousands}.000"),
            2 => format!("$ {thousands}.000 es mucho"),
            3 => format!("son {thousands} mil no?"),
            4 => format!("vamos con {n} autos, hay lugar para dejarlos?"),
            5 => format!("llegamos a las {}", n % 24),
            6 => format!("tipo {}:30 esta bien?", n % 24),
            7 => format!("estan en el km {n}?"),
            8 => format!("a {n} cuadras de la playa?"),
            9 => format!("la nena tiene {} años", n % 17 + 1),
            10 => format!("hay {n} camas?"),
            11 => format!("mi dni es {}", u64::from(thousands) * 54_321),
            12 => format!("calle mitre {thousands}"),
            _ => format!("seña del {n}%?"),
        };
        let read = understand(&text, &context(today));
        prop_assert_eq!((read.check_in, read.check_out), (None, None), "{:?}", text);
    }
}
