//! Configuring the property.
#![expect(clippy::unwrap_used, reason = "tests")]

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Desk, owner};

fn total(quote: &Value) -> i64 {
    quote["breakdown"]["total"]["amount_minor"]
        .as_i64()
        .unwrap()
}

fn season(desk: &Desk, name: &str, night: i64) -> Value {
    json!({
        "name": name, "first_night": desk.app.day(30), "last_night": desk.app.day(60), "priority": 1,
        "prices": { desk.app.here.cabin_type.to_string(): { "night": night } },
    })
}

#[tokio::test]
async fn a_season_changes_what_is_quoted_from_then_on_and_no_quote_that_was_given() {
    let desk = owner().await;
    let property = desk.app.here.property;
    let seasons = format!("/owner/properties/{property}/seasons");
    let before = desk.app.quote(40, 3).await;
    assert_eq!(total(&before), 32_000_000);

    let made = desk
        .post(&seasons, &season(&desk, "Verano", 15_000_000))
        .await;
    assert_eq!(total(&desk.app.quote(40, 3).await), 47_000_000);
    let path = format!("/owner/seasons/{}", made["id"].as_str().unwrap());
    let put = desk
        .send(Method::PUT, &path, &season(&desk, "Verano", 20_000_000))
        .await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text);
    assert_eq!(total(&desk.app.quote(40, 3).await), 62_000_000);

    let id = before["id"].as_str().unwrap();
    assert_eq!(desk.app.get(&format!("/quotes/{id}")).await.body, before);
    let held = desk.app.hold(&before, "k").await;
    assert_eq!(
        held.body["charge"]["amount_minor"], 32_000_000,
        "{}",
        held.text
    );

    let listed = desk.get(&seasons).await;
    assert_eq!(listed["seasons"][0]["name"], "Verano");
    let removed = desk.bare(Method::DELETE, &path).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(total(&desk.app.quote(50, 3).await), 32_000_000);
    assert_eq!(
        desk.bare(Method::DELETE, &path).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_is_not_possible_is_named_field_by_field_and_changes_nothing() {
    let desk = owner().await;
    let property = format!("/owner/properties/{}", desk.app.here.property);
    let before = desk.get(&property).await;
    let patch = json!({ "name": " ", "hold_minutes": 0, "deposit_bp": 2000, "credit_days": 0, "balance_days": 91 });
    let answer = desk.send(Method::PATCH, &property, &patch).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problems = answer.body["problems"].as_array().unwrap();
    let at: Vec<_> = problems
        .iter()
        .map(|problem| problem["at"].as_str().unwrap())
        .collect();
    assert_eq!(at, ["name", "hold_minutes", "credit_days", "balance_days"]);
    assert_eq!(desk.get(&property).await, before);

    let twice = desk
        .post(&format!("{property}/seasons"), &season(&desk, "Verano", 1))
        .await;
    assert!(twice["id"].is_string());
    let again = desk
        .refused(&format!("{property}/seasons"), &season(&desk, "Verano", 1))
        .await;
    assert_eq!(again, (409, "name_taken".to_owned()));
}

#[tokio::test]
async fn settings_texts_holidays_and_the_rate_are_edited() {
    let desk = owner().await;
    let property = format!("/owner/properties/{}", desk.app.here.property);
    let patch = json!({ "deposit_bp": 3000, "remind_minutes": 5, "overpaid": "credit",
                        "credit_days": 90, "balance_days": 0, "check_in_from": "15:30", "zone": "America/Argentina/Salta",
                        "cancellation": { "tiers": [{ "days_before": 7, "refund_bp": 5000 }], "withdrawal": null } });
    let changed = desk.send(Method::PATCH, &property, &patch).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    let settings = &changed.body["settings"];
    assert_eq!(
        (&settings["deposit_bp"], &settings["check_in_from"]),
        (&json!(3000), &json!("15:30"))
    );
    assert_eq!(settings["cancellation"]["tiers"][0]["refund_bp"], 5000);
    assert_eq!(settings["remind_minutes"], 5);
    assert_eq!(
        (&settings["overpaid"], &settings["credit_days"]),
        (&json!("credit"), &json!(90))
    );
    assert_eq!(settings["balance_days"], 0, "paid at the desk");

    for (path, body) in [
        ("texts/location", json!({ "body": "Ruta 40, km 2011" })),
        ("holidays/2027-05-24", json!({ "name": "Feriado puente" })),
        (
            "exchange-rate",
            json!({ "to": "USD", "rate_micros": 690, "source": "a mano" }),
        ),
    ] {
        let put = desk
            .send(Method::PUT, &format!("{property}/{path}"), &body)
            .await;
        assert_eq!(put.status, StatusCode::NO_CONTENT, "{path}: {}", put.text);
    }
    let now = desk.get(&property).await;
    assert_eq!(now["texts"]["location"], "Ruta 40, km 2011");
    let days = desk.get(&format!("{property}/holidays")).await;
    let bridge = json!({ "day": "2027-05-24", "name": "Feriado puente" });
    assert!(days["holidays"].as_array().unwrap().contains(&bridge));
    for path in ["texts/location", "holidays/2027-05-24"] {
        let gone = desk
            .bare(Method::DELETE, &format!("{property}/{path}"))
            .await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT, "{path}");
        let again = desk
            .bare(Method::DELETE, &format!("{property}/{path}"))
            .await;
        assert_eq!(again.status, StatusCode::NOT_FOUND, "{path}");
    }
    let never = desk
        .send(
            Method::PUT,
            &format!("{property}/holidays/2027-02-29"),
            &json!({ "name": "x" }),
        )
        .await;
    assert_eq!(never.body["code"], "no_such_date");
}

#[tokio::test]
async fn a_kind_of_cabin_gets_prices_and_a_cabin_is_let_no_more() {
    let desk = owner().await;
    let property = format!("/owner/properties/{}", desk.app.here.property);
    let body = json!({ "name": "Domo", "capacity": 2 });
    let kind = desk.post(&format!("{property}/unit-types"), &body).await;
    let path = format!("/owner/unit-types/{}", kind["id"].as_str().unwrap());
    let cabin = desk
        .post(
            &format!("{path}/accommodations"),
            &json!({ "name": "Domo 1" }),
        )
        .await;
    assert_eq!(desk.get(&path).await["rates"], Value::Null);

    let rates = json!({ "currency": "ARS", "night": 5_000_000, "included_guests": 2,
                        "pets": { "policy": "fee", "most": 2, "per_stay": 100, "per_night": 0 } });
    let priced = desk
        .send(Method::PATCH, &path, &json!({ "rates": rates }))
        .await;
    assert_eq!(priced.body["rates"]["night"], 5_000_000, "{}", priced.text);
    let renamed = desk
        .send(Method::PATCH, &path, &json!({ "name": "Domo grande" }))
        .await;
    assert_eq!(
        renamed.body["rates"]["night"], 5_000_000,
        "what is absent stays"
    );
    let by_hand = desk
        .send(Method::PATCH, &path, &json!({ "rates": null }))
        .await;
    assert_eq!(by_hand.body["rates"], Value::Null);

    let cabin = format!("/owner/accommodations/{}", cabin["id"].as_str().unwrap());
    let closed = desk
        .send(Method::PATCH, &cabin, &json!({ "active": false }))
        .await;
    assert_eq!(closed.status, StatusCode::NO_CONTENT);
    let listed = desk.get(&property).await;
    let cabins = listed["accommodations"].as_array().unwrap();
    let domo = cabins
        .iter()
        .find(|cabin| cabin["name"] == "Domo 1")
        .unwrap();
    assert_eq!(domo["active"], false);
}

#[tokio::test]
async fn what_is_another_owners_is_not_there() {
    let desk = owner().await;
    let (there, cabin) = (desk.app.there.property, desk.app.there.cabins[0]);
    let kind = desk.app.there.cabin_type;
    let absent = [
        desk.bare(Method::GET, &format!("/owner/properties/{there}"))
            .await,
        desk.send(
            Method::PATCH,
            &format!("/owner/properties/{there}"),
            &json!({ "active": false }),
        )
        .await,
        desk.send(
            Method::POST,
            &format!("/owner/properties/{there}/seasons"),
            &season(&desk, "x", 1),
        )
        .await,
        desk.send(
            Method::PATCH,
            &format!("/owner/accommodations/{cabin}"),
            &json!({ "active": false }),
        )
        .await,
        desk.bare(Method::GET, &format!("/owner/unit-types/{kind}"))
            .await,
    ];
    for answer in absent {
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text);
    }
    assert_eq!(
        desk.get("/owner/properties").await["properties"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}
