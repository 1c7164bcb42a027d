//! One breaker, as a state machine over given times.

use std::time::{Duration, Instant};

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerPolicy {
    /// Failures in a row that open it; 0 counts as 1.
    pub failures: u32,
    /// How long it is open the first time.
    pub open_for: Duration,
    /// How long it is open at most, after many openings.
    pub open_at_most: Duration,
}

impl Default for BreakerPolicy {
    /// Five failures are no coincidence; five seconds outlast a restart's worst part; a probe every minute is polite.
    fn default() -> Self {
        Self {
            failures: 5,
            open_for: Duration::from_secs(5),
            open_at_most: Duration::from_mins(1),
        }
    }
}

/// What would happen to a call now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// It would go through.
    Closed,
    /// It would be refused, for this long.
    Open(Duration),
    /// It would be the probe, or wait for the probe that is under way.
    HalfOpen,
}

#[derive(Debug, Default)]
pub(super) struct Breaker {
    state: State,
    /// Raised with each opening and each probe: a result with another number is out of date.
    generation: u64,
}

#[derive(Debug)]
enum State {
    Closed {
        failures: u32,
    },
    Open {
        until: Instant,
        openings: u32,
    },
    Probing {
        openings: u32,
    },
    /// A probe ended without a result.
    HalfOpen {
        openings: u32,
    },
}

impl Default for State {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

impl Breaker {
    /// The generation of the permit, or how long to wait.
    pub(super) fn admit(&mut self, policy: &BreakerPolicy, now: Instant) -> Result<u64, Duration> {
        match self.state {
            State::Closed { .. } => Ok(self.generation),
            State::Open { until, .. } if now < until => Err(until - now),
            State::Open { openings, .. } | State::HalfOpen { openings } => {
                self.state = State::Probing { openings };
                self.generation += 1;
                Ok(self.generation)
            }
            // The probe answers within its own time-out, which is not known here.
            State::Probing { .. } => Err(policy.open_for.max(Duration::from_millis(1))),
        }
    }

    pub(super) fn succeeded(&mut self, generation: u64) {
        if generation == self.generation && !matches!(self.state, State::Open { .. }) {
            self.state = State::default();
        }
    }

    pub(super) fn failed(&mut self, policy: &BreakerPolicy, generation: u64, now: Instant) {
        if generation != self.generation {
            return;
        }
        match self.state {
            State::Closed { failures } if failures + 1 < policy.failures => {
                self.state = State::Closed {
                    failures: failures + 1,
                };
            }
            State::Closed { .. } => self.open(policy, 0, now, Duration::ZERO),
            State::Probing { openings } => self.open(policy, openings, now, Duration::ZERO),
            State::Open { .. } | State::HalfOpen { .. } => {}
        }
    }

    pub(super) fn undecided(&mut self, generation: u64) {
        if let State::Probing { openings } = self.state
            && generation == self.generation
        {
            self.state = State::HalfOpen { openings };
        }
    }

    pub(super) fn trip(&mut self, policy: &BreakerPolicy, now: Instant, for_at_least: Duration) {
        let openings = match self.state {
            State::Closed { .. } => 0,
            State::Open { openings, .. }
            | State::Probing { openings }
            | State::HalfOpen { openings } => openings,
        };
        self.open(policy, openings, now, for_at_least);
    }

    pub(super) fn state(&self, now: Instant) -> BreakerState {
        match self.state {
            State::Closed { .. } => BreakerState::Closed,
            State::Open { until, .. } if now < until => BreakerState::Open(until - now),
            State::Open { .. } | State::Probing { .. } | State::HalfOpen { .. } => {
                BreakerState::HalfOpen
            }
        }
    }

    fn open(
        &mut self,
        policy: &BreakerPolicy,
        openings: u32,
        now: Instant,
        for_at_least: Duration,
    ) {
        let length = policy
            .open_for
            .saturating_mul(2_u32.saturating_pow(openings))
            .min(policy.open_at_most)
            // Open for no time at all would be no breaker.
            .max(Duration::from_millis(1))
            .max(for_at_least);
        self.generation += 1;
        self.state = State::Open {
            until: now + length,
            openings: openings.saturating_add(1),
        };
    }
}
