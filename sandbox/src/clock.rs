//! The simulators' clock: the system's, plus an offset that tests and drills move.
//!
//! Timestamps, the 24-hour window, rate limits and the life of media addresses follow this clock. Delays between
//! things that really happen (retries of webhooks, statuses that follow) do not: they pass in real time.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that can be put forward and back.
#[derive(Debug, Default)]
pub struct SimClock {
    offset_ms: AtomicI64,
}

impl SimClock {
    /// What time the simulated world believes it is.
    #[expect(
        clippy::disallowed_methods,
        reason = "the simulated world's own clock runs beside the machine's"
    )]
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::milliseconds(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Moves the clock by so many seconds; negative moves it back.
    pub fn advance(&self, seconds: i64) {
        self.offset_ms
            .fetch_add(seconds.saturating_mul(1000), Ordering::Relaxed);
    }

    /// Back to the system's time.
    pub fn reset(&self) {
        self.offset_ms.store(0, Ordering::Relaxed);
    }

    /// How far the clock is ahead of the system's, in seconds.
    pub fn offset_seconds(&self) -> i64 {
        self.offset_ms.load(Ordering::Relaxed) / 1000
    }
}
