//! Every no has a code for programs and a reason that a guest understands.

use chrono::Weekday;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp, app};

/// Asks for a price and for what is free: both must say the same.
async fn both(
    app: &TestApp,
    check_in: &str,
    check_out: &str,
    more: &[(&str, Value)],
) -> [Answer; 2] {
    let mut stay = json!({ "unit_type": app.here.cabin_type, "check_in": check_in, "check_out": check_out,
                           "party": { "adults": 2 } });
    let mut query = vec![format!(
        "/availability?property={}&check_in={check_in}&check_out={check_out}",
        app.here.property
    )];
    let mut adults = 2;
    for (name, value) in more {
        if *name == "adults" {
            adults = value.as_u64().expect("a number");
            stay["party"]["adults"] = value.clone();
            continue;
        }
        if *name == "pets" {
            stay["party"]["pets"] = value.clone();
        } else {
            stay.as_object_mut().expect("an object").remove("unit_type");
            stay[*name] = value.clone();
        }
        query.push(format!("{name}={}", value.to_string().trim_matches('"')));
    }
    if stay.get("unit_type") == Some(&json!(app.here.cabin_type)) {
        query.push(format!("unit_type={}", app.here.cabin_type));
    }
    query.push(format!("adults={adults}"));
    let asked = json!({ "property": app.here.property, "stays": [stay] });
    [
        app.post("/quotes", &asked).await,
        app.get(&query.join("&")).await,
    ]
}

fn refused(answers: &[Answer], code: &str, words: &str) {
    for answer in answers {
        assert_eq!(answer.body["code"], code, "{}", answer.text);
        let expected = if code == "unknown" {
            StatusCode::NOT_FOUND
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        assert_eq!(answer.status, expected, "{}", answer.text);
        let detail = answer.body["detail"].as_str().expect("words");
        assert!(detail.contains(words), "{code}: {detail}");
        assert_eq!(answer.body["refusal"]["code"], code);
    }
}

#[tokio::test]
async fn dates_that_cannot_be_are_refused_with_the_reason() {
    let app = app().await;
    let day = |ahead: u64| app.day(ahead).to_string();
    let (ten, twelve) = (day(10), day(12));
    let yesterday = (app.today - chrono::Days::new(1)).to_string();

    refused(
        &both(&app, &yesterday, &twelve, &[]).await,
        "past",
        "ya pasó",
    );
    refused(
        &both(&app, &twelve, &ten, &[]).await,
        "inverted",
        "después de la llegada",
    );
    refused(
        &both(&app, &ten, &ten, &[]).await,
        "inverted",
        "después de la llegada",
    );
    refused(
        &both(&app, "2027-02-29", "2027-03-02", &[]).await,
        "no_such_date",
        "2027-02-29 no existe",
    );
    refused(
        &both(&app, "2027-2-3", "2027-03-02", &[]).await,
        "not_a_date",
        "No entiendo la fecha",
    );
    refused(
        &both(&app, "mañana", "2027-03-02", &[]).await,
        "not_a_date",
        "mañana",
    );
    refused(
        &both(&app, "0001-01-01", "0001-01-03", &[]).await,
        "past",
        "ya pasó",
    );
    refused(
        &both(&app, "9999-12-29", "9999-12-31", &[]).await,
        "beyond_horizon",
        "Todavía no abrimos",
    );
    refused(
        &both(&app, "0001-01-01", "9999-12-31", &[]).await,
        "too_long",
        "noches",
    );
    refused(
        &both(&app, &day(10), &day(45), &[]).await,
        "too_long",
        "hasta 30 noches",
    );
    refused(
        &both(&app, &day(364), &day(370), &[]).await,
        "beyond_horizon",
        "Todavía no abrimos",
    );
    refused(
        &both(&app, &ten, &day(11), &[]).await,
        "below_minimum",
        "2 noches",
    );
}

#[tokio::test]
async fn parties_and_cabins_that_cannot_be_are_refused_with_the_reason() {
    let app = app().await;
    let (ten, twelve) = (app.day(10).to_string(), app.day(12).to_string());
    let with =
        async |name: &'static str, value: Value| both(&app, &ten, &twelve, &[(name, value)]).await;

    refused(
        &with("adults", json!(5)).await,
        "too_many_guests",
        "5 personas",
    );
    refused(&with("adults", json!(0)).await, "no_adult", "mayor de edad");
    refused(&with("pets", json!(1)).await, "pets", "mascotas");
    refused(
        &with("accommodation", json!(app.here.closed)).await,
        "inactive",
        "no está disponible",
    );
    refused(
        &with("accommodation", json!(uuid::Uuid::now_v7())).await,
        "unknown",
        "cabaña",
    );
    refused(
        &with("unit_type", json!(uuid::Uuid::now_v7())).await,
        "unknown",
        "tipo de cabaña",
    );
    // Another owner's is as little there.
    refused(
        &with("accommodation", json!(app.there.cabins[0])).await,
        "unknown",
        "cabaña",
    );

    let sunday = app.weekday(10, Weekday::Sun);
    let until = sunday + chrono::Days::new(3);
    let house = [("unit_type", json!(app.here.house_type))];
    refused(
        &both(&app, &sunday.to_string(), &until.to_string(), &house).await,
        "arrival_day",
        "sábado",
    );
}

#[tokio::test]
async fn a_currency_that_is_not_charged_and_a_property_that_is_not_there_are_refused() {
    let app = app().await;
    let asked = |currency: &str, property: uuid::Uuid| json!({ "property": property, "charge_currency": currency, "stays": [app.stay(10, 2)] });
    let answer = app.post("/quotes", &asked("USD", app.here.property)).await;
    refused(&[answer], "wrong_currency", "ARS");
    let answer = app
        .post("/quotes", &asked("dólares", app.here.property))
        .await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid"))
    );
    let answer = app
        .post("/quotes", &asked("ARS", uuid::Uuid::now_v7()))
        .await;
    refused(&[answer], "unknown", "complejo");
    // A type of the other owner's.
    let answer = app.post("/quotes", &asked("ARS", app.there.property)).await;
    refused(&[answer], "unknown", "tipo de cabaña");
    let none = json!({ "property": app.here.property, "stays": [] });
    refused(
        &[app.post("/quotes", &none).await],
        "stays_impossible",
        "entre 1 y 10",
    );
}

#[tokio::test]
async fn with_two_properties_it_must_be_said_which() {
    let app = app().await;
    let answer = app.get("/accommodations").await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("property_needed"))
    );
}
