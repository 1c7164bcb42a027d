//! Reading: by id, by reference, through orders and chargebacks; and what is not there.

use std::time::Duration;

use axum::http::Method;
use posta_store::payments::{
    poll,
    reads::{self, ReadKind},
};
use serde_json::json;

use crate::bench::{Bench, notice, payment_notice};

const OPEN_READS: &str = "SELECT count(*) FROM payment_reads WHERE done_at IS NULL";
const CONFIRMED: &str = "SELECT count(*) FROM reservations WHERE status = 'confirmed'";

async fn want(bench: &Bench, kind: ReadKind, resource: &str) {
    let mut conn = bench.database.store().acquire().await.unwrap();
    reads::want(&mut conn, bench.lodge.tenant, bench.account, kind, resource)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_payment_nobody_told_us_about_is_found_by_its_reference() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    bench.mercado.payment(
        &held.reference,
        100_000,
        "rejected",
        "cc_rejected_high_risk",
    );
    bench.mercado.paid(&held.reference, 100_000);
    want(&bench, ReadKind::Reference, &held.reference).await;
    let worker = bench.worker();
    bench.until(CONFIRMED, 1).await;
    bench.until(OPEN_READS, 0).await;
    worker.stop().await;
    assert_eq!(bench.number("SELECT count(*) FROM payments").await, 2);
}

#[tokio::test]
async fn a_hold_that_was_paid_unheard_is_confirmed_before_it_ends() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let worker = bench.worker();
    bench
        .until("SELECT count(*) FROM payment_links WHERE state = 'live'", 1)
        .await;
    bench.mercado.paid(&held.reference, 100_000);
    let store = bench.database.store();
    assert_eq!(poll::want_ending(store).await.unwrap(), 0, "there is time");
    for sql in [
        "UPDATE reservations SET hold_expires_at = clock_timestamp() + interval '2 minutes'",
        "UPDATE claims SET expires_at = clock_timestamp() + interval '2 minutes'",
        "UPDATE payment_requests SET expires_at = clock_timestamp() + interval '2 minutes'",
    ] {
        bench.run(sql).await;
    }
    assert_eq!(poll::want_ending(store).await.unwrap(), 1);
    bench.until(CONFIRMED, 1).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_hit_of_a_search_that_cannot_be_read_does_not_hide_the_others() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let paid = bench.mercado.paid(&held.reference, 100_000);
    let other = bench.mercado.payment(
        &held.reference,
        100_000,
        "rejected",
        "cc_rejected_high_risk",
    );
    let (status, body) = crate::mercado::error(404, 2000, "Payment not found");
    for id in [&other, &paid] {
        let gone = crate::mercado::Fault::Answer(status, body.clone());
        bench
            .mercado
            .fails(Method::GET, &format!("v1/payments/{id}"), gone);
    }
    want(&bench, ReadKind::Reference, &held.reference).await;
    let worker = bench.worker();
    let answered =
        "SELECT count(*) FROM payment_reads WHERE kind = 'reference' AND done_at IS NOT NULL";
    bench.until(answered, 1).await;
    bench.until(CONFIRMED, 1).await;
    bench.until(OPEN_READS, 0).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_day_that_is_listed_brings_what_no_notice_has() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    bench.mercado.paid(&held.reference, 100_000);
    let day: String = bench
        .text("SELECT to_char(clock_timestamp() AT TIME ZONE INTERVAL '-04:00', 'YYYY-MM-DD')")
        .await;
    want(&bench, ReadKind::Day, &day).await;
    let worker = bench.worker();
    bench.until(CONFIRMED, 1).await;
    bench.until(OPEN_READS, 0).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_merchant_order_leads_to_its_payments() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let payment = bench.mercado.paid(&held.reference, 100_000);
    let order = bench.mercado.order(&[&payment]);
    // Its data has no id; the body's own is the order's.
    let item = json!({ "id": order, "data": { "status": "closed" } });
    bench
        .notice(&notice("topic_merchant_order_wh", "", "r1", &item))
        .await;
    let worker = bench.worker();
    bench.until(CONFIRMED, 1).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_chargeback_tells_the_owner_until_when_and_takes_the_money_off_the_books() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let payment = bench.mercado.paid(&held.reference, 100_000);
    let worker = bench.worker();
    bench.notice(&payment_notice(&payment, "r1")).await;
    bench.until(CONFIRMED, 1).await;
    let chargeback = bench.mercado.charged_back(&payment);
    let item = json!({ "actions": ["created"], "data": { "id": chargeback.parse::<i64>().unwrap(),
        "payment_id": payment.parse::<i64>().unwrap() } });
    bench
        .notice(&notice("topic_chargebacks_wh", &chargeback, "r2", &item))
        .await;
    let told =
        "SELECT count(*) FROM attention WHERE kind = 'payment_disputed' AND deadline IS NOT NULL";
    bench.until(told, 1).await;
    bench.until(OPEN_READS, 0).await;
    worker.stop().await;
    let taken = "SELECT count(*) FROM ledger_entries WHERE kind = 'chargeback'";
    assert_eq!(bench.number(taken).await, 1);
    assert_eq!(bench.number(CONFIRMED).await, 1, "that is hers to decide");
}

#[tokio::test]
async fn a_payment_nobody_knows_is_looked_for_three_times_and_then_told() {
    let bench = Bench::open().await;
    bench.notice(&payment_notice("123456", "r1")).await;
    let worker = bench.worker();
    let asked = || bench.mercado.calls(&Method::GET, "v1/payments/123456");
    for (attempts, waits) in [
        (
            1,
            "SELECT count(*) FROM payment_reads WHERE attempts = 1 AND lease_until IS NULL",
        ),
        (
            2,
            "SELECT count(*) FROM payment_reads WHERE attempts = 2 AND lease_until IS NULL",
        ),
    ] {
        bench.until(waits, 1).await;
        assert_eq!(asked(), attempts);
        bench
            .run("UPDATE payment_reads SET not_before = clock_timestamp()")
            .await;
    }
    let told = "SELECT count(*) FROM attention WHERE kind = 'payment_unknown'";
    bench.until(told, 1).await;
    bench.until(OPEN_READS, 0).await;
    assert_eq!(asked(), 3);
    worker.stop().await;
}

#[tokio::test]
async fn a_payment_whose_answer_cannot_be_used_is_asked_for_more_slowly_each_time() {
    let bench = Bench::open().await;
    let nonsense = crate::mercado::Fault::Answer(200, json!({ "id": 77, "status": "approved" }));
    bench.mercado.fails(Method::GET, "v1/payments/77", nonsense);
    want(&bench, ReadKind::Payment, "77").await;
    let worker = bench.worker();
    bench
        .until(
            "SELECT count(*) FROM payment_reads WHERE attempts = 1 AND error IS NOT NULL AND lease_until IS NULL
               AND not_before > clock_timestamp() + interval '2 seconds'",
            1,
        )
        .await;
    worker.stop().await;
    assert_eq!(bench.number("SELECT count(*) FROM payments").await, 0);
}

#[tokio::test]
async fn a_worker_that_died_while_reading_is_followed_by_another() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let payment = bench.mercado.paid(&held.reference, 100_000);
    bench.notice(&payment_notice(&payment, "r1")).await;
    let lease = Duration::from_millis(200);
    reads::claim(bench.database.store(), 1, lease, &[])
        .await
        .unwrap();
    let worker = bench.worker();
    bench.until(CONFIRMED, 1).await;
    worker.stop().await;
}

#[tokio::test]
async fn of_a_hundred_tries_of_one_request_the_one_that_is_money_is_read_first() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    for _ in 0..15 {
        let (status, detail) = ("rejected", "cc_rejected_high_risk");
        bench
            .mercado
            .payment(&held.reference, 100_000, status, detail);
    }
    bench.mercado.paid(&held.reference, 100_000);
    want(&bench, ReadKind::Reference, &held.reference).await;
    let worker = bench.worker();
    let answered =
        "SELECT count(*) FROM payment_reads WHERE kind = 'reference' AND done_at IS NOT NULL";
    bench.until(answered, 1).await;
    assert_eq!(bench.number(CONFIRMED).await, 1);
    bench.until(OPEN_READS, 0).await;
    worker.stop().await;
    assert_eq!(bench.number("SELECT count(*) FROM payments").await, 16);
    let left = "SELECT count(*) FROM payment_reads WHERE kind = 'payment'";
    assert_eq!(bench.number(left).await, 6, "with reads of their own");
}

#[tokio::test]
async fn an_attempt_that_is_cut_off_counts_and_is_not_begun_again_at_once() {
    let bench = Bench::open().await;
    let payment = bench.mercado.paid("elsewhere", 100_000);
    let never = crate::mercado::Fault::Hangs(Box::new(crate::mercado::Fault::LostBefore));
    bench.mercado.fails(Method::GET, "v1/payments", never);
    want(&bench, ReadKind::Payment, &payment).await;
    let worker = bench.worker_within(Duration::from_millis(300));
    let put_off = "SELECT count(*) FROM payment_reads WHERE attempts = 1 AND lease_until IS NULL
                   AND not_before > clock_timestamp() + interval '2 seconds'";
    bench.until(put_off, 1).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_payment_that_turns_up_after_all_is_nobodys_matter_any_more() {
    let bench = Bench::open().await;
    let payment = bench.mercado.paid("elsewhere", 100_000);
    want(&bench, ReadKind::Payment, &payment).await;
    let store = bench.database.store();
    let claimed = reads::claim(store, 1, Duration::from_secs(9), &[])
        .await
        .unwrap();
    reads::unknown(store, &claimed[0], "not found")
        .await
        .unwrap();
    let open = "SELECT count(*) FROM attention WHERE kind = 'payment_unknown' AND state <> 'done'";
    assert_eq!(bench.number(open).await, 1);
    want(&bench, ReadKind::Payment, &payment).await;
    let worker = bench.worker();
    bench.until(open, 0).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_notice_is_read_before_what_was_only_listed_and_a_day_that_cannot_be_compared_is_told() {
    let bench = Bench::open().await;
    for listed in ["11", "12"] {
        want(&bench, ReadKind::Payment, listed).await;
    }
    bench.notice(&payment_notice("13", "r1")).await;
    want(&bench, ReadKind::Day, "2026-11-21").await;
    // Of a newer version than this one.
    bench
        .run("ALTER TABLE payment_reads DROP CONSTRAINT payment_reads_kind_check")
        .await;
    bench
        .run(
            "INSERT INTO payment_reads (tenant_id, account_id, kind, resource)
              SELECT tenant_id, account_id, 'statement', '1' FROM payment_reads LIMIT 1",
        )
        .await;
    let store = bench.database.store();
    let claim = |limit| reads::claim(store, limit, Duration::from_secs(9), &[]);
    let mut first: Vec<_> = claim(2).await.unwrap();
    first.sort_by(|a, b| a.resource.cmp(&b.resource));
    let names: Vec<_> = first.iter().map(|it| it.resource.as_str()).collect();
    assert_eq!(names, ["13", "2026-11-21"]);
    assert_eq!(claim(9).await.unwrap().len(), 2, "and not the newer one's");
    reads::unknown(store, &first[1], "too many pages")
        .await
        .unwrap();
    let told = "SELECT count(*) FROM attention WHERE kind = 'reconciliation_differs'
                AND subject LIKE 'reconciliation:%:2026-11-21:ARS'";
    assert_eq!(bench.number(told).await, 1);
}
