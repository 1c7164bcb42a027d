//! What a notice hints at. Pure.
//!
//! Only `data_id` is signed; everything else is what somebody wrote into a body. So a notice names what is to be read
//! and never says anything about it.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use posta_providers::mercadopago::{PaymentNumber, notification};
use posta_store::payments::reads::ReadKind;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

/// Types that say nothing about a payment of ours. A word that is not among them, or none, may be a payment's.
const OTHERS: [&str; 12] = [
    "topic_claims_integration_wh",
    "stop_delivery_op_wh",
    "order",
    "subscription_preapproval",
    "subscription_preapproval_plan",
    "subscription_authorized_payment",
    "topic_card_id_wh",
    "point_integration_wh",
    "wallet_connect",
    "delivery",
    "automatic_payments",
    "mp_connect",
];

/// The envelope's payload as ingress makes it.
#[derive(Debug, Deserialize)]
struct Payload<'a> {
    #[serde(borrow, default)]
    item: Option<&'a RawValue>,
    #[serde(borrow, default)]
    data_id: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    ts: Option<Cow<'a, str>>,
}

/// A notice, as far as it matters.
#[derive(Debug, Default)]
pub(super) struct Notice {
    /// What is to be read; nothing where it is about something else, or names nothing.
    pub(super) hints: Vec<(ReadKind, String)>,
    /// When it was signed.
    pub(super) signed_at: Option<DateTime<Utc>>,
}

impl Notice {
    /// Never fails: what cannot be read hints at nothing.
    pub(super) fn parse(payload: &RawValue) -> Self {
        let Ok(payload) = serde_json::from_str::<Payload<'_>>(payload.get()) else {
            return Self::default();
        };
        Self {
            hints: hints(&payload),
            signed_at: payload.ts.as_deref().and_then(notification::signed_at),
        }
    }
}

fn hints(payload: &Payload<'_>) -> Vec<(ReadKind, String)> {
    let item: Value = payload
        .item
        .and_then(|item| serde_json::from_str(item.get()).ok())
        .unwrap_or_default();
    let signed = payload.data_id.as_deref().and_then(digits);
    let kind = payload.kind.as_deref().map(|kind| kind.replace('-', "_"));
    let mut found = Vec::new();
    match kind.as_deref() {
        Some("topic_merchant_order_wh") => {
            // Its `data` has no id: the body's own is the order's.
            let id = signed.or_else(|| id(&item["id"]));
            found.extend(id.map(|id| (ReadKind::MerchantOrder, id)));
        }
        Some("topic_chargebacks_wh") => {
            let chargeback = signed.or_else(|| id(&item["data"]["id"]));
            found.extend(chargeback.map(|id| (ReadKind::Chargeback, id)));
            found.extend(id(&item["data"]["payment_id"]).map(|id| (ReadKind::Payment, id)));
        }
        Some(other) if OTHERS.contains(&other) => {}
        _ => found.extend(signed.map(|id| (ReadKind::Payment, id))),
    }
    found
}

/// A number or a string of digits: ids are written as either, and some are beyond what a float holds.
fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => digits(text),
        Value::Number(number) => digits(&number.to_string()),
        _ => None,
    }
}

/// All the ids we read by are numbers of one form.
fn digits(text: &str) -> Option<String> {
    PaymentNumber::parse(text.trim()).map(|number| number.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{json, value::to_raw_value};

    use super::*;

    fn of(payload: &Value) -> Vec<(ReadKind, String)> {
        Notice::parse(&to_raw_value(payload).unwrap()).hints
    }

    #[test]
    fn a_payments_notice_names_the_signed_id_and_not_the_bodys() {
        let item = json!({ "action": "payment.updated", "id": 7, "data": { "id": "666" } });
        let payload = json!({ "item": item, "data_id": "138472432031", "type": "payment" });
        assert_eq!(
            of(&payload),
            [(ReadKind::Payment, "138472432031".to_owned())]
        );
    }

    #[test]
    fn a_body_nobody_can_read_still_has_a_signed_id() {
        for kind in [json!("payment"), json!(null), json!("something_new")] {
            let payload =
                json!({ "unparsed_base64": "e3s=", "data_id": "123", "type": kind, "ts": "1" });
            assert_eq!(of(&payload), [(ReadKind::Payment, "123".to_owned())]);
        }
    }

    #[test]
    fn it_was_signed_when_its_signature_says_in_whichever_unit() {
        for ts in ["1766455693", "1766455693000"] {
            let payload = json!({ "item": {}, "data_id": "1", "type": "payment", "ts": ts });
            let notice = Notice::parse(&to_raw_value(&payload).unwrap());
            assert_eq!(notice.signed_at.unwrap().timestamp(), 1_766_455_693);
        }
    }

    #[test]
    fn a_merchant_order_is_named_by_the_body_itself() {
        let item = json!({ "id": "23603350837", "data": { "status": "closed" } });
        let payload = json!({ "item": item, "type": "topic_merchant_order_wh", "ts": "1" });
        let order = (ReadKind::MerchantOrder, "23603350837".to_owned());
        assert_eq!(of(&payload), [order]);
    }

    #[test]
    fn a_chargeback_is_read_with_its_payment_and_to_the_last_digit() {
        // Beyond 2^53: a float would end in …584.
        let item = r#"{"actions":["created"],"data":{"id":217000087654321583,"payment_id":82000}}"#;
        let payload =
            format!(r#"{{"item":{item},"data_id":null,"type":"topic_chargebacks_wh","ts":"1"}}"#);
        let payload = RawValue::from_string(payload).unwrap();
        assert_eq!(
            Notice::parse(&payload).hints,
            [
                (ReadKind::Chargeback, "217000087654321583".to_owned()),
                (ReadKind::Payment, "82000".to_owned())
            ]
        );
    }

    #[test]
    fn what_names_nothing_or_something_else_is_not_read() {
        for payload in [
            json!({ "item": {}, "data_id": "ORD01J", "type": "order" }),
            json!({ "item": {}, "data_id": "1; DROP", "type": "payment" }),
            json!({ "item": {}, "data_id": "1".repeat(21), "type": "payment" }),
            json!({ "item": {}, "data_id": "", "type": "payment" }),
            json!({ "item": {}, "data_id": "007", "type": "payment" }),
            json!({ "item": {}, "data_id": "12", "type": "subscription-preapproval" }),
            json!({ "item": { "data": { "payment_id": 1 } }, "type": "stop_delivery_op_wh" }),
            json!({ "item": { "data": { "id": -5, "payment_id": 1.5 } }, "type": "topic_chargebacks_wh" }),
            json!([1, 2]),
            json!(null),
        ] {
            assert!(of(&payload).is_empty(), "{payload}");
        }
    }
}
