//! Delays between attempts: growing, bounded, and spread so that many clients do not return together.
//!
//! The only place that uses the `backoff` crate (unmaintained, RUSTSEC-2025-0012); it gives the growing bases, and
//! what comes out of here is `Duration`s. The spread is ours, because its randomness is a parameter.
//!
//! Real delays, base and range: `RECONNECT` 250 ms, 500 ms, 1 s, 2 s, 4 s, 5 s, 5 s, …; each is drawn between half
//! of its base and the whole. A `Retry-After` is never undercut.

use std::time::Duration;

use backoff::{ExponentialBackoff, ExponentialBackoffBuilder, backoff::Backoff as _};

/// For connections to the broker and the like: quick at first, since most interruptions are restarts.
pub const RECONNECT: Policy = Policy {
    initial: Duration::from_millis(250),
    factor: 2.0,
    max: Duration::from_secs(5),
};

/// For calls to an API that said "later".
pub const API: Policy = Policy {
    initial: Duration::from_secs(2),
    factor: 2.0,
    max: Duration::from_mins(5),
};

/// How delays grow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Policy {
    /// The first base.
    pub initial: Duration,
    /// What each base is multiplied with to get the next; at least 1.
    pub factor: f64,
    /// The largest base.
    pub max: Duration,
}

impl Policy {
    /// The delay before attempt number `attempt` (the first retry is 1), for a `jitter` in `0.0..1.0`, and not before
    /// `retry_after`.
    pub fn delay(&self, attempt: u32, jitter: f64, retry_after: Option<Duration>) -> Duration {
        let mut bases = self.bases();
        // Beyond this many doublings every sensible policy has reached its maximum.
        let skip = attempt.saturating_sub(1).min(64);
        for _ in 0..skip {
            let _base = bases.next_backoff();
        }
        spread(next_base(&mut bases, self.max), jitter).max(retry_after.unwrap_or_default())
    }

    /// An endless sequence of delays with the spread drawn from `jitter`, which yields numbers in `0.0..1.0`.
    pub fn delays<J: FnMut() -> f64>(self, jitter: J) -> Delays<J> {
        Delays {
            bases: self.bases(),
            policy: self,
            jitter,
        }
    }

    /// [`delays`](Self::delays) with the thread's randomness.
    pub fn random_delays(self) -> Delays<fn() -> f64> {
        self.delays(rand::random::<f64>)
    }

    fn bases(&self) -> ExponentialBackoff {
        ExponentialBackoffBuilder::new()
            .with_initial_interval(self.initial.min(self.max))
            .with_multiplier(if self.factor >= 1.0 { self.factor } else { 1.0 })
            .with_randomization_factor(0.0)
            .with_max_interval(self.max)
            .with_max_elapsed_time(None)
            .build()
    }
}

/// Delays that go on growing until [`reset`](Self::reset).
#[derive(Debug)]
pub struct Delays<J> {
    policy: Policy,
    bases: ExponentialBackoff,
    jitter: J,
}

impl<J: FnMut() -> f64> Delays<J> {
    /// The next delay, not shorter than `retry_after`.
    pub fn next_delay(&mut self, retry_after: Option<Duration>) -> Duration {
        let base = next_base(&mut self.bases, self.policy.max);
        spread(base, (self.jitter)()).max(retry_after.unwrap_or_default())
    }

    /// Begins again, after a success.
    pub fn reset(&mut self) {
        self.bases.reset();
    }
}

fn next_base(bases: &mut ExponentialBackoff, max: Duration) -> Duration {
    // Never None, since there is no maximum of elapsed time. The crate computes in floats: bound it again.
    bases.next_backoff().unwrap_or(max).min(max)
}

fn spread(base: Duration, jitter: f64) -> Duration {
    let jitter = if jitter.is_finite() {
        jitter.clamp(0.0, 1.0)
    } else {
        1.0
    };
    (base / 2 + (base / 2).mul_f64(jitter)).min(base)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_documented_delays_are_the_real_ones() {
        let mut delays = RECONNECT.delays(|| 1.0);
        let real: Vec<u128> = (0..7)
            .map(|_| delays.next_delay(None).as_millis())
            .collect();
        for (real, documented) in real.iter().zip([250, 500, 1000, 2000, 4000, 5000, 5000]) {
            assert!(real.abs_diff(documented) <= 1, "{real} is not {documented}");
        }
        delays.reset();
        assert!(delays.next_delay(None) <= Duration::from_millis(250));
    }

    fn policies() -> impl Strategy<Value = Policy> {
        (1_u64..10_000, 0.0..10.0_f64, 1_u64..1_000_000).prop_map(|(initial, factor, max)| Policy {
            initial: Duration::from_millis(initial),
            factor,
            max: Duration::from_millis(max),
        })
    }

    proptest! {
        #[test]
        fn delays_are_bounded_and_never_earlier_than_retry_after(
            policy in policies(), attempt in 0_u32..200, jitter in any::<f64>(), retry_after in proptest::option::of(0_u64..10_000_000)
        ) {
            let retry_after = retry_after.map(Duration::from_millis);
            let delay = policy.delay(attempt, jitter, retry_after);
            let least = retry_after.unwrap_or_default();
            prop_assert!(delay >= least);
            prop_assert!(delay <= policy.max.max(least));
        }

        #[test]
        fn bases_do_not_shrink(policy in policies(), attempt in 1_u32..100) {
            let tolerance = Duration::from_micros(1);
            prop_assert!(policy.delay(attempt, 1.0, None) <= policy.delay(attempt + 1, 1.0, None) + tolerance);
        }

        #[test]
        fn the_sequence_and_the_pure_function_agree(policy in policies(), jitter in 0.0..1.0_f64) {
            let mut delays = policy.delays(|| jitter);
            for attempt in 1..20 {
                prop_assert_eq!(delays.next_delay(None), policy.delay(attempt, jitter, None));
            }
        }
    }
}
