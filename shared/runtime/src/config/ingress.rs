//! The webhook server.

use std::{net::SocketAddr, time::Duration};

use crate::env::{Env, Section, Var, parse};

const INGRESS_ADDR: Var = Var::with_default(
    "INGRESS_ADDR",
    "127.0.0.1:8080",
    "where webhooks are received",
);
// Bounds memory: this many bodies of at most INGRESS_MAX_BODY may be held at once.
const INGRESS_MAX_IN_FLIGHT: Var = Var::with_default(
    "INGRESS_MAX_IN_FLIGHT",
    "512",
    "requests at once before 503",
);
const INGRESS_BODY_TIMEOUT: Var = Var::with_default(
    "INGRESS_BODY_TIMEOUT",
    "10s",
    "how long a sender may take for one body",
);
// Meta sends 3 MB at most.
const INGRESS_MAX_BODY: Var = Var::with_default(
    "INGRESS_MAX_BODY",
    "3145728",
    "the largest body accepted, in bytes",
);
// Meta retries for 7 days.
const IDEMPOTENCY_TTL: Var = Var::with_default(
    "IDEMPOTENCY_TTL",
    "7d",
    "how long item keys are remembered in Redis",
);

pub(super) const VARS: &[Var] = &[
    INGRESS_ADDR,
    INGRESS_MAX_IN_FLIGHT,
    INGRESS_BODY_TIMEOUT,
    INGRESS_MAX_BODY,
    IDEMPOTENCY_TTL,
];

/// What the webhook server bears.
#[derive(Debug, Clone)]
pub struct IngressConfig {
    /// Where it listens.
    pub addr: SocketAddr,
    /// Requests at once; more are answered 503 before their body is read.
    pub max_in_flight: usize,
    /// Time for one body.
    pub body_timeout: Duration,
    /// Bytes of one body.
    pub max_body: usize,
    /// How long keys are remembered.
    pub idempotency_ttl: Duration,
}

impl Section for IngressConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let minute = Duration::from_mins(1);
        let addr = env.required(&INGRESS_ADDR, parse::socket_addr);
        let max_in_flight = env.required(&INGRESS_MAX_IN_FLIGHT, parse::number(1..=100_000));
        let body_timeout = env.required(
            &INGRESS_BODY_TIMEOUT,
            parse::duration_within(Duration::from_millis(100)..=minute),
        );
        let max_body = env.required(&INGRESS_MAX_BODY, parse::number(1_024..=64 * 1024 * 1024));
        let idempotency_ttl = env.required(
            &IDEMPOTENCY_TTL,
            parse::duration_within(minute..=minute * 60 * 24 * 30),
        );
        Some(Self {
            addr: addr?,
            max_in_flight: max_in_flight?,
            body_timeout: body_timeout?,
            max_body: max_body?,
            idempotency_ttl: idempotency_ttl?,
        })
    }
}
