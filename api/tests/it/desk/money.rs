//! Payments and receipts recorded by hand.

use posta_store::{booking::receipts, testing::assert_books_balance};
use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Desk, owner, path};
use crate::people::by;

#[tokio::test]
async fn a_payment_is_recorded_once_for_its_key_and_once_for_its_reference() {
    let desk = owner().await;
    let booking = desk.booking(20, 3, false).await;
    let payments = path(&booking, "/payments");
    let half =
        json!({ "method": "transfer", "amount": booking["deposit"], "reference": "banco-77" });
    let first = desk.post_with_key(&payments, &half, "k").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let again = desk.post_with_key(&payments, &half, "k").await;
    assert_eq!(
        (&again.text, &again.headers["idempotent-replayed"]),
        (&first.text, &"true".parse().expect("a value"))
    );
    let other_key = desk.post_with_key(&payments, &half, "k2").await;
    assert_eq!(
        other_key.body["paid"], booking["deposit"],
        "{}",
        other_key.text
    );
    let ledger = desk.get(&payments).await;
    assert_eq!(ledger["entries"].as_array().map(Vec::len), Some(1));
    let more = json!({ "method": "transfer", "amount": { "amount_minor": 1, "currency": "ARS" }, "reference": "banco-77" });
    assert_eq!(
        desk.refused(&payments, &more).await,
        (422, "key_reused".to_owned())
    );
    assert_books_balance(desk.app.database.pool()).await;
}

#[tokio::test]
async fn amounts_that_are_nothing_or_of_no_currency_are_refused() {
    let desk = owner().await;
    let booking = desk.booking(20, 3, false).await;
    for (amount, currency) in [(0, "ARS"), (-5, "ARS"), (5, "pesos")] {
        let body =
            json!({ "method": "cash", "amount": { "amount_minor": amount, "currency": currency } });
        assert_eq!(
            desk.refused(&path(&booking, "/payments"), &body).await.0,
            422
        );
    }
    let nobody = format!("/owner/reservations/{}/payments", Uuid::now_v7());
    let body = json!({ "method": "cash", "amount": { "amount_minor": 5, "currency": "ARS" } });
    assert_eq!(desk.refused(&nobody, &body).await.0, 404);
}

/// A booking whose guest has sent a receipt.
async fn with_receipt(desk: &Desk) -> Value {
    let booking = desk.booking(20, 3, false).await;
    let id: Uuid = booking["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let store = desk.app.database.store();
    receipts::submit(store, &by(&desk.app.here), id.into(), None)
        .await
        .expect("a receipt");
    desk.read(&booking).await
}

#[tokio::test]
async fn a_receipt_is_accepted_in_one_call_and_a_double_tap_changes_nothing() {
    let desk = owner().await;
    let booking = with_receipt(&desk).await;
    assert_eq!(booking["awaiting"], "verification");
    let receipt = path(&booking, "/receipt");
    for _ in 0..2 {
        let sold = desk.post(&receipt, &json!({ "accept": true })).await;
        assert_eq!(
            (&sold["status"], &sold["paid"]),
            (&json!("confirmed"), &booking["deposit"])
        );
    }
    assert_eq!(
        desk.refused(&receipt, &json!({ "accept": false })).await.0,
        409
    );
    assert_books_balance(desk.app.database.pool()).await;
}

#[tokio::test]
async fn where_no_receipt_waits_there_is_nothing_to_say_of_it() {
    let desk = owner().await;
    let booking = desk.booking(20, 3, false).await;
    let said = desk
        .refused(&path(&booking, "/receipt"), &json!({ "accept": true }))
        .await;
    assert_eq!(said, (409, "not_possible_now".to_owned()));
}

#[tokio::test]
async fn a_receipt_that_is_refused_lets_the_hold_wait_for_payment_again() {
    let desk = owner().await;
    let booking = with_receipt(&desk).await;
    let matters = desk.get("/owner/attention?kind=receipt").await;
    let matter = &matters["matters"][0];
    assert_eq!(matter["actions"], json!(["accepted", "refused"]));
    let act = format!("/owner/attention/{}", matter["id"].as_str().expect("an id"));
    let closed = desk.post(&act, &json!({ "action": "refused" })).await;
    assert_eq!(closed["state"], "done");
    let waits = desk.read(&booking).await;
    assert_eq!(
        (&waits["status"], &waits["awaiting"]),
        (&json!("held"), &json!("payment"))
    );
}
