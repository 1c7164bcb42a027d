//! RabbitMQ: the bus.

use std::time::Duration;

use secrecy::SecretString;

use crate::env::{Env, Section, Var, parse};

const AMQP_URL: Var = Var::secret(
    "AMQP_URL",
    "the RabbitMQ broker, as in amqp://user:password@host/%2f",
);
const AMQP_NAMESPACE: Var = Var::with_default(
    "AMQP_NAMESPACE",
    "posta",
    "the prefix of every exchange and queue",
);
// Seconds for a hiccup, minutes for a restart, an hour for an outage somebody has to repair.
const BUS_RETRY_TIERS: Var = Var::with_default(
    "BUS_RETRY_TIERS",
    "5s,30s,5m,1h",
    "the four waits before a message is tried again",
);
const BUS_MAX_ATTEMPTS: Var = Var::with_default(
    "BUS_MAX_ATTEMPTS",
    "8",
    "attempts before a message is a dead letter",
);

pub(super) const VARS: &[Var] = &[AMQP_URL, AMQP_NAMESPACE, BUS_RETRY_TIERS, BUS_MAX_ATTEMPTS];

/// How to reach RabbitMQ, and how messages are tried again.
#[derive(Debug, Clone)]
pub struct AmqpConfig {
    /// Where, as whom.
    pub url: SecretString,
    /// Prefix of every name.
    pub namespace: String,
    /// The waits of the four retry tiers, ascending.
    pub retry_tiers: [Duration; 4],
    /// Attempts before a message is dead.
    pub max_attempts: u32,
}

impl Section for AmqpConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let url = env.required(&AMQP_URL, parse::secret_url(&["amqp", "amqps"]));
        let namespace = env.required(&AMQP_NAMESPACE, parse::name);
        let retry_tiers = env.required(&BUS_RETRY_TIERS, tiers);
        let max_attempts = env.required(&BUS_MAX_ATTEMPTS, parse::number(1..=100));
        Some(Self {
            url: url?,
            namespace: namespace?,
            retry_tiers: retry_tiers?,
            max_attempts: max_attempts?,
        })
    }
}

fn tiers(raw: &str) -> Result<[Duration; 4], String> {
    let tiers = parse::list(raw)?
        .iter()
        .map(|one| parse::duration(one))
        .collect::<Result<Vec<_>, _>>()?;
    let tiers: [Duration; 4] = tiers
        .try_into()
        .map_err(|_| "expected four durations".to_owned())?;
    if tiers[0].is_zero() || tiers.windows(2).any(|pair| pair[0] >= pair[1]) {
        return Err("each wait must be longer than the one before".to_owned());
    }
    Ok(tiers)
}
