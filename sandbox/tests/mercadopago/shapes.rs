//! Answers have the fields of the samples, and errors their words.

use reqwest::Method;
use sandbox::mercadopago::{Amount, Pay, Update};
use serde_json::{Value, json};

use crate::world::{same_shape, sample, with, world};

#[tokio::test]
async fn a_preference_is_answered_as_the_sample_is() {
    let world = world().await;
    let made = world.create(&sample("preference_create_request")).await;
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.unwrap();
    let expected = sample("preference_create_response");
    same_shape(&made, &expected, "preference");
    // Echoed in the provider's own offset.
    for field in [
        "expiration_date_to",
        "expiration_date_from",
        "date_of_expiration",
        "items",
    ] {
        assert_eq!(made[field], expected[field], "{field}");
    }
    assert!(
        made["init_point"]
            .as_str()
            .unwrap()
            .contains("/checkout/v1/redirect?pref_id=")
    );
    let id = made["id"].as_str().unwrap();
    assert_eq!(
        world.get(&format!("/checkout/preferences/{id}")).await,
        made
    );
}

#[tokio::test]
async fn the_same_request_twice_makes_two_links_whatever_the_key() {
    let world = world().await;
    let body = json!({
        "items": [{ "title": "Seña", "quantity": 2, "unit_price": 10.55 }], "external_reference": "QK7-1"
    });
    for _ in 0..2 {
        let request = world
            .request(Method::POST, "/checkout/preferences")
            .json(&body);
        let made = request
            .header("x-idempotency-key", "one")
            .send()
            .await
            .unwrap();
        assert_eq!(made.status(), 201);
    }
    let found = world
        .get("/checkout/preferences/search?external_reference=QK7-1&limit=1")
        .await;
    assert_eq!(
        (&found["total"], &found["next_offset"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(found["elements"].as_array().unwrap().len(), 1);
    let none = world
        .get("/checkout/preferences/search?external_reference=QK7")
        .await;
    assert_eq!(none["total"], 0);
    assert_eq!(world.till.links_of("QK7-1")[0].amount, Amount::cents(2_110));
}

#[tokio::test]
async fn payments_are_answered_as_the_samples_are() {
    let world = world().await;
    let link = world.link("res_01JZ8Q4M7T", "?source_news=webhooks").await;
    for (name, status, detail, method) in [
        ("payment_approved", "approved", "accredited", "visa"),
        (
            "payment_rejected_insufficient_amount",
            "rejected",
            "cc_rejected_insufficient_amount",
            "visa",
        ),
        (
            "payment_pending_rapipago",
            "pending",
            "pending_waiting_payment",
            "rapipago",
        ),
    ] {
        let paid = world
            .till
            .pay(&Pay {
                method: Some(method.to_owned()),
                detail: Some(detail.to_owned()),
                ..Pay::link(&link).turning_out(status)
            })
            .unwrap();
        let read = world
            .get(&format!("/v1/payments/{}", paid.payment_id))
            .await;
        let expected = sample(name);
        same_shape(&read, &expected, name);
        for field in [
            "status",
            "status_detail",
            "transaction_amount",
            "fee_details",
            "payment_type_id",
        ] {
            assert_eq!(read[field], expected[field], "{name}: {field}");
        }
        let (ours, theirs) = (
            &read["transaction_details"],
            &expected["transaction_details"],
        );
        assert_eq!(
            ours["net_received_amount"], theirs["net_received_amount"],
            "{name}"
        );
        assert!(
            read["date_last_updated"]
                .as_str()
                .unwrap()
                .ends_with(".000-04:00")
        );
    }
    let found = world
        .get("/v1/payments/search?external_reference=res_01JZ8Q4M7T&sort=date_created&criteria=asc")
        .await;
    let expected = sample("payments_search_by_external_reference");
    assert_eq!(
        found["paging"],
        json!({ "total": 3, "limit": 30, "offset": 0 })
    );
    same_shape(&found["results"][0], &expected["results"][1], "search");
}

#[tokio::test]
async fn an_order_gathers_the_tries_of_one_link() {
    let world = world().await;
    let link = world.link("QK7-1", "?source_news=webhooks").await;
    let first = world
        .till
        .pay(&Pay::link(&link).turning_out("rejected"))
        .unwrap();
    let second = world.till.pay(&Pay::link(&link)).unwrap();
    assert_eq!(first.merchant_order_id, second.merchant_order_id);
    let id = second.merchant_order_id.unwrap();
    let order = world.get(&format!("/merchant_orders/{id}")).await;
    same_shape(&order, &sample("merchant_order_closed"), "order");
    assert_eq!(
        (&order["status"], &order["order_status"]),
        (&json!("closed"), &json!("paid"))
    );
    assert_eq!(order["payments"].as_array().unwrap().len(), 2);
    let found = world
        .get(&format!("/merchant_orders/search?preference_id={link}"))
        .await;
    assert_eq!(found["elements"][0]["id"], json!(id));
}

#[tokio::test]
async fn a_dispute_has_an_id_no_float_can_hold() {
    let world = world().await;
    let link = world.link("QK7-1", "").await;
    let paid = world.till.pay(&Pay::link(link)).unwrap();
    let id = world.till.charge_back(paid.payment_id).unwrap();
    assert!(id > 1 << 53);
    let read = world.get(&format!("/v1/chargebacks/{id}")).await;
    same_shape(&read, &sample("chargeback_get"), "chargeback");
    assert_eq!(read["id"], json!(id.to_string()));
    let payment = world.till.payment(paid.payment_id).unwrap();
    same_shape(&payment, &sample("payment_charged_back"), "payment");
    assert_eq!(payment["status"], "charged_back");
    for (won, detail) in [(false, "settled"), (true, "reimbursed")] {
        world.till.resolve(paid.payment_id, won).unwrap();
        assert_eq!(
            world.till.payment(paid.payment_id).unwrap()["status_detail"],
            detail
        );
    }
}

#[tokio::test]
async fn what_the_state_takes_is_in_net_but_not_in_the_fee() {
    let world = with(|config| config.withholding = 250).await;
    let paid = world
        .till
        .pay(&Pay::loose(Amount::whole(84_000), "QK7-1"))
        .unwrap();
    let payment = world.till.payment(paid.payment_id).unwrap();
    assert_eq!(payment["fee_details"][0]["amount"], json!(5560.8));
    assert_eq!(
        payment["transaction_details"]["net_received_amount"],
        json!(76339.2)
    );
    assert_eq!(
        payment["charges_details"][1]["amounts"]["original"],
        json!(2100)
    );
}

#[tokio::test]
async fn errors_are_worded_as_captured() {
    let world = world().await;
    let base = world.till.addresses().mercadopago_api_url;
    let unknown = world
        .request(Method::GET, "/v1/payments/123456")
        .send()
        .await
        .unwrap();
    assert_eq!(unknown.status(), 404);
    let unknown: Value = unknown.json().await.unwrap();
    let expected = sample("error_404_payment_not_found");
    same_shape(&unknown, &expected, "404");
    assert_eq!(unknown["cause"][0]["code"], expected["cause"][0]["code"]);

    let address = format!("{base}/v1/payments/1");
    let stranger = world
        .client
        .get(address)
        .bearer_auth("another")
        .send()
        .await
        .unwrap();
    assert_eq!(stranger.status(), 401);
    assert_eq!(
        stranger.json::<Value>().await.unwrap(),
        sample("error_401_invalid_token")
    );

    let mut body = sample("preference_create_request");
    body["back_urls"] = json!({});
    let refused = world.create(&body).await;
    assert_eq!(refused.status(), 400);
    assert_eq!(
        refused.json::<Value>().await.unwrap(),
        sample("error_400_preference_auto_return")
    );
}

#[tokio::test]
async fn what_is_undecided_can_be_cancelled_and_nothing_else() {
    let world = world().await;
    let link = world.link("QK7-1", "").await;
    let paid = world
        .till
        .pay(&Pay::link(&link).turning_out("in_process"))
        .unwrap();
    let path = format!("/v1/payments/{}", paid.payment_id);
    let cancel = || {
        world
            .request(Method::PUT, &path)
            .json(&json!({ "status": "cancelled" }))
            .send()
    };
    let cancelled: Value = cancel().await.unwrap().json().await.unwrap();
    assert_eq!(cancelled["status_detail"], "by_collector");
    let refused = cancel().await.unwrap();
    assert_eq!(refused.status(), 400);
    assert_eq!(
        refused.json::<Value>().await.unwrap()["cause"][0]["code"],
        2018
    );
    // Late approvals of what was cancelled do happen.
    world
        .till
        .update(&Update::to(paid.payment_id, "approved"))
        .unwrap();
    assert_eq!(world.get(&path).await["status"], "approved");
}
