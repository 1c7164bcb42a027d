use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn new(minor: i64) -> Result<NewPreference, NotAPreference> {
    NewPreference::new(
        ExternalReference::parse("K7M2QP-1").unwrap(),
        "Seña reserva K7M2QP · Cabañas Los Álamos",
        Money::new(minor, Currency::ARS),
        at("2026-01-14T19:15:00Z"),
        at("2026-01-14T19:45:00Z"),
    )
}

fn body(new: &NewPreference) -> Value {
    serde_json::from_slice(&new.to_body().unwrap()).unwrap()
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

#[test]
fn a_preference_is_asked_for_as_the_documentation_has_it() {
    let back = BackUrls::new(
        url("https://example.com/ok"),
        url("https://example.com/pending"),
        url("https://example.com/failure"),
    );
    let asked = new(8_400_050)
        .unwrap()
        .notifying(&url("https://example.com/hooks/mp?source_news=webhooks"))
        .unwrap()
        .returning_to(back.unwrap())
        .described_as(StatementDescriptor::fit("Cabañas Los Álamos").unwrap())
        .with_installments(6)
        .unwrap()
        .with_metadata("reservation_id", "K7M2QP")
        .unwrap();
    let expected = json!({
        "items": [{
            "id": "K7M2QP-1", "title": "Seña reserva K7M2QP · Cabañas Los Álamos", "category_id": "travels",
            "quantity": 1, "currency_id": "ARS", "unit_price": 84000.50,
        }],
        "external_reference": "K7M2QP-1",
        "metadata": {"reservation_id": "K7M2QP"},
        "back_urls": {
            "success": "https://example.com/ok", "pending": "https://example.com/pending",
            "failure": "https://example.com/failure",
        },
        "auto_return": "approved",
        "notification_url": "https://example.com/hooks/mp?source_news=webhooks",
        "statement_descriptor": "CABANAS LOS A",
        "expires": true,
        "expiration_date_from": "2026-01-14T15:15:00.000-04:00",
        "expiration_date_to": "2026-01-14T15:45:00.000-04:00",
        "date_of_expiration": "2026-01-14T15:45:00.000-04:00",
        "payment_methods": {"excluded_payment_types": [{"id": "ticket"}, {"id": "atm"}], "installments": 6},
    });
    assert_eq!(body(&asked), expected);
    let text = String::from_utf8(asked.to_body().unwrap()).unwrap();
    assert!(text.contains(r#""unit_price":84000.50"#), "{text}");
}

#[test]
fn what_is_not_known_is_left_out() {
    let body = body(&new(100).unwrap());
    for name in [
        "back_urls",
        "auto_return",
        "notification_url",
        "statement_descriptor",
        "metadata",
    ] {
        assert_eq!(body.get(name), None, "{name}");
    }
    assert_eq!(body["payment_methods"].get("installments"), None);
}

#[test]
fn what_the_provider_would_refuse_or_drop_is_not_asked_for() {
    for minor in [0, -1] {
        assert!(matches!(new(minor), Err(NotAPreference::Amount(_))));
    }
    let long = format!("https://example.com/{}", "x".repeat(229));
    assert!(matches!(
        new(1).unwrap().notifying(&url(&long)),
        Err(NotAPreference::NotificationUrl)
    ));
    assert!(new(1).unwrap().notifying(&url(&long[..248])).is_ok());
    let ftp = url("ftp://example.com/");
    assert!(matches!(
        new(1).unwrap().notifying(&ftp),
        Err(NotAPreference::NotificationUrl)
    ));
    let (safe, unsafe_) = (url("https://example.com/"), url("http://example.com/"));
    assert_eq!(
        BackUrls::new(safe.clone(), safe, unsafe_),
        Err(NotAPreference::BackUrl)
    );
    for wrong in [0, 37] {
        assert!(new(1).unwrap().with_installments(wrong).is_err());
    }
    for wrong in ["", "camelCase", "1st", "with-hyphen", "ñ"] {
        assert!(new(1).unwrap().with_metadata(wrong, "").is_err(), "{wrong}");
    }
    let named = |title: &str, ends: DateTime<Utc>| {
        let reference = ExternalReference::parse("K7M2QP-1").unwrap();
        let opens = at("2026-01-14T19:15:00Z");
        NewPreference::new(reference, title, Money::new(1, Currency::ARS), opens, ends)
    };
    let opens = at("2026-01-14T19:15:00Z");
    assert!(matches!(named("x", opens), Err(NotAPreference::Window)));
    assert!(matches!(
        named(" \n", opens + TimeDelta::minutes(1)),
        Err(NotAPreference::Title)
    ));
}

#[test]
fn a_statement_shows_plain_capitals() {
    for (name, shown) in [
        ("Cabañas Los Álamos", Some("CABANAS LOS A")),
        ("Güemes", Some("GUEMES")),
        ("  Río-Azul & Cía.  ", Some("RIO AZUL CIA")),
        ("abcdefghijkl mnop", Some("ABCDEFGHIJKL")),
        ("🏡 ¡!", None),
        ("", None),
    ] {
        assert_eq!(
            StatementDescriptor::fit(name)
                .as_ref()
                .map(StatementDescriptor::as_str),
            shown,
            "{name}"
        );
    }
}

#[test]
fn a_preference_fits_when_it_asks_for_just_this() {
    let made = json!({
        "id": "418820117-7b0e", "init_point": "https://www.mercadopago.com.ar/checkout/v1/redirect?pref_id=418820117-7b0e",
        "external_reference": "K7M2QP-1", "collector_id": 418820117, "expires": true,
        "expiration_date_to": "2026-01-14T15:45:00.000-04:00", "date_created": "2026-01-14T15:15:02.310-04:00",
        "items": [
            {"currency_id": "ARS", "quantity": 2, "unit_price": 10.25},
            {"currency_id": "ARS", "quantity": "1", "unit_price": "0.50"},
        ],
    });
    let read = |made: &Value| Preference::parse(&made.to_string());
    let preference = read(&made).unwrap();
    let reference = ExternalReference::parse("K7M2QP-1").unwrap();
    assert!(preference.fits(&reference, Money::new(2_100, Currency::ARS)));
    assert!(!preference.fits(&reference, Money::new(2_101, Currency::ARS)));
    assert!(!preference.fits(&reference, Money::new(2_100, Currency::USD)));
    assert_eq!(preference.expires_at, Some(at("2026-01-14T19:45:00Z")));
    for (name, value, unfit) in [
        ("id", Value::Null, Unfit::Missing("id")),
        ("init_point", Value::Null, Unfit::Missing("init_point")),
        (
            "init_point",
            json!("javascript:alert(1)"),
            Unfit::Malformed("init_point"),
        ),
    ] {
        let mut wrong = made.clone();
        wrong[name] = value;
        assert_eq!(read(&wrong), Err(unfit));
    }
    for items in [
        json!([]),
        json!(null),
        json!([{"currency_id": "ARS", "quantity": 1, "unit_price": 0.001}]),
    ] {
        let mut odd = made.clone();
        odd["items"] = items;
        odd["expires"] = json!(false);
        let odd = read(&odd).unwrap();
        assert_eq!((odd.amount, odd.expires_at), (None, None));
    }
}

proptest! {
    #[test]
    fn what_is_asked_for_is_what_a_preference_of_it_fits(minor in 1..=i64::MAX) {
        let text = String::from_utf8(new(minor).unwrap().to_body().unwrap()).unwrap();
        let made = text.replacen('{', r#"{"id":"418820117-7b0e","init_point":"https://example.com/","#, 1);
        let reference = ExternalReference::parse("K7M2QP-1").unwrap();
        prop_assert!(Preference::parse(&made).unwrap().fits(&reference, Money::new(minor, Currency::ARS)));
    }
}
