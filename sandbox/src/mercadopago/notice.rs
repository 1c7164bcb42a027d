//! Notifications as they leave: two forms of the same event, the newer one signed so that it can be verified.
//!
//! Guaranteed: every delivery, also of the same event, has its own body id, request id, `ts` and signature, and the
//! address keeps its own query. Not guaranteed, as with the real ones: that the body says what the payment is.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng as _;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;

use super::config::Unit;
use super::ids;
use super::simulator::Inner;
use crate::lock::lock;

/// What there is to tell.
#[derive(Debug, Clone)]
pub(crate) enum Subject {
    Payment {
        id: u64,
        /// The first word of it; what has happened since says `payment.updated`.
        new: bool,
        /// When the payment was made, which is the date notifications of it carry.
        made: DateTime<Utc>,
    },
    Order {
        id: u64,
        status: &'static str,
        made: DateTime<Utc>,
    },
    Chargeback {
        id: u64,
        payment: u64,
        updated: DateTime<Utc>,
    },
}

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Webhook,
    Ipn,
}

/// One request, ready to be posted.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Where to.
    pub url: Url,
    /// Its headers, the signature among them.
    pub headers: Vec<(&'static str, String)>,
    /// Its body, JSON.
    pub body: Vec<u8>,
}

/// The value of `x-signature`: absent values are left out of what is signed.
pub fn signature(
    secret: &SecretString,
    data_id: Option<&str>,
    request_id: Option<&str>,
    ts: &str,
) -> String {
    let mut manifest = String::new();
    if let Some(id) = data_id {
        manifest = format!("id:{id};");
    }
    if let Some(id) = request_id {
        manifest = format!("{manifest}request-id:{id};");
    }
    manifest = format!("{manifest}ts:{ts};");
    // HMAC takes keys of any length; an error cannot happen, and would only make a wrong signature.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else {
        return format!("ts={ts},v1=");
    };
    mac.update(manifest.as_bytes());
    format!("ts={ts},v1={}", hex::encode(mac.finalize().into_bytes()))
}

impl Subject {
    /// Its resource: what supersedes what.
    pub(crate) fn resource(&self) -> String {
        match self {
            Self::Payment { id, .. } => format!("payment/{id}"),
            Self::Order { id, .. } => format!("merchant_order/{id}"),
            Self::Chargeback { id, .. } => format!("chargeback/{id}"),
        }
    }

    fn id(&self) -> u64 {
        match self {
            Self::Payment { id, .. } | Self::Order { id, .. } | Self::Chargeback { id, .. } => *id,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Payment { .. } => "payment",
            Self::Order { .. } => "topic_merchant_order_wh",
            Self::Chargeback { .. } => "topic_chargebacks_wh",
        }
    }

    fn topic(&self) -> &'static str {
        match self {
            Self::Payment { .. } => "payment",
            Self::Order { .. } => "merchant_order",
            Self::Chargeback { .. } => "chargebacks",
        }
    }

    /// The newer form's body. The types differ by topic, as captured: ids as text and as numbers, two date forms.
    fn webhook_body(&self, notice_id: u64, collector: u64) -> Value {
        match self {
            Self::Payment {
                id,
                new: true,
                made,
            } => json!({
                "action": "payment.created",
                "api_version": "v1",
                "data": { "id": id.to_string() },
                "date_created": made.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
                "id": notice_id,
                "live_mode": true,
                "type": "payment",
                "user_id": collector.to_string()
            }),
            Self::Payment { id, made, .. } => json!({
                "id": notice_id,
                "live_mode": true,
                "type": "payment",
                "date_created": ids::date(*made),
                "user_id": collector,
                "api_version": "v1",
                "action": "payment.updated",
                "data": { "id": id.to_string() }
            }),
            Self::Order { id, status, made } => json!({
                "action": "update",
                "application_id": "5601993310457712",
                "data": { "currency_id": "", "marketplace": "NONE", "status": status },
                "date_created": ids::date(*made),
                "id": id.to_string(),
                "live_mode": true,
                "status": status,
                "type": "topic_merchant_order_wh",
                "user_id": collector,
                "version": 1
            }),
            Self::Chargeback {
                id,
                payment,
                updated,
            } => json!({
                "actions": ["changed_case_status"],
                "api_version": "v1",
                "application_id": 5601993310457712_u64,
                "data": {
                    "checkout": "PRO",
                    "date_updated": "0001-01-01T00:00:00Z",
                    "id": id,
                    "payment_id": payment,
                    "product_id": "C00A2J8RF4DI8BCIMFU0",
                    "site_id": "MLA",
                    "transaction_intent_id": ""
                },
                "date_created": ids::date(*updated).replace(".000", ""),
                "id": notice_id,
                "live_mode": true,
                "type": "topic_chargebacks_wh",
                "user_id": collector,
                "version": updated.timestamp()
            }),
        }
    }

    fn ipn_body(&self) -> Value {
        let resource = match self {
            Self::Order { id, .. } => format!("https://api.mercadolibre.com/merchant_orders/{id}"),
            _ => self.id().to_string(),
        };
        json!({ "resource": resource, "topic": self.topic() })
    }
}

impl Channel {
    /// The forms this address asks for.
    pub(crate) fn of(address: &Url, twins: bool) -> Vec<Self> {
        let chosen = address
            .query_pairs()
            .find(|(name, _)| name == "source_news")
            .map(|(_, value)| value.into_owned());
        match chosen.as_deref() {
            Some("ipn") => vec![Self::Ipn],
            Some("webhooks") => vec![Self::Webhook],
            _ if twins => vec![Self::Webhook, Self::Ipn],
            _ => vec![Self::Webhook],
        }
    }
}

/// Makes one delivery of it; `attempt` counts from 0.
pub(crate) fn make(
    inner: &Inner,
    subject: &Subject,
    channel: Channel,
    address: &Url,
    attempt: usize,
) -> Notice {
    let config = &inner.config;
    let now = inner.clock.now();
    let ts = match config.signed_in {
        Unit::Seconds => now.timestamp().to_string(),
        Unit::Millis => now.timestamp_millis().to_string(),
    };
    let mut world = lock(&inner.world);
    let notice_id = world.notice_id();
    let request_id = ids::uuid(&mut world.rng);
    // The older form is signed with a key nobody has.
    let unknown_key: [u8; 32] = world.rng.random();
    drop(world);
    let id = subject.id().to_string();
    let mut url = address.clone();
    let (agent, body, key) = match channel {
        Channel::Webhook => {
            url.query_pairs_mut()
                .append_pair("data.id", &id)
                .append_pair("type", subject.kind());
            (
                format!("MercadoPago WebHook v1.0 {}", subject.kind()),
                subject.webhook_body(notice_id, config.collector_id),
                config.webhook_secret.clone(),
            )
        }
        Channel::Ipn => {
            url.query_pairs_mut()
                .append_pair("id", &id)
                .append_pair("topic", subject.topic());
            (
                format!("MercadoPago Feed v2.0 {}", subject.topic()),
                subject.ipn_body(),
                hex::encode(unknown_key).into(),
            )
        }
    };
    Notice {
        url,
        headers: vec![
            ("content-type", "application/json".to_owned()),
            ("user-agent", agent),
            (
                "x-signature",
                signature(&key, Some(&id), Some(&request_id), &ts),
            ),
            ("x-request-id", request_id),
            ("x-retry", attempt.to_string()),
            ("x-socket-timeout", "22000".to_owned()),
        ],
        body: body.to_string().into_bytes(),
    }
}
