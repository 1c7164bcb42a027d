//! Time as a parameter.
//!
//! What has expired is decided by the database's clock; this one is for measuring, for waiting and for stamping
//! what has no database at hand (ingress).

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};

/// Where the time comes from.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The time of day. May jump.
    fn now(&self) -> DateTime<Utc>;
    /// For measuring. Never goes back.
    fn monotonic(&self) -> Instant;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the machine for the time"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn monotonic(&self) -> Instant {
        Instant::now()
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock {
    time: Mutex<(DateTime<Utc>, Instant)>,
}

impl ManualClock {
    /// Stands at `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self {
            time: Mutex::new((start, Instant::now())),
        }
    }

    /// Moves both times on.
    pub fn advance(&self, by: Duration) {
        let mut time = self.time.lock().unwrap_or_else(PoisonError::into_inner);
        time.0 += TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
        time.1 += by;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        self.time.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn monotonic(&self) -> Instant {
        self.time.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}
