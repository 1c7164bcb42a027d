//! Mercado Pago's notifications through real HTTP, on the real broker and Redis.

mod support;

use posta_bus::Queue;
use serde_json::Value;
use support::broker::Broker;
use support::http::Request;
use support::{Setup, signed};

const VECTORS: &str =
    include_str!("../../shared/providers/tests/data/mercadopago/signature_vectors.json");
const PAYMENT: &str =
    include_str!("../../shared/providers/tests/data/mercadopago/webhook_payment_created.json");
const REQUEST: &str = "2066ca19-c6f1-498a-be75-1923005edd06";

#[tokio::test]
async fn every_published_signature_vector_is_judged_as_expected() {
    let broker = Broker::new().await;
    let ingress = Setup::new(&broker.namespace()).ready().await;
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 18);
    for vector in vectors {
        let text = |name: &str| vector[name].as_str();
        let query = text("data_id_query")
            .map(|id| format!("data.id={id}&type=payment"))
            .unwrap_or_default();
        let mut request = Request::post(&format!("{}?{query}", signed::MERCADOPAGO), PAYMENT);
        if let Some(signature) = text("x_signature").filter(|signature| !signature.is_empty()) {
            request = request.header("x-signature", signature);
        }
        if let Some(id) = text("x_request_id") {
            request = request.header("x-request-id", id);
        }
        let expect = text("expect").unwrap();
        let valid = expect.starts_with("valid") && !expect.contains("reject anyway");
        let reply = ingress.send(request).await;
        assert_eq!(
            reply.status,
            if valid { 200 } else { 401 },
            "{}",
            vector["name"]
        );
    }
    ingress.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn a_notification_is_published_as_a_hint_and_a_captured_one_stays_one() {
    let broker = Broker::new().await;
    let ingress = Setup::new(&broker.namespace()).ready().await;
    let send = async |query: &str, body: &str| {
        let request = signed::mercadopago(
            Some("140233071955"),
            Some(REQUEST),
            "1742505638",
            query,
            body,
        );
        ingress.send(request).await.status
    };
    assert_eq!(
        send(
            "source_news=webhooks&data.id=%3140233071955&type=payment",
            PAYMENT
        )
        .await,
        200
    );
    let published = broker.take(Queue::Payments).await;
    assert_eq!(published.len(), 1);
    assert_eq!(published[0].routing_key, "mercadopago.payment");
    let envelope = &published[0].envelope;
    assert_eq!(
        envelope["key"],
        format!("mp:payment:140233071955:{REQUEST}:1742505638")
    );
    assert_eq!(envelope["account"], "418820117");
    assert_eq!(envelope["payload"]["data_id"], "140233071955");
    assert!(String::from_utf8_lossy(&published[0].raw).contains(PAYMENT.trim()));

    ingress.remembers(1).await;
    for body in [PAYMENT, "", "{", r#"{"data":{"id":"1"},"type":"order"}"#] {
        assert_eq!(send("data.id=140233071955&type=payment", body).await, 200);
    }
    assert!(broker.take_all().await.is_empty());
    assert_eq!(ingress.items("mercadopago").await, [5, 1, 4, 0, 0]);
    ingress.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn what_is_signed_and_cannot_be_read_is_kept_and_the_older_form_is_not() {
    let broker = Broker::new().await;
    let ingress = Setup::new(&broker.namespace()).ready().await;
    let unread = signed::mercadopago(
        Some("7"),
        None,
        "1742505638",
        "data.id=7&type=payment",
        "{\"id\":",
    );
    assert_eq!(ingress.send(unread).await.status, 200);
    let kept = broker.take(Queue::Payments).await;
    assert_eq!(kept[0].routing_key, "mercadopago.unparsed");
    assert_eq!(kept[0].envelope["payload"]["data_id"], "7");
    assert_eq!(kept[0].envelope["payload"]["unparsed_base64"], "eyJpZCI6");

    let post =
        |query: &str, body: &str| Request::post(&format!("{}?{query}", signed::MERCADOPAGO), body);
    for older in [
        post(
            "topic=payment&id=140233071955",
            r#"{"resource":"140233071955","topic":"payment"}"#,
        ),
        post("id=1&topic=merchant_order", "").header("x-signature", "ts=1,v1=ab"),
        post("", r#"{"resource":"140233071955","topic":"payment"}"#),
    ] {
        assert_eq!(ingress.send(older).await.status, 200);
    }
    for unsigned in [
        post("", "{}"),
        post("data.id=1&topic=payment&id=1", "{}"),
        post("data.id=1", PAYMENT),
    ] {
        assert_eq!(ingress.send(unsigned).await.status, 401);
    }
    // A request id given twice counts neither as the first one nor as none.
    for signed_id in [Some("r"), None] {
        let request = signed::mercadopago(Some("8"), signed_id, "1742505638", "data.id=8", "{}");
        let twice = request
            .header("x-request-id", "r2")
            .header("x-request-id", "r3");
        assert_eq!(ingress.send(twice).await.status, 401);
    }
    assert!(broker.take_all().await.is_empty());
    assert_eq!(ingress.metric("posta_ingress_ipn_total").await, 3);
    assert_eq!(ingress.items("mercadopago").await, [9, 1, 0, 8, 0]);
    ingress.stop().await;
    broker.clean().await;
}
