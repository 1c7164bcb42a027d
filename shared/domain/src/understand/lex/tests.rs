use chrono::Weekday;

use super::{Kind, lex};

fn kinds(text: &str) -> Vec<Kind> {
    lex(text)
        .all
        .into_iter()
        .map(|token| token.kind)
        .filter(|kind| *kind != Kind::Word)
        .collect()
}

fn words(text: &str) -> String {
    lex(text)
        .all
        .iter()
        .map(|token| token.word.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn date(day: u32, month: u32) -> Kind {
    Kind::DayMonth {
        day,
        month,
        year: None,
        flipped: false,
    }
}

#[test]
fn numbers_are_read_in_digits_and_in_words() {
    for (text, n) in [
        ("diez", 10),
        ("veintidos", 22),
        ("veintidós", 22),
        ("diez y seis", 16),
        ("veinte y uno", 21),
        ("treinta y un", 31),
        ("31", 31),
        ("dos mil veintisiete", 2027),
        ("2️⃣", 2),
    ] {
        assert_eq!(kinds(text), [Kind::Number(n)], "{text}");
    }
    assert_eq!(kinds("un una"), []);
    assert_eq!(
        kinds("diez al quince"),
        [Kind::Number(10), Kind::Number(15)]
    );
}

#[test]
fn prices_telephones_and_hours_are_no_numbers() {
    for text in [
        "$ 120.000",
        "$120000",
        "50 mil",
        "100k",
        "usd 80",
        "u$s 80",
        "80 dolares",
        "R$ 400",
        "45.000",
    ] {
        assert_eq!(kinds(text), [Kind::Money], "{text}");
    }
    for text in [
        "1155667788",
        "11 5566-7788",
        "422-3344",
        "351 611 2233",
        "30123456",
    ] {
        assert_eq!(kinds(text), [Kind::Phone], "{text}");
    }
    assert!(kinds("+54 9 11 5566-7788").contains(&Kind::Phone));
    for text in ["15:30", "15hs", "15 hs", "a las 10", "10am"] {
        assert_eq!(kinds(text), [Kind::Clock], "{text}");
    }
    assert_eq!(kinds("de 10 a 18 hs"), [Kind::Clock, Kind::Clock]);
    assert_eq!(kinds("a la mañana"), [Kind::Clock]);
    for text in ["AR1234", "4x4", "ruta 40", "5 km", "20%", "24/7"] {
        assert_eq!(kinds(text), [Kind::Other], "{text}");
    }
}

#[test]
fn numeric_dates_are_read_in_all_their_forms() {
    for text in ["10/1", "10-01", "10/01", "10.01", "el 10.1", "10 / 1"] {
        assert_eq!(kinds(text), [date(10, 1)], "{text}");
    }
    assert_eq!(
        kinds("4/1-11/1"),
        [date(4, 1), Kind::Mark('-'), date(11, 1)]
    );
    assert_eq!(kinds("10-12 al 15-12"), [date(10, 12), date(15, 12)]);
    assert_eq!(
        kinds("del 10-12 de enero"),
        [
            Kind::Number(10),
            Kind::Mark('-'),
            Kind::Number(12),
            Kind::Month(1)
        ]
    );
    assert_eq!(
        kinds("10-15/1"),
        [Kind::Number(10), Kind::Mark('-'), date(15, 1)]
    );
    assert_eq!(
        kinds("4-11/1"),
        [Kind::Number(4), Kind::Mark('-'), date(11, 1)]
    );
    assert_eq!(
        kinds("10/1/27"),
        [Kind::DayMonth {
            day: 10,
            month: 1,
            year: Some(2027),
            flipped: false
        }]
    );
    assert_eq!(
        kinds("1/22"),
        [Kind::DayMonth {
            day: 22,
            month: 1,
            year: None,
            flipped: true
        }]
    );
    assert!(matches!(kinds("2027-01-10")[..], [Kind::Iso(_)]));
    assert_eq!(kinds("01/2027"), [Kind::Month(1), Kind::Number(2027)]);
    assert_eq!(
        kinds("somos 4/5"),
        [Kind::Number(4), Kind::Mark('/'), Kind::Number(5)]
    );
}

#[test]
fn months_and_weekdays_forgive_a_slip_but_are_not_found_in_other_words() {
    assert_eq!(kinds("20 de enro"), [Kind::Number(20), Kind::Month(1)]);
    assert_eq!(kinds("5 desiembre"), [Kind::Number(5), Kind::Month(12)]);
    assert_eq!(kinds("8 de mar"), [Kind::Number(8), Kind::Month(3)]);
    assert_eq!(
        kinds("mar 8 al vie 11"),
        [
            Kind::Weekday(Weekday::Tue),
            Kind::Number(8),
            Kind::Weekday(Weekday::Fri),
            Kind::Number(11)
        ]
    );
    assert_eq!(kinds("el biernes"), [Kind::Weekday(Weekday::Fri)]);
    assert_eq!(kinds("el vierne"), [Kind::Weekday(Weekday::Fri)]);
    assert_eq!(kinds("segunda-feira")[0], Kind::Weekday(Weekday::Mon));
    for text in [
        "tenes lugar cerca del mar",
        "me llamo mario",
        "quiero abrir",
        "el mes entero",
        "cuando vienes",
        "marta",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn ordinals_are_read() {
    for (text, n) in [
        ("1ro", 1),
        ("2da", 2),
        ("1°", 1),
        ("1º", 1),
        ("primer", 1),
        ("4th", 4),
        ("1era", 1),
        ("2a quincena", 2),
    ] {
        assert_eq!(kinds(text), [Kind::Ordinal(n)], "{text}");
    }
}

#[test]
fn abbreviations_are_written_out() {
    assert_eq!(
        words("kiero dispo dsd el 22 p/ 5 pers xfa"),
        "quiero disponibilidad desde el 22 para 5 personas porfa"
    );
    assert_eq!(words("cuanto x noche x 4"), "cuanto por noche para 4");
    assert_eq!(words("del10al15"), "del 10 al 15");
    assert_eq!(words("holaaaa, *fin de semana*"), "hola , finde");
    assert_eq!(words("ay lugar"), "hay lugar");
}

#[test]
fn only_the_beginning_of_a_long_text_is_read() {
    let tokens = lex(&"1 ".repeat(100_000));
    assert!(tokens.all.len() <= 801);
    assert!(lex(&"a".repeat(100_000)).all.len() == 1);
}
