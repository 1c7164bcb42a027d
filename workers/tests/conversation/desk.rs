//! A desk to test with: one number, one property, and workers that are run step by step.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests stop at the first thing that is not as it must be"
)]

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use posta_bus::{Envelope, Handler, Incoming, RequestRef, Signature, Verdict};
use posta_domain::{dialogue::Rules, quiet::Windows};
use posta_providers::whatsapp::{
    media::{Downloaded, MediaError, MediaKind},
    webhook,
};
use posta_runtime::{
    clock::{Clock as _, SystemClock},
    metrics::Registry,
};
use posta_store::testing::{Database, Lodge};
use posta_texts::Texts;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use workers::{
    audio::{Files, Source},
    message::{Messages, Nudge, TurnMetrics, Turns},
};

pub(crate) const NUMBER: &str = "106540352242922";
pub(crate) const OWNER_PHONE: &str = "5492944550100";
pub(crate) const LUCIA: &str = "5492944550101";

/// Everything a test needs.
pub(crate) struct Desk {
    pub(crate) db: Database,
    /// What it lets: one kind of cabin for four, at $ 100.000 a night.
    pub(crate) lodge: Lodge,
    pub(crate) windows: Windows,
    pub(crate) source: Arc<FakeFiles>,
    wake: Arc<Notify>,
}

/// Turns that never take longer fail the test.
const PATIENCE: Duration = Duration::from_secs(20);

/// Nobody listens for long.
pub(crate) fn at_once() -> Windows {
    Windows {
        quiet: TimeDelta::zero(),
        late: TimeDelta::zero(),
        ..Windows::default()
    }
}

impl Desk {
    pub(crate) async fn open() -> Self {
        Self::with(at_once()).await
    }

    pub(crate) async fn with(windows: Windows) -> Self {
        let db = posta_store::testing::database().await;
        let lodge = db.lodge(2).await;
        let (tenant, property) = (lodge.tenant.uuid(), lodge.property.uuid());
        sqlx::query(
            "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
             VALUES ($1, $2, 'whatsapp', $3, 'WHATSAPP_ACCESS_TOKEN')",
        )
        .bind(tenant)
        .bind(Uuid::now_v7())
        .bind(NUMBER)
        .execute(db.pool())
        .await
        .unwrap();
        for (key, body) in [
            ("location", "Estamos en el km 12 de la ruta 40."),
            ("services", "Pileta, parrilla y wifi."),
            ("check_in", "Ingreso desde las 14, salida hasta las 10."),
            ("transfer", "Alias: cabanas.del.lago"),
            ("access", "La llave está en la caja 4711."),
        ] {
            sqlx::query("INSERT INTO property_texts (tenant_id, property_id, key, body) VALUES ($1, $2, $3, $4)")
                .bind(tenant)
                .bind(property)
                .bind(key)
                .bind(body)
                .execute(db.pool())
                .await
                .unwrap();
        }
        Self {
            db,
            lodge,
            windows,
            source: Arc::default(),
            wake: Arc::new(Notify::new()),
        }
    }

    /// What ingress would publish for this webhook.
    pub(crate) fn envelopes(body: &Value) -> Vec<Envelope> {
        split(body.to_string().as_bytes())
    }

    /// Handles each item of a webhook, as the worker of its queue would.
    pub(crate) async fn deliver(&self, body: &Value) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        for envelope in Self::envelopes(body) {
            verdicts.push(self.handle(envelope).await);
        }
        verdicts
    }

    pub(crate) async fn handle(&self, envelope: Envelope) -> Verdict {
        let incoming = incoming(envelope);
        match incoming.envelope.kind.as_str() {
            "audio" | "media" => {
                let source: Arc<dyn Source> = self.source.clone();
                Files::new(self.db.store().clone(), self.windows, source)
                    .handle(&incoming)
                    .await
            }
            _ => {
                let wake = Arc::clone(&self.wake);
                Messages::new(self.db.store().clone(), self.windows, wake)
                    .handle(&incoming)
                    .await
            }
        }
    }

    /// Another worker process's turns.
    pub(crate) fn turns(&self) -> Turns {
        Turns::new(
            self.db.store().clone(),
            Texts::es_ar().unwrap(),
            Rules::default(),
            Arc::clone(&self.wake),
            Nudge::default(),
            TurnMetrics::register(&Registry::new()).unwrap(),
        )
    }

    /// Runs turns in this many workers until no chat waits for one.
    pub(crate) async fn settle_with(&self, workers: usize) {
        let token = CancellationToken::new();
        let mut set = tokio::task::JoinSet::new();
        for _ in 0..workers {
            set.spawn(self.turns().run(4, token.clone()));
        }
        self.until(
            "no chat waits for a turn",
            "SELECT NOT EXISTS (SELECT FROM conversations WHERE turn_due_at IS NOT NULL)
                AND NOT EXISTS (SELECT FROM mailbox WHERE kind = 'event' AND handled_at IS NULL)",
        )
        .await;
        token.cancel();
        set.join_all().await;
    }

    pub(crate) async fn settle(&self) {
        self.settle_with(1).await;
    }

    /// Waits until a query says true.
    pub(crate) async fn until(&self, what: &str, sql: &'static str) {
        let started = std::time::Instant::now();
        while !self.scalar::<bool>(sql).await {
            assert!(
                started.elapsed() < PATIENCE,
                "not within {PATIENCE:?}: {what}"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub(crate) async fn scalar<T>(&self, sql: &'static str) -> T
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
    {
        sqlx::query_scalar(sql)
            .fetch_one(self.db.pool())
            .await
            .unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        self.scalar(sql).await
    }

    /// What the bot said, in order.
    pub(crate) async fn said(&self) -> Vec<String> {
        let payloads: Vec<Value> = sqlx::query_scalar("SELECT payload FROM outbox ORDER BY seq")
            .fetch_all(self.db.pool())
            .await
            .unwrap();
        payloads
            .iter()
            .map(|payload| payload["body"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

/// A message's webhook around items.
pub(crate) fn webhook(messages: &Value, contacts: &Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [{"field": "messages", "value": {
        "messaging_product": "whatsapp", "metadata": {"display_phone_number": OWNER_PHONE, "phone_number_id": NUMBER},
        "contacts": contacts, "messages": messages
    }}]}]})
}

/// A change of another field.
pub(crate) fn field(name: &str, mut value: Value) -> Value {
    value["metadata"] = json!({"display_phone_number": OWNER_PHONE, "phone_number_id": NUMBER});
    json!({"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [{"field": name, "value": value}]}]})
}

/// A text from Lucía.
pub(crate) fn text(id: &str, at: DateTime<Utc>, body: &str) -> Value {
    webhook(
        &json!([{"from": LUCIA, "id": id, "timestamp": at.timestamp().to_string(), "type": "text", "text": {"body": body}}]),
        &json!([{"wa_id": LUCIA, "profile": {"name": "Lucía"}}]),
    )
}

/// Anything else from Lucía.
pub(crate) fn item(id: &str, at: DateTime<Utc>, kind: &str, content: &Value) -> Value {
    let mut item =
        json!({"from": LUCIA, "id": id, "timestamp": at.timestamp().to_string(), "type": kind});
    item[kind] = content.clone();
    webhook(
        &json!([item]),
        &json!([{"wa_id": LUCIA, "profile": {"name": "Lucía"}}]),
    )
}

/// What the owner typed on her phone.
pub(crate) fn echo(id: &str, at: DateTime<Utc>, body: &str) -> Value {
    field(
        "smb_message_echoes",
        json!({"messaging_product": "whatsapp", "message_echoes": [
            {"from": OWNER_PHONE, "to": LUCIA, "id": id, "timestamp": at.timestamp().to_string(), "type": "text", "text": {"body": body}}
        ]}),
    )
}

pub(crate) fn now() -> DateTime<Utc> {
    SystemClock.now()
}

pub(crate) fn split(body: &[u8]) -> Vec<Envelope> {
    let items = webhook::split(body).expect("the webhook can be split");
    let envelopes = items.into_iter().zip(0..).map(|(item, index)| Envelope {
        v: 1,
        id: Uuid::now_v7(),
        key: item.key,
        source: "whatsapp".to_owned(),
        kind: item.kind,
        account: item.account,
        received_at: now(),
        signature: Some(Signature { secret: 0 }),
        request: Some(RequestRef {
            sha256: "0".repeat(64),
            index,
        }),
        payload: item.payload,
    });
    envelopes.collect()
}

fn incoming(envelope: Envelope) -> Incoming {
    Incoming {
        attempt: 1,
        redelivered: false,
        message_id: envelope.id.to_string(),
        routing_key: envelope.routing_key(),
        traceparent: None,
        body: Vec::new().into(),
        envelope,
    }
}

/// Answers fetches in the order they were prepared; without any, a small picture.
#[derive(Default)]
pub(crate) struct FakeFiles {
    prepared: Mutex<VecDeque<MediaError>>,
}

impl FakeFiles {
    pub(crate) fn fails_with(&self, error: MediaError) {
        self.prepared.lock().unwrap().push_back(error);
    }
}

#[async_trait]
impl Source for FakeFiles {
    async fn fetch(
        &self,
        _number: &str,
        _id: &str,
        _kind: MediaKind,
    ) -> Result<Downloaded, MediaError> {
        let prepared = self.prepared.lock().unwrap().pop_front();
        match prepared {
            Some(error) => Err(error),
            None => Ok(Downloaded {
                bytes: b"a picture".as_slice().into(),
                mime: "image/jpeg".to_owned(),
                sha256: [7; 32],
                checksum_matches: None,
            }),
        }
    }
}
