//! A Mercado Pago that does what it is told, remembers what it was asked, and fails when a test wants it to.

mod world;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::Response,
};
use serde_json::{Value, json};
use url::Url;

pub(crate) use world::error;
use world::{World, minor, time};

/// The account everything belongs to.
pub(crate) const COLLECTOR: &str = "418820117";

/// How a request goes wrong.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// This answer, and nothing happens.
    Answer(u16, Value),
    /// The answer breaks off, and nothing has happened.
    LostBefore,
    /// It happens, and the answer breaks off.
    LostAfter,
    /// It happens, and the answer is 200 without a body.
    EmptyAfter,
    /// Like the inner one, and there is no answer at all.
    Hangs(Box<Fault>),
}

/// The server's handle.
#[derive(Clone, Default)]
pub(crate) struct Mercado(Arc<Mutex<World>>);

impl Mercado {
    pub(crate) async fn start() -> (Self, Url) {
        let mercado = Self::default();
        let router = Router::new().fallback(serve).with_state(mercado.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/mercadopago", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (mercado, url.parse().unwrap())
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap()
    }

    /// The next request of this method whose path contains `part` goes wrong.
    pub(crate) fn fails(&self, method: Method, part: &str, fault: Fault) {
        self.world().faults.push((method, part.to_owned(), fault));
    }

    /// Whether everything is answered 503.
    pub(crate) fn down(&self, down: bool) {
        self.world().down = down;
    }

    /// How often that was asked.
    pub(crate) fn calls(&self, method: &Method, part: &str) -> usize {
        let world = self.world();
        let asked = |call: &&(Method, String)| call.0 == *method && call.1.contains(part);
        world.calls.iter().filter(asked).count()
    }

    /// A payment of so many pesos; its id.
    pub(crate) fn paid(&self, reference: &str, pesos: i64) -> String {
        self.payment(reference, pesos, "approved", "accredited")
    }

    /// A payment in any state; its id.
    pub(crate) fn payment(
        &self,
        reference: &str,
        pesos: i64,
        status: &str,
        detail: &str,
    ) -> String {
        let mut world = self.world();
        world.next += 1;
        let id = 140_233_071_000 + world.next;
        let now = time(world.next);
        let payment = json!({
            "id": id, "date_created": now, "date_last_updated": now,
            "date_approved": (status == "approved").then_some(&now),
            "operation_type": "regular_payment", "payment_method_id": "visa", "payment_type_id": "credit_card",
            "status": status, "status_detail": detail, "currency_id": "ARS",
            "collector_id": COLLECTOR.parse::<i64>().unwrap(), "external_reference": reference,
            "transaction_amount": pesos, "transaction_amount_refunded": 0, "refunds": [],
            "transaction_details": { "net_received_amount": pesos, "total_paid_amount": pesos },
            "fee_details": [], "charges_details": [], "payer": {}, "order": {}, "metadata": {}, "live_mode": true,
        });
        world.payments.insert(id.to_string(), payment);
        id.to_string()
    }

    /// A chargeback of a payment; its id, beyond what a float holds.
    pub(crate) fn charged_back(&self, payment: &str) -> String {
        let mut world = self.world();
        world.next += 1;
        let id = (233_000_071_554_120_193_i64 + world.next).to_string();
        let now = time(world.next);
        let paid = world.payments.get_mut(payment).unwrap();
        paid["status"] = json!("charged_back");
        paid["status_detail"] = json!("in_process");
        paid["date_last_updated"] = json!(now);
        let amount = paid["transaction_amount"].clone();
        let chargeback = json!({
            "id": id, "payments": [payment.parse::<i64>().unwrap()], "currency": "ARS", "amount": amount,
            "reason": { "id": "general", "description": "Desconocimiento" }, "coverage_applied": null,
            "coverage_elegible": false, "documentation_required": true, "documentation_status": "pending",
            "documentation": [], "date_documentation_deadline": "2030-03-02T23:59:59.000-04:00",
            "date_created": now, "date_last_updated": now, "live_mode": true,
        });
        world.chargebacks.insert(id.clone(), chargeback);
        id
    }

    /// A merchant order of these payments; its id.
    pub(crate) fn order(&self, payments: &[&str]) -> String {
        let mut world = self.world();
        world.next += 1;
        let id = 37_120_448_000 + world.next;
        let payments: Vec<Value> = payments
            .iter()
            .map(|id| json!({ "id": id.parse::<i64>().unwrap(), "status": "approved", "transaction_amount": 1 }))
            .collect();
        let order =
            json!({ "id": id, "status": "closed", "order_status": "paid", "payments": payments });
        world.orders.insert(id.to_string(), order);
        id.to_string()
    }

    /// A link of somebody's that we never heard of.
    pub(crate) fn preference(&self, reference: &str, pesos: i64) -> String {
        let item =
            json!({ "title": "x", "quantity": 1, "unit_price": pesos, "currency_id": "ARS" });
        let body = json!({ "items": [item], "external_reference": reference, "expires": true,
            "expiration_date_to": "2030-01-01T00:00:00.000-04:00" });
        let made = self.world().create_preference(body);
        made["id"].as_str().unwrap().to_owned()
    }

    /// All links of a reference, oldest first.
    pub(crate) fn preferences(&self, reference: &str) -> Vec<Value> {
        let world = self.world();
        let of = |preference: &&Value| preference["external_reference"] == reference;
        world.preferences.iter().filter(of).cloned().collect()
    }

    /// Gives all of a payment back, as somebody did under this key.
    pub(crate) fn give_back(&self, payment: &str, key: &str) {
        let (status, answer) = self.world().refund(payment, Some(key), &Value::Null);
        assert_eq!(status, 201, "{answer}");
    }

    /// Somebody gives so much back, which is on its way until it `arrives`. The provider counts it at once.
    pub(crate) fn will_give_back(&self, payment: &str, key: &str, pesos: i64) {
        let mut world = self.world();
        let body = serde_json::json!({ "amount": pesos });
        let (status, answer) = world.refund(payment, Some(key), &body);
        assert_eq!(status, 201, "{answer}");
        let paid = world.payments.get_mut(payment).unwrap();
        let last = paid["refunds"].as_array_mut().unwrap().last_mut().unwrap();
        last["status"] = "in_process".into();
    }

    /// What was on its way has gone.
    pub(crate) fn arrives(&self, payment: &str) {
        let mut world = self.world();
        world.next += 1;
        let now = time(world.next);
        let paid = world.payments.get_mut(payment).unwrap();
        for refund in paid["refunds"].as_array_mut().unwrap() {
            refund["status"] = "approved".into();
        }
        paid["date_last_updated"] = now.into();
    }

    /// What has gone back of a payment, in minor units, and in how many refunds.
    pub(crate) fn given(&self, payment: &str) -> (i64, usize) {
        let world = self.world();
        let refunds = world.payments[payment]["refunds"].as_array().unwrap();
        let sum = refunds.iter().map(|refund| minor(&refund["amount"])).sum();
        (sum, refunds.len())
    }
}

async fn serve(
    State(mercado): State<Mercado>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().trim_start_matches("/mercadopago/").to_owned();
    let query = uri.query().unwrap_or_default();
    let query = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let key = headers
        .get("x-idempotency-key")
        .map(|key| key.to_str().unwrap());
    let (answer, hangs) = answer(&mercado, &method, &path, &query, &headers, key, body);
    if hangs {
        std::future::pending::<()>().await;
    }
    answer
}

/// The answer, and whether nobody will hear it.
fn answer(
    mercado: &Mercado,
    method: &Method,
    path: &str,
    query: &BTreeMap<String, String>,
    headers: &HeaderMap,
    key: Option<&str>,
    body: Value,
) -> (Response, bool) {
    let segments: Vec<&str> = path.split('/').collect();
    let mut world = mercado.world();
    world.calls.push((method.clone(), path.to_owned()));
    if world.down {
        let body = json!({ "message": "unavailable", "status": 503 });
        return (json_answer(503, &body), false);
    }
    if headers
        .get("authorization")
        .map(axum::http::HeaderValue::as_bytes)
        != Some(b"Bearer APP_USR-token")
    {
        let body = json!({ "message": "Invalid access token", "error": "unauthorized", "status": 401, "cause": [] });
        return (json_answer(401, &body), false);
    }
    let at = world
        .faults
        .iter()
        .position(|(of, part, _)| of == method && path.contains(part.as_str()));
    let (fault, hangs) = match at.map(|at| world.faults.remove(at).2) {
        Some(Fault::Hangs(inner)) => (Some(*inner), true),
        fault => (fault, false),
    };
    let answer = match &fault {
        Some(Fault::Answer(status, body)) => json_answer(*status, body),
        Some(Fault::LostBefore) => broken(),
        _ => {
            let (status, answer) = world.do_it(method, &segments, query, key, body);
            match fault {
                Some(Fault::LostAfter) => broken(),
                Some(Fault::EmptyAfter) => json_answer(200, &Value::Null),
                _ => json_answer(status, &answer),
            }
        }
    };
    (answer, hangs)
}

fn json_answer(status: u16, body: &Value) -> Response {
    let response = Response::builder()
        .status(status)
        .header("content-type", "application/json");
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    response.body(Body::from(body)).unwrap()
}

/// A body that breaks off: the client has an answer's head and never its end.
fn broken() -> Response {
    let cut = futures_util::stream::once(std::future::ready(Err::<&str, _>(
        std::io::Error::other("cut"),
    )));
    Response::builder()
        .status(200)
        .header("content-length", "200")
        .body(Body::from_stream(cut))
        .unwrap()
}
