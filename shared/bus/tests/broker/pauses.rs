//! A dependency that is away for long costs no message an attempt.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::common::{Mode, SOON, Script, Switch, event, single, start};
use posta_bus::testing::{TestBus, eventually};
use posta_bus::{BatchConfig, ConsumerState, Queue, Verdict};

fn depending_on(switch: &Arc<Switch>) -> Arc<Script> {
    let switch = Arc::clone(switch);
    Script::new(move |_| {
        if switch.is_away() {
            Verdict::Unavailable {
                dependency: "postgres".to_owned(),
                error: "refused".to_owned(),
            }
        } else {
            Verdict::Done
        }
    })
}

async fn away_and_back(batch: bool) {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let dependency = Arc::new(Switch::default());
    let handler = depending_on(&dependency);
    let mode = if batch {
        let config = BatchConfig {
            probe_every: Duration::from_millis(50),
            ..BatchConfig::new(Queue::Deliveries)
        };
        Mode::Batch(
            BatchConfig {
                max_attempts: 3,
                size: 10,
                ..config
            },
            Arc::clone(&handler),
        )
    } else {
        Mode::Single(single(), Arc::clone(&handler))
    };
    let running = start(bus.config(), bus.config(), mode).await;
    dependency.set_away(true);
    running.switch.set_away(true);
    for n in 0..40 {
        running
            .publisher
            .publish(event("delivery.whatsapp", &n.to_string()))
            .await
            .unwrap();
    }
    let paused = ConsumerState::Paused {
        dependency: "postgres".to_owned(),
    };
    eventually("it pauses", SOON, || async {
        running.health.state() == paused
    })
    .await;
    assert!(running.health.describe().contains("postgres is away"));

    // Longer than all four tiers together.
    let calls = handler.seen().len();
    let queue = bus.name(Queue::Deliveries);
    tokio::time::sleep(Duration::from_millis(3_500)).await;
    assert_eq!(
        handler.seen().len(),
        calls,
        "nothing is cycled while paused"
    );
    assert_eq!(
        bus.count(&queue).await.unwrap(),
        40,
        "all wait in the work queue"
    );
    assert!(running.letters.all().is_empty());

    // A probe that is wrong about it costs a message a round, and no attempt.
    running.switch.set_away(false);
    handler
        .until("it is tried", |seen| seen.len() > calls)
        .await;
    running.switch.set_away(true);
    eventually("it pauses again", SOON, || async {
        running.health.state() == paused
    })
    .await;

    dependency.set_away(false);
    running.switch.set_away(false);
    let back = Instant::now();
    let done = || {
        handler.seen()[calls..]
            .iter()
            .map(|i| i.envelope.key.clone())
            .collect::<HashSet<_>>()
    };
    eventually("all are handled", SOON, || async {
        done().len() == 40 && running.health.is_running()
    })
    .await;
    eprintln!(
        "all handled {:?} after the dependency was back",
        back.elapsed()
    );
    assert!(
        handler.seen().iter().all(|incoming| incoming.attempt == 1),
        "no attempt was used up"
    );
    assert!(running.letters.all().is_empty());
    eventually("the queue is empty", SOON, || async {
        bus.count(&queue).await.unwrap() == 0
    })
    .await;
    running.stop().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn a_dependency_away_for_longer_than_all_tiers_uses_up_no_attempt() {
    away_and_back(false).await;
}

#[tokio::test]
async fn the_same_holds_for_batches() {
    away_and_back(true).await;
}
