//! Against a real Redis, at `REDIS_URL` (`make test` brings one).
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "these are tests")]

use std::time::{Duration, Instant};

use posta_runtime::{
    config::RedisConfig,
    env::Env,
    redis::{Redis, Script, cmd, pipe},
};
use tokio_util::sync::CancellationToken;

async fn connected() -> Redis {
    let url = std::env::var("REDIS_URL")
        .expect("REDIS_URL is not set: `make test` brings a Redis and sets it");
    // These tests are not about slowness.
    let env = Env::from_map([("REDIS_URL", url.as_str()), ("REDIS_TIMEOUT", "5s")]);
    let redis = Redis::start(
        &env.load::<RedisConfig>().unwrap(),
        CancellationToken::new(),
    )
    .unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    while !redis.is_up() {
        assert!(
            Instant::now() < deadline,
            "Redis at REDIS_URL does not answer"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    redis
}

#[tokio::test]
async fn commands_pipelines_and_scripts_work() {
    let redis = connected().await;
    let key = format!("posta-test:{}", uuid::Uuid::now_v7());
    let set = |value: &str| {
        cmd("SET")
            .arg(&key)
            .arg(value)
            .arg("NX")
            .arg("EX")
            .arg(60)
            .to_owned()
    };
    assert_eq!(
        redis
            .query::<Option<String>>(&set("first"))
            .await
            .unwrap()
            .as_deref(),
        Some("OK")
    );
    assert_eq!(
        redis.query::<Option<String>>(&set("second")).await.unwrap(),
        None
    );
    let both: (Option<String>, i64) = redis.pipeline(pipe().get(&key).ttl(&key)).await.unwrap();
    assert_eq!(both.0.as_deref(), Some("first"));
    assert!((1..=60).contains(&both.1));
    let script = Script::new("return redis.call('DEL', KEYS[1])");
    let key = key.as_str();
    let deleted: i64 = redis
        .call(|mut connection| async move { script.key(key).invoke_async(&mut connection).await })
        .await
        .unwrap();
    assert_eq!(deleted, 1);
}

#[tokio::test]
async fn a_refused_command_is_an_error_and_redis_stays_up() {
    let redis = connected().await;
    assert!(redis.query::<String>(&cmd("NOSUCHCOMMAND")).await.is_err());
    assert!(redis.is_up());
}

#[tokio::test]
async fn calls_can_be_made_from_spawned_tasks() {
    let redis = connected().await;
    let answers = (0..50).map(|_| {
        let redis = redis.clone();
        tokio::spawn(async move { redis.query::<String>(&cmd("PING")).await.unwrap() })
    });
    for answer in answers.collect::<Vec<_>>() {
        assert_eq!(answer.await.unwrap(), "PONG");
    }
}
