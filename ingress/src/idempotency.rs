//! Remembers in Redis what the broker has confirmed, so that most copies end here.
//!
//! Guaranteed: a key is known only if its item was confirmed. Redis being slow or away never delays or
//! fails a request: it is skipped, and counted. Not guaranteed: that every copy is noticed; the inbox
//! is what makes items unique.
//!
//! Keys are written by one task that takes all that are waiting at once, after the answer: a write per
//! request would cost more than the answer itself.

use std::time::Duration;

use posta_runtime::redis::{self, Redis};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::metrics::Keys;

/// More waiting than this means that Redis is slower than the webhooks: then keys are forgotten.
const MAX_WAITING: usize = 8_192;
/// Keys written in one round trip.
const ROUND: usize = 512;
/// The server's own count of expired keys is read this often.
const WATCH_EVERY: Duration = Duration::from_secs(10);

/// The memory, as requests see it.
pub(crate) struct Idempotency {
    redis: Redis,
    prefix: String,
    metrics: Keys,
    confirmed: mpsc::Sender<Vec<String>>,
}

/// The task that writes.
pub(crate) struct Keeper(JoinHandle<()>);

// === impl Idempotency ===

impl Idempotency {
    /// Starts the writing task. `namespace` keeps installations on one Redis apart.
    pub(crate) fn start(
        redis: Redis,
        namespace: &str,
        ttl: Duration,
        metrics: Keys,
    ) -> (Self, Keeper) {
        let (confirmed, waiting) = mpsc::channel(MAX_WAITING);
        let writer = Writer {
            redis: redis.clone(),
            ttl,
            metrics: metrics.clone(),
            expired_before: None,
        };
        let keeper = Keeper(tokio::spawn(writer.run(waiting)));
        let prefix = format!("{namespace}:seen:");
        (
            Self {
                redis,
                prefix,
                metrics,
                confirmed,
            },
            keeper,
        )
    }

    /// Which of `keys` are done, in their order; `None` when Redis could not be asked.
    pub(crate) async fn known<'a>(&self, keys: impl Iterator<Item = &'a str>) -> Option<Vec<bool>> {
        let mut command = redis::cmd("MGET");
        for key in keys {
            command.arg(self.name(key));
        }
        let Ok(values) = self.redis.query::<Vec<Option<u8>>>(&command).await else {
            self.metrics.skipped.inc();
            return None;
        };
        let hits = values.iter().flatten().count() as u64;
        self.metrics.hits.inc_by(hits);
        self.metrics.misses.inc_by(values.len() as u64 - hits);
        Some(values.iter().map(Option::is_some).collect())
    }

    /// Remembers keys whose items are confirmed; returns at once.
    pub(crate) fn remember(&self, keys: &[String]) {
        if keys.is_empty() {
            return;
        }
        let keys: Vec<String> = keys.iter().map(|key| self.name(key)).collect();
        if let Err(refused) = self.confirmed.try_send(keys) {
            self.metrics
                .forgotten
                .inc_by(refused.into_inner().len() as u64);
        }
    }

    fn name(&self, key: &str) -> String {
        [&self.prefix, key].concat()
    }
}

// === impl Keeper ===

impl Keeper {
    /// Waits until everything remembered so far is written. The memory must have been dropped before.
    pub(crate) async fn finish(self) {
        if self.0.await.is_err() {
            tracing::warn!("the task that remembers keys had panicked");
        }
    }
}

struct Writer {
    redis: Redis,
    ttl: Duration,
    metrics: Keys,
    expired_before: Option<u64>,
}

// === impl Writer ===

impl Writer {
    async fn run(mut self, mut waiting: mpsc::Receiver<Vec<String>>) {
        let mut watch = tokio::time::interval(WATCH_EVERY);
        let mut round = Vec::with_capacity(ROUND);
        loop {
            tokio::select! {
                received = waiting.recv_many(&mut round, ROUND) => {
                    if received == 0 {
                        return;
                    }
                    self.write(round.drain(..).flatten().collect()).await;
                }
                _ = watch.tick() => self.watch_expired().await,
            }
        }
    }

    async fn write(&self, keys: Vec<String>) {
        for keys in keys.chunks(ROUND) {
            let mut pipeline = redis::pipe();
            for key in keys {
                pipeline
                    .cmd("SET")
                    .arg(key)
                    .arg(1)
                    .arg("EX")
                    .arg(self.ttl.as_secs())
                    .ignore();
            }
            let count = keys.len() as u64;
            match self.redis.pipeline::<()>(&pipeline).await {
                Ok(()) => self.metrics.created.inc_by(count),
                Err(_) => self.metrics.forgotten.inc_by(count),
            }
        }
    }

    async fn watch_expired(&mut self) {
        let Ok(stats) = self
            .redis
            .query::<String>(redis::cmd("INFO").arg("stats"))
            .await
        else {
            return;
        };
        let Some(now) = expired_keys(&stats) else {
            return;
        };
        // A count that went back is that of a restarted server.
        let before = self.expired_before.replace(now).unwrap_or(now);
        self.metrics.expired.inc_by(now.saturating_sub(before));
    }
}

fn expired_keys(stats: &str) -> Option<u64> {
    stats
        .lines()
        .find_map(|line| line.strip_prefix("expired_keys:"))?
        .trim()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_of_expired_keys_is_read_out_of_the_servers_statistics() {
        assert_eq!(
            expired_keys("# Stats\r\nevicted_keys:1\r\nexpired_keys:42\r\nx:1\r\n"),
            Some(42)
        );
        assert_eq!(expired_keys("expired_keys:many"), None);
        assert_eq!(expired_keys(""), None);
    }
}
