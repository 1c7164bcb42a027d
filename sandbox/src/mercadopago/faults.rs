//! Faults on demand: which calls and notifications go wrong next, how often, and how.
//!
//! A fault with a `count` happens that many times; with a `rate` to that share; with both, to that share until the
//! count is used up; with neither, until it is cleared. Beside them stands the outage: the API is gone altogether,
//! while people go on paying.

use std::time::Duration;

use rand::Rng;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// Whose traffic is disturbed. The endpoints are also what calls are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Target {
    /// Every call of the API.
    #[serde(rename = "mercadopago.api")]
    Api,
    /// `POST /checkout/preferences`
    #[serde(rename = "mercadopago.preference_create")]
    PreferenceCreate,
    /// `GET /checkout/preferences/{id}`
    #[serde(rename = "mercadopago.preference")]
    Preference,
    /// `PUT /checkout/preferences/{id}`
    #[serde(rename = "mercadopago.preference_update")]
    PreferenceUpdate,
    /// `GET /checkout/preferences/search`
    #[serde(rename = "mercadopago.preference_search")]
    PreferenceSearch,
    /// `GET /v1/payments/{id}`
    #[serde(rename = "mercadopago.payment")]
    Payment,
    /// `PUT /v1/payments/{id}`
    #[serde(rename = "mercadopago.payment_update")]
    PaymentUpdate,
    /// `GET /v1/payments/search`
    #[serde(rename = "mercadopago.payment_search")]
    PaymentSearch,
    /// `POST /v1/payments/{id}/refunds`
    #[serde(rename = "mercadopago.refund_create")]
    RefundCreate,
    /// `GET /v1/payments/{id}/refunds` and one of them
    #[serde(rename = "mercadopago.refund")]
    Refund,
    /// `GET /v1/chargebacks/{id}`
    #[serde(rename = "mercadopago.chargeback")]
    Chargeback,
    /// `GET /merchant_orders/{id}`
    #[serde(rename = "mercadopago.merchant_order")]
    MerchantOrder,
    /// `GET /merchant_orders/search`
    #[serde(rename = "mercadopago.merchant_order_search")]
    MerchantOrderSearch,
    /// Notifications on their way to ingress.
    #[serde(rename = "mercadopago.webhook")]
    Webhook,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Answer with an error and no effect (`status`, `code` of the cause, `retry_after` in seconds).
    Status,
    /// The request has its effect, and is answered with an error all the same.
    StatusAfter,
    /// Take `ms` longer: the request has had its effect, its answer is late (notifications: sent late).
    Delay,
    /// Nothing arrives: the connection closes and the request has no effect (notifications: the first attempt).
    Drop,
    /// The request has its effect, and its answer never arrives.
    #[serde(alias = "hang_up_after")]
    Cut,
    /// Notifications only: `copies` at the same moment (2).
    Duplicate,
    /// Notifications only: held back up to `ms`, so that later ones overtake it.
    Reorder,
    /// Notifications only: never sent.
    Lose,
}

/// One disturbance.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Whose traffic.
    pub target: Target,
    /// What happens.
    pub kind: Kind,
    /// How many times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// To which share of requests, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// HTTP status of `status` and `status_after` (500; 400 with a code).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Code of the cause, such as 2030: the collector has no money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// The `Retry-After` header, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// Milliseconds of `delay` and `reorder`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
    /// Deliveries of `duplicate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copies: Option<usize>,
}

/// How the API is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    /// Connections close without an answer.
    Closed,
    /// 503 for everything.
    Unavailable,
}

/// The API is gone, for so long or until somebody brings it back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outage {
    pub(crate) how: Gone,
    until: Option<Instant>,
}

impl Outage {
    pub(crate) fn begin(how: Gone, lasting: Option<Duration>) -> Self {
        Self {
            how,
            until: lasting.map(|lasting| Instant::now() + lasting),
        }
    }

    pub(crate) fn goes_on(&self) -> bool {
        self.until.is_none_or(|until| Instant::now() < until)
    }
}

impl Fault {
    /// A fault that goes on until it is cleared.
    pub fn new(target: Target, kind: Kind) -> Self {
        Self {
            target,
            kind,
            count: None,
            rate: None,
            status: None,
            code: None,
            retry_after: None,
            ms: None,
            copies: None,
        }
    }

    /// Limits it to so many times.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.count = Some(count);
        self
    }

    /// Limits it to this share of requests.
    #[must_use]
    pub fn at_rate(mut self, rate: f64) -> Self {
        self.rate = Some(rate);
        self
    }

    /// Sets the milliseconds of `delay` and `reorder`.
    #[must_use]
    pub fn of_millis(mut self, ms: u64) -> Self {
        self.ms = Some(ms);
        self
    }

    /// Sets the HTTP status of `status` and `status_after`.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets the code of the cause.
    #[must_use]
    pub fn with_code(mut self, code: i64) -> Self {
        self.code = Some(code);
        self
    }

    /// Sets the `Retry-After` header.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Sets the deliveries of `duplicate`.
    #[must_use]
    pub fn in_copies(mut self, copies: usize) -> Self {
        self.copies = Some(copies);
        self
    }

    /// Why this fault makes no sense, if it does not.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        if self.rate.is_some_and(|rate| !(0.0..=1.0).contains(&rate)) {
            return Some("rate must lie between 0 and 1");
        }
        let of_webhooks = matches!(self.kind, Kind::Duplicate | Kind::Reorder | Kind::Lose);
        let of_calls = matches!(self.kind, Kind::Status | Kind::StatusAfter);
        match self.target {
            Target::Webhook if of_calls => Some("a notification's answer is ingress' own"),
            Target::Webhook => None,
            _ if of_webhooks => Some("duplicate, reorder and lose are for mercadopago.webhook"),
            _ => None,
        }
    }

    fn meets(&self, target: Target) -> bool {
        self.target == target || (self.target == Target::Api && target != Target::Webhook)
    }
}

/// The faults that are set.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    set: Vec<Fault>,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.set.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.set.clear();
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.set
    }

    /// What happens to this request; used-up faults disappear.
    pub(crate) fn strike(&mut self, target: Target, rng: &mut impl Rng) -> Vec<Fault> {
        let mut struck = Vec::new();
        for fault in self.set.iter_mut().filter(|fault| fault.meets(target)) {
            if fault.count == Some(0) || fault.rate.is_some_and(|rate| !rng.random_bool(rate)) {
                continue;
            }
            if let Some(count) = &mut fault.count {
                *count -= 1;
            }
            struck.push(fault.clone());
        }
        self.set.retain(|fault| fault.count != Some(0));
        struck
    }
}

/// The first struck fault of a kind.
pub(crate) fn find(struck: &[Fault], kind: Kind) -> Option<&Fault> {
    struck.iter().find(|fault| fault.kind == kind)
}
