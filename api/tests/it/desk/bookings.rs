//! Bookings by hand, and the steps of their life.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Desk, owner, path};

async fn step(desk: &Desk, booking: &Value, step: &str, body: Value) -> Value {
    desk.post(&path(booking, step), &body).await
}

#[tokio::test]
async fn from_a_call_to_an_early_departure_that_frees_its_night() {
    let desk = owner().await;
    assert_eq!(desk.free(0, 3).await, 2);
    let booking = desk.booking(0, 3, false).await;
    assert_eq!(
        (&booking["status"], &booking["source"]),
        (&json!("held"), &json!("phone"))
    );
    let deposit = booking["deposit"].clone();
    let paid = desk
        .post(
            &path(&booking, "/payments"),
            &json!({ "method": "cash", "amount": deposit }),
        )
        .await;
    assert_eq!(
        (&paid["status"], &paid["paid"]),
        (&json!("confirmed"), &deposit)
    );
    let there = step(
        &desk,
        &booking,
        "/check-in",
        json!({ "version": paid["version"] }),
    )
    .await;
    assert_eq!(there["status"], "checked_in");
    assert_eq!(desk.free(0, 3).await, 1);

    let tomorrow = desk.app.day(1);
    let left = step(
        &desk,
        &booking,
        "/early-departure",
        json!({ "on": tomorrow }),
    )
    .await;
    assert_eq!(left["stays"][0]["left_on"], json!(tomorrow), "{left}");
    assert_eq!(
        desk.free(1, 2).await,
        2,
        "the nights from that day on are free"
    );

    let history = desk.get(&path(&booking, "/history")).await;
    let steps = history["steps"].as_array().unwrap();
    assert!(steps.len() >= 4, "{history}");
    assert!(
        steps
            .iter()
            .all(|step| step["actor"].as_str().unwrap().starts_with("token:"))
    );
}

#[tokio::test]
async fn a_booking_by_hand_is_made_once_for_its_key_and_carries_the_owners_adjustment() {
    let desk = owner().await;
    let body = json!({ "property": desk.app.here.property, "stays": [desk.app.stay(20, 1)],
                       "adjustments": [{ "amount_minor": -1_000_000, "reason": "Amiga de la casa" }] });
    // One night: guests must take two, the desk may sell one.
    let quote = desk.post("/owner/quotes", &body).await;
    assert_eq!(quote["breakdown"]["total"]["amount_minor"], 11_000_000);
    let body = json!({ "quote": quote["id"], "guest": { "name": "Ana Peña", "phone": "+54 9 294 412-3456" },
                       "source": "walk_in", "method": "cash", "confirm": true, "guest_link": true,
                       "accommodations": [desk.app.here.cabins[1]] });
    let first = desk.post_with_key("/owner/reservations", &body, "k").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let booking = &first.body["reservation"];
    assert_eq!(booking["status"], "confirmed");
    assert_eq!(
        booking["stays"][0]["accommodation"],
        json!(desk.app.here.cabins[1])
    );
    let again = desk.post_with_key("/owner/reservations", &body, "k").await;
    assert_eq!(
        (
            again.text,
            again.headers["idempotent-replayed"].to_str().unwrap()
        ),
        (first.text.clone(), "true")
    );

    let token = first.body["guest_token"].as_str().unwrap();
    let seen = desk.app.get(&format!("/guest/{token}")).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.text);
    let shut = desk.bare(Method::DELETE, &path(booking, "/links")).await;
    assert_eq!(shut.status, StatusCode::NO_CONTENT);
    assert_eq!(
        desk.app.get(&format!("/guest/{token}")).await.status,
        StatusCode::NOT_FOUND
    );
    let link = desk.post(&path(booking, "/links"), &Value::Null).await;
    let token = link["token"].as_str().unwrap();
    assert_eq!(
        desk.app.get(&format!("/guest/{token}")).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_old_version_is_refused_and_changes_nothing() {
    let desk = owner().await;
    let booking = desk.booking(20, 3, false).await;
    step(
        &desk,
        &booking,
        "/confirm",
        json!({ "version": booking["version"], "without_payment": true }),
    )
    .await;
    let stale = json!({ "version": booking["version"], "by": "owner" });
    let refused = desk.refused(&path(&booking, "/cancel"), &stale).await;
    assert_eq!(refused, (409, "changed_meanwhile".to_owned()));
    assert_eq!(desk.read(&booking).await["status"], "confirmed");
}

#[tokio::test]
async fn when_the_owner_calls_off_everything_goes_back() {
    let desk = owner().await;
    let booking = desk.booking(20, 3, false).await;
    let deposit = booking["deposit"].clone();
    let cash = json!({ "method": "transfer", "amount": deposit, "reference": "banco-1" });
    desk.post(&path(&booking, "/payments"), &cash).await;
    let off = step(
        &desk,
        &booking,
        "/cancel",
        json!({ "by": "owner", "reason": "Se rompió el termotanque" }),
    )
    .await;
    assert_eq!(
        (&off["refund"], &off["reservation"]["status"]),
        (&deposit, &json!("cancelled"))
    );
    assert_eq!(desk.free(20, 3).await, 2);

    let owed = desk.get("/owner/refunds").await;
    let refund = &owed["refunds"][0];
    assert_eq!(
        (&refund["amount"], &refund["state"]),
        (&deposit, &json!("due"))
    );
    let done = format!("/owner/refunds/{}/done", refund["id"].as_str().unwrap());
    for _ in 0..2 {
        let back = desk
            .post(
                &done,
                &json!({ "method": "transfer", "reference": "banco-2" }),
            )
            .await;
        assert_eq!(back["state"], "done");
    }
    assert_eq!(desk.get("/owner/refunds").await["refunds"], json!([]));
    let ledger = desk.get(&path(&booking, "/payments")).await;
    let kinds: Vec<_> = ledger["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["kind"])
        .collect();
    assert_eq!(kinds, ["payment", "refund"]);
}

#[tokio::test]
async fn dates_change_and_the_difference_is_asked_for() {
    let desk = owner().await;
    let booking = desk.booking(20, 3, true).await;
    let longer = json!({ "version": booking["version"], "stays": [desk.app.stay(40, 4)] });
    let changed = step(&desk, &booking, "/change", longer).await;
    assert_eq!(changed["stays"][0]["check_in"], json!(desk.app.day(40)));
    assert_eq!(changed["charge"]["amount_minor"], 42_000_000);
    assert_eq!((desk.free(20, 3).await, desk.free(40, 4).await), (2, 1));
    let both = json!({ "stays": [desk.app.stay(50, 3)], "quote": changed["quote"] });
    assert_eq!(desk.refused(&path(&booking, "/change"), &both).await.0, 422);
}

#[tokio::test]
async fn a_stay_moves_to_the_other_cabin_of_its_kind_while_that_one_is_free() {
    let desk = owner().await;
    let [first, second] = desk.app.here.cabins;
    let booking = desk.booking(20, 3, true).await;
    let at = booking["stays"][0]["accommodation"].clone();
    let other = if at == json!(first) { second } else { first };
    let moved = step(&desk, &booking, "/reassign", json!({ "to": other })).await;
    assert_eq!(moved["stays"][0]["accommodation"], json!(other));
    let neighbour = desk.booking(20, 3, true).await;
    assert_eq!(neighbour["stays"][0]["accommodation"], at);
    let taken = desk
        .refused(&path(&neighbour, "/reassign"), &json!({ "to": other }))
        .await;
    assert_eq!(taken, (409, "taken".to_owned()));
    let elsewhere = desk.app.there.cabins[0];
    let strange = desk
        .refused(&path(&neighbour, "/reassign"), &json!({ "to": elsewhere }))
        .await;
    assert_eq!(strange.0, 404);
}

#[tokio::test]
async fn a_guest_who_does_not_come_frees_her_nights() {
    let desk = owner().await;
    let booking = desk.booking(0, 3, true).await;
    assert_eq!(desk.free(0, 3).await, 1);
    let absent = step(&desk, &booking, "/no-show", json!({})).await;
    assert_eq!(absent["status"], "no_show");
    assert_eq!(desk.free(0, 3).await, 2);
    let ahead = desk.booking(20, 3, true).await;
    assert_eq!(
        desk.refused(&path(&ahead, "/no-show"), &json!({})).await.0,
        409
    );
}

#[tokio::test]
async fn nights_that_are_kept_cannot_be_booked_until_they_are_let_again() {
    let desk = owner().await;
    let (from, until) = (desk.app.day(20), desk.app.day(23));
    let block = json!({ "accommodation": desk.app.here.cabins[0], "check_in": from, "check_out": until,
                        "reason": "Pintura" });
    let kept = desk.post("/owner/blocks", &block).await;
    assert_eq!(desk.free(20, 3).await, 1);
    assert_eq!(
        desk.refused("/owner/blocks", &block).await,
        (409, "taken".to_owned())
    );
    let listed = desk
        .get(&format!("/owner/blocks?from={from}&until={until}"))
        .await;
    assert_eq!(listed["blocks"][0], kept);
    let remove = format!("/owner/blocks/{}", kept["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(
            desk.bare(Method::DELETE, &remove).await.status,
            StatusCode::NO_CONTENT
        );
    }
    assert_eq!(desk.free(20, 3).await, 2);
}

#[tokio::test]
async fn bookings_are_found_by_name_status_and_nights_page_by_page() {
    let desk = owner().await;
    for ahead in [20, 30, 40] {
        desk.booking(ahead, 2, ahead == 30).await;
    }
    desk.app.held(50, 2).await;
    let count = async |query: &str| {
        let found = desk.get(&format!("/owner/reservations?{query}")).await;
        found["reservations"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 4);
    assert_eq!(count("status=confirmed").await, 1);
    assert_eq!(
        count(&format!(
            "from={}&to={}",
            desk.app.day(31),
            desk.app.day(41)
        ))
        .await,
        2
    );
    assert_eq!(count("text=pe%C3%B1a").await, 4);
    assert_eq!(count("text=%25").await, 0);
    let mut seen = Vec::new();
    let mut next = Value::Null;
    loop {
        let before = next
            .as_str()
            .map_or(String::new(), |place| format!("&before={place}"));
        let page = desk
            .get(&format!("/owner/reservations?limit=3{before}"))
            .await;
        seen.extend(
            page["reservations"]
                .as_array()
                .unwrap()
                .iter()
                .map(|b| b["id"].clone()),
        );
        next = page["next"].clone();
        if next.is_null() {
            break;
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 4);
    let wrong = desk
        .bare(Method::GET, "/owner/reservations?before=nonsense")
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn whoever_books_by_hand_too_late_is_told_what_is_free_instead() {
    let desk = owner().await;
    let late = desk.quote(20, 3).await;
    for _ in 0..2 {
        desk.booking(20, 3, true).await;
    }
    let body = json!({ "quote": late["id"], "guest": { "name": "Eva" }, "source": "phone", "method": "cash" });
    let answer = desk.send(Method::POST, "/owner/reservations", &body).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (StatusCode::CONFLICT, &json!("taken")),
        "{}",
        answer.text
    );
    let dates = answer.body["alternatives"]["dates"].as_array();
    assert!(
        dates.is_some_and(|dates| !dates.is_empty()),
        "{}",
        answer.text
    );
}
