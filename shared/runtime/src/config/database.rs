//! PostgreSQL: the truth.

use secrecy::SecretString;

use crate::env::{Env, Section, Var, parse};

const DATABASE_URL: Var = Var::secret(
    "DATABASE_URL",
    "the PostgreSQL database, as in postgres://user:password@host/posta",
);
// A worker uses one connection per message in work and per turn; most wait for something else most of the time.
const DATABASE_POOL: Var = Var::with_default(
    "DATABASE_POOL",
    "8",
    "connections to PostgreSQL, at most, per process",
);

pub(super) const VARS: &[Var] = &[DATABASE_URL, DATABASE_POOL];

/// How to reach PostgreSQL.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// Where, as whom.
    pub url: SecretString,
    /// Connections at most.
    pub pool: u32,
}

impl Section for DatabaseConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let url = env.required(
            &DATABASE_URL,
            parse::secret_url(&["postgres", "postgresql"]),
        );
        let pool = env.required(&DATABASE_POOL, parse::number(1..=200));
        Some(Self {
            url: url?,
            pool: pool?,
        })
    }
}
