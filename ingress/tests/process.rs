//! The process itself: its start, its refusal to start, and its end by a signal.

mod support;

use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use posta_bus::Queue;
use serde_json::Value;
use support::broker::Broker;
use support::{DEADLINE, Setup, signed};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ingress"));
    command
        .env_clear()
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

#[expect(clippy::expect_used, reason = "a test that cannot go on is to fail")]
async fn signal(process: &Child, name: &str) {
    let id = process.id().expect("it runs").to_string();
    let sent = Command::new("kill").args([name, &id]).status().await;
    assert!(sent.expect("kill runs").success());
}

#[expect(clippy::expect_used, reason = "a test that cannot go on is to fail")]
async fn end(process: &mut Child) -> ExitStatus {
    let ended = tokio::time::timeout(DEADLINE, process.wait()).await;
    ended.expect("it ends").expect("its status is known")
}

#[tokio::test]
async fn every_error_of_the_configuration_is_reported_at_once_and_no_secret_with_it() {
    let output = command()
        .env("AMQP_URL", "http://user:hunter2@host")
        .env("INGRESS_ADDR", "here")
        .env("INGRESS_MAX_BODY", "-1")
        .env("IDEMPOTENCY_TTL", "soon")
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8(output.stderr).unwrap();
    for name in [
        "AMQP_URL",
        "REDIS_URL",
        "INGRESS_ADDR",
        "INGRESS_MAX_BODY",
        "IDEMPOTENCY_TTL",
    ] {
        assert!(words.contains(name), "{name} in {words}");
    }
    assert!(!words.contains("hunter2"), "{words}");
}

#[tokio::test]
async fn sigterm_under_load_ends_it_with_0_and_every_200_is_on_the_broker() {
    let broker = Broker::new().await;
    let started = Instant::now();
    let mut process = command()
        .envs(Setup::new(&broker.namespace()).vars())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
    let mut webhooks = None;
    let mut ops = None;
    while webhooks.is_none() || ops.is_none() {
        let line = log
            .next_line()
            .await
            .unwrap()
            .expect("it logs where it listens");
        let line: Value = serde_json::from_str(&line).unwrap();
        let addr = || {
            line["addr"]
                .as_str()
                .unwrap()
                .parse::<std::net::SocketAddr>()
                .unwrap()
        };
        match line["listener"].as_str() {
            Some("ingress") => webhooks = Some(addr()),
            Some("ops") => ops = Some(addr()),
            _ => {}
        }
    }
    // Read on, or the pipe fills up.
    let logging = tokio::spawn(async move { while let Ok(Some(_)) = log.next_line().await {} });
    let (webhooks, ops) = (webhooks.unwrap(), ops.unwrap());
    support::until("it is ready", async || {
        support::http::Request::get("/readyz")
            .send(ops)
            .await
            .status
            == 200
    })
    .await;
    assert!(started.elapsed() < Duration::from_secs(10));

    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..8 {
        senders.spawn(async move {
            let mut answered = Vec::new();
            loop {
                let ids = [signed::id()];
                // Until nobody listens any more.
                match signed::texts(&ids).try_send(webhooks).await {
                    Some(reply) if reply.status == 200 => answered.extend(ids),
                    _ => return answered,
                }
            }
        });
    }
    let sent = "posta_ingress_items_accepted_total{source=\"whatsapp\"} ";
    support::until("it is under load", async || {
        let text = support::http::Request::get("/metrics")
            .send(ops)
            .await
            .text();
        let accepted = text
            .lines()
            .find_map(|line| line.strip_prefix(sent)?.parse().ok());
        accepted.unwrap_or(0) > 50
    })
    .await;
    let asked = Instant::now();
    signal(&process, "-TERM").await;
    assert_eq!(end(&mut process).await.code(), Some(0));
    assert!(asked.elapsed() < Duration::from_secs(10));
    logging.await.unwrap();

    let mut answered = Vec::new();
    while let Some(ids) = senders.join_next().await {
        answered.extend(ids.unwrap());
    }
    assert!(answered.len() > 50);
    let stored: std::collections::HashSet<String> = broker
        .take(Queue::Messages)
        .await
        .iter()
        .map(|message| message.envelope["key"].as_str().unwrap().to_owned())
        .collect();
    for id in answered {
        assert!(stored.contains(&format!("wa:106:{id}")), "{id}");
    }
    broker.clean().await;
}
