//! The broker or Redis slow, away, and back; and our own end.

mod support;

use std::time::{Duration, Instant};

use posta_bus::Queue;
use posta_bus::testing::Proxy;
use support::broker::Broker;
use support::http::{Request, answer};
use support::{Setup, service, signed};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// A proxy in front of a service, and the service's URL through it.
#[expect(clippy::unwrap_used, reason = "a test that cannot go on is to fail")]
async fn proxied(name: &str) -> (Proxy, String) {
    let mut url: url::Url = service(name).parse().unwrap();
    let target = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let proxy = Proxy::start(&target).await.unwrap();
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(proxy.port())).unwrap();
    (proxy, url.to_string())
}

#[tokio::test]
async fn without_a_broker_it_is_alive_and_not_ready_and_says_503_at_once() {
    let ingress = Setup::alone().start().await;
    for request in [
        signed::texts(&[signed::id(), signed::id()]),
        signed::mercadopago(Some("1"), None, "1742505638", "data.id=1", "{}"),
    ] {
        let start = Instant::now();
        let reply = ingress.send(request).await;
        assert_eq!((reply.status, reply.text()), (503, String::new()));
        assert_eq!(reply.header("retry-after"), Some("5"));
        assert!(
            start.elapsed() < Duration::from_secs(1),
            "{:?}",
            start.elapsed()
        );
    }
    assert_eq!(ingress.ops("/healthz").await.status, 200);
    let ready = ingress.ops("/readyz").await;
    assert_eq!(ready.status, 503);
    assert!(ready.text().contains("rabbitmq"), "{}", ready.text());
    assert_eq!(ingress.items("whatsapp").await, [2, 0, 0, 0, 2]);
    assert_eq!(
        ingress
            .metric("posta_ingress_errors_total{type=\"not_published\"}")
            .await,
        2
    );
    ingress.stop().await;
}

#[tokio::test]
async fn a_broker_that_goes_and_comes_back_costs_503s_and_no_restart_and_loses_nothing() {
    let broker = Broker::new().await;
    let (proxy, url) = proxied("AMQP_URL").await;
    let ingress = Setup::new(&broker.namespace())
        .with("AMQP_URL", url)
        .ready()
        .await;
    let mut answered = Vec::new();
    let send = async || {
        let ids = [signed::id(), signed::id()];
        (ingress.send(signed::texts(&ids)).await.status, ids)
    };

    for _ in 0..3 {
        let (status, ids) = send().await;
        assert_eq!(status, 200);
        answered.extend(ids);
        proxy.refuse();
        support::until("the loss is noticed", async || {
            ingress.ops("/readyz").await.status == 503
        })
        .await;
        assert_eq!(send().await.0, 503);
        proxy.resume();
        ingress.becomes_ready().await;
    }
    let (status, ids) = send().await;
    assert_eq!(status, 200);
    answered.extend(ids);

    let stored: Vec<String> = broker
        .take(Queue::Messages)
        .await
        .iter()
        .map(|m| m.envelope["key"].to_string())
        .collect();
    for id in answered {
        assert!(
            stored.iter().any(|key| key.contains(&id)),
            "{id} was answered 200 and is not there"
        );
    }
    ingress.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn a_confirm_that_does_not_come_is_503_within_its_bound_and_its_keys_are_not_remembered() {
    let broker = Broker::new().await;
    let (proxy, url) = proxied("AMQP_URL").await;
    let ingress = Setup::new(&broker.namespace())
        .with("AMQP_URL", url)
        .ready()
        .await;
    proxy.stall();
    let request = signed::texts(&[signed::id()]);
    let start = Instant::now();
    assert_eq!(ingress.send(request.clone()).await.status, 503);
    assert!(
        start.elapsed() < Duration::from_secs(8),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(
        ingress
            .metric("posta_ingress_idempotency_keys_created_total")
            .await,
        0
    );
    proxy.resume();
    ingress.becomes_ready().await;
    support::until("it is accepted when sent again", async || {
        ingress.send(request.clone()).await.status == 200
    })
    .await;
    let [received, accepted, duplicate, rejected, unavailable] = ingress.items("whatsapp").await;
    assert_eq!(received, accepted + duplicate + rejected + unavailable);
    assert_eq!((accepted, rejected), (1, 0));
    ingress.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn too_many_in_flight_is_503_at_once_before_the_body_is_read() {
    let broker = Broker::new().await;
    let (proxy, url) = proxied("AMQP_URL").await;
    let ingress = Setup::new(&broker.namespace())
        .with("AMQP_URL", url)
        .with("INGRESS_MAX_IN_FLIGHT", "1")
        .ready()
        .await;
    proxy.stall();
    let request = signed::texts(&[signed::id()]);
    let (to, first) = (ingress.at.webhooks, request.clone());
    let waiting = tokio::spawn(async move { first.send(to).await });
    support::until("it waits for its confirm", async || {
        ingress
            .metric("posta_ingress_idempotency_misses_total")
            .await
            == 1
    })
    .await;

    let mut second = TcpStream::connect(to).await.unwrap();
    second.write_all(&request.head(2)).await.unwrap();
    let reply = answer(&mut second).await.unwrap();
    assert_eq!(reply.status, 503);
    assert!(reply.header("retry-after").is_some());
    let refused = "posta_ingress_errors_total{type=\"too_many_in_flight\"}";
    assert_eq!(ingress.metric(refused).await, 1);
    assert!(!waiting.is_finished());

    assert_eq!(waiting.await.unwrap().status, 503);
    proxy.resume();
    ingress.becomes_ready().await;
    assert_eq!(ingress.send(request).await.status, 200);
    ingress.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn without_redis_everything_is_accepted_copies_included() {
    let broker = Broker::new().await;
    let ingress = Setup::new(&broker.namespace())
        .with("REDIS_URL", "redis://127.0.0.1:1")
        .ready()
        .await;
    let request = signed::texts(&[signed::id()]);
    for _ in 0..3 {
        assert_eq!(ingress.send(request.clone()).await.status, 200);
    }
    let messages = broker.take(Queue::Messages).await;
    assert_eq!(messages.len(), 3);
    assert!(
        messages
            .iter()
            .all(|message| message.envelope["key"] == messages[0].envelope["key"])
    );
    assert_eq!(
        ingress
            .metric("posta_ingress_idempotency_skipped_total")
            .await,
        3
    );
    assert_eq!(ingress.items("whatsapp").await, [3, 3, 0, 0, 0]);
    ingress.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn redis_that_does_not_answer_is_not_waited_for_and_used_again_when_it_does() {
    let broker = Broker::new().await;
    let (proxy, url) = proxied("REDIS_URL").await;
    let ingress = Setup::new(&broker.namespace())
        .with("REDIS_URL", url)
        .with("REDIS_TIMEOUT", "50ms")
        .ready()
        .await;
    proxy.stall();
    let request = signed::texts(&[signed::id()]);
    for _ in 0..6 {
        let start = Instant::now();
        assert_eq!(ingress.send(request.clone()).await.status, 200);
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{:?}",
            start.elapsed()
        );
    }
    assert!(
        ingress
            .metric("posta_ingress_idempotency_skipped_total")
            .await
            >= 3
    );
    proxy.resume();
    support::until("a copy is recognised", async || {
        assert_eq!(ingress.send(request.clone()).await.status, 200);
        ingress.metric("posta_ingress_idempotency_hits_total").await > 0
    })
    .await;
    ingress.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn asked_to_stop_it_answers_what_it_has_in_hand_and_remembers_it() {
    let broker = Broker::new().await;
    let ingress = Setup::new(&broker.namespace()).ready().await;
    let request = signed::texts(&[signed::id()]);
    let mut in_hand = TcpStream::connect(ingress.at.webhooks).await.unwrap();
    in_hand
        .write_all(&request.head(request.body().len()))
        .await
        .unwrap();
    let _idle = TcpStream::connect(ingress.at.webhooks).await.unwrap();
    support::until("it is in hand", async || {
        ingress.metric("posta_ingress_in_flight").await == 1
    })
    .await;

    ingress.shutdown.token().cancel();
    support::until("nobody new is let in", async || {
        TcpStream::connect(ingress.at.webhooks).await.is_err()
    })
    .await;
    in_hand.write_all(request.body()).await.unwrap();
    assert_eq!(answer(&mut in_hand).await.unwrap().status, 200);
    ingress.stop().await;

    assert_eq!(broker.take(Queue::Messages).await.len(), 1);
    let next = Setup::new(&broker.namespace()).ready().await;
    support::until("the next process knows it", async || {
        assert_eq!(next.send(request.clone()).await.status, 200);
        next.metric("posta_ingress_idempotency_hits_total").await > 0
    })
    .await;
    next.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn what_a_sender_no_longer_waits_for_is_accepted_all_the_same() {
    let broker = Broker::new().await;
    let ingress = Setup::new(&broker.namespace()).ready().await;
    let request = signed::texts(&[signed::id()]);
    let mut stream = TcpStream::connect(ingress.at.webhooks).await.unwrap();
    stream.write_all(&request.bytes()).await.unwrap();
    drop(stream);
    // Had it been given up, it would be counted as unavailable and not be remembered.
    support::until("it is accepted", async || {
        ingress.items("whatsapp").await == [1, 1, 0, 0, 0]
    })
    .await;
    assert_eq!(broker.take(Queue::Messages).await.len(), 1);
    ingress.stop().await;
    broker.clean().await;
}

#[tokio::test]
async fn under_load_every_200_is_on_the_broker_and_the_counts_add_up() {
    let broker = Broker::new().await;
    let ingress = Setup::new(&broker.namespace()).ready().await;
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..16 {
        let to = ingress.at.webhooks;
        tasks.spawn(async move {
            let mut answered = Vec::new();
            for round in 0..12 {
                let ids: Vec<String> = (0..=round % 3).map(|_| signed::id()).collect();
                let request = signed::texts(&ids);
                // Every fourth request is delivered twice at once.
                let (first, second) = if (worker + round) % 4 == 0 {
                    tokio::join!(request.send(to), request.send(to))
                } else {
                    (
                        request.send(to).await,
                        Request::post(signed::WHATSAPP, "{}").send(to).await,
                    )
                };
                assert_eq!(first.status, 200);
                assert!([200, 401].contains(&second.status));
                answered.extend(ids);
            }
            answered
        });
    }
    let mut answered = Vec::new();
    while let Some(ids) = tasks.join_next().await {
        answered.extend(ids.unwrap());
    }
    let messages = broker.take(Queue::Messages).await;
    let keys: std::collections::HashSet<&str> = messages
        .iter()
        .map(|message| message.envelope["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys.len(), answered.len());
    assert!(
        answered
            .iter()
            .all(|id| keys.contains(format!("wa:106:{id}").as_str()))
    );
    let [received, accepted, duplicate, rejected, unavailable] = ingress.items("whatsapp").await;
    assert_eq!(received, accepted + duplicate + rejected + unavailable);
    assert_eq!(accepted, messages.len() as u64);
    assert_eq!(unavailable, 0);
    ingress.stop().await;
    broker.clean().await;
}
