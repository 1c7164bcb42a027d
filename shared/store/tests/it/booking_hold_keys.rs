//! A request that is sent again: carried out once, and told the same.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use posta_domain::refusal::Refusal;
use posta_store::{
    Store,
    booking::{self, BookingError, units},
    testing::database,
};
use sqlx::PgPool;

use crate::booking_world::{World, holding, key};

/// Waits until so many backends of this database wait for a lock; answers their process ids.
async fn waiting(pool: &PgPool, at_least: usize) -> Vec<i32> {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    loop {
        let pids: Vec<i32> = sqlx::query_scalar(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_all(pool)
        .await
        .unwrap();
        if pids.len() >= at_least {
            return pids;
        }
        assert!(
            tokio::time::Instant::now() < deadline,
            "nobody waits for a lock"
        );
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_same_request_again_gives_the_same_answer_and_another_with_its_key_is_refused() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 2).await;
    let mut request = holding(&world.quote(world.nights(0, 2)).await);
    request.key = Some(key("k-1", 1));
    let first = world.answered(&request).await.unwrap();
    let again = world.answered(&request).await.unwrap();
    assert!(!first.replayed && again.replayed);
    assert_eq!(again.answer.to_string(), first.answer.to_string());
    assert_eq!(again.reservation, first.reservation);
    assert_eq!(world.count("SELECT count(*) FROM reservations").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM guests").await, 1);

    request.key = Some(key("k-1", 2));
    assert!(matches!(
        world.answered(&request).await,
        Err(BookingError::KeyReused)
    ));
    // Another's key of the same letters is another key.
    let mut other = holding(&world.quote(world.nights(0, 2)).await);
    other.key = Some(booking::Key {
        principal: "quote:2".to_owned(),
        ..key("k-1", 2)
    });
    assert!(!world.answered(&other).await.unwrap().replayed);
}

#[tokio::test]
async fn a_refused_attempt_leaves_no_trace_and_its_key_works_once_the_nights_are_free() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let held = world
        .hold(&world.quote(world.nights(0, 2)).await)
        .await
        .unwrap();
    let mut request = holding(&world.quote(world.nights(1, 2)).await);
    request.key = Some(key("k-1", 1));
    let refused = world.answered(&request).await;
    assert!(matches!(
        refused,
        Err(BookingError::Refused(Refusal::Taken { .. }))
    ));
    assert_eq!(
        world.count("SELECT count(*) FROM idempotency_keys").await,
        0
    );
    world.let_expire(held.id).await;
    assert!(!world.answered(&request).await.unwrap().replayed);
    assert!(world.answered(&request).await.unwrap().replayed);
}

#[tokio::test]
async fn of_two_at_once_one_is_carried_out_and_the_other_waits_for_its_answer() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 2).await;
    let mut request = holding(&world.quote(world.nights(0, 2)).await);
    request.key = Some(key("k-1", 1));
    // Keeps the first from finishing until the second waits for it.
    let mut busy = world.store.begin().await.unwrap();
    units::lock(&mut busy, world.by.tenant, &world.cabins)
        .await
        .unwrap();
    let release = async {
        waiting(database.pool(), 2).await;
        busy.rollback().await.unwrap();
    };
    let (one, other, ()) =
        tokio::join!(world.answered(&request), world.answered(&request), release);
    let (one, other) = (one.unwrap(), other.unwrap());
    assert!(one.replayed != other.replayed);
    assert_eq!(one.answer, other.answer);
    assert_eq!(world.count("SELECT count(*) FROM reservations").await, 1);
}

#[tokio::test]
async fn the_second_is_carried_out_when_the_first_is_killed_in_the_middle() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let mut request = holding(&world.quote(world.nights(0, 2)).await);
    request.key = Some(key("k-1", 1));
    let mut busy = world.store.begin().await.unwrap();
    units::lock(&mut busy, world.by.tenant, &world.cabins)
        .await
        .unwrap();
    let first = async {
        let killed = world.answered(&request).await;
        assert!(matches!(killed, Err(BookingError::Store(_))), "{killed:?}");
    };
    let second = async {
        // The first has its key and waits for the cabin.
        let pid = waiting(database.pool(), 1).await;
        let second = world.answered(&request);
        let kill = async {
            waiting(database.pool(), 2).await;
            sqlx::query("SELECT pg_terminate_backend($1)")
                .bind(pid[0])
                .execute(database.pool())
                .await
                .unwrap();
            busy.rollback().await.unwrap();
        };
        tokio::join!(second, kill).0
    };
    let ((), second) = tokio::join!(first, second);
    let second = second.unwrap();
    assert!(!second.replayed);
    assert!(world.answered(&request).await.unwrap().replayed);
    assert_eq!(world.count("SELECT count(*) FROM reservations").await, 1);
    assert_eq!(world.count("SELECT count(*) FROM claims").await, 1);
}

#[tokio::test]
async fn whoever_dies_after_the_commit_is_told_what_happened_when_it_comes_back() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let mut request = holding(&world.quote(world.nights(0, 2)).await);
    request.key = Some(key("k-1", 1));
    // A process that commits and is gone before it answers.
    let (store, by) = (world.store.clone(), world.by.clone());
    let sent = request.clone();
    let gone = tokio::spawn(async move {
        let answered = booking::hold(&store, &by, &sent, |booking| {
            serde_json::json!(booking.code)
        })
        .await;
        drop(answered);
        std::future::pending::<()>().await;
    });
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while world.count("SELECT count(*) FROM reservations").await == 0 {
        assert!(
            tokio::time::Instant::now() < deadline,
            "the hold is committed"
        );
    }
    gone.abort();
    let again = world.answered(&request).await.unwrap();
    assert!(again.replayed);
    let code: String = sqlx::query_scalar("SELECT code FROM reservations")
        .fetch_one(database.pool())
        .await
        .unwrap();
    assert_eq!(again.answer, serde_json::json!(code));
}

#[tokio::test]
async fn whoever_waits_too_long_for_a_cabin_is_told_to_try_again() {
    let database = database().await;
    let world = World::with_cabins(database.store(), 1).await;
    let request = holding(&world.quote(world.nights(0, 2)).await);
    let other = Store::over(database.pool().clone());
    let mut busy = other.begin().await.unwrap();
    units::lock(&mut busy, world.by.tenant, &world.cabins)
        .await
        .unwrap();
    let began = tokio::time::Instant::now();
    let refused = world.answered(&request).await;
    assert!(matches!(refused, Err(BookingError::Busy(_))));
    assert!(began.elapsed() < Duration::from_secs(6));
    busy.rollback().await.unwrap();
    assert!(world.answered(&request).await.is_ok());
}
