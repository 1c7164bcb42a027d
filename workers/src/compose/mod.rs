//! How a worker is put together: configuration → database → bus → handlers → ops port → run until told to stop.
//!
//! Guaranteed: a worker starts, and stays, whatever is away; `/readyz` says what is. On shutdown the consumers finish
//! what they have in hand, then the publisher (which carries their retries) ends, then the database's connections.
//! Not guaranteed: an order among the consumers.

mod dead;
mod observe;
mod probe;
mod traced;
mod verdict;

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use posta_bus::{
    BatchConfig, BatchHandler, BusConfig, ConsumerConfig, ConsumerHealth, DeadSource, Handler,
    Publisher, Queue, Support, consume, consume_batches, drain_dead,
};
use posta_runtime::{
    config::{AmqpConfig, DatabaseConfig, OpsConfig, WorkerConfig},
    lifecycle::Shutdown,
    metrics::Registry,
    ops::Ops,
};
use posta_store::{PoolConfig, Store};
use tokio_util::sync::CancellationToken;

pub use dead::StoredDeadLetters;
pub use observe::BusMetrics;
pub use probe::PostgresProbe;
pub use traced::Traced;
pub use verdict::{chain, verdict};

/// The dependency every handler names when `PostgreSQL` is away.
pub const POSTGRES: &str = "postgres";

/// Longer than any reconnecting takes: a process that is cut off for this long is restarted.
const CUT_OFF: Duration = Duration::from_mins(10);

/// Keeps a whole batch of publishers out of workers that publish little.
const PUBLISH_CHANNELS: usize = 2;

/// The sections every worker reads.
pub type CoreConfig = (DatabaseConfig, AmqpConfig, OpsConfig, WorkerConfig);

/// What every worker has.
pub struct Core {
    store: Store,
    bus: BusConfig,
    publisher: Publisher,
    registry: Registry,
    worker: WorkerConfig,
    max_attempts: u32,
    shutdown: Shutdown,
    ops: Ops,
}

impl Core {
    /// Prepares everything; nothing is connected yet, and nothing has to be reachable.
    pub fn start(
        service: &'static str,
        config: CoreConfig,
        shutdown: &Shutdown,
    ) -> anyhow::Result<Self> {
        let (database, amqp, ops, worker) = config;
        let registry = Registry::new();
        let pool = PoolConfig {
            connections: database.pool,
            ..PoolConfig::new(database.url, service)
        };
        let store = Store::lazy(&pool).context("DATABASE_URL cannot be used")?;
        let max_attempts = amqp.max_attempts;
        let bus = bus_config(amqp, service, &registry)?;
        // A token of its own: consumers publish retries while they drain.
        let publisher = Publisher::start(bus.clone(), CancellationToken::new());
        let ops = Ops::new(ops.addr, registry.clone());
        let core = Self {
            store,
            bus,
            publisher,
            registry,
            worker,
            max_attempts,
            shutdown: shutdown.clone(),
            ops,
        };
        Ok(core.with_dependencies())
    }

    /// The database.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Where nudges are published.
    #[must_use]
    pub const fn publisher(&self) -> &Publisher {
        &self.publisher
    }

    /// The process's metrics.
    #[must_use]
    pub const fn registry(&self) -> &Registry {
        &self.registry
    }

    /// How much to do at once.
    #[must_use]
    pub const fn worker(&self) -> &WorkerConfig {
        &self.worker
    }

    /// When to stop, and tasks of the worker's own.
    #[must_use]
    pub const fn shutdown(&self) -> &Shutdown {
        &self.shutdown
    }

    /// Consumes a queue message by message, and its dead queue with it.
    #[must_use]
    pub fn consume(self, queue: Queue, handler: Arc<dyn Handler>) -> Self {
        let name = queue.name(&self.bus.namespace);
        let config = ConsumerConfig {
            concurrency: self.worker.concurrency,
            max_attempts: self.max_attempts,
            handler_timeout: self.worker.handler_timeout,
            ..ConsumerConfig::new(queue)
        };
        let health = ConsumerHealth::new(name.clone());
        let support = self.support(&health);
        let traced = Arc::new(Traced::new(name, handler));
        let task = consume(
            self.bus.clone(),
            config,
            traced,
            support,
            self.shutdown.token(),
        );
        self.shutdown
            .spawn("consumer", async move { Ok(task.await?) });
        self.watch("consumer", health)
            .drain(DeadSource::Queue(queue))
    }

    /// Consumes a queue in batches, and its dead queue with it.
    #[must_use]
    pub fn consume_batches(self, queue: Queue, handler: Arc<dyn BatchHandler>) -> Self {
        let config = BatchConfig {
            max_attempts: self.max_attempts,
            handler_timeout: self.worker.handler_timeout,
            ..BatchConfig::new(queue)
        };
        let health = ConsumerHealth::new(queue.name(&self.bus.namespace));
        let support = self.support(&health);
        let task = consume_batches(
            self.bus.clone(),
            config,
            handler,
            support,
            self.shutdown.token(),
        );
        self.shutdown
            .spawn("batch consumer", async move { Ok(task.await?) });
        self.watch("batch consumer", health)
            .drain(DeadSource::Queue(queue))
    }

    /// Moves what the broker gave up on into the dead letters.
    #[must_use]
    pub fn drain(self, source: DeadSource) -> Self {
        let health = ConsumerHealth::new(format!("{source:?}"));
        let dead = Arc::new(StoredDeadLetters::new(self.store.clone()));
        let task = drain_dead(
            self.bus.clone(),
            source,
            dead,
            health,
            self.shutdown.token(),
        );
        self.shutdown
            .spawn("dead letter drain", async move { Ok(task.await?) });
        self
    }

    /// Adds a dependency of the worker's own to `/readyz`.
    #[must_use]
    pub fn ready_check<F, Fut>(mut self, name: &'static str, check: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.ops = self.ops.ready_check(name, check);
        self
    }

    /// Opens the ops port, then runs until everything has ended in order.
    pub async fn run(self) -> anyhow::Result<()> {
        let server = self.ops.bind().await?;
        let token = self.shutdown.token();
        self.shutdown.spawn("ops port", async move {
            server.serve(token).await;
            Ok(())
        });
        self.shutdown.tasks_ended().await;
        self.publisher.shutdown().await;
        self.store.close().await;
        Ok(())
    }

    fn support(&self, health: &Arc<ConsumerHealth>) -> Support {
        Support {
            publisher: self.publisher.clone(),
            dead: Arc::new(StoredDeadLetters::new(self.store.clone())),
            probe: Arc::new(PostgresProbe::new(self.store.clone())),
            health: Arc::clone(health),
        }
    }

    fn with_dependencies(self) -> Self {
        let store = self.store.clone();
        let publisher = self.publisher.health();
        self.ready_check("database", move || {
            let store = store.clone();
            async move {
                store
                    .ping()
                    .await
                    .map_err(|error| format!("{:#}", anyhow::Error::new(error)))
            }
        })
        .ready_check("publisher", move || {
            let state = if publisher.is_ready() {
                Ok(())
            } else {
                Err(publisher.describe())
            };
            std::future::ready(state)
        })
    }

    fn watch(mut self, name: &'static str, health: Arc<ConsumerHealth>) -> Self {
        let alive = Arc::clone(&health);
        self.ops = self
            .ops
            .ready_check(name, move || {
                let state = if health.is_running() {
                    Ok(())
                } else {
                    Err(health.describe())
                };
                std::future::ready(state)
            })
            .live_check(name, move || {
                let cut_off = alive
                    .disconnected_for()
                    .is_some_and(|since| since > CUT_OFF);
                let state = if cut_off {
                    Err(alive.describe())
                } else {
                    Ok(())
                };
                std::future::ready(state)
            });
        self
    }
}

/// The bus as the environment describes it.
pub fn bus_config(
    amqp: AmqpConfig,
    service: &str,
    registry: &Registry,
) -> anyhow::Result<BusConfig> {
    let tiers: Vec<String> = amqp
        .retry_tiers
        .iter()
        .map(|tier| format!("{}ms", tier.as_millis()))
        .collect();
    Ok(BusConfig {
        namespace: amqp
            .namespace
            .parse()
            .context("AMQP_NAMESPACE cannot be used")?,
        tiers: tiers
            .join(",")
            .parse()
            .context("BUS_RETRY_TIERS cannot be used")?,
        publish_channels: PUBLISH_CHANNELS,
        connection_name: service.to_owned(),
        observer: Arc::new(BusMetrics::register(registry)?),
        ..BusConfig::new(amqp.url)
    })
}
