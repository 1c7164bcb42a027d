//! `Ok` from `publish` is the broker's confirm of that very message.
//!
//! Why this needs a test: `basic_publish` of the client library takes a delivery tag and queues the frames in two
//! steps. Tasks that share a channel can swap between the two, and each is then told what became of the other's
//! message. The library's documentation calls sharing safe, and with nothing ever rejected it looks so.
//! `a_shared_channel_hands_out_other_peoples_confirms` shows it; run it with `--run-ignored only`.

use std::time::Duration;

use crate::common::{SOON, event, publisher};
use lapin::options::{
    BasicPublishOptions, ConfirmSelectOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Confirmation};
use posta_bus::testing::TestBus;
use posta_bus::{PublishError, Queue};

const TASKS: usize = 64;
const EACH: usize = 250;

/// A queue that rejects every message, bound to `reject.me`.
async fn rejecting(bus: &TestBus) -> String {
    let queue = format!("{}.rejecting", bus.namespace());
    let mut arguments = FieldTable::default();
    arguments.insert(
        "x-queue-type".into(),
        AMQPValue::LongString("classic".into()),
    );
    arguments.insert("x-max-length".into(), AMQPValue::LongInt(0));
    arguments.insert(
        "x-overflow".into(),
        AMQPValue::LongString("reject-publish".into()),
    );
    // Gone a minute after the test, whatever happens to it.
    arguments.insert("x-expires".into(), AMQPValue::LongInt(60_000));
    let channel = bus.channel();
    channel
        .queue_declare(
            queue.as_str().into(),
            QueueDeclareOptions::durable(),
            arguments,
        )
        .await
        .unwrap();
    let exchange = bus.namespace().events_exchange();
    let options = QueueBindOptions::default();
    let bind = channel.queue_bind(
        queue.as_str().into(),
        exchange.as_str().into(),
        "reject.me".into(),
        options,
        FieldTable::default(),
    );
    bind.await.unwrap();
    queue
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_rejected_message_is_reported_as_confirmed() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    rejecting(&bus).await;
    let publisher = publisher(bus.config()).await;
    let started = std::time::Instant::now();
    let tasks = (0..TASKS).map(|task| {
        let publisher = publisher.clone();
        tokio::spawn(async move {
            let (mut lied, mut slandered) = (0, 0);
            for n in 0..EACH {
                let rejected = (task + n) % 2 == 0;
                let kind = if rejected {
                    "reject.me"
                } else {
                    "delivery.whatsapp"
                };
                match (rejected, publisher.publish(event(kind, "k")).await) {
                    (true, Err(PublishError::Nacked)) | (false, Ok(())) => {}
                    (true, Ok(())) => lied += 1,
                    (false, Err(PublishError::Nacked)) => slandered += 1,
                    (_, Err(error)) => panic!("{error}"),
                }
            }
            (lied, slandered)
        })
    });
    let mut total = (0, 0);
    for task in tasks.collect::<Vec<_>>() {
        let (lied, slandered) = task.await.unwrap();
        total = (total.0 + lied, total.1 + slandered);
    }
    eprintln!("{} publishes in {:?}", TASKS * EACH, started.elapsed());
    assert_eq!(
        total,
        (0, 0),
        "rejected but reported as confirmed, and the reverse"
    );
    let stored = bus.count(&bus.name(Queue::Deliveries)).await.unwrap();
    assert_eq!(usize::try_from(stored).unwrap(), TASKS * EACH / 2);
    publisher.shutdown().await;
    bus.delete().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "shows a defect of the client library that this crate works around; says nothing about this crate"]
async fn a_shared_channel_hands_out_other_peoples_confirms() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let rejecting = rejecting(&bus).await;
    let good = bus.name(Queue::Deliveries);
    let channel = bus.channel().clone();
    channel
        .confirm_select(ConfirmSelectOptions::default())
        .await
        .unwrap();
    let tasks = (0..TASKS).map(|task| {
        let (channel, rejecting, good) = (channel.clone(), rejecting.clone(), good.clone());
        tokio::spawn(async move {
            let mut lied = 0;
            for n in 0..EACH * 4 {
                let rejected = (task + n) % 2 == 0;
                let queue = if rejected { &rejecting } else { &good };
                let options = BasicPublishOptions::default();
                let properties = BasicProperties::default();
                let publish = channel.basic_publish(
                    "".into(),
                    queue.as_str().into(),
                    options,
                    b"x",
                    properties,
                );
                let confirm = publish.await.unwrap().await.unwrap();
                lied += usize::from(rejected && matches!(confirm, Confirmation::Ack(None)));
            }
            lied
        })
    });
    let mut lied = 0;
    for task in tasks.collect::<Vec<_>>() {
        lied += task.await.unwrap();
    }
    assert!(lied > 0, "the defect did not show this time");
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn an_event_nobody_is_bound_to_is_kept_in_unrouted() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let publisher = publisher(bus.config()).await;
    publisher
        .publish(event("nobody.listens", "lost?"))
        .await
        .unwrap();
    let kept = bus
        .take(&bus.namespace().unrouted())
        .await
        .unwrap()
        .expect("it is there");
    assert_eq!(kept.routing_key, "nobody.listens");
    publisher.shutdown().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn publishing_to_a_queue_that_does_not_exist_is_an_error() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let publisher = publisher(bus.config()).await;
    let missing = format!("{}.missing", bus.namespace());
    let result = publisher.publish_to_queue(&missing, event("k", "k")).await;
    assert!(
        matches!(result, Err(PublishError::Returned(_))),
        "{result:?}"
    );
    // The topology is declared again; meanwhile and afterwards publishing goes on.
    assert!(publisher.wait_ready(SOON).await);
    posta_bus::testing::eventually("publishing goes on", SOON, || async {
        publisher
            .publish_to_queue(&bus.name(Queue::Deliveries), event("k", "k"))
            .await
            .is_ok()
    })
    .await;
    publisher.shutdown().await;
    bus.delete().await.unwrap();
}

#[tokio::test]
async fn what_was_in_flight_at_shutdown_is_answered_and_later_publishes_are_refused() {
    let bus = TestBus::start(&[Queue::Deliveries]).await;
    let publisher = publisher(bus.config()).await;
    let publishing: Vec<_> = (0..500)
        .map(|n| {
            let publisher = publisher.clone();
            tokio::spawn(async move {
                publisher
                    .publish(event("delivery.whatsapp", &n.to_string()))
                    .await
                    .is_ok()
            })
        })
        .collect();
    tokio::task::yield_now().await;
    tokio::time::timeout(Duration::from_secs(5), publisher.shutdown())
        .await
        .expect("ends in time");
    let mut confirmed = 0;
    for task in publishing {
        confirmed += u32::from(task.await.unwrap());
    }
    assert!(matches!(
        publisher.publish(event("delivery.whatsapp", "late")).await,
        Err(PublishError::Unavailable(_))
    ));
    assert_eq!(
        bus.count(&bus.name(Queue::Deliveries)).await.unwrap(),
        confirmed
    );
    bus.delete().await.unwrap();
}
