//! What there is at this Mercado Pago, and what its API does with it.

use std::collections::BTreeMap;

use axum::http::Method;
use posta_runtime::clock::{Clock as _, SystemClock};
use serde_json::{Value, json};

use super::{COLLECTOR, Fault};

#[derive(Default)]
pub(super) struct World {
    pub(super) payments: BTreeMap<String, Value>,
    pub(super) preferences: Vec<Value>,
    pub(super) chargebacks: BTreeMap<String, Value>,
    pub(super) orders: BTreeMap<String, Value>,
    /// Refunds by their idempotency keys.
    keys: BTreeMap<String, String>,
    pub(super) next: i64,
    pub(super) calls: Vec<(Method, String)>,
    pub(super) faults: Vec<(Method, String, Fault)>,
    pub(super) down: bool,
}

impl World {
    pub(super) fn create_preference(&mut self, mut body: Value) -> Value {
        self.next += 1;
        let id = format!("{COLLECTOR}-7b0e3c55-1d4f-4a0b-9a52-{:012}", self.next);
        let fields = body.as_object_mut().unwrap();
        fields.insert(
            "init_point".to_owned(),
            json!(format!(
                "https://www.mercadopago.com.ar/checkout/v1/redirect?pref_id={id}"
            )),
        );
        fields.insert("date_created".to_owned(), json!(time(self.next)));
        fields.insert(
            "collector_id".to_owned(),
            json!(COLLECTOR.parse::<i64>().unwrap()),
        );
        fields.insert("id".to_owned(), json!(id));
        self.preferences.push(body.clone());
        body
    }

    pub(super) fn refund(
        &mut self,
        payment: &str,
        key: Option<&str>,
        body: &Value,
    ) -> (u16, Value) {
        let Some(key) = key else {
            return error(400, 4292, "Header X-Idempotency-Key can't be null");
        };
        if self.keys.contains_key(key) {
            return (200, Value::Null);
        }
        self.next += 1;
        let (id, now) = (2_201_999_000 + self.next, time(self.next));
        let Some(paid) = self.payments.get_mut(payment) else {
            return error(404, 2000, "Payment not found");
        };
        let left = minor(&paid["transaction_amount"]) - minor(&paid["transaction_amount_refunded"]);
        let amount = match &body["amount"] {
            Value::Null => left,
            amount => minor(amount),
        };
        if amount > left {
            return error(400, 2017, "The amount is invalid");
        }
        let refund = json!({ "id": id, "payment_id": payment.parse::<i64>().unwrap(), "amount": pesos(amount),
            "status": "approved", "date_created": now, "metadata": {} });
        paid["refunds"].as_array_mut().unwrap().push(refund.clone());
        let back = minor(&paid["transaction_amount_refunded"]) + amount;
        paid["transaction_amount_refunded"] = pesos(back);
        paid["date_last_updated"] = json!(now);
        let whole = amount == left;
        paid["status"] = json!(if whole { "refunded" } else { "approved" });
        paid["status_detail"] = json!(if whole {
            "refunded"
        } else {
            "partially_refunded"
        });
        self.keys.insert(key.to_owned(), id.to_string());
        (201, refund)
    }

    pub(super) fn do_it(
        &mut self,
        method: &Method,
        path: &[&str],
        query: &BTreeMap<String, String>,
        key: Option<&str>,
        body: Value,
    ) -> (u16, Value) {
        let found = |found: Option<&Value>| {
            let none = || error(404, 2000, "Payment not found");
            found.map_or_else(none, |found| (200, found.clone()))
        };
        match (method.as_str(), path) {
            ("GET", ["v1", "payments", "search"]) => {
                let reference = query.get("external_reference");
                let fits = |payment: &&Value| {
                    reference.is_none_or(|reference| payment["external_reference"] == **reference)
                };
                let results: Vec<_> = self.payments.values().filter(fits).cloned().collect();
                page(&results, query, "results")
            }
            ("GET", ["v1", "payments", id]) => found(self.payments.get(*id)),
            ("GET", ["v1", "payments", id, "refunds"]) => {
                found(self.payments.get(*id).map(|payment| &payment["refunds"]))
            }
            ("POST", ["v1", "payments", id, "refunds"]) => self.refund(id, key, &body),
            ("GET", ["v1", "chargebacks", id]) => found(self.chargebacks.get(*id)),
            ("GET", ["merchant_orders", id]) => found(self.orders.get(*id)),
            ("POST", ["checkout", "preferences"]) => (201, self.create_preference(body)),
            ("GET", ["checkout", "preferences", "search"]) => {
                let reference = query.get("external_reference").unwrap();
                let fits = |one: &&Value| one["external_reference"] == **reference;
                let elements: Vec<_> = self.preferences.iter().filter(fits).cloned().collect();
                let total = elements.len();
                (
                    200,
                    json!({ "elements": elements, "next_offset": total, "total": total }),
                )
            }
            ("GET", ["checkout", "preferences", id]) => {
                found(self.preferences.iter().find(|one| one["id"] == **id))
            }
            ("PUT", ["checkout", "preferences", id]) => {
                let Some(one) = self.preferences.iter_mut().find(|one| one["id"] == **id) else {
                    return error(404, 2000, "Preference not found");
                };
                let changes = body.as_object().unwrap().clone();
                one.as_object_mut().unwrap().extend(changes);
                (200, one.clone())
            }
            _ => error(404, 0, "no such resource"),
        }
    }
}

/// The documented shape of errors.
pub(crate) fn error(status: u16, code: i64, message: &str) -> (u16, Value) {
    let cause = json!([{ "code": code, "description": message, "data": null }]);
    let body = json!({ "message": message, "error": "error", "status": status, "cause": cause });
    (status, body)
}

fn page(all: &[Value], query: &BTreeMap<String, String>, name: &str) -> (u16, Value) {
    let number =
        |name: &str, default: usize| query.get(name).map_or(default, |n| n.parse().unwrap());
    let (limit, offset) = (number("limit", 30), number("offset", 0));
    let some: Vec<_> = all.iter().skip(offset).take(limit).collect();
    let paging = json!({ "total": all.len(), "limit": limit, "offset": offset });
    (200, json!({ "paging": paging, name: some }))
}

/// As Mercado Pago writes it; each later than the one before.
pub(super) fn time(n: i64) -> String {
    let zone = chrono::FixedOffset::west_opt(4 * 3600).unwrap();
    let now = SystemClock.now() + chrono::TimeDelta::milliseconds(n * 10);
    now.with_timezone(&zone)
        .format("%Y-%m-%dT%H:%M:%S%.3f%:z")
        .to_string()
}

/// Amounts of the tests are whole pesos or have two decimals.
pub(super) fn minor(amount: &Value) -> i64 {
    let text = amount.to_string();
    let text = text.trim_matches('"');
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    whole.parse::<i64>().unwrap() * 100 + format!("{rest:0<2}").parse::<i64>().unwrap()
}

fn pesos(minor: i64) -> Value {
    serde_json::from_str(&format!("{}.{:02}", minor / 100, minor % 100)).unwrap()
}
