//! Refunds: the money goes back once, whatever happens around the call.

use axum::http::Method;
use posta_store::{
    booking::{
        cancel::{CancelBy, cancel},
        refunds,
    },
    testing::assert_books_balance,
};

use crate::{
    bench::{Bench, Held, payment_notice},
    mercado::{self, Fault},
};

const DONE: &str = "SELECT count(*) FROM refunds WHERE state = 'done'";

/// Money that came when the nights were gone: 100.000 pesos are owed back.
async fn owed(bench: &Bench) -> (Held, String) {
    let held = bench.held().await;
    bench.lodge.age(held.id).await;
    // Both cabins go to others.
    for _ in 0..2 {
        bench.lodge.held(10, 12).await;
    }
    let payment = bench.mercado.paid(&held.reference, 100_000);
    bench.notice(&payment_notice(&payment, "r1")).await;
    (held, payment)
}

async fn hurry(bench: &Bench) {
    bench
        .run("UPDATE refunds SET not_before = clock_timestamp()")
        .await;
}

#[tokio::test]
async fn money_that_came_too_late_goes_back_by_itself() {
    let bench = Bench::open().await;
    let (_, payment) = owed(&bench).await;
    let worker = bench.worker();
    bench.until(DONE, 1).await;
    worker.stop().await;
    assert_eq!(bench.mercado.given(&payment), (10_000_000, 1));
    assert_eq!(bench.mercado.calls(&Method::POST, "refunds"), 1);
    assert_books_balance(bench.database.pool()).await;
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_or_empty_is_one_refund() {
    for fault in [Fault::LostAfter, Fault::EmptyAfter] {
        let bench = Bench::open().await;
        let (_, payment) = owed(&bench).await;
        bench.mercado.fails(Method::POST, "refunds", fault);
        let worker = bench.worker();
        bench.until(DONE, 1).await;
        worker.stop().await;
        assert_eq!(bench.mercado.given(&payment), (10_000_000, 1));
        assert_eq!(bench.mercado.calls(&Method::POST, "refunds"), 1);
        assert_books_balance(bench.database.pool()).await;
    }
}

#[tokio::test]
async fn a_refund_that_never_arrived_is_asked_for_again_under_the_same_key() {
    let bench = Bench::open().await;
    let (_, payment) = owed(&bench).await;
    bench
        .mercado
        .fails(Method::POST, "refunds", Fault::LostBefore);
    let worker = bench.worker();
    bench
        .until("SELECT count(*) FROM refunds WHERE error IS NOT NULL", 1)
        .await;
    hurry(&bench).await;
    bench.until(DONE, 1).await;
    worker.stop().await;
    assert_eq!(bench.mercado.given(&payment), (10_000_000, 1));
}

#[tokio::test]
async fn a_worker_that_died_after_asking_is_followed_by_one_that_looks_first() {
    let bench = Bench::open().await;
    let (_, payment) = owed(&bench).await;
    // The first worker: reads, asks, and is gone before it looks.
    let store = bench.database.store();
    let worker = bench.worker();
    bench
        .mercado
        .fails(Method::POST, "refunds", Fault::LostBefore);
    bench
        .until("SELECT count(*) FROM refunds WHERE error IS NOT NULL", 1)
        .await;
    worker.stop().await;
    hurry(&bench).await;
    let lease = std::time::Duration::from_millis(100);
    let claimed = refunds::claim(store, 1, lease, &[]).await.unwrap();
    assert!(refunds::requested(store, &claimed[0]).await.unwrap());
    bench
        .mercado
        .give_back(&payment, &claimed[0].id.to_string());
    // The second.
    let worker = bench.worker();
    bench.until(DONE, 1).await;
    worker.stop().await;
    assert_eq!(bench.mercado.given(&payment), (10_000_000, 1));
    assert_eq!(
        bench.mercado.calls(&Method::POST, "refunds"),
        1,
        "it was found, not asked for again"
    );
    assert_books_balance(bench.database.pool()).await;
}

#[tokio::test]
async fn what_the_owner_gave_back_in_the_panel_is_not_given_back_again() {
    let bench = Bench::open().await;
    let (_, payment) = owed(&bench).await;
    bench.mercado.down(true);
    let worker = bench.worker();
    bench.mercado.give_back(&payment, "the-owner");
    bench.mercado.down(false);
    bench
        .until(
            "SELECT count(*) FROM payment_reads WHERE done_at IS NULL",
            0,
        )
        .await;
    worker.stop().await;
    assert_eq!(bench.mercado.given(&payment), (10_000_000, 1));
    assert_eq!(bench.mercado.calls(&Method::POST, "refunds"), 0);
    assert_books_balance(bench.database.pool()).await;
}

#[tokio::test]
async fn a_refund_for_which_there_is_no_money_is_the_owners_to_give_until_she_wants_it_tried_again()
{
    let bench = Bench::open().await;
    let (_, payment) = owed(&bench).await;
    let (status, body) = mercado::error(400, 2030, "Collector lacks money");
    bench
        .mercado
        .fails(Method::POST, "refunds", Fault::Answer(status, body));
    let worker = bench.worker();
    bench
        .until("SELECT count(*) FROM refunds WHERE state = 'by_hand'", 1)
        .await;
    let told = "SELECT count(*) FROM attention WHERE kind = 'refund_due' AND state <> 'done'";
    assert_eq!(bench.number(told).await, 1);
    assert!(
        bench
            .text("SELECT error FROM refunds")
            .await
            .contains("no-funds")
    );
    let id: uuid::Uuid = sqlx::query_scalar("SELECT id FROM refunds")
        .fetch_one(bench.database.pool())
        .await
        .unwrap();
    refunds::again(bench.database.store(), bench.by(), id.into())
        .await
        .unwrap();
    bench.until(DONE, 1).await;
    worker.stop().await;
    assert_eq!(bench.mercado.given(&payment), (10_000_000, 1));
    assert_books_balance(bench.database.pool()).await;
}

#[tokio::test]
async fn a_cancelled_booking_gets_its_money_back_through_mercado_pago() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    let payment = bench.mercado.paid(&held.reference, 100_000);
    bench.notice(&payment_notice(&payment, "r1")).await;
    let worker = bench.worker();
    let confirmed = "SELECT count(*) FROM reservations WHERE status = 'confirmed'";
    bench.until(confirmed, 1).await;
    let (store, by) = (bench.database.store(), bench.by());
    cancel(store, by, held.id, CancelBy::Owner, "", None)
        .await
        .unwrap();
    bench.until(DONE, 1).await;
    worker.stop().await;
    assert_eq!(bench.mercado.given(&payment), (10_000_000, 1));
    assert_books_balance(bench.database.pool()).await;
}

#[tokio::test]
async fn what_the_owner_has_on_its_way_is_not_sent_a_second_time() {
    let bench = Bench::open().await;
    let held = bench.held().await;
    // 50.000 more than the stay costs are owed back.
    let payment = bench.mercado.paid(&held.reference, 250_000);
    bench.mercado.will_give_back(&payment, "the-owner", 50_000);
    bench.notice(&payment_notice(&payment, "r1")).await;
    let worker = bench.worker();
    let on_its_way = "SELECT count(*) FROM refunds WHERE error = 'on its way'";
    bench.until(on_its_way, 1).await;
    assert_eq!(bench.mercado.calls(&Method::POST, "refunds"), 0);
    bench.mercado.arrives(&payment);
    hurry(&bench).await;
    bench.until(DONE, 1).await;
    worker.stop().await;
    assert_eq!(bench.mercado.given(&payment), (5_000_000, 1));
    assert_eq!(bench.mercado.calls(&Method::POST, "refunds"), 0);
    assert_books_balance(bench.database.pool()).await;
}
