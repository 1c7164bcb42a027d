//! Redis, which is only a shortcut: every call is bounded, and its absence costs nobody time.
//!
//! [`Redis::start`] returns at once and connects in the background. A call waits at most the configured time (50 ms).
//! A broken connection, or three calls in a row that were too slow, mark Redis as down: from then on calls fail
//! immediately, and a keeper asks every 250 ms until Redis answers again.
//!
//! A call that timed out may still have taken effect: whoever locks something needs a token of its own to tell.

mod keeper;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use ::redis::{Client, aio::ConnectionManagerConfig};
pub use ::redis::{
    Cmd, FromRedisValue, Pipeline, RedisResult, Script, aio::ConnectionManager, cmd, pipe,
};
use secrecy::ExposeSecret as _;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::config::RedisConfig;

/// So many slow calls in a row are no coincidence.
const SLOW_CALLS: u32 = 3;
/// How long the keeper, who has time, waits for a connection and an answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why there is no answer. Every one means: do without.
#[derive(Debug, thiserror::Error)]
pub enum RedisError {
    /// It is known to be away; nothing was sent.
    #[error("Redis is down")]
    Down,
    /// The answer took too long; the command may have taken effect.
    #[error("Redis did not answer within {0:?}")]
    TimedOut(Duration),
    /// It refused, or the connection broke.
    #[error("could not run a command on Redis")]
    Failed(#[source] ::redis::RedisError),
    /// The URL is not one of Redis.
    #[error("could not use REDIS_URL")]
    Url(#[source] ::redis::RedisError),
}

/// A connection that is kept for us. Clones share it.
#[derive(Debug, Clone)]
pub struct Redis {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    client: Client,
    manager: Mutex<ConnectionManager>,
    timeout: Duration,
    up: AtomicBool,
    slow: AtomicU32,
    went_down: Notify,
}

impl Redis {
    /// Begins to connect, and keeps connected until `token` is cancelled. Must be called on the runtime.
    pub fn start(config: &RedisConfig, token: CancellationToken) -> Result<Self, RedisError> {
        let client = Client::open(config.url.expose_secret()).map_err(RedisError::Url)?;
        let manager = Mutex::new(lazy_manager(&client).map_err(RedisError::Url)?);
        let shared = Arc::new(Shared {
            client,
            manager,
            timeout: config.timeout,
            up: AtomicBool::new(false),
            slow: AtomicU32::new(0),
            went_down: Notify::new(),
        });
        tokio::spawn(keeper::keep(Arc::clone(&shared), token));
        Ok(Self { shared })
    }

    /// Whether calls are being made at all.
    pub fn is_up(&self) -> bool {
        self.shared.up.load(Ordering::Relaxed)
    }

    /// Sends one command.
    pub async fn query<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        self.call(|mut connection| async move { command.query_async(&mut connection).await })
            .await
    }

    /// Sends several commands at once.
    pub async fn pipeline<T: FromRedisValue>(&self, commands: &Pipeline) -> Result<T, RedisError> {
        self.call(|mut connection| async move { commands.query_async(&mut connection).await })
            .await
    }

    /// Does anything with the connection, within the bound.
    pub async fn call<T, F, Fut>(&self, f: F) -> Result<T, RedisError>
    where
        F: FnOnce(ConnectionManager) -> Fut,
        Fut: Future<Output = RedisResult<T>>,
    {
        if !self.is_up() {
            return Err(RedisError::Down);
        }
        let shared = &self.shared;
        match tokio::time::timeout(shared.timeout, f(shared.manager())).await {
            Ok(Ok(value)) => {
                shared.slow.store(0, Ordering::Relaxed);
                Ok(value)
            }
            Ok(Err(error)) => {
                if error.is_io_error() || error.is_unrecoverable_error() {
                    shared.mark_down("the connection broke");
                }
                Err(RedisError::Failed(error))
            }
            Err(_) => {
                if shared.slow.fetch_add(1, Ordering::Relaxed) + 1 >= SLOW_CALLS {
                    shared.mark_down("it answers too slowly");
                }
                Err(RedisError::TimedOut(shared.timeout))
            }
        }
    }
}

impl Shared {
    fn manager(&self) -> ConnectionManager {
        self.manager
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn mark_down(&self, why: &'static str) {
        if self.up.swap(false, Ordering::Relaxed) {
            tracing::warn!(why, "Redis is down: going on without it");
        }
        self.went_down.notify_one();
    }
}

/// Retrying is the keeper's part, so the manager itself tries once.
fn lazy_manager(client: &Client) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_number_of_retries(0)
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE));
    ConnectionManager::new_lazy_with_config(client.clone(), config)
}

#[cfg(test)]
mod tests;
