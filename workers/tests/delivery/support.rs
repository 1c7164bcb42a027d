//! A delivery-worker without a broker.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::{sync::Arc, time::Duration};

use posta_runtime::{clock::SystemClock, config::WhatsAppApiConfig, metrics::Registry, tls};
use posta_store::{
    Store,
    ids::OutboxId,
    outbox::{Author, Channel, NewOutbox, enqueue},
    testing::Chat,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use url::Url;
use workers::delivery::{DeliveryMetrics, Graph, Rounds, RoundsConfig, Sender, SenderConfig};

/// A running one. Dropping it stops claiming; `stop` also waits.
pub(crate) struct Worker {
    stop: CancellationToken,
    running: tokio::task::JoinHandle<()>,
}

impl Worker {
    pub(crate) fn start(store: &Store, api: &Url) -> Self {
        Self::with(store, api, Duration::from_secs(20), Duration::from_mins(1))
    }

    pub(crate) fn with(store: &Store, api: &Url, lease: Duration, grace: Duration) -> Self {
        tls::install();
        let graph = Graph::new(&WhatsAppApiConfig {
            access_token: "secret-token".to_owned().into(),
            url: api.clone(),
            version: "v26.0".to_owned(),
            media_hosts: Vec::new(),
            messages_per_second: 80,
        });
        let metrics = DeliveryMetrics::register(&Registry::new()).unwrap();
        let config = SenderConfig::new(lease, 80);
        let sender = Sender::new(
            store.clone(),
            Arc::new(graph.unwrap()),
            &config,
            Arc::new(SystemClock),
            metrics,
        );
        let rounds_config = RoundsConfig {
            concurrency: 8,
            lease,
            grace,
        };
        let rounds = Rounds::new(
            store.clone(),
            Arc::new(sender),
            Arc::new(Notify::new()),
            rounds_config,
        );
        let stop = CancellationToken::new();
        let token = stop.clone();
        Self {
            stop,
            running: tokio::spawn(async move { rounds.run(token).await }),
        }
    }

    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.running.await.unwrap();
    }
}

pub(crate) fn text(chat: &Chat, key: &str) -> NewOutbox {
    NewOutbox {
        tenant: chat.tenant,
        account: chat.account,
        channel: Channel::Whatsapp,
        guest: chat.guest,
        conversation: chat.conversation,
        payload: serde_json::json!({ "type": "text", "body": key }),
        dedupe_key: format!("{}:{key}", chat.conversation),
        author: Author::Bot,
        epoch: 0,
        not_before: None,
        not_after: None,
        turn: None,
        cause: None,
    }
}

pub(crate) async fn say(store: &Store, new: &NewOutbox) -> OutboxId {
    let mut tx = store.begin().await.unwrap();
    let id = enqueue(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) state: String,
    pub(crate) attempts: i32,
    pub(crate) resends: i32,
    pub(crate) provider_message_id: Option<String>,
    pub(crate) error: Option<String>,
}

pub(crate) async fn row(store: &Store, id: OutboxId) -> Row {
    sqlx::query_as(
        "SELECT state, attempts, resends, provider_message_id, error FROM outbox WHERE id = $1",
    )
    .bind(id.uuid())
    .fetch_one(store.pool())
    .await
    .unwrap()
}

/// Waits until the row is as wanted, for ten seconds at most.
pub(crate) async fn until(store: &Store, id: OutboxId, wanted: impl Fn(&Row) -> bool) -> Row {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        let row = row(store, id).await;
        if wanted(&row) {
            return row;
        }
        assert!(tokio::time::Instant::now() < deadline, "still {row:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
