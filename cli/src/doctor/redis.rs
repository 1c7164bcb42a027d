//! Redis: reachable, and which one.

use std::time::Duration;

use posta_runtime::{
    config::RedisConfig,
    redis::{Redis, cmd},
};
use tokio_util::sync::CancellationToken;

use super::Finding;
use crate::setup;

/// Longer than a service would wait: here somebody wants to know.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn check() -> Vec<Finding> {
    let Ok(config) = setup::load::<RedisConfig>() else {
        return vec![Finding::wrong(
            "not checked: REDIS_URL is missing or wrong",
            "see above",
        )];
    };
    let stop = CancellationToken::new();
    let config = RedisConfig {
        timeout: PATIENCE,
        ..config
    };
    let remedy = "start Redis (`make services`), and compare REDIS_URL with where it listens; without it everything \
                  works, but slower";
    let redis = match Redis::start(&config, stop.clone()) {
        Ok(redis) => redis,
        Err(error) => return vec![Finding::failed(error, remedy)],
    };
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !redis.is_up() && tokio::time::Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let info = redis.query::<String>(cmd("INFO").arg("server")).await;
    stop.cancel();
    match info {
        Ok(info) => {
            let version = info
                .lines()
                .find_map(|line| line.strip_prefix("redis_version:"))
                .unwrap_or("unknown");
            vec![Finding::Fine(format!("Redis {}", version.trim()))]
        }
        Err(error) => vec![Finding::failed(error, remedy)],
    }
}
