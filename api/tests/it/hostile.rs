//! What the database could not keep, or could not give back, in every place where something can be written.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::desk::{Desk, owner};

/// Everything that takes texts or dates, with bodies that are in order.
fn requests(desk: &Desk, booking: &Value) -> Vec<(Method, String, Value)> {
    let app = &desk.app;
    let property = app.here.property;
    let id = booking["id"].as_str().expect("an id");
    let nobody = Uuid::now_v7();
    let money = json!({ "amount_minor": 5, "currency": "ARS" });
    let guest =
        json!({ "name": "Ana", "phone": "+54 9 294 412-3456", "email": "ana@lago.example" });
    let adjusted = json!({ "property": property, "stays": [app.stay(40, 3)], "charge_currency": "ARS",
                           "adjustments": [{ "amount_minor": -5, "reason": "Amiga" }] });
    let step = |rest: &str| format!("/owner/reservations/{id}{rest}");
    let post = |path: String, body: Value| (Method::POST, path, body);
    vec![
        post(
            "/quotes".into(),
            json!({ "property": property, "stays": [app.stay(40, 3)], "charge_currency": "ARS" }),
        ),
        post(
            "/reservations".into(),
            json!({ "quote": nobody, "guest": guest, "method": "transfer", "notes": "x" }),
        ),
        post(
            "/login".into(),
            json!({ "email": "ana@lago.example", "password": "x" }),
        ),
        post(
            "/owner/blocks".into(),
            json!({ "accommodation": nobody, "check_in": app.day(3), "check_out": app.day(5),
                                             "reason": "x" }),
        ),
        post("/owner/quotes".into(), adjusted),
        post(
            "/owner/reservations".into(),
            json!({ "quote": nobody, "guest": guest, "source": "phone",
                                                   "method": "transfer", "notes": "x" }),
        ),
        post(
            step("/change"),
            json!({ "version": 99, "stays": [app.stay(40, 3)],
                                      "adjustments": [{ "amount_minor": -5, "reason": "Amiga" }] }),
        ),
        post(
            step("/cancel"),
            json!({ "version": 99, "by": "guest", "reason": "x" }),
        ),
        post(
            step("/early-departure"),
            json!({ "version": 99, "on": app.day(3) }),
        ),
        post(
            step("/payments"),
            json!({ "method": "cash", "amount": money, "reference": "x", "note": "x",
                                        "request": nobody }),
        ),
        post(step("/receipt"), json!({ "accept": true, "amount": money })),
        post(
            format!("/owner/refunds/{nobody}/done"),
            json!({ "method": "cash", "reference": "x" }),
        ),
        post(
            step("/requests"),
            json!({ "purpose": "extra", "method": "transfer", "amount": money, "note": "Leña",
                                        "expires_at": "2027-03-03T12:00:00Z" }),
        ),
        post(
            format!("/owner/payments/{nobody}/assign"),
            json!({ "reservation": nobody }),
        ),
        post(
            format!("/owner/chats/{nobody}/reply"),
            json!({ "text": "x" }),
        ),
    ]
}

/// Likewise, about the property.
fn settings(desk: &Desk) -> Vec<(Method, String, Value)> {
    let app = &desk.app;
    let (property, kind) = (app.here.property, app.here.cabin_type);
    let rates = json!({ "currency": "ARS", "night": 5, "included_guests": 2 });
    let season = json!({ "name": "Verano", "first_night": app.day(30), "last_night": app.day(60) });
    let of = |rest: &str| format!("/owner/properties/{property}{rest}");
    let post = |path: String, body: Value| (Method::POST, path, body);
    vec![
        (
            Method::PATCH,
            of(""),
            json!({ "name": "Lago", "zone": "America/Argentina/Buenos_Aires",
                                        "check_in_from": "14:00", "overpaid": "credit" }),
        ),
        post(of("/seasons"), season),
        post(
            of("/unit-types"),
            json!({ "name": "Loft", "description": "x", "capacity": 2,
                                        "photos": ["https://lago.example/1.jpg"], "rates": rates }),
        ),
        post(
            format!("/owner/unit-types/{kind}/accommodations"),
            json!({ "name": "Loft 1" }),
        ),
        (
            Method::PUT,
            of("/holidays/2027-03-03"),
            json!({ "name": "Fiesta" }),
        ),
        (Method::PUT, of("/texts/location"), json!({ "body": "x" })),
        (
            Method::PUT,
            of("/exchange-rate"),
            json!({ "to": "USD", "rate_micros": 1, "source": "x" }),
        ),
    ]
}

/// Each text of the body in turn, replaced.
fn variants(body: &Value, by: &Value) -> Vec<Value> {
    match body {
        Value::String(_) => vec![by.clone()],
        Value::Array(items) => (0..items.len())
            .flat_map(|at| {
                variants(&items[at], by).into_iter().map(move |changed| {
                    let mut whole = items.clone();
                    whole[at] = changed;
                    Value::Array(whole)
                })
            })
            .collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| {
                variants(member, by).into_iter().map(move |changed| {
                    let mut whole = members.clone();
                    whole.insert(name.clone(), changed);
                    Value::Object(whole)
                })
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn no_text_and_no_day_that_is_sent_breaks_a_request_or_the_property() {
    let desk = owner().await;
    let booking = desk.booking(20, 3, false).await;
    let requests = requests(&desk, &booking).into_iter();
    for (method, path, body) in requests.chain(settings(&desk)) {
        for hostile in [
            "a\0b",
            "\u{202e}",
            "0000-01-01",
            "9999-12-31",
            "0001-01-01",
            "",
        ] {
            for body in variants(&body, &hostile.into()) {
                let answer = desk.send(method.clone(), &path, &body).await;
                let status = answer.status;
                assert!(
                    !status.is_server_error(),
                    "{method} {path} {body}: {}",
                    answer.text
                );
            }
        }
    }
    let property = desk.app.here.property;
    for segment in ["0000-01-01", "9999-12-31", "%00", "%FF", "x"] {
        for part in ["holidays", "texts"] {
            let path = format!("/owner/properties/{property}/{part}/{segment}");
            let body = json!({ "name": "x" });
            for (method, body) in [
                (Method::PUT, body),
                (Method::PUT, json!({ "body": "x" })),
                (Method::DELETE, json!({})),
            ] {
                let answer = desk.send(method, &path, &body).await;
                assert!(!answer.status.is_server_error(), "{path}: {}", answer.text);
            }
        }
    }
    // Whatever of it was kept can be read.
    let path = format!("/accommodations?property={property}");
    let answer = desk.app.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    desk.get(&format!("/owner/properties/{property}")).await;
    desk.app.quote(45, 3).await;
}

#[tokio::test]
async fn no_text_that_is_looked_for_breaks_a_list() {
    let desk = owner().await;
    let lists = [
        "/owner/reservations?text=",
        "/owner/reservations?before=",
        "/owner/reservations?from=",
        "/owner/attention?kind=",
        "/owner/attention?after=",
        "/owner/chats?after=",
        "/owner/payments?state=",
        "/owner/payments?after=",
        "/owner/credits?guest=",
        "/owner/ledger/days?from=2027-01-01&to=",
        "/owner/ledger/days?to=2027-01-01&from=",
        "/owner/blocks?until=2027-01-01&from=",
        "/availability?check_out=2027-01-01&adults=2&check_in=",
        "/availability?check_in=2027-01-01&check_out=2027-01-03&adults=2&children=",
        "/availability/calendar?from=2027-01-01&until=",
        "/availability/calendar?until=2027-01-01&from=",
    ];
    for list in lists {
        for hostile in [
            "%00",
            "a%00b",
            "%FF",
            "%25",
            "%5C",
            "0000-01-01",
            "0001-01-01",
            "9999-12-31",
            "10000-01-01",
            "-9223372036854775808.0199aaaa-0000-7000-8000-000000000001",
        ] {
            let answer = desk.bare(Method::GET, &format!("{list}{hostile}")).await;
            assert!(
                !answer.status.is_server_error(),
                "{list}{hostile}: {}",
                answer.text
            );
        }
    }
}
