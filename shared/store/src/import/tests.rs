//! What a property's file may say, and what is said about one that may not.

use posta_domain::{
    money::BasisPoints,
    rates::{BookingMode, Pets},
};

use super::PropertyFile;

const SMALL: &str = r#"
[property]
name = "Lago"
zone = "America/Argentina/Buenos_Aires"
currency = "ARS"
check_in_from = "15:00"
check_out_until = "10:00"
answers_from = "09:00"
answers_until = "21:00"

[[unit_types]]
name = "Cabaña"
capacity = 4
accommodations = ["Uno"]
"#;

fn problems(text: &str) -> Vec<String> {
    match PropertyFile::parse(text) {
        Ok(file) => panic!("it was accepted: {file:?}"),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_file_as_it_was_before_there_were_prices_is_still_read() {
    let file = PropertyFile::parse(SMALL).unwrap();
    assert_eq!(file.unit_types[0].edit.rates, None);
    assert_eq!(file.settings.deposit, None);
    assert!(file.seasons.is_empty());
    let windows = format!("\u{feff}{}", SMALL.replace('\n', "\r\n"));
    assert_eq!(PropertyFile::parse(&windows), Ok(file));
}

#[test]
fn the_demos_file_says_what_it_means() {
    let demo = include_str!("../../../../sandbox/demo/property.toml");
    let file = PropertyFile::parse(demo).unwrap();
    assert_eq!(file.settings.deposit, BasisPoints::new(5_000));
    let policy = file.settings.cancellation.unwrap();
    assert_eq!(
        (policy.tiers.len(), policy.withdrawal.map(|it| it.days)),
        (2, Some(10))
    );
    let lenga = file.unit_types[2].edit.rates.clone().flatten().unwrap();
    assert_eq!((lenga.night, lenga.pets), (18_000_000, Pets::Ask));
    assert!(!lenga.age_bands[0].takes_place && lenga.age_bands[1].takes_place);
    let coihue = file.unit_types[1].edit.rates.clone().flatten().unwrap();
    assert_eq!(
        coihue.pets,
        Pets::Fee {
            most: 1,
            per_stay: 2_000_000,
            per_night: 0
        }
    );
    let winter = &file.seasons[3];
    assert_eq!(winter.season.booking_mode, Some(BookingMode::Request));
    assert_eq!(winter.prices["Cabaña Lenga"].night, 27_500_000);
}

#[test]
fn everything_that_is_wrong_is_said_at_once_with_its_line() {
    let text = SMALL
        .replace("\"America/Argentina/Buenos_Aires\"", "\"Patagonia\"")
        .replace("\"15:00\"", "\"half past\"")
        .replace("capacity = 4", "capacity = 0\ncolour = \"red\"")
        + r#"
[unit_types.rates]
night = 85.000
cleaning_fee = "1,500"
weekend = ["vie"]
pets = "maybe"
age_bands = [{ up_to = 11 }, { up_to = 2 }]

[[seasons]]
name = "Verano"
first_night = "2027-02-29"
last_night = 2027-02-28

[[seasons]]
name = "Invierno"
first_night = 2027-07-31
last_night = 2027-07-01
[seasons.prices."Carpa"]
night = 0
"#;
    let found = problems(&text);
    let expected = [
        "line 4: property.zone: \"Patagonia\" is not a time zone such as America/Argentina/Buenos_Aires",
        "line 6: property.check_in_from: \"half past\" is not an hour like 15:00",
        "line 13: unit_types[1].capacity: 0 is not between 1 and 50",
        "line 14: unit_types[1].colour: is not a setting (a typing error?)",
        "line 18: unit_types[1].rates.night: has decimals: write it in quotes, as \"85.000,50\"",
        "line 19: unit_types[1].rates.cleaning_fee: \"1,500\" could be read in two ways: write 120000, 120.000 or 120,00",
        "line 20: unit_types[1].rates.weekend: \"vie\" is not one of mon, tue, wed, thu, fri, sat, sun",
        "line 21: unit_types[1].rates.pets: is not \"no\", \"ask\" or { most = 1, per_stay = 10000 }",
        "line 22: unit_types[1].rates.age_bands: age_bands go up from the youngest, each with another age below 18",
        "line 26: seasons[1].first_night: the day 2027-02-29 does not exist",
        "line 32: seasons[2].last_night: last_night must not be before first_night, nor more than two years after it",
        "line 33: seasons[2].prices.Carpa: is not the name of a type of cabin of this file",
        "line 34: seasons[2].prices.Carpa.night: night must be above 0 and at most 1000000000000",
    ];
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            found.starts_with(expected),
            "{found}\ninstead of\n{expected}"
        );
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
}

#[test]
fn what_is_no_toml_is_said_with_its_line() {
    let found = problems("[property]\nname = Lago\n");
    assert!(found[0].starts_with("line 2: "), "{found:?}");
    let found = problems("");
    assert!(
        found
            .iter()
            .any(|it| it.starts_with("property: is missing")),
        "{found:?}"
    );
}

#[test]
fn a_rate_without_another_currency_is_of_no_use() {
    let text = SMALL.replace(
        "[[unit_types]]",
        "[property.exchange_rate]\nrate = \"1.350,50\"\nsource = \"BNA\"\n[[unit_types]]",
    );
    assert!(
        problems(&text)[0].contains("is of no use"),
        "{:?}",
        problems(&text)
    );
    let text = text.replace(
        "currency = \"ARS\"",
        "currency = \"USD\"\ncharge_currency = \"ARS\"",
    );
    let file = PropertyFile::parse(&text).unwrap();
    assert_eq!(
        file.exchange_rate.map(|it| it.rate.get()),
        Some(1_350_500_000)
    );
}

#[test]
fn two_of_a_name_are_refused() {
    let text = SMALL.replace("[\"Uno\"]", "[\"Uno\", \"Uno\"]");
    assert_eq!(problems(&text).len(), 1);
    let again =
        format!("{SMALL}\n[[unit_types]]\nname = \"Cabaña\"\ncapacity = 2\naccommodations = []\n");
    assert!(problems(&again)[0].contains("twice"));
}
