//! Notices: hints, however many there are and whatever they say.

use axum::http::Method;
use futures_util::future::join_all;
use posta_bus::Verdict;
use serde_json::json;

use crate::bench::{Bench, notice, payment_notice};

const OPEN_READS: &str = "SELECT count(*) FROM payment_reads WHERE done_at IS NULL";
const READS: &str = "SELECT count(*) FROM payment_reads";

#[tokio::test]
async fn six_copies_of_a_notice_are_one_read_of_the_payment_and_confirm_once() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let payment = bench.mercado.paid(&held.reference, 100_000);
    // Each delivery has a key of its own, as Mercado Pago's redeliveries have; and one comes twice.
    let copies: Vec<_> = (0..6)
        .map(|n| payment_notice(&payment, &format!("r{}", n.min(4))))
        .collect();
    let verdicts = join_all(copies.iter().map(|copy| bench.notice(copy))).await;
    let done = verdicts.iter().filter(|verdict| **verdict == Verdict::Done);
    assert_eq!(done.count(), 5, "{verdicts:?}");
    assert!(verdicts.contains(&Verdict::Duplicate));
    assert_eq!(bench.number(READS).await, 1);
    let worker = bench.worker();
    bench.until(OPEN_READS, 0).await;
    worker.stop().await;
    let asked = bench
        .mercado
        .calls(&Method::GET, &format!("v1/payments/{payment}"));
    assert_eq!(asked, 1);
    let confirmed = "SELECT count(*) FROM reservations WHERE status = 'confirmed'";
    assert_eq!(bench.number(confirmed).await, 1);
    let entered = "SELECT count(*) FROM ledger_entries WHERE kind = 'payment'";
    assert_eq!(bench.number(entered).await, 1);
}

#[tokio::test]
async fn a_captured_notice_replayed_with_other_bodies_is_read_once() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let payment = bench.mercado.paid(&held.reference, 100_000);
    let worker = bench.worker();
    assert_eq!(
        bench.notice(&payment_notice(&payment, "r1")).await,
        Verdict::Done
    );
    worker.wakes.reads.notify_one();
    bench.until(OPEN_READS, 0).await;
    for n in 0..50 {
        let other =
            json!({ "data": { "id": n }, "type": "payment", "user_id": n, "amount": "0.01" });
        let replayed = notice("payment", &payment, "r1", &other);
        assert_eq!(bench.notice(&replayed).await, Verdict::Duplicate);
    }
    worker.stop().await;
    let rows = "SELECT (SELECT count(*) FROM inbound_events) + (SELECT count(*) FROM payment_reads)
                + (SELECT count(*) FROM payments)";
    assert_eq!(bench.number(rows).await, 3);
    let asked = bench
        .mercado
        .calls(&Method::GET, &format!("v1/payments/{payment}"));
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn a_hint_that_comes_while_a_payment_is_read_is_not_lost() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let payment = bench.mercado.paid(&held.reference, 100_000);
    bench.notice(&payment_notice(&payment, "r1")).await;
    let store = bench.database.store();
    let lease = std::time::Duration::from_secs(1);
    let claimed = posta_store::payments::reads::claim(store, 1, lease, &[])
        .await
        .unwrap();
    bench.notice(&payment_notice(&payment, "r2")).await;
    posta_store::payments::reads::done(store, &claimed[0], "entered")
        .await
        .unwrap();
    assert_eq!(bench.number(OPEN_READS).await, 1, "it is read once more");
    let worker = bench.worker();
    bench.until(OPEN_READS, 0).await;
    worker.stop().await;
}

#[tokio::test]
async fn what_hints_at_nothing_is_kept_with_its_reason() {
    let bench = Bench::open().await;
    let order = notice("order", "ORD01JQ4S4KY8HWQ6NA5PXB65B3D3", "r1", &json!({}));
    assert!(matches!(bench.notice(&order).await, Verdict::Rejected(_)));
    assert_eq!(bench.notice(&order).await, Verdict::Duplicate);
    let alert = json!({ "data": { "payment_id": 12_345, "merchant_order": 1 } });
    let alert = notice("stop_delivery_op_wh", "", "r2", &alert);
    assert_eq!(bench.notice(&alert).await, Verdict::Done);
    assert_eq!(
        bench.text("SELECT kind FROM attention").await,
        "payment_fraud_alert"
    );
    assert_eq!(bench.number(READS).await, 0);
    let kept = "SELECT count(*) FROM inbound_events WHERE verdict IN ('effected', 'rejected')";
    assert_eq!(bench.number(kept).await, 2);
}

#[tokio::test]
async fn a_notice_that_names_nobody_we_know_is_read_with_our_account() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let payment = bench.mercado.paid(&held.reference, 100_000);
    let mut forged = payment_notice(&payment, "r1");
    forged.envelope.account = Some("666".to_owned());
    assert_eq!(bench.notice(&forged).await, Verdict::Done);
    let worker = bench.worker();
    let confirmed = "SELECT count(*) FROM reservations WHERE status = 'confirmed'";
    bench.until(confirmed, 1).await;
    worker.stop().await;
}

#[tokio::test]
async fn what_an_unsigned_body_calls_a_payment_is_a_number_or_is_not_shown() {
    let bench = Bench::open().await;
    for (n, id) in [
        json!("\u{0}"),
        json!("llame al 555"),
        json!({ "a": "x".repeat(9_000) }),
    ]
    .into_iter()
    .enumerate()
    {
        let alert = json!({ "data": { "payment_id": id } });
        let alert = notice("stop_delivery_op_wh", "", &format!("r{n}"), &alert);
        assert_eq!(bench.notice(&alert).await, Verdict::Done);
    }
    let shown = "SELECT count(*) FROM attention
                 WHERE kind = 'payment_fraud_alert' AND detail ->> 'provider_id' IS NOT NULL";
    assert_eq!(bench.number(shown).await, 0);
}
