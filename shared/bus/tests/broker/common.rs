//! A consumer that does as the test says.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use posta_bus::testing::{MemoryLetters, TestBus, eventually};
use posta_bus::{
    BatchConfig, BatchHandler, BusConfig, ConsumerConfig, ConsumerHealth, Envelope, Handler,
    Incoming, Outgoing, Probe, Publisher, Queue, Support, Verdict, consume, consume_batches,
};
use serde_json::value::RawValue;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Long enough for a busy machine; nothing waits that long when all is well.
pub(crate) const SOON: Duration = Duration::from_secs(20);

/// An event from inside, recognised by its key.
pub(crate) fn event(kind: &str, key: &str) -> Outgoing {
    let payload = RawValue::from_string(r#"{"item":{"n":1}}"#.to_owned()).unwrap();
    Envelope::internal(
        Uuid::now_v7(),
        DateTime::<Utc>::UNIX_EPOCH,
        kind,
        key.to_owned(),
        payload,
    )
    .into_outgoing()
    .unwrap()
}

/// Remembers what it was given and answers as told.
pub(crate) struct Script {
    seen: Mutex<Vec<Incoming>>,
    answer: Box<dyn Fn(&Incoming) -> Verdict + Send + Sync>,
    takes: Duration,
}

impl Script {
    pub(crate) fn new(answer: impl Fn(&Incoming) -> Verdict + Send + Sync + 'static) -> Arc<Self> {
        Self::slow(Duration::ZERO, answer)
    }

    pub(crate) fn slow(
        takes: Duration,
        answer: impl Fn(&Incoming) -> Verdict + Send + Sync + 'static,
    ) -> Arc<Self> {
        Arc::new(Self {
            seen: Mutex::new(Vec::new()),
            answer: Box::new(answer),
            takes,
        })
    }

    pub(crate) fn seen(&self) -> Vec<Incoming> {
        self.seen.lock().unwrap().clone()
    }

    /// How often each key was seen.
    pub(crate) fn counts(&self) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for incoming in self.seen() {
            *counts.entry(incoming.envelope.key).or_default() += 1;
        }
        counts
    }

    pub(crate) async fn until(&self, what: &str, condition: impl Fn(&[Incoming]) -> bool) {
        eventually(what, SOON, || async { condition(&self.seen()) }).await;
    }
}

#[async_trait]
impl Handler for Script {
    async fn handle(&self, incoming: &Incoming) -> Verdict {
        self.seen.lock().unwrap().push(incoming.clone());
        if !self.takes.is_zero() {
            tokio::time::sleep(self.takes).await;
        }
        (self.answer)(incoming)
    }
}

#[async_trait]
impl BatchHandler for Script {
    async fn handle(&self, batch: &[Incoming]) -> Vec<Verdict> {
        self.seen.lock().unwrap().extend(batch.iter().cloned());
        batch
            .iter()
            .map(|incoming| (self.answer)(incoming))
            .collect()
    }
}

/// A dependency that can be switched off.
#[derive(Default)]
pub(crate) struct Switch {
    away: AtomicBool,
}

impl Switch {
    pub(crate) fn set_away(&self, away: bool) {
        self.away.store(away, Ordering::SeqCst);
    }

    pub(crate) fn is_away(&self) -> bool {
        self.away.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Probe for Switch {
    async fn is_back(&self, dependency: &str) -> bool {
        assert_eq!(dependency, "postgres");
        !self.is_away()
    }
}

/// A running consumer and what it leans on.
pub(crate) struct Running {
    pub(crate) publisher: Publisher,
    pub(crate) letters: Arc<MemoryLetters>,
    pub(crate) health: Arc<ConsumerHealth>,
    pub(crate) switch: Arc<Switch>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

pub(crate) enum Mode {
    Single(ConsumerConfig, Arc<Script>),
    Batch(BatchConfig, Arc<Script>),
}

pub(crate) async fn publisher(config: BusConfig) -> Publisher {
    let publisher = Publisher::start(config, CancellationToken::new());
    assert!(
        publisher.wait_ready(SOON).await,
        "{}",
        publisher.health().describe()
    );
    publisher
}

/// Starts a consumer with `config`, publishing retries through `publishing`.
pub(crate) async fn start(config: BusConfig, publishing: BusConfig, mode: Mode) -> Running {
    let publisher = publisher(publishing).await;
    let letters = Arc::new(MemoryLetters::default());
    let health = ConsumerHealth::new("test");
    let switch = Arc::new(Switch::default());
    let stop = CancellationToken::new();
    let support = Support {
        publisher: publisher.clone(),
        dead: letters.clone(),
        probe: switch.clone(),
        health: health.clone(),
    };
    let token = stop.clone();
    let task = tokio::spawn(async move {
        match mode {
            Mode::Single(single, handler) => consume(config, single, handler, support, token)
                .await
                .unwrap(),
            Mode::Batch(batch, handler) => consume_batches(config, batch, handler, support, token)
                .await
                .unwrap(),
        }
    });
    Running {
        publisher,
        letters,
        health,
        switch,
        stop,
        task,
    }
}

/// A consumer of `Queue::Deliveries` with a few attempts and quick probes.
pub(crate) async fn simple(bus: &TestBus, handler: &Arc<Script>) -> Running {
    start(
        bus.config(),
        bus.config(),
        Mode::Single(single(), handler.clone()),
    )
    .await
}

pub(crate) fn single() -> ConsumerConfig {
    ConsumerConfig {
        concurrency: 8,
        max_attempts: 3,
        handler_timeout: Duration::from_secs(2),
        probe_every: Duration::from_millis(50),
        ..ConsumerConfig::new(Queue::Deliveries)
    }
}

impl Running {
    /// As SIGTERM does it: the consumer drains, then the publisher.
    pub(crate) async fn stop(self) {
        self.stop.cancel();
        tokio::time::timeout(SOON, self.task)
            .await
            .expect("the consumer ends in time")
            .unwrap();
        tokio::time::timeout(SOON, self.publisher.shutdown())
            .await
            .expect("the publisher ends in time");
    }
}
