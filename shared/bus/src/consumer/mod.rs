//! Consuming: each message goes to a handler, and what the handler says decides what the broker is told.
//!
//! Actors: a **supervisor** owns the connection and rebuilds it; a **pump** takes deliveries and runs handlers,
//! one task per message or a batch at a time; a **settler** carries out the verdict. Acknowledging comes last:
//! a crash anywhere before it delivers the message again, and the handler recognises its own effect.
//!
//! Guaranteed: no more than `concurrency` handlers at once, over reconnects too; a panic or a handler that
//! hangs costs one attempt of one message; when stopped, what is in flight is finished, what was only buffered
//! goes back to the queue. Not guaranteed: order, and that a handler runs only once per message.
//!
//! With a dependency away that every message needs, consuming pauses: what was taken goes into the shortest
//! retry queue with its attempt unchanged and waits in the work queue from then on. The probe is asked until
//! it says the dependency is back, then one message is tried before the rest follows.

mod batch;
mod guard;
mod settle;
mod single;
mod subscription;
mod supervisor;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::config::BusConfig;
use crate::connect::ConnectError;
use crate::dead_letter::{DeadLetters, DeadSource, Origin};
use crate::health::ConsumerHealth;
use crate::incoming::Incoming;
use crate::names::Queue;
use crate::publisher::Publisher;
use crate::verdict::Verdict;
use batch::BatchPump;
use settle::{Retries, Settler};
use single::{Drain, HandlerJudge, SinglePump};
use supervisor::Supervisor;

/// Messages a drain records at once.
const DRAIN_CONCURRENCY: u16 = 4;

/// Handles one message.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Returns when the effect is committed, or cannot be. May be called twice for the same message, also at
    /// the same time. Is dropped at its next await when it takes longer than the handler timeout.
    async fn handle(&self, incoming: &Incoming) -> Verdict;
}

/// Handles several messages in one go.
#[async_trait]
pub trait BatchHandler: Send + Sync {
    /// One verdict per message, in the same order. Anything else counts as a failed attempt of all.
    async fn handle(&self, batch: &[Incoming]) -> Vec<Verdict>;
}

/// Knows whether something that was away is back.
#[async_trait]
pub trait Probe: Send + Sync {
    /// Asked every now and then while a consumer is paused because of `dependency`.
    async fn is_back(&self, dependency: &str) -> bool;
}

/// How a queue is consumed, message by message.
#[derive(Debug, Clone)]
pub struct ConsumerConfig {
    /// Which.
    pub queue: Queue,
    /// Handlers at once, and also how many messages the broker hands out ahead. Small: when this process dies,
    /// each of them counts as delivered once more.
    pub concurrency: u16,
    /// Attempts before a message is a dead letter.
    pub max_attempts: u32,
    /// Bound on one handler. Far below the broker's own 30 minutes, which would close the channel.
    pub handler_timeout: Duration,
    /// Pause between two questions to the probe.
    pub probe_every: Duration,
}

/// How a queue is consumed in batches.
#[derive(Debug, Clone)]
pub struct BatchConfig {
    /// Which.
    pub queue: Queue,
    /// Most messages in a batch.
    pub size: u16,
    /// How long the first of a batch waits for others.
    pub linger: Duration,
    /// Attempts before a message is a dead letter.
    pub max_attempts: u32,
    /// Bound on one batch.
    pub handler_timeout: Duration,
    /// Pause between two questions to the probe.
    pub probe_every: Duration,
}

/// What a consumer leans on.
#[derive(Clone)]
pub struct Support {
    /// Publishes the copies for retries. Has to outlive the consumer.
    pub publisher: Publisher,
    /// Keeps what is given up on.
    pub dead: Arc<dyn DeadLetters>,
    /// Asked while paused.
    pub probe: Arc<dyn Probe>,
    /// Told what the consumer does.
    pub health: Arc<ConsumerHealth>,
}

/// A consumer that cannot work at all. Everything else is waited out.
#[derive(Debug, thiserror::Error)]
#[error("could not consume {queue}")]
pub struct ConsumeError {
    queue: String,
    #[source]
    source: ConnectError,
}

impl ConsumerConfig {
    /// Defaults for `queue`.
    pub fn new(queue: Queue) -> Self {
        Self {
            queue,
            concurrency: 16,
            max_attempts: 8,
            handler_timeout: Duration::from_secs(30),
            probe_every: Duration::from_millis(500),
        }
    }
}

impl BatchConfig {
    /// Defaults for `queue`.
    pub fn new(queue: Queue) -> Self {
        Self {
            queue,
            size: 100,
            linger: Duration::from_millis(20),
            max_attempts: 8,
            handler_timeout: Duration::from_secs(30),
            probe_every: Duration::from_millis(500),
        }
    }
}

/// Consumes until `stop` is cancelled, then finishes what is in flight and returns.
pub async fn consume(
    bus: BusConfig,
    config: ConsumerConfig,
    handler: Arc<dyn Handler>,
    support: Support,
    stop: CancellationToken,
) -> Result<(), ConsumeError> {
    let queue = config.queue.name(&bus.namespace);
    let judge = HandlerJudge {
        handler,
        timeout: config.handler_timeout,
        queue: queue.clone(),
    };
    let settler = settler(&bus, config.queue, config.max_attempts, &support);
    let pump = SinglePump::new(Arc::new(judge), settler, &bus, &queue, config.concurrency);
    supervise(
        bus,
        queue,
        support.probe,
        config.probe_every,
        support.health,
    )
    .run(pump, stop)
    .await
}

/// Consumes in batches, on a channel of its own, until `stop` is cancelled.
pub async fn consume_batches(
    bus: BusConfig,
    config: BatchConfig,
    handler: Arc<dyn BatchHandler>,
    support: Support,
    stop: CancellationToken,
) -> Result<(), ConsumeError> {
    let queue = config.queue.name(&bus.namespace);
    let settler = settler(&bus, config.queue, config.max_attempts, &support);
    let probe_every = config.probe_every;
    let pump = BatchPump::new(config, handler, settler, &bus);
    supervise(bus, queue, support.probe, probe_every, support.health)
        .run(pump, stop)
        .await
}

/// Moves what the broker gave up on into `dead`, until `stop` is cancelled. A letter that cannot be recorded is
/// held and tried again; it is never sent back, which would count against it.
pub async fn drain_dead(
    bus: BusConfig,
    source: DeadSource,
    dead: Arc<dyn DeadLetters>,
    health: Arc<ConsumerHealth>,
    stop: CancellationToken,
) -> Result<(), ConsumeError> {
    let queue = source.queue(&bus.namespace);
    let settler = Settler {
        queue: source.replay_queue(&bus.namespace),
        origin: source.origin(),
        retries: None,
        dead,
    };
    let pump = SinglePump::new(
        Arc::new(Drain(source)),
        settler,
        &bus,
        &queue,
        DRAIN_CONCURRENCY,
    );
    supervise(bus, queue, Arc::new(Always), Duration::from_secs(1), health)
        .run(pump, stop)
        .await
}

fn settler(bus: &BusConfig, queue: Queue, max_attempts: u32, support: &Support) -> Settler {
    let queues = bus.tiers.queues(queue, &bus.namespace);
    Settler {
        queue: queue.name(&bus.namespace),
        origin: Origin::Handler,
        retries: Some(Retries {
            publisher: support.publisher.clone(),
            tiers: bus.tiers,
            queues,
            max_attempts,
        }),
        dead: Arc::clone(&support.dead),
    }
}

fn supervise(
    bus: BusConfig,
    queue: String,
    probe: Arc<dyn Probe>,
    probe_every: Duration,
    health: Arc<ConsumerHealth>,
) -> Supervisor {
    Supervisor {
        bus,
        queue,
        probe,
        probe_every,
        health,
    }
}

/// For drains, which never pause.
struct Always;

#[async_trait]
impl Probe for Always {
    async fn is_back(&self, _dependency: &str) -> bool {
        true
    }
}
