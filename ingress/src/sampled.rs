//! Says something once a second at most: what strangers can cause must not fill the logs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Lets one event per second through, and knows how many it held back.
pub(crate) struct Sampled {
    start: Instant,
    next_millis: AtomicU64,
    held_back: AtomicU64,
}

impl Sampled {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            start: now,
            next_millis: AtomicU64::new(0),
            held_back: AtomicU64::new(0),
        }
    }

    /// The number of events held back since the last one let through, if this one is let through.
    pub(crate) fn pass(&self, now: Instant) -> Option<u64> {
        let millis = u64::try_from(now.saturating_duration_since(self.start).as_millis())
            .unwrap_or(u64::MAX);
        let next = self.next_millis.load(Ordering::Relaxed);
        let first = millis >= next
            && self
                .next_millis
                .compare_exchange(
                    next,
                    millis.saturating_add(1_000),
                    Ordering::Relaxed,
                    Ordering::Relaxed,
                )
                .is_ok();
        if first {
            Some(self.held_back.swap(0, Ordering::Relaxed))
        } else {
            self.held_back.fetch_add(1, Ordering::Relaxed);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn one_event_a_second_is_let_through_with_the_number_held_back() {
        let start = Instant::now();
        let sampled = Sampled::new(start);
        let at = |millis| sampled.pass(start + Duration::from_millis(millis));
        assert_eq!(at(0), Some(0));
        assert_eq!(at(10), None);
        assert_eq!(at(999), None);
        assert_eq!(at(1_000), Some(2));
        assert_eq!(at(5_000), Some(0));
    }
}
