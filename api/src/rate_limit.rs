//! So many requests of one address to one route, a minute.
//!
//! Everybody alike, before who they are is looked up: a limit per token would have to believe the token first. Whoever
//! needs more (a machine, an office behind one address) is a matter of `RATE_LIMIT_PER_MINUTE`. All of a minute's may
//! come at once; after that they come back evenly, one each `60 s / limit`.
//!
//! Counted in Redis, so that several processes are one; while Redis is away each process counts for itself, beginning
//! afresh, so at most as often as there are processes the limit gets through. Never refuses because Redis is slow.
//! Remembered: one key per address and route, for as long as its bucket is not full again.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use posta_runtime::{
    clock::Clock,
    config::ApiConfig,
    limits::Limiter,
    metrics::Registry,
    redis::{Redis, RedisError, Script},
};
use prometheus::IntCounterVec;

use crate::{auth::ClientAddress, problem::Problem, state::AppState};

const MINUTE: Duration = Duration::from_mins(1);
/// Addresses that stay away are forgotten every so many requests counted here.
const FORGET_EVERY: u32 = 10_000;

/// A bucket as the time at which it is full again (GCRA), by Redis's clock, in microseconds.
/// KEYS: the bucket; ARGV: microseconds per request, requests at once. Answers microseconds to wait, 0 for now.
const TAKE: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local every, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + every
local wait = full - now - every * burst
if wait > 0 then return wait end
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
return 0";

/// Counts. Clones share it.
#[derive(Clone)]
pub struct RateLimit {
    redis: Redis,
    script: Arc<Script>,
    burst: NonZeroU32,
    every: Duration,
    local: Arc<Local>,
    refused: IntCounterVec,
}

struct Local {
    limiter: Limiter<String>,
    counted: AtomicU32,
}

impl RateLimit {
    /// Reads its settings.
    pub fn new(
        config: &ApiConfig,
        redis: Redis,
        clock: Arc<dyn Clock>,
        registry: &Registry,
    ) -> anyhow::Result<Self> {
        let burst = NonZeroU32::new(config.rate_limit_per_minute).unwrap_or(NonZeroU32::MIN);
        let every = MINUTE / burst.get();
        Ok(Self {
            redis,
            script: Arc::new(Script::new(TAKE)),
            burst,
            every,
            local: Arc::new(Local {
                limiter: Limiter::new(burst, every, clock),
                counted: AtomicU32::new(0),
            }),
            refused: registry.counter_vec(
                "posta_rate_limited_total",
                "Requests refused for coming too often, by matched route and who counted: redis or local.",
                &["route", "counted_by"],
            )?,
        })
    }

    /// Counts one; too many must wait so long.
    async fn check(&self, route: &str, from: ClientAddress) -> Result<(), Duration> {
        let key = format!("rate:{route}:{from}");
        let (wait, counted_by) = match self.shared(&key).await {
            Ok(wait) => (wait, "redis"),
            // Known to be away, or too slow: nothing to tell anybody.
            Err(RedisError::Down | RedisError::TimedOut(_)) => (self.alone(&key), "local"),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "could not count a request in Redis"
                );
                (self.alone(&key), "local")
            }
        };
        let Some(wait) = wait else {
            return Ok(());
        };
        self.refused.with_label_values(&[route, counted_by]).inc();
        Err(wait)
    }

    async fn shared(&self, key: &str) -> Result<Option<Duration>, RedisError> {
        let mut call = self.script.prepare_invoke();
        call.key(key)
            .arg(self.every.as_micros().to_string())
            .arg(self.burst.get());
        let wait: i64 = self
            .redis
            .call(|mut connection| async move { call.invoke_async(&mut connection).await })
            .await?;
        Ok(u64::try_from(wait)
            .ok()
            .filter(|wait| *wait > 0)
            .map(Duration::from_micros))
    }

    fn alone(&self, key: &String) -> Option<Duration> {
        let counted = self.local.counted.fetch_add(1, Ordering::Relaxed);
        if counted % FORGET_EVERY == FORGET_EVERY - 1 {
            self.local.limiter.forget_idle();
        }
        self.local
            .limiter
            .check(key)
            .err()
            .map(|wait| wait.retry_after)
    }
}

/// The layer: runs after routing, so that the matched path is known. What matches nothing is one route together.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let route = parts
        .extensions
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let from = ClientAddress::of(&parts, &state.config);
    if let Err(wait) = state.rate_limit.check(&route, from).await {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        return Problem::too_many(seconds).into_response();
    }
    next.run(Request::from_parts(parts, body)).await
}
