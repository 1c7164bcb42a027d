//! Redis: only a shortcut.

use std::time::Duration;

use secrecy::SecretString;

use crate::env::{Env, Section, Var, parse};

const REDIS_URL: Var = Var::secret("REDIS_URL", "the Redis server, as in redis://host:6379/0");
// An answer later than this is slower than doing without.
const REDIS_TIMEOUT: Var = Var::with_default(
    "REDIS_TIMEOUT",
    "50ms",
    "how long a call to Redis may take before it is skipped",
);

pub(super) const VARS: &[Var] = &[REDIS_URL, REDIS_TIMEOUT];

/// How to reach Redis.
#[derive(Debug, Clone)]
pub struct RedisConfig {
    /// Where, as whom.
    pub url: SecretString,
    /// The bound of every call.
    pub timeout: Duration,
}

impl Section for RedisConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let url = env.required(&REDIS_URL, parse::secret_url(&["redis"]));
        let timeout = env.required(
            &REDIS_TIMEOUT,
            parse::duration_within(Duration::from_millis(1)..=Duration::from_secs(5)),
        );
        Some(Self {
            url: url?,
            timeout: timeout?,
        })
    }
}
