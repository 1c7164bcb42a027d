//! What workers share, and what belongs to delivering and keeping.

use std::time::Duration;

use crate::env::{Env, Section, Var, parse};

// Prefetch and permits are this one number.
const WORKER_CONCURRENCY: Var = Var::with_default(
    "WORKER_CONCURRENCY",
    "16",
    "messages in work at once, per worker",
);
// Longer than every transaction and every call with its time-outs; shorter than the broker's patience (30 min).
const HANDLER_TIMEOUT: Var = Var::with_default(
    "HANDLER_TIMEOUT",
    "60s",
    "how long one message may be in work",
);
const LEASE: Var = Var::with_default(
    "LEASE",
    "30s",
    "how long a sender owns the row it is sending",
);
// Meta's statuses normally come within seconds; a row sent without an answer waits this long for one.
const UNKNOWN_GRACE: Var = Var::with_default(
    "UNKNOWN_GRACE",
    "60s",
    "how long to wait for a status after a send without an answer",
);
const INBOX_RETENTION_DAYS: Var =
    Var::with_default("INBOX_RETENTION_DAYS", "30", "days the raw inbox is kept");

pub(super) const VARS: &[Var] = &[
    WORKER_CONCURRENCY,
    HANDLER_TIMEOUT,
    LEASE,
    UNKNOWN_GRACE,
    INBOX_RETENTION_DAYS,
];

/// How much a worker does at once.
#[derive(Debug, Clone)]
pub struct WorkerConfig {
    /// Messages in work at once.
    pub concurrency: u16,
    /// Time for one message.
    pub handler_timeout: Duration,
}

impl Section for WorkerConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let concurrency = env.required(&WORKER_CONCURRENCY, parse::number(1..=1_000));
        let handler_timeout = env.required(
            &HANDLER_TIMEOUT,
            parse::duration_within(Duration::from_secs(1)..=Duration::from_mins(25)),
        );
        Some(Self {
            concurrency: concurrency?,
            handler_timeout: handler_timeout?,
        })
    }
}

/// How the outbox is sent.
#[derive(Debug, Clone)]
pub struct DeliveryConfig {
    /// How long a sender owns the row it is sending.
    pub lease: Duration,
    /// How long to wait for a status after a send without an answer.
    pub unknown_grace: Duration,
}

impl Section for DeliveryConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let hour = Duration::from_hours(1);
        let lease = env.required(
            &LEASE,
            parse::duration_within(Duration::from_secs(1)..=hour),
        );
        let unknown_grace = env.required(
            &UNKNOWN_GRACE,
            parse::duration_within(Duration::from_millis(100)..=hour),
        );
        Some(Self {
            lease: lease?,
            unknown_grace: unknown_grace?,
        })
    }
}

/// How long things are kept.
#[derive(Debug, Clone)]
pub struct RetentionConfig {
    /// Days of the raw inbox.
    pub inbox_days: u32,
}

impl Section for RetentionConfig {
    fn read(env: &mut Env) -> Option<Self> {
        // Not below Meta's retry horizon of 7 days: a copy that comes later than its row was purged acts twice.
        Some(Self {
            inbox_days: env.required(&INBOX_RETENTION_DAYS, parse::number(8..=3_650))?,
        })
    }
}
