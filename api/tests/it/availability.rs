//! What can be had, and what comes nearest.

use reqwest::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use crate::app::{TestApp, app};

fn search(app: &TestApp, ahead: u64, nights: u64, adults: u8) -> String {
    format!(
        "/availability?property={}&check_in={}&check_out={}&adults={adults}",
        app.here.property,
        app.day(ahead),
        app.day(ahead + nights)
    )
}

fn free(offer: &Value) -> usize {
    offer["free"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn what_is_let_is_listed_without_what_is_not() {
    let app = app().await;
    let answer = app
        .get(&format!("/accommodations?property={}", app.here.property))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.body["property"]["name"], "Lago");
    assert_eq!(answer.body["property"]["check_in_from"], "14:00");
    let types = answer.body["unit_types"].as_array().unwrap();
    assert_eq!(types.len(), 2);
    assert_eq!(types[0]["cabins"].as_array().unwrap().len(), 2);
    assert_eq!(types[0]["night"]["amount_minor"], 10_000_000);
    assert!(!answer.text.contains(&app.here.closed.to_string()));
    assert!(!answer.text.contains(&app.there.property.to_string()));
    let answer = app
        .get(&format!("/accommodations?property={}", Uuid::now_v7()))
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_price_found_is_the_price_quoted_and_the_price_charged() {
    let app = app().await;
    let answer = app
        .get(&format!(
            "{}&unit_type={}",
            search(&app, 20, 3, 2),
            app.here.cabin_type
        ))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let offer = &answer.body["offers"][0];
    assert_eq!(free(offer), 2);
    let quote = app.quote(20, 3).await;
    assert_eq!(quote["breakdown"], offer["price"]);
    assert_eq!(quote["breakdown"]["total"]["amount_minor"], 32_000_000);
    assert_eq!(quote["breakdown"]["deposit"]["amount_minor"], 16_000_000);
    let again = app
        .get(&format!("/quotes/{}", quote["id"].as_str().unwrap()))
        .await;
    assert_eq!(again.body, quote);
    let held = app.hold(&quote, "one").await;
    assert_eq!(
        held.body["charge"], quote["breakdown"]["charge"],
        "{}",
        held.text
    );
    assert_eq!(
        held.body["requests"][0]["amount"],
        quote["breakdown"]["deposit"]
    );
}

#[tokio::test]
async fn nights_that_are_held_are_not_offered_and_the_nearest_are() {
    let app = app().await;
    for unit in [1, 2] {
        let answer = app.get(&search(&app, 40, 2, 2)).await;
        let cabins = answer.body["offers"].as_array().unwrap();
        let cabin = cabins
            .iter()
            .find(|offer| offer["name"] == "Cabaña")
            .unwrap();
        assert_eq!(free(cabin), 3 - unit, "{}", answer.text);
        app.held(40, 2).await;
    }
    let mine = format!(
        "{}&unit_type={}",
        search(&app, 40, 2, 2),
        app.here.cabin_type
    );
    let answer = app.get(&mine).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.body["offers"].as_array().unwrap().len(),
        0,
        "{}",
        answer.text
    );
    assert_eq!(answer.body["refusal"]["code"], "taken");
    let dates = answer.body["alternatives"]["dates"].as_array().unwrap();
    assert!((1..=3).contains(&dates.len()));
    assert_eq!(dates[0]["period"]["check_in"], app.day(42).to_string());
}

#[tokio::test]
async fn a_party_too_large_for_one_cabin_is_offered_two() {
    let app = app().await;
    let saturday = app.weekday(15, chrono::Weekday::Sat);
    let path = format!(
        "/availability?property={}&check_in={saturday}&check_out={}&adults=7",
        app.here.property,
        saturday + chrono::Days::new(2)
    );
    let answer = app.get(&path).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{}",
        answer.text
    );
    assert_eq!(answer.body["code"], "too_many_guests");
    let pairs = answer.body["alternatives"]["together"].as_array().unwrap();
    let sleeping = |half: &Value| half["party"]["adults"].as_u64().unwrap();
    for pair in pairs {
        let halves = pair["halves"].as_array().unwrap();
        assert_eq!(halves.iter().map(sleeping).sum::<u64>(), 7);
        assert_ne!(halves[0]["cabin"], halves[1]["cabin"]);
    }
    assert!(!pairs.is_empty());
}

#[tokio::test]
async fn children_are_named_by_age_and_pets_are_counted() {
    let app = app().await;
    let base = search(&app, 20, 3, 2);
    let answer = app.get(&format!("{base}&children=5,%3F&pets=0")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let answer = app.get(&format!("{base}&children=five")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = app.get(&format!("{base}&pets=many")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let answer = app.get("/availability?adults=2").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_calendar_shows_which_nights_are_taken() {
    let app = app().await;
    let held = app.held(30, 3).await;
    let path = |from, until| {
        format!(
            "/availability/calendar?property={}&from={from}&until={until}",
            app.here.property
        )
    };
    let answer = app.get(&path(app.day(29), app.day(34))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let free: Vec<_> = answer.body["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["free"].as_u64().unwrap())
        .collect();
    assert_eq!(free, [3, 2, 2, 2, 3]);
    let cabins = answer.body["cabins"].as_array().unwrap();
    let taken = cabins
        .iter()
        .find(|cabin| cabin["accommodation"] == held["stays"][0]["accommodation"])
        .unwrap();
    assert_eq!(taken["taken"][0]["check_out"], app.day(33).to_string());
    let answer = app.get(&path(app.day(34), app.day(29))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = app.get(&path(app.day(0), app.day(9000))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}
