//! Against a real Redis, at `REDIS_URL` (`make test` brings one).
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "these are tests")]

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use posta_runtime::{
    config::RedisConfig,
    env::Env,
    night_lock::{NightLock, Nights, Outcome},
    redis::{Redis, cmd},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

fn redis_at(url: &str) -> Redis {
    let env = Env::from_map([("REDIS_URL", url), ("REDIS_TIMEOUT", "5s")]);
    Redis::start(
        &env.load::<RedisConfig>().unwrap(),
        CancellationToken::new(),
    )
    .unwrap()
}

async fn connected() -> Redis {
    let redis = redis_at(
        &std::env::var("REDIS_URL").expect("`make test` brings a Redis and sets REDIS_URL"),
    );
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

/// The 10th of January and the days after it.
fn nights(accommodation: Uuid, from: u32, count: usize) -> Nights {
    let first = NaiveDate::from_ymd_opt(2027, 1, from).unwrap();
    Nights {
        accommodation,
        nights: first.iter_days().take(count).collect(),
    }
}

#[tokio::test]
async fn ranges_that_share_one_night_collide_and_neighbours_do_not() {
    let lock = NightLock::new(connected().await).with_patience(Duration::from_millis(50));
    let cabin = Uuid::now_v7();
    let first = lock.take(vec![nights(cabin, 10, 5)]).await;
    assert_eq!(first.outcome(), Outcome::Taken);
    for overlapping in [(10, 5), (8, 3), (14, 1), (5, 20)] {
        let refused = lock
            .take(vec![nights(cabin, overlapping.0, overlapping.1)])
            .await;
        assert_eq!(refused.outcome(), Outcome::Busy, "{overlapping:?}");
    }
    for free in [
        nights(cabin, 15, 2),
        nights(cabin, 8, 2),
        nights(Uuid::now_v7(), 10, 5),
    ] {
        let taken = lock.take(vec![free]).await;
        assert_eq!(taken.outcome(), Outcome::Taken);
        taken.release().await;
    }
    first.release().await;
    let again = lock.take(vec![nights(cabin, 12, 1)]).await;
    assert_eq!(again.outcome(), Outcome::Taken);
}

#[tokio::test]
async fn whoever_is_refused_one_cabin_keeps_none() {
    let lock = NightLock::new(connected().await).with_patience(Duration::from_millis(50));
    let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
    let held = lock.take(vec![nights(two, 10, 1)]).await;
    let both = lock
        .take(vec![nights(two, 10, 1), nights(one, 10, 1)])
        .await;
    assert_eq!(both.outcome(), Outcome::Busy);
    let first = lock.take(vec![nights(one, 10, 1)]).await;
    assert_eq!(first.outcome(), Outcome::Taken);
    held.release().await;
}

#[tokio::test]
async fn nobody_releases_a_lock_that_became_anothers() {
    let redis = connected().await;
    let lock = NightLock::new(redis.clone()).with_patience(Duration::from_millis(50));
    let cabin = Uuid::now_v7();
    let forgotten = lock.take(vec![nights(cabin, 10, 1)]).await;
    // As if Redis had been flushed and somebody else had come.
    let key = format!("lock:{{{cabin}}}:2027-01-10");
    redis
        .query::<()>(cmd("SET").arg(&key).arg("another"))
        .await
        .unwrap();
    forgotten.release().await;
    let holder: Option<String> = redis.query(cmd("GET").arg(&key)).await.unwrap();
    assert_eq!(holder.as_deref(), Some("another"));
    redis.query::<()>(cmd("DEL").arg(&key)).await.unwrap();
}

#[tokio::test]
async fn a_lock_ends_by_itself() {
    let redis = connected().await;
    let cabin = Uuid::now_v7();
    let dropped = NightLock::new(redis.clone())
        .take(vec![nights(cabin, 10, 2)])
        .await;
    drop(dropped);
    let left: i64 = redis
        .query(cmd("PTTL").arg(format!("lock:{{{cabin}}}:2027-01-11")))
        .await
        .unwrap();
    assert!((1..=5_000).contains(&left), "it ends in {left} ms");
}

#[tokio::test]
async fn without_redis_nobody_waits() {
    // Nothing listens there.
    let lock = NightLock::new(redis_at("redis://127.0.0.1:1"));
    let began = Instant::now();
    let skipped = lock.take(vec![nights(Uuid::now_v7(), 10, 5)]).await;
    assert_eq!(skipped.outcome(), Outcome::Skipped);
    skipped.release().await;
    assert!(began.elapsed() < Duration::from_millis(200));
}

#[tokio::test]
async fn of_many_at_once_never_two_have_a_night() {
    let lock = NightLock::new(connected().await).with_patience(Duration::ZERO);
    let cabin = Uuid::now_v7();
    let mut tasks = tokio::task::JoinSet::new();
    for at in 0..50_u32 {
        let lock = lock.clone();
        tasks.spawn(async move { (at, lock.take(vec![nights(cabin, 1 + at % 20, 4)]).await) });
    }
    let mut owners: std::collections::HashMap<u32, u32> = std::collections::HashMap::new();
    let mut kept = Vec::new();
    while let Some(done) = tasks.join_next().await {
        let (at, guard) = done.unwrap();
        if guard.outcome() == Outcome::Taken {
            let first = 1 + at % 20;
            for night in first..first + 4 {
                assert_eq!(
                    owners.insert(night, at),
                    None,
                    "night {night} was taken twice"
                );
            }
        }
        kept.push(guard);
    }
    assert!(!owners.is_empty());
}
