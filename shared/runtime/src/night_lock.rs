//! The fast first layer against two guests wanting the same nights: a lock in Redis over every night of a range.
//!
//! Whoever is about to claim nights [`take`](NightLock::take)s them here first. One script call takes all nights of a
//! cabin or none, so that ranges which merely overlap collide too; cabins are taken in ascending order, so that two
//! takers of several cannot hold each other up. Whoever is refused waits a little and then goes on regardless:
//! **`PostgreSQL` decides**, always. The lock only spares it the crowd.
//!
//! Not guaranteed: anything. Redis may be away, slow, flushed, or have forgotten a lock whose holder still works.
//! Locks end by themselves, and each carries its taker's token: nobody releases another's.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use rand::Rng as _;
use uuid::Uuid;

use crate::redis::{Redis, RedisError, Script};

/// Longer than any transaction over nights takes.
const ENDS_AFTER: Duration = Duration::from_secs(5);
/// How long a refused taker waits, all cabins together, before it leaves the decision to `PostgreSQL`.
const PATIENCE: Duration = Duration::from_millis(300);
/// Between two tries, plus as much again at random.
const PAUSE: Duration = Duration::from_millis(20);

/// All nights or none. KEYS: the nights; ARGV: token, milliseconds.
const TAKE: &str = "
for _, key in ipairs(KEYS) do
    local holder = redis.call('GET', key)
    if holder and holder ~= ARGV[1] then return 0 end
end
for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1], 'PX', ARGV[2]) end
return 1";

/// Those that are still ours. KEYS: the nights; ARGV: token.
const RELEASE: &str = "
local released = 0
for _, key in ipairs(KEYS) do
    if redis.call('GET', key) == ARGV[1] then released = released + redis.call('DEL', key) end
end
return released";

/// Nights of one cabin.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Nights {
    /// The cabin.
    pub accommodation: Uuid,
    /// Each night, by the day it begins.
    pub nights: Vec<NaiveDate>,
}

impl Nights {
    /// Hash-tagged by the cabin: one script call stays on one node of a cluster.
    fn keys(&self) -> Vec<String> {
        let key = |night| format!("lock:{{{}}}:{night}", self.accommodation);
        self.nights.iter().map(key).collect()
    }
}

/// Takes nights. Cheap to clone.
#[derive(Debug, Clone)]
pub struct NightLock {
    redis: Redis,
    patience: Duration,
}

/// What came of it. In every case the caller goes on to `PostgreSQL`.
#[derive(Debug)]
#[must_use = "release it when the transaction has ended"]
pub struct Guard {
    redis: Redis,
    token: String,
    taken: Vec<Vec<String>>,
    outcome: Outcome,
}

/// How the taking went, for the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All nights are ours.
    Taken,
    /// Somebody else had some of them until our patience ended.
    Busy,
    /// Redis is away or slow: skipped.
    Skipped,
}

impl Outcome {
    /// As a label of metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Busy => "busy",
            Self::Skipped => "skipped",
        }
    }
}

impl NightLock {
    /// Over `redis`.
    pub const fn new(redis: Redis) -> Self {
        Self {
            redis,
            patience: PATIENCE,
        }
    }

    /// With another patience.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Takes all of them, or waits at most its patience.
    pub async fn take(&self, mut wanted: Vec<Nights>) -> Guard {
        wanted.sort();
        let mut guard = Guard {
            redis: self.redis.clone(),
            token: Uuid::now_v7().to_string(),
            taken: Vec::with_capacity(wanted.len()),
            outcome: Outcome::Taken,
        };
        let deadline = Instant::now() + self.patience;
        for nights in wanted {
            let keys = nights.keys();
            guard.outcome = self.take_cabin(&guard.token, &keys, deadline).await;
            match guard.outcome {
                Outcome::Taken => guard.taken.push(keys),
                // A call that was too slow may have taken effect.
                Outcome::Skipped => {
                    guard.taken.push(keys);
                    break;
                }
                // Keeping the first cabins would only make others wait for us.
                Outcome::Busy => {
                    guard.release_taken().await;
                    break;
                }
            }
        }
        guard
    }

    async fn take_cabin(&self, token: &str, keys: &[String], deadline: Instant) -> Outcome {
        if keys.is_empty() {
            return Outcome::Taken;
        }
        let script = Script::new(TAKE);
        loop {
            let mut call = script.prepare_invoke();
            call.key(keys)
                .arg(token)
                .arg(ENDS_AFTER.as_millis().to_string());
            let answer = self
                .redis
                .call(
                    |mut connection| async move { call.invoke_async::<i64>(&mut connection).await },
                )
                .await;
            match answer {
                Ok(1) => return Outcome::Taken,
                Ok(_) => {}
                Err(RedisError::Failed(error)) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "could not lock nights in Redis"
                    );
                    return Outcome::Skipped;
                }
                Err(_) => return Outcome::Skipped,
            }
            let pause = PAUSE + PAUSE.mul_f64(rand::rng().random::<f64>());
            if Instant::now() + pause >= deadline {
                return Outcome::Busy;
            }
            tokio::time::sleep(pause).await;
        }
    }
}

impl Guard {
    /// How it went.
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Lets the nights go. One that is dropped instead lets them go by time.
    pub async fn release(mut self) {
        self.release_taken().await;
    }

    async fn release_taken(&mut self) {
        let script = Script::new(RELEASE);
        for keys in self.taken.drain(..) {
            let mut call = script.prepare_invoke();
            call.key(keys).arg(&self.token);
            let released = self
                .redis
                .call(
                    |mut connection| async move { call.invoke_async::<i64>(&mut connection).await },
                )
                .await;
            if let Err(error) = released {
                // They end by themselves.
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "could not release nights in Redis"
                );
            }
        }
    }
}
