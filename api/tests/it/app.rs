//! The real server on a free port, its database, and a client.

use chrono::{Days, NaiveDate};
use posta_api::{Addresses, Config};
use posta_runtime::{env::Env, lifecycle::Shutdown, tls};
use posta_store::testing::{Database, database};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::seed::{Seed, seed};

/// Signs the links of tests.
pub(crate) const SESSION_KEY: &str = "a key for tests, of more than thirty-two bytes";

/// A server with two owners' data.
pub(crate) struct TestApp {
    /// Its database; dropped with it.
    pub(crate) database: Database,
    /// Where it listens.
    pub(crate) addresses: Addresses,
    /// Whose data most tests use.
    pub(crate) here: Seed,
    /// Somebody else's.
    pub(crate) there: Seed,
    /// Today at the properties.
    pub(crate) today: NaiveDate,
    client: Client,
    shutdown: Shutdown,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: StatusCode,
    /// Its headers.
    pub(crate) headers: reqwest::header::HeaderMap,
    /// Its bytes.
    pub(crate) text: String,
    /// The same as JSON; null where it is none.
    pub(crate) body: Value,
}

/// Starts one.
pub(crate) async fn app() -> TestApp {
    app_with(&[]).await
}

/// With further settings.
pub(crate) async fn app_with(settings: &[(&str, &str)]) -> TestApp {
    tls::install();
    let database = database().await;
    let here = seed(database.pool(), "Lago").await;
    let there = seed(database.pool(), "Sierra").await;
    let url = database.url();
    let redis = std::env::var("REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:1/0".to_owned());
    let mut env = vec![
        ("API_ADDR", "127.0.0.1:0"),
        ("OPS_ADDR", "127.0.0.1:0"),
        ("PUBLIC_URL", "https://posta.example"),
        ("SESSION_KEY", SESSION_KEY),
        ("RATE_LIMIT_PER_MINUTE", "1000000"),
        ("DATABASE_URL", url.expose_secret()),
        ("DATABASE_POOL", "8"),
        ("REDIS_URL", redis.as_str()),
    ];
    env.retain(|(name, _)| settings.iter().all(|(given, _)| given != name));
    env.extend_from_slice(settings);
    let config: Config = Env::from_map(env)
        .load()
        .expect("the settings are in order");
    let shutdown = Shutdown::new();
    let addresses = posta_api::start(config, &shutdown)
        .await
        .expect("the server starts");
    let today = sqlx::query_scalar(
        "SELECT (clock_timestamp() AT TIME ZONE 'America/Argentina/Buenos_Aires')::date",
    )
    .fetch_one(database.pool())
    .await
    .expect("today");
    TestApp {
        database,
        addresses,
        here,
        there,
        today,
        client: Client::new(),
        shutdown,
    }
}

impl TestApp {
    /// So many days from today.
    pub(crate) fn day(&self, ahead: u64) -> NaiveDate {
        self.today + Days::new(ahead)
    }

    /// The first such day, at least so many days ahead.
    pub(crate) fn weekday(&self, ahead: u64, weekday: chrono::Weekday) -> NaiveDate {
        use chrono::Datelike as _;
        (ahead..ahead + 7)
            .map(|ahead| self.day(ahead))
            .find(|day| day.weekday() == weekday)
            .expect("one of seven days")
    }

    /// A request that has not been sent. `path` begins after `/api/v1`.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://{}/api/v1{path}", self.addresses.api);
        self.client.request(method, url)
    }

    /// GET.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    /// POST with a JSON body.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        send(self.request(Method::POST, path).json(body)).await
    }

    /// A quote for two in a cabin of the first type, so many days ahead.
    pub(crate) async fn quote(&self, ahead: u64, nights: u64) -> Value {
        let stay = self.stay(ahead, nights);
        let asked = json!({ "property": self.here.property, "stays": [stay] });
        let answer = self.post("/quotes", &asked).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.body
    }

    /// What is asked for there.
    pub(crate) fn stay(&self, ahead: u64, nights: u64) -> Value {
        json!({ "unit_type": self.here.cabin_type, "check_in": self.day(ahead),
                "check_out": self.day(ahead + nights), "party": { "adults": 2 } })
    }

    /// Holds a quote, with a key.
    pub(crate) async fn hold(&self, quote: &Value, key: &str) -> Answer {
        let body = json!({ "quote": quote["id"], "guest": { "name": "Ana Peña", "phone": "+54 9 294 412-3456" },
                           "method": "transfer" });
        self.hold_as(&body, key).await
    }

    /// Holds with a body of the caller's.
    pub(crate) async fn hold_as(&self, body: &Value, key: &str) -> Answer {
        let request = self.request(Method::POST, "/reservations");
        send(request.header("Idempotency-Key", key).json(body)).await
    }

    /// A guest with a booking: what its hold answered.
    pub(crate) async fn held(&self, ahead: u64, nights: u64) -> Value {
        let quote = self.quote(ahead, nights).await;
        let answer = self.hold(&quote, &Uuid::now_v7().to_string()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.body
    }

    /// The path of a booking's link, after `/api/v1`.
    pub(crate) fn link(held: &Value) -> String {
        let token = held["guest_link"]["token"].as_str().expect("a link");
        format!("/guest/{token}")
    }

    /// What the ops port counts.
    pub(crate) async fn metrics(&self) -> String {
        let url = format!("http://{}/metrics", self.addresses.ops);
        let answer = self.client.get(url).send().await.expect("an answer");
        answer.text().await.expect("a text")
    }

    /// Ends it as a signal would, and waits.
    pub(crate) async fn stop(&self) {
        self.shutdown.token().cancel();
        self.shutdown.tasks_ended().await;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.shutdown.token().cancel();
    }
}

/// Sends it and reads the answer whole. Every error must be a problem with words.
pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.expect("a text");
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    let id = headers["x-request-id"].to_str().expect("an id").to_owned();
    if status.is_client_error() || status.is_server_error() {
        assert_eq!(
            headers["content-type"], "application/problem+json",
            "{text}"
        );
        assert_eq!(body["status"], status.as_u16(), "{text}");
        assert_eq!(body["instance"], format!("urn:uuid:{id}"), "{text}");
        let code = body["code"].as_str().expect("a code");
        assert_eq!(body["type"], format!("urn:posta:problem:{code}"));
        for words in ["title", "detail"] {
            let said = body[words].as_str().expect("words");
            // A message that is missing reads as its key.
            assert!(said.contains(' ') && !said.contains('{'), "{code}: {said}");
        }
    }
    Answer {
        status,
        headers,
        text,
        body,
    }
}
