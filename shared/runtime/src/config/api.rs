//! The API server.

use std::{net::SocketAddr, time::Duration};

use ipnet::IpNet;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::env::{Env, Section, Var, parse};

const API_ADDR: Var = Var::with_default(
    "API_ADDR",
    "127.0.0.1:8081",
    "where REST, pages and calendars are served",
);
pub(super) const PUBLIC_URL: Var = Var::with_default(
    "PUBLIC_URL",
    "http://127.0.0.1:8081",
    "how browsers reach the api; links that guests get begin with it",
);
const SESSION_KEY: Var = Var::secret("SESSION_KEY", "signs guests' links, at least 32 bytes");
const TRUSTED_PROXIES: Var = Var::new(
    "TRUSTED_PROXIES",
    "addresses or networks whose X-Forwarded-For is believed",
);
const RATE_LIMIT_PER_MINUTE: Var = Var::with_default(
    "RATE_LIMIT_PER_MINUTE",
    "60",
    "requests of one address to one path, a minute",
);
const API_MAX_IN_FLIGHT: Var =
    Var::with_default("API_MAX_IN_FLIGHT", "256", "requests at once before 503");
// Above the ten seconds that a transaction waits for a lock.
const API_TIMEOUT: Var = Var::with_default(
    "API_TIMEOUT",
    "15s",
    "longest work on one request, its body included",
);

pub(super) const VARS: &[Var] = &[
    API_ADDR,
    PUBLIC_URL,
    SESSION_KEY,
    TRUSTED_PROXIES,
    RATE_LIMIT_PER_MINUTE,
    API_MAX_IN_FLIGHT,
    API_TIMEOUT,
];

/// What a guess at a signature must be worth.
const LEAST_KEY: usize = 32;

/// How the API is reached, and what it bears.
#[derive(Debug, Clone)]
pub struct ApiConfig {
    /// Where it listens.
    pub addr: SocketAddr,
    /// How browsers reach it, without a trailing slash in the path.
    pub public_url: Url,
    /// Signs guests' links.
    pub session_key: SecretString,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Requests of one address to one path.
    pub rate_limit_per_minute: u32,
    /// Requests at once; more are answered 503.
    pub max_in_flight: usize,
    /// Longest work on one request.
    pub timeout: Duration,
}

impl Section for ApiConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let addr = env.required(&API_ADDR, parse::socket_addr);
        let public_url = env.required(&PUBLIC_URL, parse::http_url);
        let session_key = env.required(&SESSION_KEY, key);
        let trusted_proxies = env.optional(&TRUSTED_PROXIES, networks);
        let rate_limit_per_minute =
            env.required(&RATE_LIMIT_PER_MINUTE, parse::number(1..=1_000_000));
        let max_in_flight = env.required(&API_MAX_IN_FLIGHT, parse::number(1..=100_000));
        let timeout = env.required(
            &API_TIMEOUT,
            parse::duration_within(Duration::from_millis(100)..=Duration::from_mins(2)),
        );
        Some(Self {
            addr: addr?,
            public_url: public_url?,
            session_key: session_key?,
            trusted_proxies: trusted_proxies?.unwrap_or_default(),
            rate_limit_per_minute: rate_limit_per_minute?,
            max_in_flight: max_in_flight?,
            timeout: timeout?,
        })
    }
}

fn key(raw: &str) -> Result<SecretString, String> {
    let key = parse::secret(raw)?;
    if key.expose_secret().len() < LEAST_KEY {
        return Err(format!("it has fewer than {LEAST_KEY} bytes"));
    }
    Ok(key)
}

/// A bare address is a network of its own.
fn networks(raw: &str) -> Result<Vec<IpNet>, String> {
    let network = |one: &String| {
        one.parse::<IpNet>()
            .or_else(|_| one.parse::<std::net::IpAddr>().map(IpNet::from))
            .map_err(|_| "expected addresses or networks such as 10.0.0.0/8".to_owned())
    };
    parse::list(raw)?.iter().map(network).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: (&str, &str) = ("SESSION_KEY", "0123456789abcdef0123456789abcdef");

    fn load(extra: &[(&str, &str)]) -> Result<ApiConfig, crate::env::ConfigError> {
        Env::from_map([KEY].iter().chain(extra).copied()).load()
    }

    #[test]
    fn addresses_and_networks_may_be_trusted() {
        let config = load(&[("TRUSTED_PROXIES", "10.0.0.0/8, ::1")]).unwrap();
        assert!(config.trusted_proxies[0].contains(&std::net::IpAddr::from([10, 1, 2, 3])));
        assert_eq!(config.trusted_proxies[1].to_string(), "::1/128");
        assert!(load(&[("TRUSTED_PROXIES", "everybody")]).is_err());
        assert!(load(&[]).unwrap().trusted_proxies.is_empty());
    }

    #[test]
    fn a_short_key_is_refused_and_not_shown() {
        let error = load(&[("SESSION_KEY", "hunter2")]).unwrap_err().to_string();
        assert!(
            error.contains("SESSION_KEY") && !error.contains("hunter2"),
            "{error}"
        );
    }
}
