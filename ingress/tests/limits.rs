//! Senders that ask for too much, too slowly, or for what is not there. No broker is needed to refuse.

mod support;

use std::time::{Duration, Instant};

use support::http::{Request, answer, exchange};
use support::{Setup, signed};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

const MAX: usize = 3 * 1024 * 1024;

#[tokio::test]
async fn unknown_paths_are_404_and_wrong_methods_405() {
    let ingress = Setup::alone().start().await;
    for path in [
        "/",
        "/healthz",
        "/webhooks",
        "/webhooks/whatsapp/",
        "/webhooks/WhatsApp",
        "/webhooks/stripe",
        "*",
    ] {
        assert_eq!(
            ingress.send(Request::post(path, "{}")).await.status,
            404,
            "{path}"
        );
    }
    for (method, path, allow) in [
        ("PUT", signed::WHATSAPP, "GET, POST"),
        ("HEAD", signed::WHATSAPP, "GET, POST"),
        ("BREW", signed::WHATSAPP, "GET, POST"),
        ("GET", signed::MERCADOPAGO, "POST"),
        ("DELETE", signed::MERCADOPAGO, "POST"),
    ] {
        let reply = ingress.send(Request::new(method, path)).await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some(allow)));
    }
    assert_eq!(
        ingress
            .metric("posta_ingress_errors_total{type=\"unknown_path\"}")
            .await,
        7
    );
    assert_eq!(ingress.items("whatsapp").await, [0; 5]);
    ingress.stop().await;
}

#[tokio::test]
async fn a_body_over_the_cap_is_413_declared_or_not_and_one_of_just_the_cap_is_read() {
    let ingress = Setup::alone().start().await;
    for (length, status) in [(MAX + 1, 413), (MAX, 503)] {
        // 503: read, verified, and then there is no broker.
        let request = signed::whatsapp(vec![b' '; length]);
        assert_eq!(
            ingress.send(request.clone()).await.status,
            status,
            "{length} declared"
        );
        let reply = exchange(ingress.at.webhooks, &request.chunked())
            .await
            .unwrap();
        assert_eq!(reply.status, status, "{length} streamed");
    }
    // Far too large: answered without reading it.
    let head = Request::post(signed::WHATSAPP, "").head(1 << 40);
    assert_eq!(
        exchange(ingress.at.webhooks, &head).await.unwrap().status,
        413
    );
    assert_eq!(ingress.items("whatsapp").await, [5, 0, 0, 3, 2]);
    ingress.stop().await;
}

#[tokio::test]
async fn slow_senders_are_ended_and_do_not_keep_their_place() {
    let ingress = Setup::alone()
        .with("INGRESS_BODY_TIMEOUT", "300ms")
        .with("INGRESS_MAX_IN_FLIGHT", "1")
        .start()
        .await;
    let request = signed::whatsapp("{}");

    // The body never comes.
    let reply = exchange(ingress.at.webhooks, &request.head(2))
        .await
        .unwrap();
    assert_eq!(reply.status, 408);
    // The head never ends.
    assert!(
        exchange(
            ingress.at.webhooks,
            b"POST /webhooks/whatsapp HTTP/1.1\r\nhost: x\r\n"
        )
        .await
        .is_none()
    );
    // The sender hangs up in the middle.
    let mut stream = TcpStream::connect(ingress.at.webhooks).await.unwrap();
    stream.write_all(&request.head(2)).await.unwrap();
    stream.write_all(b"{").await.unwrap();
    drop(stream);

    support::until("its place is free again", async || {
        ingress.send(request.clone()).await.text().is_empty()
    })
    .await;
    support::until("all are counted", async || {
        let [received, _, _, rejected, unavailable] = ingress.items("whatsapp").await;
        received == rejected + unavailable && rejected >= 2
    })
    .await;
    ingress.stop().await;
}

#[tokio::test]
async fn slow_strangers_do_not_keep_out_what_is_sent_at_one_go() {
    let ingress = Setup::alone()
        .with("INGRESS_MAX_IN_FLIGHT", "2")
        .start()
        .await;
    let unsigned = Request::post(signed::WHATSAPP, "");
    let mut slow = Vec::new();
    for waiting in 1..=2 {
        let mut stream = TcpStream::connect(ingress.at.webhooks).await.unwrap();
        stream.write_all(&unsigned.head(2)).await.unwrap();
        slow.push(stream);
        support::until("it is in flight", async || {
            ingress.metric("posta_ingress_in_flight").await == waiting
        })
        .await;
    }

    let errors = async |reason| {
        let name = format!("posta_ingress_errors_total{{type=\"{reason}\"}}");
        ingress.metric(&name).await
    };
    for sent in 1..=3 {
        // 503: read, verified, and then there is no broker.
        let reply = ingress.send(signed::texts(&[signed::id()])).await;
        assert_eq!(reply.status, 503);
        assert_eq!(errors("not_published").await, sent);
    }
    // One gave its place up, the one that had taken longest; the other is still there.
    assert_eq!(errors("gave_way").await, 1);
    assert_eq!(errors("too_many_in_flight").await, 0);
    let gone = answer(&mut slow.remove(0)).await.unwrap();
    assert_eq!(gone.status, 503);
    assert!(gone.header("retry-after").is_some());
    let mut still = slow.remove(0);
    still.write_all(b"{}").await.unwrap();
    assert_eq!(answer(&mut still).await.unwrap().status, 401);
    assert_eq!(ingress.items("whatsapp").await, [5, 0, 0, 1, 4]);
    ingress.stop().await;
}

#[tokio::test]
async fn asked_to_stop_it_does_not_wait_for_senders_that_take_their_time() {
    let ingress = Setup::alone().start().await;
    let mut in_body = TcpStream::connect(ingress.at.webhooks).await.unwrap();
    let head = signed::whatsapp("{}").head(2);
    in_body.write_all(&head).await.unwrap();
    let mut in_head = TcpStream::connect(ingress.at.webhooks).await.unwrap();
    in_head.write_all(b"POST /webhooks").await.unwrap();
    support::until("both are there", async || {
        ingress.metric("posta_ingress_in_flight").await == 1
            && ingress.metric("posta_ingress_connections").await == 2
    })
    .await;

    let start = Instant::now();
    ingress.stop().await;
    // Well below the deadline for shutting down, and the time a body has.
    let took = start.elapsed();
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(answer(&mut in_body).await.unwrap().status, 503);
    assert!(answer(&mut in_head).await.is_none());
}

#[tokio::test]
async fn huge_heads_are_refused_and_so_is_what_is_not_http() {
    let ingress = Setup::alone().start().await;
    let huge = signed::whatsapp("{}").header("x-padding", "a".repeat(80_000));
    assert_eq!(ingress.send(huge).await.status, 431);
    let many = (0..200).fold(signed::whatsapp("{}"), |request, n| {
        request.header(&format!("x-{n}"), "a")
    });
    assert_eq!(ingress.send(many).await.status, 431);
    assert_eq!(
        exchange(ingress.at.webhooks, b"\x16\x03\x01\x02\x00\x01\r\n\r\n")
            .await
            .unwrap()
            .status,
        400
    );
    // The server is still there.
    assert_eq!(ingress.send(Request::get("/")).await.status, 404);
    ingress.stop().await;
}
