//! So many requests of one address to one route, a minute.
//!
//! Everybody alike, before who they are is looked up: a limit per token would have to believe the token first. Whoever
//! needs more (a machine, an office behind one address) is a matter of `RATE_LIMIT_PER_MINUTE`. All of a minute's may
//! come at once; after that they come back evenly, one each `60 s / limit`.
//!
//! Holding nights costs nobody anything and takes them from everybody else, so one address begins only a third as many
//! holds (20 by default) in the half an hour that a hold usually lasts. That slows down whoever would hold the season
//! from one place; it does not stop many addresses.
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
/// What a hold usually lasts.
const HOLD: Duration = Duration::from_mins(30);
/// Holds in that time are this part of the requests in a minute.
const HOLDS_PART: u32 = 3;
/// What holds are counted as, in the place of a route.
const HOLDS: &str = "holds";
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
    requests: Bucket,
    holds: Bucket,
    refused: IntCounterVec,
}

/// So many at once, then one each so long.
#[derive(Clone)]
struct Bucket {
    burst: NonZeroU32,
    every: Duration,
    local: Arc<Local>,
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
        let most = config.rate_limit_per_minute;
        Ok(Self {
            redis,
            script: Arc::new(Script::new(TAKE)),
            requests: Bucket::new(most, MINUTE, Arc::clone(&clock)),
            holds: Bucket::new(most.div_ceil(HOLDS_PART), HOLD, clock),
            refused: registry.counter_vec(
                "posta_rate_limited_total",
                "Requests refused for coming too often, by matched route and who counted: redis or local.",
                &["route", "counted_by"],
            )?,
        })
    }

    /// Counts a hold that is about to be tried; too many must wait so many seconds.
    pub(crate) async fn hold(&self, from: ClientAddress) -> Result<(), u64> {
        let counted = self.check(&self.holds, HOLDS, from).await;
        counted.map_err(seconds)
    }

    /// Counts one; too many must wait so long.
    async fn check(
        &self,
        bucket: &Bucket,
        route: &str,
        from: ClientAddress,
    ) -> Result<(), Duration> {
        let key = format!("rate:{route}:{from}");
        let (wait, counted_by) = match self.shared(bucket, &key).await {
            Ok(wait) => (wait, "redis"),
            // Known to be away, or too slow: nothing to tell anybody.
            Err(RedisError::Down | RedisError::TimedOut(_)) => (bucket.alone(&key), "local"),
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "could not count a request in Redis"
                );
                (bucket.alone(&key), "local")
            }
        };
        let Some(wait) = wait else {
            return Ok(());
        };
        self.refused.with_label_values(&[route, counted_by]).inc();
        Err(wait)
    }

    async fn shared(&self, bucket: &Bucket, key: &str) -> Result<Option<Duration>, RedisError> {
        let mut call = self.script.prepare_invoke();
        call.key(key)
            .arg(bucket.every.as_micros().to_string())
            .arg(bucket.burst.get());
        let wait: i64 = self
            .redis
            .call(|mut connection| async move { call.invoke_async(&mut connection).await })
            .await?;
        Ok(u64::try_from(wait)
            .ok()
            .filter(|wait| *wait > 0)
            .map(Duration::from_micros))
    }
}

impl Bucket {
    fn new(most: u32, within: Duration, clock: Arc<dyn Clock>) -> Self {
        let burst = NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN);
        let every = within / burst.get();
        Self {
            burst,
            every,
            local: Arc::new(Local {
                limiter: Limiter::new(burst, every, clock),
                counted: AtomicU32::new(0),
            }),
        }
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

/// Whole ones, never too few.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
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
    let limit = &state.rate_limit;
    if let Err(wait) = limit.check(&limit.requests, &route, from).await {
        return Problem::too_many(seconds(wait)).into_response();
    }
    next.run(Request::from_parts(parts, body)).await
}
