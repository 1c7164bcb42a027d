//! Circuit breakers: stop asking what does not answer.
//!
//! One breaker per key, a dependency and an account, so that one account's expired token stops nobody else. Closed,
//! it lets everything through and counts failures in a row; at the limit it opens, for a time that doubles with each
//! further opening up to a maximum; then one single probe goes through, and its result closes or reopens it.
//!
//! What counts as a failure is the caller's decision: an answer such as "bad request" shows that the dependency works.
//! A permit that is dropped without a result (a cancelled future, a panic) counts as neither, and frees the probe.
//! The result of a call that began before the breaker opened does not close it.

mod state;

use std::{
    collections::HashMap,
    fmt::Debug,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use state::Breaker;
pub use state::{BreakerPolicy, BreakerState};

use crate::clock::Clock;

/// Whom a breaker protects: a dependency, and the account it is used with (empty where there is none).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BreakerKey {
    /// As in `whatsapp`, `postgres`.
    pub dependency: &'static str,
    /// As the provider names it.
    pub account: String,
}

/// The breaker is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not tried: too many failures lately, trying again in {retry_after:?}")]
pub struct Open {
    /// When asking again may help; zero is never given.
    pub retry_after: Duration,
}

/// A breaker for each key.
#[derive(Debug)]
pub struct Breakers<K = BreakerKey> {
    policy: BreakerPolicy,
    clock: Arc<dyn Clock>,
    by_key: Mutex<HashMap<K, Breaker>>,
}

impl<K: Eq + Hash + Clone> Breakers<K> {
    /// All closed.
    pub fn new(policy: BreakerPolicy, clock: Arc<dyn Clock>) -> Self {
        Self {
            policy,
            clock,
            by_key: Mutex::default(),
        }
    }

    /// Permission for one call, whose result the permit wants to know.
    pub fn acquire(&self, key: &K) -> Result<Permit<'_, K>, Open> {
        let now = self.clock.monotonic();
        let mut breakers = self.lock();
        let breaker = breakers.entry(key.clone()).or_default();
        let generation = breaker
            .admit(&self.policy, now)
            .map_err(|retry_after| Open { retry_after })?;
        Ok(Permit {
            breakers: self,
            key: key.clone(),
            generation,
            decided: false,
        })
    }

    /// Opens at once, for at least this long: what failed will not repair itself (an expired token).
    pub fn trip(&self, key: &K, for_at_least: Duration) {
        let now = self.clock.monotonic();
        self.lock()
            .entry(key.clone())
            .or_default()
            .trip(&self.policy, now, for_at_least);
    }

    /// Closes at once: somebody has repaired it.
    pub fn close(&self, key: &K) {
        self.lock().remove(key);
    }

    /// What would happen to a call now.
    pub fn state(&self, key: &K) -> BreakerState {
        let now = self.clock.monotonic();
        self.lock()
            .get(key)
            .map_or(BreakerState::Closed, |breaker| breaker.state(now))
    }

    /// Every breaker that is not closed, for metrics and for words.
    pub fn not_closed(&self) -> Vec<(K, BreakerState)> {
        let now = self.clock.monotonic();
        self.lock()
            .iter()
            .map(|(key, breaker)| (key.clone(), breaker.state(now)))
            .filter(|(_, state)| *state != BreakerState::Closed)
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, Breaker>> {
        self.by_key.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Permission for one call.
#[must_use = "the breaker learns only from results"]
#[derive(Debug)]
pub struct Permit<'a, K: Eq + Hash + Clone = BreakerKey> {
    breakers: &'a Breakers<K>,
    key: K,
    generation: u64,
    decided: bool,
}

impl<K: Eq + Hash + Clone> Permit<'_, K> {
    /// The dependency works.
    pub fn succeeded(mut self) {
        self.decided = true;
        if let Some(breaker) = self.breakers.lock().get_mut(&self.key) {
            breaker.succeeded(self.generation);
        }
    }

    /// The dependency does not work.
    pub fn failed(mut self) {
        self.decided = true;
        let now = self.breakers.clock.monotonic();
        if let Some(breaker) = self.breakers.lock().get_mut(&self.key) {
            breaker.failed(&self.breakers.policy, self.generation, now);
        }
    }
}

impl<K: Eq + Hash + Clone> Drop for Permit<'_, K> {
    fn drop(&mut self) {
        if !self.decided
            && let Some(breaker) = self.breakers.lock().get_mut(&self.key)
        {
            breaker.undecided(self.generation);
        }
    }
}

#[cfg(test)]
mod tests;
