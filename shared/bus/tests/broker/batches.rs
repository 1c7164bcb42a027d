//! Batches are acknowledged as one when all is well, and one by one when it is not.

use std::sync::Arc;
use std::time::Duration;

use crate::common::{Mode, SOON, Script, event, publisher, start};
use lapin::types::FieldTable;
use posta_bus::testing::{TestBus, eventually};
use posta_bus::{BatchConfig, Queue, Verdict};

fn config() -> BatchConfig {
    BatchConfig {
        size: 20,
        max_attempts: 3,
        handler_timeout: Duration::from_secs(2),
        ..BatchConfig::new(Queue::Statuses)
    }
}

fn status(key: &str) -> posta_bus::Outgoing {
    // The routing key of a status, which comes from outside.
    let mut envelope = posta_bus::Envelope::decode(event("status", key).body()).unwrap();
    "whatsapp".clone_into(&mut envelope.source);
    envelope.into_outgoing().unwrap()
}

#[tokio::test]
async fn every_message_of_many_batches_is_handled_once_and_acknowledged() {
    let bus = TestBus::start(&[Queue::Statuses]).await;
    let first = publisher(bus.config()).await;
    for n in 0..250 {
        first.publish(status(&n.to_string())).await.unwrap();
    }
    let handler = Script::new(|_| Verdict::Done);
    let running = start(
        bus.config(),
        bus.config(),
        Mode::Batch(config(), Arc::clone(&handler)),
    )
    .await;
    handler
        .until("all are handled", |seen| seen.len() >= 250)
        .await;
    running.stop().await;
    assert_eq!(handler.counts().len(), 250);
    assert_eq!(handler.seen().len(), 250);
    assert_eq!(
        bus.count(&bus.name(Queue::Statuses)).await.unwrap(),
        0,
        "nothing went back"
    );
    first.shutdown().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn poison_and_garbage_in_a_batch_cost_their_neighbours_nothing() {
    let bus = TestBus::start(&[Queue::Statuses]).await;
    let queue = bus.name(Queue::Statuses);
    let first = publisher(bus.config()).await;
    for key in ["a", "poison", "later", "b"] {
        first.publish(status(key)).await.unwrap();
    }
    bus.put(&queue, b"garbage", FieldTable::default())
        .await
        .unwrap();
    let handler =
        Script::new(
            |incoming| match (incoming.envelope.key.as_str(), incoming.attempt) {
                ("poison", _) => panic!("poison"),
                ("later", 1) => Verdict::Retry {
                    error: "busy".to_owned(),
                    after: None,
                },
                _ => Verdict::Done,
            },
        );
    let running = start(
        bus.config(),
        bus.config(),
        Mode::Batch(config(), Arc::clone(&handler)),
    )
    .await;
    let letters = Arc::clone(&running.letters);
    eventually("garbage and poison are dead letters", SOON, || async {
        letters.all().len() == 2
    })
    .await;
    handler
        .until("the retry came back", |seen| {
            seen.iter()
                .any(|incoming| incoming.envelope.key == "later" && incoming.attempt == 2)
        })
        .await;
    let poison = letters
        .all()
        .into_iter()
        .find(|letter| letter.key.is_some())
        .expect("the poison");
    assert_eq!(
        (poison.key.as_deref(), poison.attempts),
        (Some("poison"), 3)
    );
    assert!(
        handler
            .seen()
            .iter()
            .filter(|i| ["a", "b"].contains(&&*i.envelope.key))
            .all(|i| i.attempt == 1)
    );
    running.stop().await;
    assert_eq!(bus.count(&queue).await.unwrap(), 0);
    first.shutdown().await;
    bus.delete().await.unwrap();
}
