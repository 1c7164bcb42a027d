//! Reads what a verified notification hints at.
//!
//! Guaranteed: the key holds only what the signature covers, plus one word of a closed list, so that a
//! captured notification sent again with other bodies or types stays one; `data_id` in the payload is
//! the signed one. Not guaranteed: anything the body says.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

use super::signature::Verified;
use crate::shallow::{Fields, component, segment, unix_time};

/// The documented types. `type` is not signed: in a key, every other word is the same word.
const TYPES: [&str; 15] = [
    "payment",
    "topic_merchant_order_wh",
    "topic_chargebacks_wh",
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

/// What the query of a notification says, percent-decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// `data.id`, which is signed.
    pub data_id: Option<String>,
    /// `type`, which is not.
    pub kind: Option<String>,
    topic: Option<String>,
    id: Option<String>,
}

/// One notification, ready to be queued.
#[derive(Debug)]
pub struct Notification {
    /// Its type as the end of a routing key, or `unparsed`.
    pub kind: String,
    /// `mp:{type}:{data.id}:{request-id}:{ts}`.
    pub key: String,
    /// The Mercado Pago user it is about, as the body says.
    pub account: Option<String>,
    /// When it was signed.
    pub provider_time: Option<DateTime<Utc>>,
    /// Its body could not be read; the bytes are in the payload.
    pub unparsed: bool,
    /// `{"item": <exact bytes>` or `"unparsed_base64", "data_id", "type", "request_id", "ts"}`.
    pub payload: Box<RawValue>,
}

#[derive(Serialize)]
struct Payload<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unparsed_base64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "type")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    ts: &'a str,
}

// === impl Query ===

impl Query {
    /// Reads the part of the URL behind the question mark. Of a repeated name the first counts.
    pub fn parse(query: Option<&str>) -> Self {
        let mut read = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let slot = match &*name {
                "data.id" => &mut read.data_id,
                "type" => &mut read.kind,
                "topic" => &mut read.topic,
                "id" => &mut read.id,
                _ => continue,
            };
            if slot.is_none() && !value.trim().is_empty() {
                *slot = Some(value.into_owned());
            }
        }
        read
    }

    /// The older form (IPN), which carries a signature that cannot be verified.
    pub fn is_ipn(&self) -> bool {
        self.data_id.is_none() && self.topic.is_some() && self.id.is_some()
    }
}

/// The moment a `ts` of a signature says: seconds, or milliseconds where the number is too large for seconds. `None`
/// outside any time a notification can be of.
pub fn signed_at(ts: &str) -> Option<DateTime<Utc>> {
    unix_time(ts)
}

/// Whether `body` is that of the older form, `{"resource", "topic"}`.
pub fn is_ipn_body(body: &[u8]) -> bool {
    std::str::from_utf8(body)
        .ok()
        .and_then(Fields::parse)
        .is_some_and(|fields| {
            fields.get("resource").is_some()
                && fields.get("topic").is_some()
                && fields.get("data").is_none()
        })
}

// === impl Notification ===

impl Notification {
    /// Reads a notification whose signature was valid. Never fails: a body that cannot be read is
    /// kept, and what the signature covers suffices to act on.
    pub fn read(body: &[u8], query: &Query, verified: &Verified) -> Self {
        let text = std::str::from_utf8(body).ok();
        let item = text.and_then(|text| serde_json::from_str::<&RawValue>(text).ok());
        let fields = item.and_then(|item| Fields::parse(item.get()));
        let in_body = fields.as_ref().and_then(|fields| fields.text("type"));
        let word = query.kind.as_deref().or(in_body.as_deref());
        // Some types are written with hyphens, which routing keys of ours do not have.
        let name = word.map(|word| word.replace('-', "_"));

        let known = TYPES
            .iter()
            .find(|known| name.as_deref() == Some(**known))
            .unwrap_or(&"other");
        let key = format!(
            "mp:{known}:{}:{}:{}",
            verified.data_id.as_deref().unwrap_or_default(),
            verified.request_id.as_deref().unwrap_or_default(),
            verified.ts
        );
        let account: Option<Cow<'_, str>> = fields.and_then(|fields| fields.text("user_id"));
        let payload = Payload {
            item,
            unparsed_base64: item.is_none().then(|| BASE64.encode(body)),
            data_id: verified.data_id.as_deref(),
            kind: word,
            request_id: verified.request_id.as_deref(),
            ts: &verified.ts,
        };
        Self {
            kind: match item {
                Some(_) => segment(name.as_deref()).to_owned(),
                None => "unparsed".to_owned(),
            },
            key,
            unparsed: item.is_none(),
            account: account.and_then(|id| component(&id).map(str::to_owned)),
            provider_time: unix_time(&verified.ts),
            // Strings and raw values cannot fail to serialise.
            payload: serde_json::value::to_raw_value(&payload)
                .unwrap_or_else(|_| RawValue::NULL.to_owned()),
        }
    }
}
