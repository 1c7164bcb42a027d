//! A place that lets cabins, its account at Mercado Pago, and payment-workers without a broker.

use std::{sync::Arc, time::Duration};

use posta_bus::{Envelope, Handler as _, Incoming, Signature, Verdict};
use posta_runtime::{
    breaker::BreakerPolicy,
    clock::{Clock as _, SystemClock},
    config::{MercadoPagoApiConfig, PaymentLinkConfig},
    metrics::Registry,
    tls,
};
use posta_store::{
    audit::By,
    booking::{Booking, HoldRequest, Method, hold},
    ids::{AccountId, ReservationId},
    testing::{Database, Lodge, database},
};
use posta_texts::Texts;
use serde_json::{Value, value::to_raw_value};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;
use workers::payment::{
    Gate, Links, Notices, Pages, PaymentMetrics, Reads, Refunds, Rounds, Wakes,
};

use crate::mercado::{COLLECTOR, Mercado};

pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// Everything around a worker.
pub(crate) struct Bench {
    pub(crate) database: Database,
    pub(crate) lodge: Lodge,
    pub(crate) mercado: Mercado,
    pub(crate) url: Url,
    pub(crate) account: AccountId,
}

impl Bench {
    pub(crate) async fn open() -> Self {
        tls::install();
        let database = database().await;
        let lodge = database.lodge(2).await;
        let (mercado, url) = Mercado::start().await;
        let account = AccountId::fresh();
        sqlx::query(
            "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
             VALUES ($1, $2, 'mercadopago', $3, 'MERCADOPAGO_ACCESS_TOKEN')",
        )
        .bind(lodge.tenant.uuid())
        .bind(account.uuid())
        .bind(COLLECTOR)
        .execute(database.pool())
        .await
        .unwrap();
        Self {
            database,
            lodge,
            mercado,
            url,
            account,
        }
    }

    /// A hold of two nights that is to be paid by link: half of $ 200.000.
    pub(crate) async fn held(&self) -> Held {
        let quote = self
            .lodge
            .quote(vec![self.lodge.any(10, 12)])
            .await
            .unwrap();
        let request = HoldRequest {
            method: Method::MercadoPago,
            ..Lodge::request(&quote)
        };
        let store = self.database.store();
        let held = hold(store, &self.lodge.by, &request, |_| Value::Null)
            .await
            .unwrap();
        let booking = self.lodge.booking(held.reservation.unwrap()).await;
        let [asked] = booking.requests.as_slice() else {
            panic!("one request: {:?}", booking.requests);
        };
        Held {
            id: booking.id,
            reference: asked.external_reference.clone(),
        }
    }

    pub(crate) fn by(&self) -> &By {
        &self.lodge.by
    }

    pub(crate) async fn booking(&self, held: &Held) -> Booking {
        self.lodge.booking(held.id).await
    }

    pub(crate) async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(self.database.pool())
            .await
            .unwrap()
    }

    pub(crate) async fn text(&self, sql: &'static str) -> String {
        let text: Option<Option<String>> = sqlx::query_scalar(sql)
            .fetch_optional(self.database.pool())
            .await
            .unwrap();
        text.flatten().unwrap_or_default()
    }

    pub(crate) async fn run(&self, sql: &'static str) {
        sqlx::query(sql)
            .execute(self.database.pool())
            .await
            .unwrap();
    }

    /// Waits until the query says so.
    pub(crate) async fn until(&self, sql: &'static str, wanted: i64) {
        let deadline = tokio::time::Instant::now() + DEADLINE;
        loop {
            let is = self.number(sql).await;
            if is == wanted {
                return;
            }
            assert!(
                tokio::time::Instant::now() < deadline,
                "{sql}: {is}, not {wanted}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A worker with a breaker that is quick to open and to try again.
    pub(crate) fn worker(&self) -> Worker {
        Worker::start(self, DEADLINE)
    }

    /// One whose attempts may take no longer than that.
    pub(crate) fn worker_within(&self, budget: Duration) -> Worker {
        Worker::start(self, budget)
    }

    /// Delivers a notice as the bus would.
    pub(crate) async fn notice(&self, notice: &Incoming) -> Verdict {
        let wakes = Wakes::default();
        Notices::new(self.database.store().clone(), wakes.reads)
            .handle(notice)
            .await
    }
}

/// A hold, and what its payments are called.
pub(crate) struct Held {
    pub(crate) id: ReservationId,
    pub(crate) reference: String,
}

/// A running one.
pub(crate) struct Worker {
    stop: CancellationToken,
    running: JoinSet<()>,
    pub(crate) registry: Registry,
    pub(crate) wakes: Wakes,
}

impl Worker {
    fn start(bench: &Bench, budget: Duration) -> Self {
        let registry = Registry::new();
        let metrics = PaymentMetrics::register(&registry).unwrap();
        let store = bench.database.store();
        let breaker = BreakerPolicy {
            failures: 3,
            open_for: Duration::from_millis(300),
            open_at_most: Duration::from_millis(600),
        };
        let clock = Arc::new(SystemClock);
        let api = config(&bench.url);
        let gate = Gate::with(breaker, store.clone(), &api, clock, metrics.clone());
        let gate = Arc::new(gate.unwrap());
        let wakes = Wakes::default();
        let pages = PaymentLinkConfig {
            notification_url: Some("https://posta.example/hooks".parse().unwrap()),
            public_url: "https://posta.example".parse().unwrap(),
        };
        let pages = Pages::new(Texts::es_ar().unwrap(), &pages);
        let reads = Reads::new(store.clone(), Arc::clone(&gate), wakes.clone());
        let links = Links::new(store.clone(), Arc::clone(&gate), pages);
        let refunds = Refunds::new(store.clone(), Arc::clone(&gate), wakes.clone());
        let stop = CancellationToken::new();
        let mut running = JoinSet::new();
        macro_rules! rounds {
            ($work:expr, $wake:expr, $at_once:expr) => {
                let wake = Arc::clone(&$wake);
                let rounds = Rounds::new($work, Arc::clone(&gate), wake, metrics.clone(), $at_once);
                let rounds = rounds.within(budget);
                let token = stop.clone();
                running.spawn(async move { rounds.run(token).await });
            };
        }
        rounds!(reads, wakes.reads, 4);
        rounds!(links, wakes.links, 2);
        rounds!(refunds, wakes.refunds, 2);
        Self {
            stop,
            running,
            registry,
            wakes,
        }
    }

    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.running.join_all().await;
    }
}

pub(crate) fn config(url: &Url) -> MercadoPagoApiConfig {
    MercadoPagoApiConfig {
        access_token: "APP_USR-token".to_owned().into(),
        url: url.clone(),
        requests_per_second: 100,
    }
}

/// A notice of a payment, as ingress passes it on; `request_id` and time make its key.
pub(crate) fn payment_notice(payment: &str, request_id: &str) -> Incoming {
    let item = serde_json::json!({ "action": "payment.updated", "type": "payment", "data": { "id": payment },
        "user_id": COLLECTOR, "id": request_id });
    notice("payment", payment, request_id, &item)
}

pub(crate) fn notice(kind: &str, data_id: &str, request_id: &str, item: &Value) -> Incoming {
    let now = SystemClock.now();
    let payload = serde_json::json!({ "item": item, "data_id": data_id, "type": kind,
        "request_id": request_id, "ts": "1790000000" });
    let envelope = Envelope {
        v: 1,
        id: Uuid::now_v7(),
        key: format!("mp:{kind}:{data_id}:{request_id}:1790000000"),
        source: "mercadopago".to_owned(),
        kind: kind.to_owned(),
        account: Some(COLLECTOR.to_owned()),
        received_at: now,
        signature: Some(Signature { secret: 0 }),
        request: None,
        payload: to_raw_value(&payload).unwrap(),
    };
    Incoming {
        message_id: envelope.id.to_string(),
        envelope,
        attempt: 1,
        redelivered: false,
        routing_key: format!("mercadopago.{kind}"),
        traceparent: None,
        body: Vec::new().into(),
    }
}
