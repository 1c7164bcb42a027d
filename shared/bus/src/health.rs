//! What is known about connections, in words and in durations, for readiness and liveness checks.
//!
//! A process that is merely cut off from the broker is alive: it reconnects by itself. A liveness check fails
//! only when `disconnected_for` exceeds what reconnecting could explain.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// State of a publisher's connection.
#[derive(Debug)]
pub struct PublisherHealth {
    inner: Mutex<PublisherState>,
}

#[derive(Debug)]
struct PublisherState {
    connected: bool,
    blocked: Option<String>,
    lanes: usize,
    since: Instant,
    error: String,
}

/// What a consumer is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsumerState {
    /// No connection, or none yet.
    Connecting,
    /// Taking messages.
    Running,
    /// Not taking messages: what every one of them needs is away.
    Paused {
        /// What is away.
        dependency: String,
    },
    /// Taking one message at a time to see whether the dependency is really back.
    Probing {
        /// What was away.
        dependency: String,
    },
    /// Ended in order.
    Stopped,
}

/// State of one queue's consumer.
#[derive(Debug)]
pub struct ConsumerHealth {
    queue: String,
    inner: Mutex<(ConsumerState, Instant)>,
}

impl PublisherHealth {
    pub(crate) fn new() -> Arc<Self> {
        let state = PublisherState {
            connected: false,
            blocked: None,
            lanes: 0,
            since: Instant::now(),
            error: "not connected yet".to_owned(),
        };
        Arc::new(Self {
            inner: Mutex::new(state),
        })
    }

    /// Connected, not blocked by the broker, with a channel to publish on.
    pub fn is_ready(&self) -> bool {
        let state = self.lock();
        state.connected && state.blocked.is_none() && state.lanes > 0
    }

    /// For how long there has been no connection; nothing while there is one.
    pub fn disconnected_for(&self) -> Option<Duration> {
        let state = self.lock();
        (!state.connected).then(|| state.since.elapsed())
    }

    /// One sentence for people.
    pub fn describe(&self) -> String {
        let state = self.lock();
        match (&state.connected, &state.blocked) {
            (false, _) => format!("no connection to the broker: {}", state.error),
            (true, Some(reason)) => format!("the broker takes no messages: {reason}"),
            (true, None) if state.lanes == 0 => "no channel to publish on yet".to_owned(),
            (true, None) => "connected".to_owned(),
        }
    }

    pub(crate) fn connected(&self) {
        let mut state = self.lock();
        state.connected = true;
        state.blocked = None;
        state.since = Instant::now();
    }

    pub(crate) fn disconnected(&self, error: String) {
        let mut state = self.lock();
        if state.connected {
            state.since = Instant::now();
        }
        state.connected = false;
        state.blocked = None;
        state.error = error;
    }

    pub(crate) fn blocked(&self, reason: Option<String>) {
        self.lock().blocked = reason;
    }

    pub(crate) fn lane_opened(&self) {
        self.lock().lanes += 1;
    }

    pub(crate) fn lane_closed(&self) {
        let mut state = self.lock();
        state.lanes = state.lanes.saturating_sub(1);
    }

    fn lock(&self) -> MutexGuard<'_, PublisherState> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ConsumerHealth {
    /// For the consumer of `queue` (a name for people).
    pub fn new(queue: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            queue: queue.into(),
            inner: Mutex::new((ConsumerState::Connecting, Instant::now())),
        })
    }

    /// What the consumer does now.
    pub fn state(&self) -> ConsumerState {
        self.lock().0.clone()
    }

    /// Taking messages at full speed.
    pub fn is_running(&self) -> bool {
        matches!(self.lock().0, ConsumerState::Running)
    }

    /// For how long there has been no connection; nothing while there is one.
    pub fn disconnected_for(&self) -> Option<Duration> {
        let state = self.lock();
        matches!(state.0, ConsumerState::Connecting).then(|| state.1.elapsed())
    }

    /// One sentence for people.
    pub fn describe(&self) -> String {
        let state = self.lock();
        let seconds = state.1.elapsed().as_secs();
        match &state.0 {
            ConsumerState::Connecting => format!(
                "{}: not connected to the broker for {seconds} s",
                self.queue
            ),
            ConsumerState::Running => format!("{}: taking messages", self.queue),
            ConsumerState::Paused { dependency } => {
                format!(
                    "{}: paused for {seconds} s because {dependency} is away",
                    self.queue
                )
            }
            ConsumerState::Probing { dependency } => {
                format!(
                    "{}: trying one message at a time, {dependency} was away",
                    self.queue
                )
            }
            ConsumerState::Stopped => format!("{}: stopped", self.queue),
        }
    }

    pub(crate) fn set(&self, next: ConsumerState) {
        let mut state = self.lock();
        if state.0 != next {
            *state = (next, Instant::now());
        }
    }

    fn lock(&self) -> MutexGuard<'_, (ConsumerState, Instant)> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publisher_is_ready_only_with_connection_channel_and_leave_of_the_broker() {
        let health = PublisherHealth::new();
        assert!(!health.is_ready() && health.disconnected_for().is_some());
        health.connected();
        assert!(!health.is_ready());
        health.lane_opened();
        assert!(health.is_ready() && health.disconnected_for().is_none());
        health.blocked(Some("low on memory".to_owned()));
        assert!(!health.is_ready() && health.describe().contains("low on memory"));
        health.blocked(None);
        health.disconnected("reset".to_owned());
        assert!(health.describe().contains("reset"));
    }

    #[test]
    fn a_paused_consumer_is_connected_but_not_running() {
        let health = ConsumerHealth::new("posta.messages.v1");
        assert!(health.disconnected_for().is_some());
        health.set(ConsumerState::Paused {
            dependency: "postgres".to_owned(),
        });
        assert!(health.disconnected_for().is_none() && !health.is_running());
        assert!(health.describe().contains("postgres"));
    }
}
