//! Every refusal has words, and they are whole.

use posta_api::texts::Texts;
use posta_domain::{money::Currency, nights::Weekdays, refusal::Refusal};

/// One of each, and of those whose words depend on a number, one for each way.
fn refusals() -> Vec<Refusal> {
    let day = |text: &str| text.parse().unwrap();
    let text = || "29-02".to_owned();
    let unknown = |what: &str| Refusal::Unknown {
        what: what.to_owned(),
    };
    let taken = |nights: &[&str]| Refusal::Taken {
        nights: nights.iter().copied().map(day).collect(),
    };
    let too_many = |capacity| Refusal::TooManyGuests {
        guests: 7,
        capacity,
    };
    vec![
        Refusal::NotADate { text: text() },
        Refusal::NoSuchDate { text: text() },
        Refusal::Inverted {
            check_in: day("2027-01-10"),
            check_out: day("2027-01-09"),
        },
        Refusal::Past {
            check_in: day("2026-11-19"),
            today: day("2026-11-20"),
        },
        Refusal::TooLong { most: 30 },
        Refusal::TooLong { most: 1 },
        Refusal::BeyondHorizon {
            until: day("2028-05-13"),
        },
        Refusal::NoAdult,
        too_many(None),
        too_many(Some(1)),
        too_many(Some(6)),
        Refusal::BelowMinimum { min_nights: 1 },
        Refusal::BelowMinimum { min_nights: 3 },
        Refusal::ArrivalDay {
            check_in: day("2027-01-01"),
            allowed: Weekdays::WEEKEND_NIGHTS,
        },
        Refusal::Pets { most: 0 },
        Refusal::Pets { most: 1 },
        Refusal::Pets { most: 2 },
        unknown("property"),
        unknown("accommodation"),
        unknown("unit_type"),
        unknown("quote"),
        unknown("reservation"),
        unknown("something else"),
        Refusal::Inactive,
        Refusal::NoPrice,
        Refusal::WrongCurrency {
            asked: Currency::USD,
            possible: vec![Currency::ARS],
        },
        Refusal::StaleQuote {
            valid_until: "2026-11-20T12:00:00Z".parse().unwrap(),
        },
        Refusal::QuoteUsed,
        taken(&[]),
        taken(&["2027-01-01"]),
        taken(&["2027-01-01", "2027-01-02", "2027-01-03"]),
        Refusal::PriceImpossible,
        Refusal::StaysImpossible,
        Refusal::ReceiptWaiting,
        Refusal::NeedsOwner,
    ]
}

#[test]
fn every_refusal_reads_as_a_sentence_without_gaps() {
    let texts = Texts::es_ar().unwrap();
    for refusal in refusals() {
        let said = texts.refusal(&refusal);
        let whole = said.ends_with(['.', '?']) && !said.contains(['{', '}', '$']);
        assert!(whole && !said.contains("refusal-"), "{refusal:?}: {said}");
    }
}

#[test]
fn no_refusal_is_missing_from_the_list() {
    let mut codes: Vec<_> = refusals().iter().map(Refusal::code).collect();
    codes.dedup();
    let messages = include_str!("../../../locales/es-AR/refusals.ftl").lines();
    let messages: Vec<_> = messages
        .filter_map(|line| line.strip_prefix("refusal-")?.split(" =").next())
        .map(|key| key.replace('-', "_"))
        .collect();
    assert_eq!(codes, messages, "the catalogue has the order of the enum");
    let source = include_str!("../../../shared/domain/src/refusal.rs").lines();
    let known: Vec<_> = source
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split("=> \"").nth(1))
        .filter_map(|code| code.strip_suffix("\","))
        .collect();
    assert_eq!(codes, known, "a refusal without an example here");
}

#[test]
fn the_words_say_what_would_be_possible() {
    let texts = Texts::es_ar().unwrap();
    let said = |refusal| texts.refusal(&refusal);
    assert_eq!(
        said(Refusal::BelowMinimum { min_nights: 3 }),
        "La estadía mínima en esas fechas es de 3 noches."
    );
    assert_eq!(
        said(Refusal::ArrivalDay {
            check_in: "2027-01-04".parse().unwrap(),
            allowed: Weekdays::WEEKEND_NIGHTS,
        }),
        "En esa época las llegadas son los días viernes y sábado, y el 4 de enero de 2027 cae lunes."
    );
    assert_eq!(
        said(Refusal::Taken {
            nights: vec!["2027-01-01".parse().unwrap(), "2027-01-02".parse().unwrap()]
        }),
        "Estas noches ya están reservadas: 1 de enero de 2027 y 2 de enero de 2027."
    );
}
