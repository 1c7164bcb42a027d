//! What is retried comes back, what cannot be retried is kept, and neither harms its neighbours.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::common::{Mode, SOON, Script, event, simple, single, start};
use lapin::options::{BasicGetOptions, BasicNackOptions};
use lapin::types::FieldTable;
use posta_bus::replay::{Replay, replay};
use posta_bus::testing::{MemoryLetters, TestBus, eventually};
use posta_bus::{ConsumerHealth, DeadSource, Incoming, Origin, Queue, Verdict, drain_dead};
use tokio_util::sync::CancellationToken;

fn retry() -> Verdict {
    Verdict::Retry {
        error: "busy".to_owned(),
        after: None,
    }
}

fn on_first_attempt(verdict: impl Fn() -> Verdict) -> impl Fn(&Incoming) -> Verdict {
    move |incoming| {
        if incoming.attempt == 1 {
            verdict()
        } else {
            Verdict::Done
        }
    }
}

async fn nothing_left(bus: &TestBus) {
    let queue = bus.name(Queue::Deliveries);
    eventually("the queue is empty", SOON, || async {
        bus.count(&queue).await.unwrap() == 0
    })
    .await;
}

#[tokio::test]
async fn a_retry_comes_back_after_its_tier_as_the_next_attempt_of_the_same_message() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let handler = Script::new(on_first_attempt(retry));
    let running = simple(&bus, &handler).await;
    let started = Instant::now();
    running
        .publisher
        .publish(event("delivery.whatsapp", "a").with_traceparent("00-aa-bb-01"))
        .await
        .unwrap();
    handler.until("it comes back", |seen| seen.len() == 2).await;
    assert!(
        started.elapsed() >= Duration::from_millis(200),
        "it waited in its tier"
    );
    let seen = handler.seen();
    assert_eq!((seen[0].attempt, seen[1].attempt), (1, 2));
    assert_eq!(seen[0].message_id, seen[1].message_id);
    assert_eq!(seen[0].body, seen[1].body);
    assert_eq!(
        seen[1].routing_key, "delivery.whatsapp",
        "the first routing key, not the tier's"
    );
    assert_eq!(seen[1].traceparent.as_deref(), Some("00-aa-bb-01"));
    running.stop().await;
    nothing_left(&bus).await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn a_hint_sends_it_to_a_later_tier() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let handler = Script::new(on_first_attempt(|| Verdict::Retry {
        error: "429".to_owned(),
        after: Some(Duration::from_millis(700)),
    }));
    let running = simple(&bus, &handler).await;
    let started = Instant::now();
    running
        .publisher
        .publish(event("delivery.whatsapp", "a"))
        .await
        .unwrap();
    handler.until("it comes back", |seen| seen.len() == 2).await;
    assert!(started.elapsed() >= Duration::from_millis(700));
    running.stop().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn a_message_redriven_with_the_brokers_headers_can_fail_and_come_back_again() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let handler = Script::new(on_first_attempt(retry));
    let running = simple(&bus, &handler).await;
    let queue = bus.name(Queue::Deliveries);
    // As a careless tool would send it: with the history of its death in this very queue.
    let message = event("delivery.whatsapp", "redriven");
    bus.put(&queue, message.body(), TestBus::x_death(&queue))
        .await
        .unwrap();
    handler.until("it comes back", |seen| seen.len() == 2).await;
    assert_eq!(handler.seen()[1].attempt, 2);
    running.stop().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn attempts_used_up_make_a_dead_letter_that_can_be_replayed() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let handler = Script::new(|_| retry());
    let running = simple(&bus, &handler).await;
    running
        .publisher
        .publish(event("delivery.whatsapp", "hopeless"))
        .await
        .unwrap();
    let letters = Arc::clone(&running.letters);
    eventually("it is a dead letter", SOON, || async {
        letters.all().len() == 1
    })
    .await;
    let letter = letters.all().remove(0);
    assert_eq!((letter.attempts, letter.origin), (3, Origin::Handler));
    assert_eq!(letter.key.as_deref(), Some("hopeless"));
    assert_eq!(letter.queue, bus.name(Queue::Deliveries));
    assert_eq!(letter.routing_key, "delivery.whatsapp");
    assert!(
        letter.error.contains("busy") && letter.error.contains("3 attempts"),
        "{}",
        letter.error
    );
    assert_eq!(handler.seen().len(), 3);

    let again = Replay {
        message_id: letter.message_id.clone(),
        routing_key: letter.routing_key,
        body: letter.body,
        traceparent: None,
    };
    replay(&running.publisher, &letter.queue, again)
        .await
        .unwrap();
    eventually("it dies again, after as many attempts", SOON, || async {
        letters.all().len() == 2
    })
    .await;
    assert_eq!(handler.seen()[3].attempt, 1);
    assert_eq!(letters.all()[1].message_id, letter.message_id);
    assert_eq!(handler.seen().len(), 6);
    running.stop().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn garbage_is_a_dead_letter_at_once_and_a_newer_envelope_is_tried_later() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let handler = Script::new(|_| Verdict::Done);
    let running = simple(&bus, &handler).await;
    let queue = bus.name(Queue::Deliveries);
    bus.put(&queue, b"\xff not an envelope", FieldTable::default())
        .await
        .unwrap();
    bus.put(&queue, br#"{"v":2,"news":true}"#, FieldTable::default())
        .await
        .unwrap();
    running
        .publisher
        .publish(event("delivery.whatsapp", "good"))
        .await
        .unwrap();
    let letters = Arc::clone(&running.letters);
    eventually("both end as dead letters", SOON, || async {
        letters.all().len() == 2
    })
    .await;
    let (first, second) = (letters.all().remove(0), letters.all().remove(1));
    assert_eq!((first.attempts, first.key), (1, None));
    assert_eq!(&first.body[..], b"\xff not an envelope");
    assert_eq!(
        second.attempts, 3,
        "somebody newer might have come along: {}",
        second.error
    );
    assert_eq!(handler.counts().get("good"), Some(&1));
    running.stop().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn a_panic_or_a_hang_costs_one_attempt_of_one_message() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let handler = Script::new(|incoming| {
        assert!(
            incoming.envelope.key != "poison" || incoming.attempt > 1,
            "poison"
        );
        Verdict::Done
    });
    let hanging = Script::slow(Duration::from_mins(1), |_| Verdict::Done);
    let running = simple(&bus, &handler).await;
    for key in ["a", "poison", "b", "c"] {
        running
            .publisher
            .publish(event("delivery.whatsapp", key))
            .await
            .unwrap();
    }
    handler
        .until("all are handled", |seen| seen.len() == 5)
        .await;
    let counts = handler.counts();
    assert_eq!(
        (counts["a"], counts["b"], counts["c"], counts["poison"]),
        (1, 1, 1, 2)
    );
    running.stop().await;
    nothing_left(&bus).await;

    let mut config = single();
    config.handler_timeout = Duration::from_millis(50);
    let running = start(
        bus.config(),
        bus.config(),
        Mode::Single(config, Arc::clone(&hanging)),
    )
    .await;
    running
        .publisher
        .publish(event("delivery.whatsapp", "slow"))
        .await
        .unwrap();
    let letters = Arc::clone(&running.letters);
    eventually("it is given up on", SOON, || async {
        letters.all().len() == 1
    })
    .await;
    assert!(
        letters.all()[0].error.contains("did not finish"),
        "{}",
        letters.all()[0].error
    );
    running.stop().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn a_dead_letter_that_cannot_be_recorded_is_not_acknowledged() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let handler = Script::new(|_| Verdict::Dead("poison".to_owned()));
    let running = simple(&bus, &handler).await;
    running.letters.refuse(true);
    running
        .publisher
        .publish(event("delivery.whatsapp", "a"))
        .await
        .unwrap();
    handler
        .until("it comes round", |seen| seen.len() >= 2)
        .await;
    assert!(handler.seen().iter().all(|incoming| incoming.attempt == 1));
    running.letters.refuse(false);
    let letters = Arc::clone(&running.letters);
    eventually("it is recorded", SOON, || async {
        letters.all().len() == 1
    })
    .await;
    running.stop().await;
    nothing_left(&bus).await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn what_the_broker_gives_up_on_and_what_nobody_is_bound_to_is_drained() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let queue = bus.name(Queue::Deliveries);
    let publisher = crate::common::publisher(bus.config()).await;
    publisher
        .publish(event("delivery.whatsapp", "crasher"))
        .await
        .unwrap();
    publisher
        .publish(event("nobody.listens", "unrouted"))
        .await
        .unwrap();
    // As a worker that dies each time: taken, never answered. Rejecting counts as such on every version.
    let channel = bus.channel();
    eventually("the broker gives up", SOON, || async {
        match channel
            .basic_get(queue.as_str().into(), BasicGetOptions::default())
            .await
            .unwrap()
        {
            Some(got) => {
                let options = lapin::options::BasicRejectOptions { requeue: true };
                got.delivery.acker.reject(options).await.unwrap();
                false
            }
            None => {
                bus.count(&Queue::Deliveries.dead_name(bus.namespace()))
                    .await
                    .unwrap()
                    == 1
            }
        }
    })
    .await;

    let letters = Arc::new(MemoryLetters::default());
    letters.refuse(true);
    let stop = CancellationToken::new();
    let drains = [DeadSource::Queue(Queue::Deliveries), DeadSource::Unrouted].map(|source| {
        let health = ConsumerHealth::new("drain");
        let letters: Arc<dyn posta_bus::DeadLetters> = letters.clone();
        tokio::spawn(drain_dead(
            bus.config(),
            source,
            letters,
            health,
            stop.clone(),
        ))
    });
    letters.refuse(false);
    eventually("both are recorded", SOON, || async {
        letters.all().len() == 2
    })
    .await;
    let mut all = letters.all();
    all.sort_by_key(|letter| letter.origin.label());
    assert_eq!(
        (all[0].origin, all[0].key.as_deref()),
        (Origin::DeliveryLimit, Some("crasher"))
    );
    assert_eq!(all[0].queue, queue, "replayed to the work queue");
    assert_eq!(
        (all[1].origin, all[1].routing_key.as_str()),
        (Origin::Unrouted, "nobody.listens")
    );
    stop.cancel();
    for drain in drains {
        drain.await.unwrap().unwrap();
    }
    assert_eq!(bus.count(&bus.namespace().unrouted()).await.unwrap(), 0);
    publisher.shutdown().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn rejected_and_duplicate_messages_are_gone_and_postponed_ones_keep_their_attempts() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let handler = Script::new(move |incoming| match incoming.envelope.key.as_str() {
        "rejected" => Verdict::Rejected("never".to_owned()),
        "duplicate" => Verdict::Duplicate,
        _ if calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 4 => Verdict::Postpone {
            error: "token expired".to_owned(),
            after: None,
        },
        _ => Verdict::Done,
    });
    let running = simple(&bus, &handler).await;
    for key in ["rejected", "duplicate", "postponed"] {
        running
            .publisher
            .publish(event("delivery.whatsapp", key))
            .await
            .unwrap();
    }
    handler
        .until("the postponed one is done", |seen| seen.len() == 7)
        .await;
    assert!(handler.seen().iter().all(|incoming| incoming.attempt == 1));
    assert!(running.letters.all().is_empty());
    running.stop().await;
    nothing_left(&bus).await;
    // Nothing was left unacknowledged either.
    let options = BasicGetOptions::default();
    let left = bus
        .channel()
        .basic_get(bus.name(Queue::Deliveries).as_str().into(), options)
        .await
        .unwrap();
    if let Some(left) = left {
        left.delivery
            .acker
            .nack(BasicNackOptions::default())
            .await
            .unwrap();
        panic!("a message was left");
    }
    bus.delete().await.unwrap();
}
