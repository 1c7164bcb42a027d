//! Rate limits that others impose on us, kept on our side so that we are not refused.
//!
//! They live in this process and begin full: after a restart, or with several processes, a provider can still refuse;
//! its refusals are handled where the provider's errors are. [`Limiter::forget_idle`] must be called now and then,
//! or keys accumulate.

mod sending;

use std::{hash::Hash, num::NonZeroU32, sync::Arc, time::Duration};

use governor::{
    Quota, RateLimiter, clock::Clock as GovernorClock, middleware::NoOpMiddleware,
    state::keyed::DashMapStateStore,
};
pub use sending::{Refused, SendingLimits};

use crate::clock::Clock;

/// Not now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("over the limit, next in {retry_after:?}")]
pub struct Wait {
    /// When the next one is allowed.
    pub retry_after: Duration,
}

/// A token bucket for each key.
#[derive(Debug)]
pub struct Limiter<K: Hash + Eq + Clone> {
    inner: RateLimiter<K, DashMapStateStore<K>, Ticks, NoOpMiddleware<std::time::Instant>>,
    clock: Ticks,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    /// Buckets of `capacity` that gain one token per `refill`.
    pub fn new(capacity: NonZeroU32, refill: Duration, clock: Arc<dyn Clock>) -> Self {
        let clock = Ticks(clock);
        // Only a period of zero is refused by the quota.
        let quota = Quota::with_period(refill.max(Duration::from_nanos(1)))
            .unwrap_or_else(|| Quota::per_second(capacity))
            .allow_burst(capacity);
        Self {
            inner: RateLimiter::dashmap_with_clock(quota, clock.clone()),
            clock,
        }
    }

    /// Takes a token, or says when there will be one.
    pub fn check(&self, key: &K) -> Result<(), Wait> {
        self.inner.check_key(key).map_err(|not_until| {
            let retry_after = not_until.wait_time_from(self.clock.now());
            Wait {
                retry_after: retry_after.max(Duration::from_millis(1)),
            }
        })
    }

    /// Forgets the keys whose buckets are full again.
    pub fn forget_idle(&self) {
        self.inner.retain_recent();
        self.inner.shrink_to_fit();
    }

    /// How many keys are remembered.
    pub fn len(&self) -> usize {
        self.inner.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.inner.is_empty()
    }
}

/// Our clock, as governor wants it.
#[derive(Debug, Clone)]
struct Ticks(Arc<dyn Clock>);

impl GovernorClock for Ticks {
    type Instant = std::time::Instant;

    fn now(&self) -> Self::Instant {
        self.0.monotonic()
    }
}

#[cfg(test)]
mod tests;
