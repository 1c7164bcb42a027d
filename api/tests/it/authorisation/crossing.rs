//! Ids of one owner's in the requests of another.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::world::world;
use crate::app::send;

#[tokio::test]
async fn what_is_ours_cannot_be_named_in_another_owner_s_requests() {
    let world = world().await;
    let (here, there, app) = (world.app.here, world.app.there, &world.app);
    let token = world.stranger.token.as_str();
    let post = async |path: &str, body: &Value| {
        let key = uuid::Uuid::now_v7().to_string();
        let request = app.request(Method::POST, path).bearer_auth(token);
        send(request.header("Idempotency-Key", key).json(body)).await
    };
    let stay = json!({ "unit_type": there.cabin_type, "check_in": app.day(20), "check_out": app.day(23),
                       "party": { "adults": 2 } });
    let quoting = json!({ "property": there.property, "stays": [stay] });
    let quote = post("/owner/quotes", &quoting).await.body["id"].clone();
    let booking = json!({ "quote": quote, "source": "phone", "method": "cash",
                          "guest": { "name": "Luz", "phone": "+54 9 351 555-0000" } });
    let made = post("/owner/reservations", &booking).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let theirs = format!(
        "/owner/reservations/{}",
        made.body["reservation"]["id"].as_str().unwrap()
    );
    let quote = post("/owner/quotes", &quoting).await.body["id"].clone();
    let ids: (uuid::Uuid, uuid::Uuid, uuid::Uuid) = sqlx::query_as(
        "SELECT r.guest_id, s.id, p.id FROM reservations r
           JOIN stays s ON s.reservation_id = r.id
           JOIN payment_requests p ON p.reservation_id = r.id WHERE r.id = $1::uuid",
    )
    .bind(&world.things.booking)
    .fetch_one(app.database.pool())
    .await
    .unwrap();
    let (guest, our_stay, our_request) = ids;

    let before = world.state().await;
    let with = |base: &Value, name: &str, value: Value| {
        let mut body = base.clone();
        body[name] = value;
        body
    };
    let again = with(&booking, "quote", quote);
    let mut known = with(&again, "guest_id", json!(guest));
    known.as_object_mut().unwrap().remove("guest");
    let of_ours = json!([with(&stay, "unit_type", json!(here.cabin_type))]);
    let at_ours = json!([{ "accommodation": here.house, "check_in": app.day(20), "check_out": app.day(23),
                           "party": { "adults": 2 } }]);
    let money = json!({ "amount_minor": 1000, "currency": "ARS" });
    let season = json!({ "name": "Verano", "first_night": app.day(100), "last_night": app.day(120),
                         "prices": { (here.cabin_type.to_string()): { "night": 1 } } });
    let requests = [
        (
            format!("{theirs}/reassign"),
            json!({ "to": here.cabins[0] }),
        ),
        (
            format!("{theirs}/change"),
            with(&json!({}), "stays", of_ours.clone()),
        ),
        (format!("{theirs}/change"), json!({ "stays": at_ours })),
        (
            format!("{theirs}/change"),
            json!({ "quote": world.things.quote }),
        ),
        (
            format!("{theirs}/early-departure"),
            json!({ "stay": our_stay, "on": app.day(21) }),
        ),
        (
            format!("{theirs}/payments"),
            json!({ "method": "cash", "amount": money, "request": our_request }),
        ),
        ("/owner/quotes".to_owned(), with(&quoting, "stays", of_ours)),
        (
            "/owner/quotes".to_owned(),
            with(&quoting, "guest", json!(guest)),
        ),
        ("/owner/reservations".to_owned(), known),
        (
            "/owner/reservations".to_owned(),
            with(&again, "accommodations", json!([here.cabins[0]])),
        ),
        (
            format!("/owner/properties/{}/seasons", there.property),
            season,
        ),
    ];
    for (path, body) in requests {
        let answer = post(&path, &body).await;
        assert!(
            answer.status.is_client_error(),
            "{path} {body}: {} {}",
            answer.status,
            answer.text
        );
        // Refused for what it names, not for how it is written.
        let code = answer.body["code"].as_str().unwrap();
        assert!(
            ["not_found", "unknown", "invalid", "edit_invalid"].contains(&code),
            "{path} {body}: {}",
            answer.text
        );
    }
    assert_eq!(world.state().await, before);
}

#[tokio::test]
async fn a_payment_without_a_booking_is_not_assigned_to_another_owner_s() {
    let world = world().await;
    let payment = crate::money::orphan(&world.app, &world.app.there).await;
    let before = world.state().await;
    let path = format!("/owner/payments/{payment}/assign");
    let body = json!({ "reservation": world.things.booking });
    let asked = world.app.request(Method::POST, &path);
    let answer = send(asked.bearer_auth(&world.stranger.token).json(&body)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text);
    assert_eq!(world.state().await, before);
}
