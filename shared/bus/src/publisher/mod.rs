//! Publishing: `publish` returns `Ok` when the broker has the message on disk, and never otherwise.
//!
//! Actors: a **supervisor** owns the connection, which only publishes; a few **lanes** own one confirm channel
//! each and are the only ones to publish on it; callers hand their message to a lane and wait for its answer.
//! A channel with two owners loses messages: taking a delivery tag and queueing the frames are two steps inside
//! the client library, so two tasks can swap tags and one gets the other's confirm (`tests/broker/confirms.rs`).
//!
//! Guaranteed: each publish is answered within twice the confirm timeout; at once while there is no connection
//! or the broker takes nothing. Not guaranteed: that a failed publish has not arrived. After a timeout it may
//! still, so whoever tries again keeps the message id, and the receiver looks at it.

mod error;
mod job;
mod lane;
mod supervisor;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use lapin::types::ShortString;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

pub use error::PublishError;

use crate::config::BusConfig;
use crate::health::PublisherHealth;
use crate::observer::Observer;
use crate::outgoing::{Outgoing, short};
use job::Job;
use lane::{Lane, LaneHandle, Rules};
use supervisor::{Link, Supervisor};

/// Messages in flight on one channel of the exchange. Measured: 16 to 64 is where throughput levels off.
const WINDOW: usize = 64;
/// Lanes for publishing straight to a queue: retries and replays, which are few.
const DIRECT_LANES: usize = 2;

/// Handle to publish with. Cheap to clone; publishing ends when the last clone is dropped.
#[derive(Clone)]
pub struct Publisher {
    inner: Arc<Inner>,
}

struct Inner {
    events: Vec<LaneHandle>,
    direct: Vec<LaneHandle>,
    turn: AtomicUsize,
    exchange: String,
    confirm_timeout: Duration,
    health: Arc<PublisherHealth>,
    observer: Arc<dyn Observer>,
    tasks: TaskTracker,
    stop: CancellationToken,
    _stop_when_dropped: DropGuard,
}

impl Publisher {
    /// Returns at once and connects in the background, again and again until `token` is cancelled.
    ///
    /// Give it a token of its own: consumers still publish retries while they drain, so the publisher ends
    /// last, with [`Publisher::shutdown`].
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a token is a handle; it is handed over as everywhere else"
    )]
    pub fn start(config: BusConfig, token: CancellationToken) -> Self {
        let stop = token.child_token();
        let tasks = TaskTracker::new();
        let health = PublisherHealth::new();
        let (link, links) = watch::channel(Link::default());
        let supervisor = Supervisor::new(config, link, Arc::clone(&health), stop.clone());
        let config = supervisor.config.clone();
        let lanes = |count: usize, rules: Rules| {
            let open = || {
                let (lane, handle) = Lane::new(
                    rules,
                    &config,
                    links.clone(),
                    &health,
                    supervisor.complaints(),
                    &stop,
                );
                tasks.spawn(lane.run());
                handle
            };
            (0..count).map(|_| open()).collect::<Vec<_>>()
        };
        let events = lanes(
            config.publish_channels.max(1),
            Rules {
                window: WINDOW,
                mandatory: false,
            },
        );
        // One in flight, so that a returned message is told apart: the default exchange has no alternate, and a
        // retry queue that was deleted would swallow copies with an ack.
        let direct = lanes(
            DIRECT_LANES,
            Rules {
                window: 1,
                mandatory: true,
            },
        );
        tasks.spawn(supervisor.run(tasks.clone()));
        let inner = Inner {
            events,
            direct,
            turn: AtomicUsize::new(0),
            exchange: config.namespace.events_exchange(),
            confirm_timeout: config.confirm_timeout,
            health,
            observer: Arc::clone(&config.observer),
            tasks,
            _stop_when_dropped: stop.clone().drop_guard(),
            stop,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Publishes to the events exchange. `Ok` is the broker's own confirm of this very message.
    pub async fn publish(&self, message: Outgoing) -> Result<(), PublishError> {
        let exchange =
            short(self.inner.exchange.as_str(), "the exchange").map_err(PublishError::refused)?;
        let routing_key = message.routing_key.clone();
        self.submit(&self.inner.events, exchange, routing_key, message)
            .await
    }

    /// Publishes straight to a queue. A queue that does not exist is an error.
    pub async fn publish_to_queue(
        &self,
        queue: &str,
        message: Outgoing,
    ) -> Result<(), PublishError> {
        let queue = short(queue, "the queue").map_err(PublishError::refused)?;
        self.submit(&self.inner.direct, ShortString::default(), queue, message)
            .await
    }

    /// Whether a publish now would be handed to the broker.
    pub fn is_ready(&self) -> bool {
        self.inner.health.is_ready()
    }

    /// State of the connection.
    pub fn health(&self) -> Arc<PublisherHealth> {
        Arc::clone(&self.inner.health)
    }

    /// Waits until ready, at most `bound`. Whether it is.
    pub async fn wait_ready(&self, bound: Duration) -> bool {
        let ready = async {
            while !self.is_ready() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(bound, ready).await.is_ok()
    }

    /// Waits for what is in flight, closes the connection, ends.
    pub async fn shutdown(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    async fn submit(
        &self,
        lanes: &[LaneHandle],
        exchange: ShortString,
        routing_key: ShortString,
        message: Outgoing,
    ) -> Result<(), PublishError> {
        let started = Instant::now();
        let result = match self.pick(lanes) {
            None => Err(PublishError::Unavailable(self.inner.health.describe())),
            Some(lane) => {
                let deadline = tokio::time::Instant::now() + self.inner.confirm_timeout;
                let (job, answer) = Job::new(exchange, routing_key, message, deadline);
                lane.submit(job);
                answer.await.unwrap_or(Err(PublishError::Discarded))
            }
        };
        self.inner.observer.published(
            result
                .as_ref()
                .err()
                .map_or("confirmed", PublishError::label),
            started.elapsed(),
        );
        result
    }

    /// The next lane that can publish.
    fn pick<'a>(&self, lanes: &'a [LaneHandle]) -> Option<&'a LaneHandle> {
        if self.inner.stop.is_cancelled() || !self.inner.health.is_ready() {
            return None;
        }
        let turn = self.inner.turn.fetch_add(1, Ordering::Relaxed);
        (0..lanes.len())
            .map(|step| &lanes[turn.wrapping_add(step) % lanes.len()])
            .find(|lane| lane.is_ready())
    }
}
