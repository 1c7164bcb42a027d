//! The supervisor of a consuming connection: makes it, subscribes, pauses, resumes, replaces it.

use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lapin::Connection;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::subscription::Subscription;
use super::{ConsumeError, Probe};
use crate::config::BusConfig;
use crate::connect::{Connector, close};
use crate::health::{ConsumerHealth, ConsumerState};
use crate::pause::Pauses;

/// A connection that stood this long was a good one: the next attempt is made without delay.
const GOOD: Duration = Duration::from_secs(10);
/// Bound on one question to the probe.
const PROBE: Duration = Duration::from_secs(5);

/// Takes messages from a subscription until something ends it.
pub(super) trait Pump: Send {
    /// Messages the broker may hand out ahead.
    fn prefetch(&self) -> u16;

    /// When `probing`, returns after the first message that was not held up.
    fn pump(
        &mut self,
        subscription: &mut Subscription,
        probing: bool,
        stop: &CancellationToken,
    ) -> impl Future<Output = End> + Send;

    /// Waits for handlers that outlived their connection.
    fn finish(&mut self) -> impl Future<Output = ()> + Send;
}

/// Why a pump returned.
pub(super) enum End {
    /// Told to. Everything in flight is finished.
    Stopped,
    /// The subscription ended.
    Lost,
    /// A dependency is away. What had been taken was handed back.
    Away(String),
    /// While probing: a message went through.
    Back,
}

enum Phase {
    Running,
    Paused(String),
    Probing(String),
}

pub(super) struct Supervisor {
    pub(super) bus: BusConfig,
    pub(super) queue: String,
    pub(super) probe: Arc<dyn Probe>,
    pub(super) probe_every: Duration,
    pub(super) health: Arc<ConsumerHealth>,
}

impl Supervisor {
    pub(super) async fn run(
        self,
        mut pump: impl Pump,
        stop: CancellationToken,
    ) -> Result<(), ConsumeError> {
        let connector = Connector::new(&self.bus, "consume");
        let mut connector = connector.map_err(|source| ConsumeError {
            queue: self.queue.clone(),
            source,
        })?;
        let mut pauses = Pauses::up_to(self.bus.reconnect_max);
        let mut phase = Phase::Running;
        while !stop.is_cancelled() {
            let opened = tokio::select! {
                opened = connector.open() => opened,
                () = stop.cancelled() => break,
            };
            match opened {
                Ok(connection) => {
                    let since = Instant::now();
                    self.bus.observer.connected("consume");
                    tracing::info!(queue = self.queue, "connected for consuming");
                    self.hold(&connection, &mut pump, &mut phase, &stop).await;
                    close(&connection).await;
                    if !stop.is_cancelled() {
                        tracing::warn!(queue = self.queue, "lost the connection for consuming");
                    }
                    if since.elapsed() > GOOD {
                        pauses.reset();
                    }
                }
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn Error,
                        queue = self.queue,
                        "no connection for consuming"
                    );
                }
            }
            if stop.is_cancelled() {
                break;
            }
            self.health.set(ConsumerState::Connecting);
            self.bus.observer.disconnected("consume");
            tokio::select! {
                () = tokio::time::sleep(pauses.next()) => {}
                () = stop.cancelled() => {}
            }
        }
        pump.finish().await;
        self.health.set(ConsumerState::Stopped);
        Ok(())
    }

    /// Uses the connection until it is lost or we are stopped.
    async fn hold(
        &self,
        connection: &Connection,
        pump: &mut impl Pump,
        phase: &mut Phase,
        stop: &CancellationToken,
    ) {
        loop {
            let next = match phase {
                Phase::Paused(dependency) => {
                    self.health.set(ConsumerState::Paused {
                        dependency: dependency.clone(),
                    });
                    if !self.wait_for(dependency, connection, stop).await {
                        return;
                    }
                    Phase::Probing(std::mem::take(dependency))
                }
                Phase::Running | Phase::Probing(_) => {
                    match self.consume(connection, pump, phase, stop).await {
                        Some(next) => next,
                        None => return,
                    }
                }
            };
            *phase = next;
        }
    }

    /// One subscription. The phase that follows it, or nothing when the connection is of no more use.
    async fn consume(
        &self,
        connection: &Connection,
        pump: &mut impl Pump,
        phase: &Phase,
        stop: &CancellationToken,
    ) -> Option<Phase> {
        let probing = matches!(phase, Phase::Probing(_));
        let prefetch = if probing { 1 } else { pump.prefetch() };
        let opening = timeout(
            self.bus.connect_timeout,
            Subscription::open(connection, &self.queue, prefetch),
        );
        let mut subscription = match opening.await {
            Ok(Ok(subscription)) => subscription,
            Ok(Err(error)) => {
                tracing::warn!(
                    error = &error as &dyn Error,
                    queue = self.queue,
                    "could not subscribe"
                );
                return None;
            }
            Err(_) => return None,
        };
        self.health.set(match phase {
            Phase::Probing(dependency) => ConsumerState::Probing {
                dependency: dependency.clone(),
            },
            Phase::Running | Phase::Paused(_) => ConsumerState::Running,
        });
        match pump.pump(&mut subscription, probing, stop).await {
            End::Stopped | End::Lost => None,
            End::Back => {
                tracing::info!(queue = self.queue, "taking messages again");
                self.bus.observer.resumed(&self.queue);
                Some(Phase::Running)
            }
            End::Away(dependency) => {
                if !probing {
                    tracing::warn!(
                        queue = self.queue,
                        dependency,
                        "paused: a dependency is away"
                    );
                    self.bus.observer.paused(&self.queue, &dependency);
                }
                Some(Phase::Paused(dependency))
            }
        }
    }

    /// Whether the dependency is back and the connection still there.
    async fn wait_for(
        &self,
        dependency: &str,
        connection: &Connection,
        stop: &CancellationToken,
    ) -> bool {
        loop {
            tokio::select! {
                () = tokio::time::sleep(self.probe_every) => {}
                () = stop.cancelled() => return false,
            }
            if !connection.status().connected() {
                return false;
            }
            let asking = timeout(PROBE, self.probe.is_back(dependency));
            tokio::select! {
                answer = asking => if matches!(answer, Ok(true)) {
                    return true;
                },
                () = stop.cancelled() => return false,
            }
        }
    }
}
