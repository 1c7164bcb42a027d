//! Mercado Pago away, slow, or of another opinion about our token.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;

use crate::{
    bench::{Bench, payment_notice},
    mercado::Fault,
};

const OPEN_READS: &str = "SELECT count(*) FROM payment_reads WHERE done_at IS NULL";

#[tokio::test]
async fn while_mercado_pago_is_away_notices_wait_and_then_all_of_them_apply() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let worker = bench.worker();
    bench.mercado.down(true);
    for n in 0..20 {
        // One is ours, the others are orphans.
        let reference = if n == 0 { &held.reference } else { "elsewhere" };
        let payment = bench.mercado.paid(reference, 100_000);
        bench.notice(&payment_notice(&payment, "r1")).await;
    }
    let is_open = |worker: &crate::bench::Worker| {
        let text = worker.registry.text();
        text.contains("posta_mercadopago_open_breakers 1")
    };
    let deadline = tokio::time::Instant::now() + crate::bench::DEADLINE;
    while !is_open(&worker) {
        assert!(tokio::time::Instant::now() < deadline, "the breaker opens");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Through several probes.
    let before = bench.mercado.calls(&Method::GET, "v1/payments");
    while bench.mercado.calls(&Method::GET, "v1/payments") < before + 3 {
        assert!(tokio::time::Instant::now() < deadline, "it probes");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(bench.number(OPEN_READS).await, 20);
    let attempts = "SELECT coalesce(max(attempts), 0)::bigint FROM payment_reads";
    assert!(
        bench.number(attempts).await <= 1,
        "before the breaker opened"
    );
    bench.mercado.down(false);
    bench.until(OPEN_READS, 0).await;
    worker.stop().await;
    let confirmed = "SELECT count(*) FROM reservations WHERE status = 'confirmed'";
    assert_eq!(bench.number(confirmed).await, 1);
    let orphans = "SELECT count(*) FROM payments WHERE verdict = 'orphan'";
    assert_eq!(bench.number(orphans).await, 19);
}

#[tokio::test]
async fn a_refused_token_stops_the_asking_and_the_owner_hears_of_it_until_it_works_again() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let payment = bench.mercado.paid(&held.reference, 100_000);
    bench.notice(&payment_notice(&payment, "r1")).await;
    let refusal = json!({ "message": "Invalid access token", "error": "unauthorized", "status": 401, "cause": [] });
    bench.mercado.fails(
        Method::GET,
        "v1/payments",
        Fault::Answer(401, refusal.clone()),
    );
    bench
        .mercado
        .fails(Method::POST, "preferences", Fault::Answer(401, refusal));
    let worker = bench.worker();
    let told =
        "SELECT count(*) FROM attention WHERE kind = 'mercadopago_refused' AND state <> 'done'";
    bench.until(told, 1).await;
    let counted = "SELECT count(*) FROM payment_reads WHERE attempts > 0";
    assert_eq!(bench.number(counted).await, 0);
    worker.stop().await;
    // A new token means a new process.
    let worker = bench.worker();
    let confirmed = "SELECT count(*) FROM reservations WHERE status = 'confirmed'";
    bench.until(confirmed, 1).await;
    bench.until(told, 0).await;
    worker.stop().await;
    let shown: String = bench
        .text("SELECT detail::text FROM attention WHERE kind = 'mercadopago_refused'")
        .await;
    assert!(!shown.contains("APP_USR-token"), "{shown}");
}

#[tokio::test]
async fn too_many_calls_are_waited_out_as_long_as_mercado_pago_says() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let payment = bench.mercado.paid(&held.reference, 100_000);
    bench.notice(&payment_notice(&payment, "r1")).await;
    let body = json!({ "message": "Too many requests", "error": "too_many_requests", "status": 429, "cause": [] });
    bench
        .mercado
        .fails(Method::GET, "v1/payments", Fault::Answer(429, body));
    let worker = bench.worker();
    let waits = "SELECT count(*) FROM payment_reads WHERE error IS NOT NULL AND attempts = 0";
    bench.until(waits, 1).await;
    let confirmed = "SELECT count(*) FROM reservations WHERE status = 'confirmed'";
    bench.until(confirmed, 1).await;
    worker.stop().await;
    let asked = bench.mercado.calls(&Method::GET, "v1/payments");
    assert_eq!(asked, 2);
}

#[tokio::test]
async fn one_thing_we_may_not_have_stops_nothing_else_of_the_account() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let theirs = bench.mercado.paid("elsewhere", 1);
    let ours = bench.mercado.paid(&held.reference, 100_000);
    let policy = json!({ "message": "At least one policy returned UNAUTHORIZED.", "status": 403,
        "code": "PA_UNAUTHORIZED_RESULT_FROM_POLICIES", "blocked_by": "PolicyAgent" });
    for _ in 0..9 {
        let refusal = Fault::Answer(403, policy.clone());
        let path = format!("v1/payments/{theirs}");
        bench.mercado.fails(Method::GET, &path, refusal);
    }
    bench.notice(&payment_notice(&theirs, "r1")).await;
    let worker = bench.worker();
    let counted = "SELECT count(*) FROM payment_reads WHERE attempts > 0";
    bench.until(counted, 1).await;
    bench.notice(&payment_notice(&ours, "r2")).await;
    worker.wakes.reads.notify_one();
    let confirmed = "SELECT count(*) FROM reservations WHERE status = 'confirmed'";
    bench.until(confirmed, 1).await;
    let told =
        "SELECT count(*) FROM attention WHERE kind = 'mercadopago_refused' AND state <> 'done'";
    bench.until(told, 0).await;
    worker.stop().await;
}
