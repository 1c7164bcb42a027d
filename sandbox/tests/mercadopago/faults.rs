//! Faults of the API, set over HTTP as a person would.

use std::time::Duration;

use reqwest::Method;
use sandbox::mercadopago::{Gone, Pay};
use serde_json::{Value, json};

use crate::world::{World, world};

impl World {
    async fn control(&self, path: &str, body: &Value) -> reqwest::Response {
        let control = self.till.addresses().mercadopago_control;
        let request = self.client.post(format!("{control}{path}"));
        request.json(body).send().await.unwrap()
    }
}

#[tokio::test]
async fn a_limit_is_told_with_when_to_come_back() {
    let world = world().await;
    let fault = json!({
        "target": "mercadopago.payment", "kind": "status", "status": 429, "retry_after": 7, "count": 1
    });
    assert_eq!(world.control("/faults", &fault).await.status(), 200);
    let limited = world
        .request(Method::GET, "/v1/payments/1")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (
            limited.status().as_u16(),
            limited.headers()["retry-after"].as_bytes()
        ),
        (429, &b"7"[..])
    );
    let next = world
        .request(Method::GET, "/v1/payments/1")
        .send()
        .await
        .unwrap();
    assert_eq!(next.status(), 404);
}

#[tokio::test]
async fn before_or_after_the_effect_makes_the_difference() {
    let world = world().await;
    let body = json!({
        "items": [{ "title": "Seña", "quantity": 1, "unit_price": 1 }], "external_reference": "QK7-1"
    });
    for (kind, links) in [
        ("drop", 0),
        ("hang_up_after", 1),
        ("status_after", 2),
        ("status", 2),
    ] {
        let target = "mercadopago.preference_create";
        let fault = json!({ "target": target, "kind": kind, "count": 1 });
        assert_eq!(world.control("/faults", &fault).await.status(), 200);
        let request = world
            .request(Method::POST, "/checkout/preferences")
            .json(&body);
        match request.send().await {
            Ok(answer) => assert_eq!(answer.status(), 500, "{kind}"),
            Err(_) => assert!(matches!(kind, "drop" | "hang_up_after")),
        }
        assert_eq!(world.till.links_of("QK7-1").len(), links, "{kind}");
    }
    let calls = serde_json::to_value(world.till.state().counters.calls).unwrap();
    assert_eq!(calls, json!({ "mercadopago.preference_create": 4 }));
}

#[tokio::test]
async fn while_the_api_is_gone_people_go_on_paying() {
    let world = world().await;
    let link = world.link("QK7-1", "?source_news=webhooks").await;
    world.till.down(Gone::Closed, None);
    let paid = world.till.pay(&Pay::link(&link)).unwrap();
    assert_eq!(world.told("payment").await.len(), 1);
    let path = format!("/v1/payments/{}", paid.payment_id);
    assert!(world.request(Method::GET, &path).send().await.is_err());
    world.till.down(Gone::Unavailable, None);
    assert_eq!(
        world
            .request(Method::GET, &path)
            .send()
            .await
            .unwrap()
            .status(),
        503
    );
    world.till.down(Gone::Unavailable, Some(Duration::ZERO));
    assert_eq!(world.get(&path).await["status"], "approved");
    assert_eq!(world.till.reads_of(paid.payment_id), 1);
}

#[tokio::test]
async fn the_till_can_be_worked_over_http() {
    let world = world().await;
    let link = world.link("QK7-1", "?source_news=webhooks").await;
    let paid = world
        .control("/mercadopago/pay", &json!({
            "preference_id": link, "status": "in_process", "amount": 0.01, "external_reference": "otra"
        }))
        .await;
    let paid: Value = paid.json().await.unwrap();
    let id = &paid["payment_id"];
    for (path, body) in [
        ("update", json!({ "payment_id": id, "status": "approved" })),
        ("notify", json!({ "payment_id": id, "times": 2 })),
        ("refund", json!({ "payment_id": id, "amount": "0.01" })),
        ("chargeback", json!({ "payment_id": id })),
        ("chargeback", json!({ "payment_id": id, "outcome": "won" })),
        ("silence", json!({ "silent": true })),
        ("down", json!({ "seconds": 60 })),
    ] {
        let answer = world.control(&format!("/mercadopago/{path}"), &body).await;
        assert_eq!(answer.status(), 200, "{path}");
    }
    let refused = world
        .control("/mercadopago/pay", &json!({ "preference_id": "no" }))
        .await;
    assert_eq!(refused.status(), 400);
    let nonsense = json!({ "target": "mercadopago.webhook", "kind": "status" });
    assert_eq!(world.control("/faults", &nonsense).await.status(), 400);
    let control = world.till.addresses().mercadopago_control;
    let state: Value = world
        .client
        .get(format!("{control}/state"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&state["down"], &state["silent"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(state["payments"][0]["reference"], "otra");
    assert_eq!(state["links"][0]["payments"], json!([id]));
}
