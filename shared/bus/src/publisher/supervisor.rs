//! The supervisor of the publishing connection: makes it, watches it, replaces it.

use std::error::Error;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use lapin::{Connection, Event};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::BusConfig;
use crate::connect::{Connector, close};
use crate::health::PublisherHealth;
use crate::pause::Pauses;

/// How often the state of the connection is looked at, besides its events.
const LOOK: Duration = Duration::from_secs(1);
/// A connection that stood this long was a good one: the next attempt is made without delay.
const GOOD: Duration = Duration::from_secs(10);

/// What lanes see of the connection.
#[derive(Default)]
pub(super) struct Link {
    pub(super) connection: Option<Arc<Connection>>,
    pub(super) blocked: bool,
    /// Counts connections, so that a complaint about an old one is not taken for one about the new.
    pub(super) generation: u64,
}

pub(super) struct Supervisor {
    pub(super) config: BusConfig,
    link: watch::Sender<Link>,
    health: Arc<PublisherHealth>,
    complain: mpsc::UnboundedSender<u64>,
    complaints: mpsc::UnboundedReceiver<u64>,
    stop: CancellationToken,
}

impl Link {
    pub(super) fn is_usable(&self) -> bool {
        self.connection.is_some() && !self.blocked
    }
}

impl Supervisor {
    pub(super) fn new(
        config: BusConfig,
        link: watch::Sender<Link>,
        health: Arc<PublisherHealth>,
        stop: CancellationToken,
    ) -> Self {
        let (complain, complaints) = mpsc::unbounded_channel();
        Self {
            config,
            link,
            health,
            complain,
            complaints,
            stop,
        }
    }

    pub(super) fn complaints(&self) -> mpsc::UnboundedSender<u64> {
        self.complain.clone()
    }

    /// Runs until stopped. `tasks` holds the lanes and this task.
    pub(super) async fn run(mut self, tasks: TaskTracker) {
        let mut connector = match Connector::new(&self.config, "publish") {
            Ok(connector) => connector,
            Err(error) => {
                tracing::error!(error = &error as &dyn Error, "cannot publish");
                self.health.disconnected(error.to_string());
                return;
            }
        };
        let mut pauses = Pauses::up_to(self.config.reconnect_max);
        while !self.stop.is_cancelled() {
            let opened = tokio::select! {
                opened = connector.open() => opened,
                () = self.stop.cancelled() => break,
            };
            match opened {
                Ok(connection) => {
                    let since = Instant::now();
                    self.hold(connection, &tasks).await;
                    if since.elapsed() > GOOD {
                        pauses.reset();
                    }
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn Error, "no connection for publishing");
                    self.health.disconnected(chain(&error));
                    self.config.observer.disconnected("publish");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(pauses.next()) => {}
                () = self.stop.cancelled() => break,
            }
        }
    }

    /// Lends the connection to the lanes until it is lost, complained about, or we are stopped.
    async fn hold(&mut self, connection: Connection, tasks: &TaskTracker) {
        let mut events = pin!(connection.events_listener());
        let connection = Arc::new(connection);
        let mut generation = 0;
        self.link.send_modify(|link| {
            link.generation += 1;
            generation = link.generation;
            link.blocked = false;
            link.connection = Some(Arc::clone(&connection));
        });
        self.health.connected();
        self.config.observer.connected("publish");
        tracing::info!("connected for publishing");
        let mut look = tokio::time::interval(LOOK);
        let lost = loop {
            tokio::select! {
                () = self.stop.cancelled() => break None,
                event = events.next() => match event {
                    Some(Event::ConnectionBlocked(reason)) => self.set_blocked(Some(reason)),
                    Some(Event::ConnectionUnblocked) => self.set_blocked(None),
                    None => break Some("the client library ended".to_owned()),
                    Some(Event::Error(error)) if !connection.status().connected() => break Some(chain(&error)),
                    Some(_) => {}
                },
                Some(complaint) = self.complaints.recv() => {
                    if complaint == generation {
                        break Some("a channel could not be opened, or a queue is missing".to_owned());
                    }
                }
                _ = look.tick() => {
                    if !connection.status().connected() {
                        break Some("the connection ended".to_owned());
                    }
                }
            }
        };
        match lost {
            Some(reason) => {
                tracing::warn!(reason, "lost the connection for publishing");
                self.health.disconnected(reason);
                self.config.observer.disconnected("publish");
            }
            None => {
                // The lanes finish what is in flight; one task of the tracker is this one.
                while tasks.len() > 1 {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
        }
        self.link.send_modify(|link| {
            link.connection = None;
            link.generation += 1;
        });
        close(&connection).await;
    }

    fn set_blocked(&self, reason: Option<String>) {
        if let Some(reason) = &reason {
            tracing::warn!(reason, "the broker takes no messages");
        } else {
            tracing::info!("the broker takes messages again");
        }
        self.link
            .send_modify(|link| link.blocked = reason.is_some());
        self.health.blocked(reason);
    }
}

/// The error with its causes, for a sentence.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
