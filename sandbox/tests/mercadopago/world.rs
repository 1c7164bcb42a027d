//! One simulator, and something that receives its notifications.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::post;
use reqwest::{Method, Response};
use sandbox::mercadopago::{Ladder, MercadoPago, MercadoPagoConfig};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::Instant;

pub(crate) const WITHIN: Duration = Duration::from_secs(10);

/// One notification as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Arrival {
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Arrival {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let query = self.uri.query().unwrap_or_default();
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

#[derive(Clone, Default)]
struct Received {
    arrivals: Arc<Mutex<Vec<Arrival>>>,
    /// So many are refused before one is taken.
    refuse: Arc<Mutex<u32>>,
}

async fn receive(
    State(received): State<Received>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let body = serde_json::from_slice(&body).unwrap();
    let arrival = Arrival { uri, headers, body };
    received.arrivals.lock().unwrap().push(arrival);
    let mut refuse = received.refuse.lock().unwrap();
    if *refuse > 0 {
        *refuse -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    StatusCode::CREATED
}

pub(crate) struct World {
    pub(crate) till: MercadoPago,
    pub(crate) client: reqwest::Client,
    received: Received,
    hook: String,
}

pub(crate) async fn world() -> World {
    with(|_| {}).await
}

/// A world whose account is set up differently.
pub(crate) async fn with(change: impl FnOnce(&mut MercadoPagoConfig)) -> World {
    posta_runtime::tls::install();
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = TcpListener::bind(any).await.unwrap();
    let hook = format!("http://{}/webhooks/mp", listener.local_addr().unwrap());
    let received = Received::default();
    let router = Router::new()
        .route("/webhooks/mp", post(receive))
        .with_state(received.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let mut config = MercadoPagoConfig::random();
    config.seed = 7;
    config.retry = Ladder {
        pauses: vec![Duration::from_millis(5)],
        ..Ladder::default()
    };
    change(&mut config);
    World {
        till: MercadoPago::start(config, any).await.unwrap(),
        client: reqwest::Client::new(),
        received,
        hook,
    }
}

impl World {
    pub(crate) fn hook(&self, query: &str) -> String {
        format!("{}{query}", self.hook)
    }

    pub(crate) fn refuse(&self, times: u32) {
        *self.received.refuse.lock().unwrap() = times;
    }

    pub(crate) fn arrivals(&self) -> Vec<Arrival> {
        self.received.arrivals.lock().unwrap().clone()
    }

    /// What arrived for this topic or type, once nothing is on its way any more.
    pub(crate) async fn told(&self, kind: &str) -> Vec<Arrival> {
        assert!(self.till.settled(WITHIN).await, "{:?}", self.till.state());
        let mut arrivals = self.arrivals();
        arrivals.retain(|arrival| {
            arrival.query("type").or(arrival.query("topic")).as_deref() == Some(kind)
        });
        arrivals
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let base = self.till.addresses().mercadopago_api_url;
        let token = self.till.config().access_token.expose_secret().to_owned();
        self.client
            .request(method, format!("{base}{path}"))
            .bearer_auth(token)
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let response = self.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    pub(crate) async fn create(&self, body: &Value) -> Response {
        let request = self.request(Method::POST, "/checkout/preferences");
        request.json(body).send().await.unwrap()
    }

    /// A link that tells our receiver, by webhooks alone unless `query` says otherwise. Its id.
    pub(crate) async fn link(&self, reference: &str, query: &str) -> String {
        let made = self
            .create(&json!({
                "items": [{ "id": "c2", "title": "Seña", "quantity": 1, "unit_price": 84000, "currency_id": "ARS" }],
                "external_reference": reference,
                "notification_url": self.hook(query),
            }))
            .await;
        assert_eq!(made.status(), 201);
        let made: Value = made.json().await.unwrap();
        made["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn refund(&self, payment: u64, key: Option<&str>, body: &Value) -> Response {
        let path = format!("/v1/payments/{payment}/refunds");
        let mut request = self.request(Method::POST, &path).json(body);
        if let Some(key) = key {
            request = request.header("x-idempotency-key", key);
        }
        request.send().await.unwrap()
    }
}

/// Waits for something that another task brings about.
pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + WITHIN;
    while !condition() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A sample of the provider's answers and notifications.
pub(crate) fn sample(name: &str) -> Value {
    let path = format!(
        "{}/../shared/providers/tests/data/mercadopago/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Every field of the sample, and no other, with the same kind of value wherever both have one.
pub(crate) fn same_shape(ours: &Value, sample: &Value, at: &str) {
    match (ours, sample) {
        (Value::Object(ours), Value::Object(sample)) if at.ends_with("/metadata") => {
            assert!(ours.is_empty() || !sample.is_empty());
        }
        (Value::Object(ours), Value::Object(sample)) => {
            let keys =
                |map: &serde_json::Map<String, Value>| map.keys().cloned().collect::<Vec<_>>();
            let (mut left, mut right) = (keys(ours), keys(sample));
            left.sort();
            right.sort();
            assert_eq!(left, right, "{at}");
            for (key, value) in ours {
                same_shape(value, &sample[key], &format!("{at}/{key}"));
            }
        }
        (Value::Array(ours), Value::Array(sample)) => {
            if let (Some(first), Some(theirs)) = (ours.first(), sample.first()) {
                same_shape(first, theirs, &format!("{at}[]"));
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        (ours, sample) => assert_eq!(
            std::mem::discriminant(ours),
            std::mem::discriminant(sample),
            "{at}: {ours} beside {sample}"
        ),
    }
}
