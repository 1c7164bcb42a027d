//! Stopping finishes what is in flight, gives back what was only buffered, and loses nothing.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use crate::common::{SOON, Script, event, publisher, simple};
use posta_bus::testing::{TestBus, eventually};
use posta_bus::{Queue, Verdict};

#[tokio::test]
async fn stopping_under_load_loses_nothing_and_handles_nothing_twice() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let first = publisher(bus.config()).await;
    for n in 0..200 {
        first
            .publish(event("delivery.whatsapp", &n.to_string()))
            .await
            .unwrap();
    }
    let handler = Script::slow(Duration::from_millis(30), |_| Verdict::Done);
    let mut done = HashSet::new();
    // Three workers, one after the other, each stopped in the middle.
    for _ in 0..3 {
        let running = simple(&bus, &handler).await;
        let before = handler.seen().len();
        handler
            .until("it is at work", |seen| seen.len() >= before + 20)
            .await;
        let started = Instant::now();
        running.stop().await;
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{:?}",
            started.elapsed()
        );
        done = handler.counts().into_keys().collect::<HashSet<_>>();
        let queue = bus.name(Queue::Deliveries);
        let left = 200 - u32::try_from(done.len()).unwrap();
        eventually("the rest is back in the queue", SOON, || async {
            bus.count(&queue).await.unwrap() == left
        })
        .await;
    }
    assert!(done.len() >= 60);
    assert!(
        handler.counts().values().all(|count| *count == 1),
        "what was in flight was finished and acknowledged"
    );
    first.shutdown().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn a_retry_decided_while_stopping_is_still_published() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let handler = Script::slow(Duration::from_millis(200), |incoming| {
        if incoming.attempt == 1 {
            Verdict::Retry {
                error: "busy".to_owned(),
                after: None,
            }
        } else {
            Verdict::Done
        }
    });
    let running = simple(&bus, &handler).await;
    running
        .publisher
        .publish(event("delivery.whatsapp", "a"))
        .await
        .unwrap();
    handler
        .until("it is in flight", |seen| seen.len() == 1)
        .await;
    running.stop().await;
    let queue = bus.name(Queue::Deliveries);
    eventually("it is back in the work queue", SOON, || async {
        bus.count(&queue).await.unwrap() == 1
    })
    .await;
    let copy = bus.take(&queue).await.unwrap().unwrap();
    assert_eq!(copy.headers["attempt"], 2);
    bus.delete().await.unwrap();
}
