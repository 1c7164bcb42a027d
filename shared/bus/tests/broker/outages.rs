//! The broker goes away in every way it can, and nobody has to be restarted.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::common::{Mode, SOON, Script, event, publisher, single, start};
use posta_bus::testing::{Proxy, TestBus, eventually};
use posta_bus::{PublishError, Queue, Verdict};

#[tokio::test]
async fn publisher_and_consumer_recover_from_a_cut_connection_and_lose_nothing() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let proxy = Proxy::start(&bus.broker()).await.unwrap();
    let handler = Script::slow(Duration::from_millis(5), |_| Verdict::Done);
    let config = bus.config_through(&proxy);
    let running = start(
        config.clone(),
        config,
        Mode::Single(single(), Arc::clone(&handler)),
    )
    .await;
    let mut confirmed = HashSet::new();
    for n in 0..300 {
        if n % 100 == 50 {
            proxy.cut();
        }
        let key = n.to_string();
        eventually("it is published in the end", SOON, || async {
            running
                .publisher
                .publish(event("delivery.whatsapp", &key))
                .await
                .is_ok()
        })
        .await;
        confirmed.insert(key);
    }
    let done = || handler.counts().into_keys().collect::<HashSet<_>>();
    eventually("all are handled", SOON, || async {
        done().is_superset(&confirmed)
    })
    .await;
    eventually("the consumer is back", SOON, || async {
        running.health.is_running()
    })
    .await;
    running.stop().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn without_a_broker_a_publish_fails_at_once_and_works_again_when_it_is_back() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let proxy = Proxy::start(&bus.broker()).await.unwrap();
    let publisher = publisher(bus.config_through(&proxy)).await;
    proxy.refuse();
    let health = publisher.health();
    eventually("the loss is noticed", SOON, || async {
        health.disconnected_for().is_some()
    })
    .await;
    let started = Instant::now();
    for _ in 0..100 {
        let result = publisher.publish(event("delivery.whatsapp", "k")).await;
        assert!(
            matches!(result, Err(PublishError::Unavailable(_))),
            "{result:?}"
        );
    }
    assert!(
        started.elapsed() < Duration::from_millis(500),
        "{:?}",
        started.elapsed()
    );
    assert!(
        health.describe().starts_with("no connection to the broker"),
        "{}",
        health.describe()
    );
    proxy.resume();
    assert!(publisher.wait_ready(SOON).await);
    publisher
        .publish(event("delivery.whatsapp", "k"))
        .await
        .unwrap();
    publisher.shutdown().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn a_silent_broker_is_given_up_on_in_bounded_time() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let proxy = Proxy::start(&bus.broker()).await.unwrap();
    let config = bus.config_through(&proxy);
    let bound = config.confirm_timeout;
    let publisher = publisher(config).await;
    proxy.stall();
    let publishing = (0..50).map(|n| {
        let publisher = publisher.clone();
        tokio::spawn(async move {
            let started = Instant::now();
            let result = publisher
                .publish(event("delivery.whatsapp", &n.to_string()))
                .await;
            (result, started.elapsed())
        })
    });
    for task in publishing.collect::<Vec<_>>() {
        let (result, took) = task.await.unwrap();
        assert!(result.is_err());
        assert!(took < bound * 2, "{took:?}");
    }
    // Once no channel is left that was idle before, nobody waits any more.
    eventually("publishing fails at once", SOON, || async {
        let started = Instant::now();
        assert!(
            publisher
                .publish(event("delivery.whatsapp", "k"))
                .await
                .is_err()
        );
        started.elapsed() < Duration::from_millis(100)
    })
    .await;
    proxy.resume();
    eventually("publishing works again", SOON, || async {
        publisher
            .publish(event("delivery.whatsapp", "after"))
            .await
            .is_ok()
    })
    .await;
    publisher.shutdown().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn a_consumer_notices_a_silent_broker_by_its_heartbeat() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let proxy = Proxy::start(&bus.broker()).await.unwrap();
    let handler = Script::new(|_| Verdict::Done);
    let mut config = bus.config_through(&proxy);
    config.heartbeat_seconds = 1;
    let running = start(
        config,
        bus.config(),
        Mode::Single(single(), Arc::clone(&handler)),
    )
    .await;
    eventually("it runs", SOON, || async { running.health.is_running() }).await;
    proxy.stall();
    eventually("it notices", SOON, || async {
        running.health.disconnected_for().is_some()
    })
    .await;
    proxy.resume();
    running
        .publisher
        .publish(event("delivery.whatsapp", "after"))
        .await
        .unwrap();
    handler
        .until("it consumes again", |seen| !seen.is_empty())
        .await;
    running.stop().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn a_consumer_whose_queue_was_deleted_declares_it_again() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let handler = Script::new(|_| Verdict::Done);
    let running = crate::common::simple(&bus, &handler).await;
    eventually("it runs", SOON, || async { running.health.is_running() }).await;
    let queue = bus.name(Queue::Deliveries);
    let options = lapin::options::QueueDeleteOptions::default();
    bus.channel()
        .queue_delete(queue.as_str().into(), options)
        .await
        .unwrap();
    eventually("it consumes again", SOON, || async {
        running
            .publisher
            .publish(event("delivery.whatsapp", "after"))
            .await
            .unwrap();
        !handler.seen().is_empty()
    })
    .await;
    running.stop().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn a_wrong_address_is_an_error_and_not_a_wait() {
    let mut config = posta_bus::BusConfig::new(secrecy::SecretString::from("http://nowhere"));
    config.connection_name = "test".to_owned();
    let publisher = posta_bus::Publisher::start(config, tokio_util::sync::CancellationToken::new());
    let result = publisher.publish(event("k", "k")).await;
    assert!(
        matches!(result, Err(PublishError::Unavailable(_))),
        "{result:?}"
    );
    eventually("it says why", SOON, || async {
        publisher.health().describe().contains("AMQP_URL")
    })
    .await;
    publisher.shutdown().await;
}
