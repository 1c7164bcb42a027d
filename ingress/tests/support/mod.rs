//! An ingress of one's own: real HTTP, the real broker and the real Redis, own names on both.

#![expect(dead_code, reason = "each test binary uses a part of it")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on is to fail"
)]

pub(crate) mod broker;
pub(crate) mod http;
pub(crate) mod signed;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use ingress::{Addresses, Config};
use posta_runtime::env::Env;
use posta_runtime::lifecycle::Shutdown;

use http::{Reply, Request};

/// Longer than anything here may take.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

pub(crate) const APP_SECRET: &str = "test_app_secret";
pub(crate) const MERCADOPAGO_SECRET: &str = "your_secret_key_here";

/// A running server.
pub(crate) struct Ingress {
    pub(crate) at: Addresses,
    pub(crate) shutdown: Shutdown,
}

/// The configuration of a test: the environment it would have.
pub(crate) struct Setup(HashMap<String, String>);

impl Setup {
    /// Everything reachable, nothing shared.
    pub(crate) fn new(namespace: &str) -> Self {
        let mut vars = HashMap::new();
        for (name, value) in [
            ("AMQP_URL", service("AMQP_URL")),
            ("REDIS_URL", service("REDIS_URL")),
            ("AMQP_NAMESPACE", namespace.to_owned()),
            // Those of the test bus: the names of its queues contain them.
            ("BUS_RETRY_TIERS", "200ms,400ms,800ms,1600ms".to_owned()),
            ("INGRESS_ADDR", "127.0.0.1:0".to_owned()),
            ("OPS_ADDR", "127.0.0.1:0".to_owned()),
            (
                "WHATSAPP_APP_SECRETS",
                format!("previous_secret,{APP_SECRET}"),
            ),
            ("WHATSAPP_VERIFY_TOKEN", "verify-me".to_owned()),
            ("MERCADOPAGO_WEBHOOK_SECRETS", MERCADOPAGO_SECRET.to_owned()),
            ("IDEMPOTENCY_TTL", "60s".to_owned()),
            // Debug builds on a busy machine are slower than Redis.
            ("REDIS_TIMEOUT", "500ms".to_owned()),
        ] {
            vars.insert(name.to_owned(), value);
        }
        Self(vars)
    }

    /// Without broker and Redis: for what is decided before they are asked.
    pub(crate) fn alone() -> Self {
        Self::new("alone")
            .with("AMQP_URL", "amqp://127.0.0.1:1")
            .with("REDIS_URL", "redis://127.0.0.1:1")
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// The environment itself, for a process of its own.
    pub(crate) fn vars(self) -> HashMap<String, String> {
        self.0
    }

    pub(crate) async fn start(self) -> Ingress {
        let config = Env::from_map(self.0).load::<Config>().unwrap();
        let shutdown = Shutdown::new();
        let at = ingress::start(config, &shutdown).await.unwrap();
        Ingress { at, shutdown }
    }

    /// Started, and connected to the broker.
    pub(crate) async fn ready(self) -> Ingress {
        let ingress = self.start().await;
        ingress.becomes_ready().await;
        ingress
    }
}

impl Ingress {
    pub(crate) async fn becomes_ready(&self) {
        until("it is ready", async || {
            self.ops("/readyz").await.status == 200
        })
        .await;
    }

    pub(crate) async fn ops(&self, path: &str) -> Reply {
        Request::get(path).send(self.at.ops).await
    }

    pub(crate) async fn send(&self, request: Request) -> Reply {
        request.send(self.at.webhooks).await
    }

    /// The value of one metric; 0 when it was never touched.
    pub(crate) async fn metric(&self, name: &str) -> u64 {
        let text = self.ops("/metrics").await.text();
        text.lines()
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
            .map(|value| value.parse().unwrap())
            .next()
            .unwrap_or(0)
    }

    /// Items of a source by outcome: received, accepted, duplicate, rejected, unavailable.
    pub(crate) async fn items(&self, source: &str) -> [u64; 5] {
        let mut counts = [0; 5];
        let outcomes = [
            "received",
            "accepted",
            "duplicate",
            "rejected",
            "unavailable",
        ];
        for (count, outcome) in counts.iter_mut().zip(outcomes) {
            let name = format!("posta_ingress_items_{outcome}_total{{source=\"{source}\"}}");
            *count = self.metric(&name).await;
        }
        counts
    }

    pub(crate) async fn remembers(&self, keys: u64) {
        until("the keys are remembered", async || {
            self.metric("posta_ingress_idempotency_keys_created_total")
                .await
                >= keys
        })
        .await;
    }

    /// Stops it as SIGTERM does.
    pub(crate) async fn stop(&self) {
        self.shutdown.token().cancel();
        tokio::time::timeout(DEADLINE, self.shutdown.tasks_ended())
            .await
            .unwrap();
        assert!(self.shutdown.ended_well());
    }
}

/// A service's URL; tests of the real thing need the real thing.
pub(crate) fn service(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: start the services with `make services` and source .run/env")
    })
}

/// Waits for a condition, however long it takes within reason.
pub(crate) async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let start = Instant::now();
    while !condition().await {
        assert!(start.elapsed() < DEADLINE, "waited too long until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
