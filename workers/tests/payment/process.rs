//! The process itself: from the bus to the books, killed, and stopped in order.

use std::{process::Stdio, time::Duration};

use axum::http::Method;
use posta_bus::{BusConfig, Publisher, Queue, testing::TestBus};
use posta_store::testing::assert_books_balance;
use secrecy::ExposeSecret as _;
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use crate::{
    bench::{Bench, DEADLINE, payment_notice},
    mercado::Fault,
};

fn start(bench: &Bench, bus: &TestBus) -> Child {
    Command::new(env!("CARGO_BIN_EXE_payment-worker"))
        .env_clear()
        .env("DATABASE_URL", bench.database.url().expose_secret())
        .env("AMQP_URL", std::env::var("AMQP_URL").unwrap())
        .env("AMQP_NAMESPACE", bus.namespace().to_string())
        // Those of the test bus: the names of its queues contain them.
        .env("BUS_RETRY_TIERS", "200ms,400ms,800ms,1600ms")
        .env("OPS_ADDR", "127.0.0.1:0")
        .env("MERCADOPAGO_ACCESS_TOKEN", "APP_USR-token")
        .env("MERCADOPAGO_API_URL", bench.url.as_str())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

async fn stop(mut process: Child) {
    let id = process.id().unwrap().to_string();
    let sent = Command::new("kill").args(["-TERM", &id]).status().await;
    assert!(sent.unwrap().success());
    let ended = tokio::time::timeout(DEADLINE, process.wait()).await;
    assert_eq!(ended.unwrap().unwrap().code(), Some(0));
}

struct Bus {
    bus: TestBus,
    publisher: Publisher,
}

impl Bus {
    async fn new() -> Self {
        let bus = TestBus::start(&Queue::ALL).await;
        let config: BusConfig = bus.config();
        let publisher = Publisher::start(config, CancellationToken::new());
        Self { bus, publisher }
    }

    async fn notice(&self, payment: &str, request_id: &str) {
        let envelope = payment_notice(payment, request_id).envelope;
        let outgoing = envelope.into_outgoing().unwrap();
        self.publisher.publish(outgoing).await.unwrap();
    }
}

#[tokio::test]
async fn a_notice_on_the_bus_confirms_the_booking_and_sigterm_ends_the_worker_with_0() {
    let bench = Bench::open().await;
    let bus = Bus::new().await;
    let held = bench.held().await;
    let process = start(&bench, &bus.bus);
    bench
        .until("SELECT count(*) FROM payment_links WHERE state = 'live'", 1)
        .await;
    let payment = bench.mercado.paid(&held.reference, 100_000);
    bus.notice(&payment, "r1").await;
    bus.notice(&payment, "r2").await;
    let confirmed = "SELECT count(*) FROM reservations WHERE status = 'confirmed'";
    bench.until(confirmed, 1).await;
    stop(process).await;
    assert_books_balance(bench.database.pool()).await;
    bus.bus.delete().await.unwrap();
}

#[tokio::test]
async fn a_worker_killed_around_a_refund_gives_the_money_back_once() {
    for fault in [Fault::LostAfter, Fault::LostBefore] {
        let bench = Bench::open().await;
        let bus = Bus::new().await;
        let held = bench.held().await;
        bench.lodge.age(held.id).await;
        for _ in 0..2 {
            bench.lodge.held(10, 12).await;
        }
        let payment = bench.mercado.paid(&held.reference, 100_000);
        // The first worker hangs in the call and is killed there.
        bench
            .mercado
            .fails(Method::POST, "refunds", Fault::Hangs(Box::new(fault)));
        let mut first = start(&bench, &bus.bus);
        bus.notice(&payment, "r1").await;
        let asked = || bench.mercado.calls(&Method::POST, "refunds");
        let deadline = tokio::time::Instant::now() + DEADLINE;
        while asked() == 0 {
            assert!(tokio::time::Instant::now() < deadline, "it asks");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        first.kill().await.unwrap();
        // Its lease is over a minute later.
        bench
            .run("UPDATE refunds SET lease_until = clock_timestamp()")
            .await;
        let second = start(&bench, &bus.bus);
        bench
            .until("SELECT count(*) FROM refunds WHERE state = 'done'", 1)
            .await;
        stop(second).await;
        assert_eq!(bench.mercado.given(&payment), (10_000_000, 1));
        assert_books_balance(bench.database.pool()).await;
        bus.bus.delete().await.unwrap();
    }
}
