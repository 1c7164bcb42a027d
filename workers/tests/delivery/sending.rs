//! Sending: what arrives at the provider, and what becomes of the rows.

use std::{collections::HashMap, time::Duration};

use posta_store::{outbox::NewOutbox, testing::database};
use serde_json::json;

use crate::{
    graph_api::{Answer, GraphApi, error},
    support::{Worker, row, say, text, until},
};

#[tokio::test]
async fn a_reply_goes_out_with_our_id_and_learns_the_providers() {
    let database = database().await;
    let store = database.store();
    let (api, url) = GraphApi::start().await;
    let chat = database.chat("1001", "5491155550001").await;
    let id = say(store, &text(&chat, "Hola")).await;
    let worker = Worker::start(store, &url);
    let sent = until(store, id, |row| row.state == "sent").await;
    assert_eq!(sent.provider_message_id.as_deref(), Some("wamid.1"));
    let received = api.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].path, "/whatsapp/v26.0/1001/messages");
    assert_eq!(received[0].authorization, "Bearer secret-token");
    assert_eq!(received[0].body["to"], "+5491155550001");
    assert_eq!(received[0].body["text"]["body"], "Hola");
    assert_eq!(received[0].body["biz_opaque_callback_data"], id.to_string());
    worker.stop().await;
}

#[tokio::test]
async fn two_workers_send_everything_once_and_in_order() {
    let database = database().await;
    let store = database.store();
    let (api, url) = GraphApi::start().await;
    let mut last = Vec::new();
    for guest in 0..8 {
        let chat = database
            .chat("1001", &format!("54911555500{guest:02}"))
            .await;
        for n in 0..5 {
            last.push(say(store, &text(&chat, &format!("{n}"))).await);
        }
    }
    let workers = [Worker::start(store, &url), Worker::start(store, &url)];
    for id in last {
        until(store, id, |row| row.state == "sent").await;
    }
    let mut by_guest: HashMap<String, Vec<String>> = HashMap::new();
    for message in api.received() {
        let to = message.body["to"].as_str().unwrap().to_owned();
        by_guest
            .entry(to)
            .or_default()
            .push(message.body["text"]["body"].as_str().unwrap().to_owned());
    }
    assert_eq!(by_guest.len(), 8);
    for said in by_guest.values() {
        assert_eq!(said, &["0", "1", "2", "3", "4"]);
    }
    for worker in workers {
        worker.stop().await;
    }
}

#[tokio::test]
async fn an_expired_token_stops_its_account_and_no_other() {
    let database = database().await;
    let store = database.store();
    let (api, url) = GraphApi::start().await;
    api.next("1001", Answer::Error(401, error(190)));
    let stopped = database.chat("1001", "5491155550001").await;
    let other = database.chat("2002", "5491155550001").await;
    let first = say(store, &text(&stopped, "a")).await;
    let worker = Worker::start(store, &url);
    until(store, first, |row| {
        row.state == "pending" && row.error.is_some()
    })
    .await;
    let second = say(store, &text(&other, "b")).await;
    until(store, second, |row| row.state == "sent").await;
    worker.stop().await;
    let first = row(store, first).await;
    assert_eq!((first.state.as_str(), first.attempts), ("pending", 0));
    assert!(!format!("{:?}", first.error).contains("secret-token"));
    assert_eq!(
        api.received()
            .iter()
            .filter(|message| message.path.contains("1001"))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_guest_who_was_sent_too_much_is_tried_again_later() {
    let database = database().await;
    let store = database.store();
    let (api, url) = GraphApi::start().await;
    api.next("1001", Answer::Error(400, error(131_056)));
    let chat = database.chat("1001", "5491155550001").await;
    let id = say(store, &text(&chat, "a")).await;
    let worker = Worker::start(store, &url);
    until(store, id, |row| row.state == "pending" && row.attempts == 1).await;
    // 4^0 s later.
    until(store, id, |row| row.state == "sent").await;
    worker.stop().await;
}

#[tokio::test]
async fn an_answer_that_is_cut_off_leads_to_one_resend_and_then_to_unknown() {
    let database = database().await;
    let store = database.store();
    let (api, url) = GraphApi::start().await;
    let chat = database.chat("1001", "5491155550001").await;
    for _ in 0..3 {
        api.next("1001", Answer::Cut);
    }
    let id = say(store, &text(&chat, "a")).await;
    let later = say(store, &text(&chat, "b")).await;
    let worker = Worker::with(
        store,
        &url,
        Duration::from_secs(20),
        Duration::from_millis(300),
    );
    let ended = until(store, id, |row| row.state == "unknown").await;
    assert_eq!(ended.resends, 1);
    let sent: Vec<_> = api
        .received()
        .into_iter()
        .filter(|message| message.body["text"]["body"] == "a")
        .collect();
    assert_eq!(sent.len(), 2);
    // The guest's next message does not wait for ever.
    until(store, later, |row| row.state != "pending").await;
    worker.stop().await;
}

#[tokio::test]
async fn what_the_provider_will_never_take_is_given_up_at_once() {
    let database = database().await;
    let store = database.store();
    let (api, url) = GraphApi::start().await;
    api.next("1001", Answer::Error(400, error(131_026)));
    let chat = database.chat("1001", "5491155550001").await;
    let refused = say(store, &text(&chat, "a")).await;
    let broken = say(
        store,
        &NewOutbox {
            payload: json!({ "type": "smoke" }),
            ..text(&chat, "b")
        },
    )
    .await;
    let worker = Worker::start(store, &url);
    until(store, refused, |row| row.state == "failed").await;
    until(store, broken, |row| row.state == "failed").await;
    worker.stop().await;
    let kinds: Vec<String> = sqlx::query_scalar("SELECT kind FROM attention")
        .fetch_all(store.pool())
        .await
        .unwrap();
    assert_eq!(kinds, ["message_failed"], "one matter per chat");
    assert_eq!(api.received().len(), 1);
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_uses_up_no_attempts() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491155550001").await;
    let id = say(store, &text(&chat, "a")).await;
    // A port that nobody listens on: bound once and let go.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{free}/whatsapp").parse().unwrap();
    let worker = Worker::start(store, &url);
    let waiting = until(store, id, |row| row.error.is_some()).await;
    assert_eq!(
        (waiting.state.as_str(), waiting.attempts, waiting.resends),
        ("pending", 0, 0)
    );
    worker.stop().await;
}

#[tokio::test]
async fn a_stopped_worker_leaves_nothing_half_sent() {
    let database = database().await;
    let store = database.store();
    let (api, url) = GraphApi::start().await;
    for guest in 0..20 {
        let chat = database
            .chat("1001", &format!("54911555500{guest:02}"))
            .await;
        say(store, &text(&chat, "a")).await;
    }
    let worker = Worker::start(store, &url);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while api.received().is_empty() {
        assert!(tokio::time::Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    worker.stop().await;
    let sending: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox WHERE state = 'sending'")
        .fetch_one(store.pool())
        .await
        .unwrap();
    let sent: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox WHERE state = 'sent'")
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert_eq!(sending, 0);
    assert_eq!(usize::try_from(sent).unwrap(), api.received().len());
}
