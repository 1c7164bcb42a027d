//! Mercado Pago notifications: the published vectors, and what a captured one could be turned into.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]

use posta_providers::mercadopago::notification::{Notification, Query, is_ipn_body};
use posta_providers::mercadopago::signature::{SignatureError, Verified, verify};
use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::Value;

const SECRET: &str = "your_secret_key_here";
const REQUEST: &str = "2066ca19-c6f1-498a-be75-1923005edd06";
const SIGNED: &str =
    "ts=1742505638,v1=5888958caa9012653ca8c41ddf2781a1a4fab84dbce8aefb74cc34c661b7b603";

fn secrets() -> Vec<SecretString> {
    vec!["previous".into(), SECRET.into()]
}

fn check(
    signature: &str,
    request: Option<&str>,
    id: Option<&str>,
) -> Result<Verified, SignatureError> {
    verify(
        &secrets(),
        Some(signature.as_bytes()),
        request.map(str::as_bytes),
        id,
    )
}

fn read(body: &str, query: &str) -> Notification {
    let query = Query::parse(Some(query));
    let verified = check(SIGNED, Some(REQUEST), query.data_id.as_deref()).unwrap();
    Notification::read(body.as_bytes(), &query, &verified)
}

#[test]
fn every_published_vector_is_judged_as_expected() {
    let file: Value =
        serde_json::from_str(include_str!("data/mercadopago/signature_vectors.json")).unwrap();
    for vector in file["vectors"].as_array().unwrap() {
        let text = |name: &str| vector[name].as_str();
        let judged = verify(
            &[SecretString::from(text("secret").unwrap())],
            text("x_signature").map(str::as_bytes),
            text("x_request_id").map(str::as_bytes),
            text("data_id_query"),
        );
        let name = text("name").unwrap();
        let expected = match text("expect").unwrap() {
            "MissingHash" => Err(SignatureError::MissingHash),
            "MissingTimestamp" => Err(SignatureError::MissingTimestamp),
            "MalformedSignatureHeader" => Err(SignatureError::Malformed),
            "MissingSignatureHeader" => Err(SignatureError::Missing),
            "SignatureMismatch" => Err(SignatureError::Mismatch),
            expect if expect.contains("reject anyway") => Err(SignatureError::Unbound),
            expect => {
                assert!(expect.starts_with("valid"), "{expect}");
                Ok(0)
            }
        };
        assert_eq!(judged.map(|verified| verified.secret), expected, "{name}");
    }
}

#[test]
fn no_secret_and_empty_secrets_refuse_everything() {
    for none in [vec![], vec![SecretString::from("")]] {
        assert_eq!(
            verify(&none, Some(SIGNED.as_bytes()), None, Some("999999999")),
            Err(SignatureError::NoSecret)
        );
    }
}

#[test]
fn an_id_cannot_stand_in_for_an_id_and_a_request_id() {
    let both = format!("999999999;request-id:{REQUEST}");
    assert!(check(SIGNED, Some(REQUEST), Some("999999999")).is_ok());
    assert_eq!(
        check(SIGNED, None, Some(&both)),
        Err(SignatureError::Malformed)
    );
}

#[test]
fn a_captured_notification_stays_one_whatever_is_done_to_its_unsigned_parts() {
    let first = read(r#"{"type":"payment"}"#, "data.id=999999999&type=payment");
    assert_eq!(
        first.key,
        format!("mp:payment:999999999:{REQUEST}:1742505638")
    );
    for body in [
        "",
        "{",
        "{}",
        "[1]",
        r#"{"type":"order","data":{"id":"1"}}"#,
    ] {
        assert_eq!(
            read(body, "type=payment&data.id=999999999&x=1").key,
            first.key
        );
    }
    let invented: Vec<String> = ["a", "b", "payment2"]
        .iter()
        .map(|kind| read("{}", &format!("data.id=999999999&type={kind}")).key)
        .collect();
    assert!(invented.iter().all(|key| *key == invented[0]));

    let upper =
        "ts=1742505638683,v1=633f91233312dd391ec75fa0bea539cfc2d6c4918873305b84a96cc1c58db71c";
    let key = |id| check(upper, Some(REQUEST), Some(id)).unwrap().data_id;
    assert_eq!(
        key("ORD01JQ4S4KY8HWQ6NA5PXB65B3D3"),
        key("Ord01JQ4S4KY8HWQ6NA5PXB65B3D3")
    );
}

#[test]
fn the_payload_has_the_exact_body_and_the_signed_id() {
    let body = r#"{ "data":{"id":"666"}, "user_id": 418820117 ,"n":1.10}"#;
    let notification = read(&format!(" {body}\n"), "data.id=%3999999999&type=payment");
    assert_eq!(notification.kind, "payment");
    assert_eq!(notification.account.as_deref(), Some("418820117"));
    assert!(notification.provider_time.is_some());
    assert!(notification.payload.get().contains(body));
    let payload: Value = serde_json::from_str(notification.payload.get()).unwrap();
    assert_eq!(payload["data_id"], "999999999");
    assert_eq!(payload["type"], "payment");
    assert_eq!(payload["request_id"], REQUEST);
    assert_eq!(payload["ts"], "1742505638");
}

#[test]
fn an_unreadable_body_is_kept_and_can_still_be_acted_on() {
    let query = Query::parse(Some("data.id=999999999&type=payment"));
    let verified = check(SIGNED, Some(REQUEST), Some("999999999")).unwrap();
    let notification = Notification::read(b"\xff{", &query, &verified);
    assert!(notification.unparsed);
    assert_eq!(notification.kind, "unparsed");
    let payload: Value = serde_json::from_str(notification.payload.get()).unwrap();
    assert_eq!(payload["unparsed_base64"], "/3s=");
    assert_eq!(payload["data_id"], "999999999");
}

#[test]
fn the_documented_bodies_are_read() {
    for (body, kind) in [
        (
            include_str!("data/mercadopago/webhook_payment_created.json"),
            "payment",
        ),
        (
            include_str!("data/mercadopago/webhook_payment_updated.json"),
            "payment",
        ),
        (
            include_str!("data/mercadopago/webhook_panel_test.json"),
            "payment",
        ),
        (
            include_str!("data/mercadopago/webhook_chargeback.json"),
            "topic_chargebacks_wh",
        ),
        (
            include_str!("data/mercadopago/webhook_merchant_order_wh.json"),
            "topic_merchant_order_wh",
        ),
    ] {
        let notification = read(body, "data.id=999999999");
        assert_eq!(notification.kind, kind);
        assert_eq!(notification.account.as_deref(), Some("418820117"));
        assert!(!is_ipn_body(body.as_bytes()));
    }
    assert_eq!(
        read("{}", "data.id=999999999&type=mp-connect").kind,
        "mp_connect"
    );
    assert_eq!(read("{}", "data.id=999999999").kind, "unknown");
}

#[test]
fn the_older_form_is_recognised_by_its_query_or_its_body() {
    assert!(Query::parse(Some("topic=payment&id=140233071955")).is_ipn());
    assert!(Query::parse(Some("id=1&topic=merchant_order&source_news=ipn")).is_ipn());
    for other in [
        "",
        "topic=payment",
        "id=1",
        "data.id=1&topic=payment&id=1",
        "topic=&id=",
    ] {
        assert!(!Query::parse(Some(other)).is_ipn(), "{other}");
    }
    assert!(is_ipn_body(include_bytes!(
        "data/mercadopago/ipn_payment.json"
    )));
    assert!(is_ipn_body(include_bytes!(
        "data/mercadopago/ipn_merchant_order.json"
    )));
}

proptest! {
    #[test]
    fn no_header_makes_it_panic_or_pass(header in prop::collection::vec(any::<u8>(), 0..200), id in ".{0,40}") {
        prop_assert!(verify(&secrets(), Some(&header), Some(&header), Some(&id)).is_err());
    }

    #[test]
    fn no_query_or_body_makes_it_panic(query in ".{0,80}", body in prop::collection::vec(any::<u8>(), 0..200)) {
        let query = Query::parse(Some(&query));
        let verified = check(SIGNED, Some(REQUEST), Some("999999999")).unwrap();
        let notification = Notification::read(&body, &query, &verified);
        prop_assert!(!notification.key.contains(char::is_control));
        prop_assert!(!is_ipn_body(&body));
    }
}
