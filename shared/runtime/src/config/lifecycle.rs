//! How a process ends.

use std::time::Duration;

use crate::env::{Env, Section, Var, parse};

// Below the 10 s that Docker and the acceptance tests give; telemetry is flushed within what is left.
const SHUTDOWN_DEADLINE: Var = Var::with_default(
    "SHUTDOWN_DEADLINE",
    "8s",
    "how long work may take to finish after SIGTERM",
);

pub(super) const VARS: &[Var] = &[SHUTDOWN_DEADLINE];

/// How a process ends.
#[derive(Debug, Clone)]
pub struct LifecycleConfig {
    /// From the first signal to the hard end.
    pub shutdown_deadline: Duration,
}

impl Section for LifecycleConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let bounds = Duration::from_millis(100)..=Duration::from_hours(1);
        Some(Self {
            shutdown_deadline: env.required(&SHUTDOWN_DEADLINE, parse::duration_within(bounds))?,
        })
    }
}
