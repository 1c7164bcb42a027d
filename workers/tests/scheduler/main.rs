//! The scheduler: one leader, each time once, and what its jobs do.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod reminders;

use std::{sync::Arc, time::Duration};

use posta_bus::{BusConfig, Publisher};
use posta_runtime::{clock::SystemClock, metrics::Registry};
use posta_store::testing::{Database, assert_books_balance, database};
use tokio_util::sync::CancellationToken;
use workers::scheduler::{Jobs, Kind, Leader, Nudger, SchedulerMetrics};

fn jobs(database: &Database) -> (Jobs, SchedulerMetrics, Registry) {
    let registry = Registry::new();
    let metrics = SchedulerMetrics::register(&registry).unwrap();
    // Nobody listens there: nudges are hints, and no job may fail for them.
    let bus = BusConfig::new("amqp://127.0.0.1:1".to_owned().into());
    let nudger = Nudger::new(
        Publisher::start(bus, CancellationToken::new()),
        Arc::new(SystemClock),
    );
    let handback = Duration::from_hours(2);
    (
        Jobs::new(
            database.store().clone(),
            Arc::new(nudger),
            handback,
            30,
            metrics.clone(),
        ),
        metrics,
        registry,
    )
}

async fn number(database: &Database, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(database.pool())
        .await
        .unwrap()
}

async fn until(database: &Database, sql: &'static str, wanted: impl Fn(i64) -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(15);
    while !wanted(number(database, sql).await) {
        assert!(
            tokio::time::Instant::now() < deadline,
            "{sql}: still {}",
            number(database, sql).await
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

const LEADERS: &str = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

#[tokio::test]
async fn of_two_schedulers_one_leads_and_the_other_takes_over() {
    let database = database().await;
    let start = || {
        let (jobs, metrics, _) = jobs(&database);
        let stop = CancellationToken::new();
        let leader = Leader::new(
            database.store().clone(),
            jobs,
            metrics,
            Duration::from_millis(50),
        );
        let token = stop.clone();
        (stop, tokio::spawn(async move { leader.run(token).await }))
    };
    let (first_stop, first) = start();
    let (second_stop, second) = start();
    until(&database, "SELECT count(*) FROM job_runs", |runs| runs >= 6).await;
    assert_eq!(number(&database, LEADERS).await, 1);
    // Whoever leads loses its connection; somebody leads again.
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    )
    .execute(database.pool())
    .await
    .unwrap();
    sqlx::query("DELETE FROM job_runs")
        .execute(database.pool())
        .await
        .unwrap();
    until(&database, LEADERS, |leaders| leaders == 1).await;
    until(&database, "SELECT count(*) FROM job_runs", |runs| runs >= 1).await;
    first_stop.cancel();
    first.await.unwrap();
    until(&database, LEADERS, |leaders| leaders == 1).await;
    second_stop.cancel();
    second.await.unwrap();
    until(&database, LEADERS, |leaders| leaders == 0).await;
}

#[tokio::test]
async fn a_missed_time_is_made_good_once() {
    let database = database().await;
    let (jobs, ..) = jobs(&database);
    let job = workers::scheduler::SCHEDULE
        .iter()
        .find(|job| job.kind == Kind::BooksAudit)
        .unwrap();
    let time = "2026-11-22T10:00:00Z".parse().unwrap();
    jobs.run_due(job, time).await;
    jobs.run_due(job, time).await;
    assert_eq!(number(&database, "SELECT count(*) FROM job_runs").await, 1);
    assert_eq!(
        number(
            &database,
            "SELECT count(*) FROM job_runs WHERE finished_at IS NOT NULL"
        )
        .await,
        1
    );
}

#[tokio::test]
async fn a_chat_a_person_has_left_goes_back_to_the_bot() {
    let database = database().await;
    let (jobs, ..) = jobs(&database);
    database.chat("1001", "5491155550001").await;
    sqlx::query(
        "UPDATE conversations SET mode = 'human', last_person_at = now() - interval '1 hour'",
    )
    .execute(database.pool())
    .await
    .unwrap();
    let humans = "SELECT count(*) FROM conversations WHERE mode = 'human'";
    jobs.run(Kind::HandBack).await.unwrap();
    assert_eq!(number(&database, humans).await, 1, "an hour is not two");
    sqlx::query(
        "UPDATE conversations SET last_person_at = now() - interval '3 hours', last_guest_at = now()",
    )
    .execute(database.pool())
    .await
    .unwrap();
    jobs.run(Kind::HandBack).await.unwrap();
    assert_eq!(
        number(&database, humans).await,
        1,
        "the guest is still writing"
    );
    sqlx::query("UPDATE conversations SET last_guest_at = now() - interval '3 hours'")
        .execute(database.pool())
        .await
        .unwrap();
    jobs.run(Kind::HandBack).await.unwrap();
    assert_eq!(number(&database, humans).await, 0);
}

#[tokio::test]
async fn residues_are_shown_as_metrics() {
    let database = database().await;
    let (jobs, _, registry) = jobs(&database);
    database.chat("1001", "5491155550001").await;
    sqlx::query("UPDATE conversations SET turn_due_at = now() - interval '1 hour'")
        .execute(database.pool())
        .await
        .unwrap();
    jobs.run(Kind::BooksAudit).await.unwrap();
    let text = registry.text();
    assert!(
        text.contains("posta_books{kind=\"turns_overdue\"} 1"),
        "{text}"
    );
    assert!(text.contains("posta_books_residue 1"), "{text}");
    for kind in [
        Kind::PollPayments,
        Kind::LinksSweep,
        Kind::ChaseBalance,
        Kind::Reconcile,
        Kind::ExpireCredits,
        Kind::OutboxSweep,
        Kind::OverdueTurns,
        Kind::StatusSweep,
        Kind::Purge,
    ] {
        jobs.run(kind).await.unwrap();
    }
}

#[tokio::test]
async fn holds_whose_time_is_over_are_ended_and_their_money_is_owed_back() {
    let database = database().await;
    let (jobs, ..) = jobs(&database);
    let lodge = database.lodge(1).await;
    let held = lodge.held(10, 12).await;
    assert_eq!(jobs.run(Kind::ExpireHolds).await.unwrap(), "0 holds ended");
    lodge.age(held.id).await;
    assert_eq!(jobs.run(Kind::ExpireHolds).await.unwrap(), "1 holds ended");
    assert_eq!(number(&database, "SELECT count(*) FROM claims").await, 0);
    assert_books_balance(database.pool()).await;
}
