//! Pauses between attempts: doubling, with full jitter so that many processes do not return at once.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(100);

/// A series of pauses.
#[derive(Debug)]
pub(crate) struct Pauses {
    next: Duration,
    longest: Duration,
}

impl Pauses {
    pub(crate) fn up_to(longest: Duration) -> Self {
        Self {
            next: FIRST.min(longest),
            longest,
        }
    }

    /// Between half and all of the current step; steps double up to the longest.
    pub(crate) fn next(&mut self) -> Duration {
        let step = self.next;
        self.next = (step * 2).min(self.longest);
        step.mul_f64(rand::Rng::random_range(&mut rand::rng(), 0.5..=1.0))
    }

    pub(crate) fn reset(&mut self) {
        self.next = FIRST.min(self.longest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_longest_and_start_over_when_reset() {
        let longest = Duration::from_secs(1);
        let mut pauses = Pauses::up_to(longest);
        assert!(pauses.next() <= FIRST);
        for _ in 0..10 {
            assert!(pauses.next() <= longest);
        }
        assert!(pauses.next() >= longest / 2);
        pauses.reset();
        assert!(pauses.next() <= FIRST);
    }
}
