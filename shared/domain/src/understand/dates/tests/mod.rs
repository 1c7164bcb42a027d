use super::*;
use crate::understand::Asked;
use crate::understand::holidays::argentina;
use crate::understand::lex::lex;

mod asked;
mod beside;
mod feasts;
mod languages;

fn read(today: &str, text: &str) -> Found {
    read_knowing(today, None, None, text)
}

fn read_knowing(today: &str, asked: Option<Asked>, check_in: Option<&str>, text: &str) -> Found {
    let holidays = argentina(2025..=2030);
    let context = Context {
        today: today.parse().unwrap(),
        holidays: &holidays,
        asked,
        check_in: check_in.map(|day| day.parse().unwrap()),
        names: &[],
    };
    dates(&mut lex(text), &context)
}

fn show(found: &Found) -> String {
    match (found.check_in, found.check_out, found.vague) {
        (None, None, None) => "-".into(),
        (None, None, Some(vague)) => format!("{vague:?}"),
        (a, b, _) => format!(
            "{}..{}",
            a.map_or(String::new(), |d| d.to_string()),
            b.map_or(String::new(), |d| d.to_string())
        ),
    }
}

#[track_caller]
fn all(today: &str, rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, expected)| {
            let found = read(today, text);
            (show(&found) != *expected).then(|| {
                format!(
                    "{text:?}: {} instead of {expected}; {found:?}",
                    show(&found)
                )
            })
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const FRIDAY: &str = "2026-11-20";

#[test]
fn ranges_are_read() {
    all(
        FRIDAY,
        &[
            ("del 10 al 15 de enero", "2027-01-10..2027-01-15"),
            ("del 10 al 15", "2026-12-10..2026-12-15"),
            ("del 28 al 4", "2026-11-28..2026-12-04"),
            ("del 28 al 4 de enero", "2026-12-28..2027-01-04"),
            ("del 28 de dic al 4 de enero", "2026-12-28..2027-01-04"),
            ("del 28 de dic al 4 de enero 2028", "2027-12-28..2028-01-04"),
            ("del 3 al 10/1", "2027-01-03..2027-01-10"),
            ("ENERO DEL 4 AL 11", "2027-01-04..2027-01-11"),
            ("enero del 28 al 4", "2027-01-28..2027-02-04"),
            ("4-11 de enero", "2027-01-04..2027-01-11"),
            ("4/1-11/1", "2027-01-04..2027-01-11"),
            ("04.01 – 11.01", "2027-01-04..2027-01-11"),
            ("January 4 to 11", "2027-01-04..2027-01-11"),
            ("4th to 11th of January", "2027-01-04..2027-01-11"),
            ("from 4 to 11 january", "2027-01-04..2027-01-11"),
            ("de 4 a 11 de janeiro", "2027-01-04..2027-01-11"),
            ("del vie 4 al dom 6 dic", "2026-12-04..2026-12-06"),
            ("diez al quince de enero", "2027-01-10..2027-01-15"),
            ("entre el 12 y el 19 de diciembre", "2026-12-12..2026-12-19"),
            ("dsd el 22 hasta el 26 d ene", "2027-01-22..2027-01-26"),
            ("del primero al siete de febrero", "2027-02-01..2027-02-07"),
            ("31 al 2", "2026-12-31..2027-01-02"),
            (
                "hola\ntenes lugar\ndel 10\nal 15 de enero\nsomos",
                "2027-01-10..2027-01-15",
            ),
            ("del 25 al 28 de febrero", "2027-02-25..2027-02-28"),
            ("del 10-12 al 15-12", "2026-12-10..2026-12-15"),
            ("2027-01-10 a 2027-01-15", "2027-01-10..2027-01-15"),
            ("del 10/1/27 al 15/1/27", "2027-01-10..2027-01-15"),
            ("del 10/01 al 15/01/2028", "2028-01-10..2028-01-15"),
            ("del 10 al 15 del mes que viene", "2026-12-10..2026-12-15"),
            ("el mes q viene del 4 al 6", "2026-12-04..2026-12-06"),
            ("de hoy al domingo", "2026-11-20..2026-11-22"),
            ("del 30 al 31 de noviembre", "Other"),
        ],
    );
}

#[test]
fn two_ends_make_a_stay() {
    all(
        FRIDAY,
        &[
            (
                "llegamos el 18 de enero y nos vamos el 25",
                "2027-01-18..2027-01-25",
            ),
            (
                "entrando el 7/2 y saliendo el 14/2",
                "2027-02-07..2027-02-14",
            ),
            ("entro 10 salgo 12", "2026-12-10..2026-12-12"),
            ("llegada: 10/1 salida: 15/1", "2027-01-10..2027-01-15"),
            ("check in 10/1 check out 15/1", "2027-01-10..2027-01-15"),
            (
                "llegamos el sabado y nos vamos el martes",
                "2026-11-21..2026-11-24",
            ),
            ("3 noches desde el 5", "2026-12-05..2026-12-08"),
            ("a partir del 3 por una semana", "2026-12-03..2026-12-10"),
            ("10 dias desde el 2", "2026-12-02..2026-12-12"),
            ("7 noches desde el 2 de enero", "2027-01-02..2027-01-09"),
            ("pasado mañana por dos noches", "2026-11-22..2026-11-24"),
            ("el 25 dos noches", "2026-11-25..2026-11-27"),
            ("el 5 de enero, 4 dias 3 noches", "2027-01-05..2027-01-08"),
        ],
    );
}

#[test]
fn names_of_days_and_periods_are_read() {
    all(
        FRIDAY,
        &[
            (
                "desde el viernes hasta el domingo",
                "2026-11-20..2026-11-22",
            ),
            ("viernes a domingo", "2026-11-20..2026-11-22"),
            (
                "desde el viernes 27 hasta el domingo 29",
                "2026-11-27..2026-11-29",
            ),
            (
                "del sabado 5 al martes 8 d diciembre",
                "2026-12-05..2026-12-08",
            ),
            (
                "del lunes al jueves de la semana que viene",
                "2026-11-23..2026-11-26",
            ),
            ("el finde", "2026-11-20..2026-11-22"),
            ("el finde que viene", "2026-11-27..2026-11-29"),
            ("este finde largo", "2026-11-20..2026-11-23"),
            (
                "finde largo de diciembre? el del 8",
                "2026-12-04..2026-12-08",
            ),
            ("finde largo de carnaval", "2027-02-05..2027-02-09"),
            ("carnaval", "2027-02-05..2027-02-09"),
            ("semana santa", "2027-03-25..2027-03-28"),
            ("la primera quincena de enero", "2027-01-01..2027-01-15"),
            ("la 2da quincena de enero", "2027-01-16..2027-01-31"),
            ("la semana que viene", "2026-11-23..2026-11-29"),
            ("15 y 16 de enero", "2027-01-15..2027-01-17"),
            ("viernes y sabado", "2026-11-20..2026-11-22"),
            ("año nuevo? 31 al 2", "2026-12-31..2027-01-02"),
            ("el 25", "2026-11-25.."),
            ("lo del 10 de enero", "2027-01-10.."),
            ("el finde del 12 de diciembre", "2026-12-11..2026-12-13"),
            ("el primer finde de enero", "2027-01-01..2027-01-03"),
            ("martes 8", "2026-12-08.."),
            ("domingo 10", "2027-01-10.."),
        ],
    );
}

#[test]
fn vague_times_give_no_dates() {
    all(
        FRIDAY,
        &[
            ("en enero", "Month"),
            ("tarifas enero 2027", "Month"),
            ("a principios de febrero", "PartOfMonth"),
            ("en el verano", "Season"),
            ("vacaciones de invierno", "Season"),
            ("cualquier finde de diciembre", "AnyWeekend"),
            ("un finde de diciembre", "AnyWeekend"),
            ("entre semana en diciembre", "Weekdays"),
            ("uno de estos dias", "Other"),
            ("mas adelante", "Other"),
            ("alrededor del 20 de enero", "PartOfMonth"),
            ("el mes que viene", "Month"),
        ],
    );
}

#[test]
fn what_is_no_date_gives_none() {
    all(
        FRIDAY,
        &[
            ("mi numero es 1155667788", "-"),
            ("sale 120.000 por noche?", "-"),
            ("vamos con 2 autos", "-"),
            ("a que hora? 10 o 15 hs", "-"),
            ("a 5 km del centro", "-"),
            ("soy Julio", "-"),
            ("calle 25 de mayo 1234", "-"),
            ("buenas noches", "-"),
            ("buenos dias", "-"),
            ("cuanto x dia", "-"),
            ("entre 5 y 6 personas", "-"),
            ("nene de 5", "-"),
            ("hay descuento por semana completa", "-"),
            ("check in 14 hs check out 10 hs", "-"),
            ("cerca del mar", "-"),
        ],
    );
}

#[test]
fn corrections_replace_what_was_said() {
    all(
        FRIDAY,
        &[
            (
                "del 10 al 15 de enero, no perdon, del 12 al 17",
                "2027-01-12..2027-01-17",
            ),
            (
                "del 10 al 15 de enero, perdon hasta el 16",
                "2027-01-10..2027-01-16",
            ),
            (
                "del 10 al 15 no, del 12 al 17 de enero",
                "2027-01-12..2027-01-17",
            ),
            ("el 10, mejor el 11", "2026-12-11.."),
            (
                "en vez de del 10 al 15, del 12 al 17",
                "2026-12-12..2026-12-17",
            ),
            (
                "no del 10 al 15 sino del 12 al 17",
                "2026-12-12..2026-12-17",
            ),
            ("del 10 al 15, mejor 3 noches", "2026-12-10..2026-12-13"),
        ],
    );
}
