use std::time::Duration;

use chrono::TimeDelta;
use posta_bus::{Handler as _, Verdict};
use posta_domain::quiet::Windows;
use posta_store::{PoolConfig, Store};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::desk::{Desk, at_once, item, now, text};

#[tokio::test]
async fn a_greeting_is_answered_with_the_menu_and_leads_back_to_its_bytes() {
    let desk = Desk::open().await;
    assert_eq!(
        desk.deliver(&text("wamid.1", now(), "Hola!")).await,
        [Verdict::Done]
    );
    desk.settle().await;
    let payload: Value = desk.scalar("SELECT payload FROM outbox").await;
    assert_eq!(payload["type"], "buttons");
    assert_eq!(payload["buttons"].as_array().unwrap().len(), 3);
    let bytes: Vec<u8> = desk
        .scalar(
            "SELECT e.payload FROM outbox o JOIN inbound_events e ON e.day = o.cause_day AND e.key = o.cause_key
             WHERE e.signature = 0 AND e.verdict = 'effected' AND o.turn_id IS NOT NULL",
        )
        .await;
    assert!(String::from_utf8(bytes).unwrap().contains("Hola!"));
    let out: String = desk
        .scalar("SELECT author FROM messages WHERE direction = 'out' AND outbox_id IS NOT NULL")
        .await;
    assert_eq!(out, "bot");
}

#[tokio::test]
async fn a_message_delivered_twice_is_stored_and_answered_once() {
    let desk = Desk::open().await;
    let body = text("wamid.1", now(), "donde queda?");
    assert_eq!(desk.deliver(&body).await, [Verdict::Done]);
    desk.settle().await;
    assert_eq!(desk.deliver(&body).await, [Verdict::Duplicate]);
    desk.settle().await;
    assert_eq!(desk.said().await.len(), 1);
    assert_eq!(desk.count("SELECT count(*) FROM mailbox").await, 1);
    assert_eq!(
        desk.count("SELECT copies::bigint FROM inbound_events")
            .await,
        2
    );
}

#[tokio::test]
async fn copies_that_arrive_at_the_same_time_have_one_effect() {
    let desk = Desk::open().await;
    let body = text("wamid.1", now(), "donde queda?");
    let copies = futures_util::future::join_all((0..6).map(|_| desk.deliver(&body))).await;
    let done = copies
        .iter()
        .flatten()
        .filter(|verdict| **verdict == Verdict::Done)
        .count();
    assert_eq!(done, 1, "{copies:?}");
    assert!(
        copies
            .iter()
            .flatten()
            .all(|verdict| matches!(verdict, Verdict::Done | Verdict::Duplicate))
    );
    desk.settle().await;
    assert_eq!(desk.said().await.len(), 1);
}

#[tokio::test]
async fn a_worker_that_dies_after_storing_leaves_the_turn_in_the_table() {
    let desk = Desk::with(Windows::default()).await;
    desk.deliver(&text("wamid.1", now(), "hola")).await;
    // Nothing of that worker is left; the row is all there is.
    assert_eq!(
        desk.count("SELECT count(*) FROM conversations WHERE turn_due_at IS NOT NULL")
            .await,
        1
    );
    assert_eq!(desk.count("SELECT count(*) FROM outbox").await, 0);
    desk.settle().await;
    assert_eq!(desk.said().await.len(), 1);
}

#[tokio::test]
async fn ten_messages_within_a_second_and_four_workers_make_one_turn_at_a_time_in_order() {
    let desk = Desk::with(Windows {
        // Long enough for all ten to be stored on a busy machine: what comes after a turn is the next one's.
        quiet: TimeDelta::seconds(2),
        ..Windows::default()
    })
    .await;
    let start = now();
    let bodies: Vec<Value> = (0..10)
        .map(|n| {
            text(
                &format!("wamid.{n}"),
                start + TimeDelta::milliseconds(100 * n),
                &format!("hola {n}"),
            )
        })
        .collect();
    let token = tokio_util::sync::CancellationToken::new();
    let workers: Vec<_> = (0..4)
        .map(|_| tokio::spawn(desk.turns().run(4, token.clone())))
        .collect();
    let delivered =
        futures_util::future::join_all(bodies.iter().map(|body| desk.deliver(body))).await;
    assert!(
        delivered
            .iter()
            .flatten()
            .all(|verdict| *verdict == Verdict::Done),
        "{delivered:?}"
    );
    desk.until(
        "ten entries are handled",
        "SELECT count(*) = 10 FROM mailbox WHERE handled_at IS NOT NULL",
    )
    .await;
    token.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    let replies = desk.said().await.len();
    assert!((1..=2).contains(&replies), "{replies} replies");
    // No turn handled an entry that comes before one of an earlier turn.
    let out_of_order = desk
        .count(
            "SELECT count(*) FROM mailbox a JOIN turns ta ON ta.id = a.turn_id
             JOIN mailbox b ON b.provider_time < a.provider_time JOIN turns tb ON tb.id = b.turn_id
             WHERE tb.at > ta.at",
        )
        .await;
    assert_eq!(out_of_order, 0);
}

#[tokio::test]
async fn many_guests_at_once_are_all_answered_by_four_workers() {
    let desk = Desk::open().await;
    let bodies: Vec<Value> = (0..40)
        .map(|n| {
            let phone = format!("54929445502{n:02}");
            crate::desk::webhook(
                &json!([{"from": phone, "id": format!("wamid.{n}"), "timestamp": now().timestamp().to_string(),
                         "type": "text", "text": {"body": "donde queda?"}}]),
                &json!([{"wa_id": phone}]),
            )
        })
        .collect();
    let delivered =
        futures_util::future::join_all(bodies.iter().map(|body| desk.deliver(body))).await;
    assert!(
        delivered
            .iter()
            .flatten()
            .all(|verdict| *verdict == Verdict::Done),
        "{delivered:?}"
    );
    desk.settle_with(4).await;
    assert_eq!(
        desk.count("SELECT count(DISTINCT guest_id) FROM outbox")
            .await,
        40
    );
    assert_eq!(desk.count("SELECT count(*) FROM outbox").await, 40);
}

#[tokio::test]
async fn three_messages_in_the_quiet_window_are_one_turn() {
    let desk = Desk::with(Windows {
        quiet: TimeDelta::milliseconds(400),
        ..Windows::default()
    })
    .await;
    for (n, body) in ["hola", "tenés lugar", "del 10 al 15"].iter().enumerate() {
        desk.deliver(&text(&format!("wamid.{n}"), now(), body))
            .await;
    }
    desk.settle().await;
    assert_eq!(desk.said().await.len(), 1);
    assert_eq!(desk.count("SELECT entries::bigint FROM turns").await, 3);
    let state: String = desk.scalar("SELECT state FROM conversations").await;
    assert_eq!(
        state, "guests",
        "the dates were understood: who comes is asked"
    );
}

#[tokio::test]
async fn a_text_with_a_nul_survives_whole() {
    let desk = Desk::open().await;
    assert_eq!(
        desk.deliver(&text("wamid.1", now(), "ho\u{0}la")).await,
        [Verdict::Done]
    );
    desk.settle().await;
    let bytes: Vec<u8> = desk.scalar("SELECT payload FROM inbound_events").await;
    assert!(String::from_utf8(bytes).unwrap().contains("ho\\u0000la"));
    let body: String = desk
        .scalar("SELECT body FROM messages WHERE direction = 'in'")
        .await;
    assert_eq!(body, "ho\u{fffd}la");
}

#[tokio::test]
async fn reactions_and_notices_of_the_system_are_kept_in_silence() {
    let desk = Desk::open().await;
    desk.deliver(&item(
        "wamid.1",
        now(),
        "reaction",
        &json!({"message_id": "wamid.0", "emoji": "👍"}),
    ))
    .await;
    desk.deliver(&item(
        "wamid.2",
        now(),
        "system",
        &json!({"type": "customer_identity_changed"}),
    ))
    .await;
    desk.settle().await;
    assert_eq!(desk.count("SELECT count(*) FROM messages").await, 2);
    assert_eq!(desk.count("SELECT count(*) FROM mailbox").await, 0);
    assert_eq!(
        desk.count("SELECT count(*) FROM inbound_events WHERE verdict = 'effected'")
            .await,
        2
    );
}

#[tokio::test]
async fn what_cannot_be_read_gets_a_sensible_answer() {
    let desk = Desk::open().await;
    desk.deliver(&item("wamid.1", now(), "hologram", &json!({"depth": 3})))
        .await;
    desk.settle().await;
    assert!(desk.said().await[0].contains("solo puedo leer texto"));
}

#[tokio::test]
async fn an_item_of_an_unknown_number_is_kept_for_whoever_claims_it() {
    let desk = Desk::open().await;
    let mut body = text("wamid.1", now(), "hola");
    body["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "999".into();
    assert!(matches!(
        desk.deliver(&body).await.as_slice(),
        [Verdict::Rejected(_)]
    ));
    assert_eq!(desk.deliver(&body).await, [Verdict::Duplicate]);
    let reason: String = desk
        .scalar("SELECT reason FROM inbound_events WHERE verdict = 'rejected'")
        .await;
    assert_eq!(reason, "unknown account");
    assert_eq!(
        desk.count("SELECT count(*) FROM attention WHERE kind = 'unknown_account'")
            .await,
        1
    );
    assert_eq!(desk.count("SELECT count(*) FROM messages").await, 0);
}

#[tokio::test]
async fn without_a_database_no_attempt_is_used_up() {
    let url = SecretString::from("postgres://posta@127.0.0.1:1/posta".to_owned());
    let store = Store::lazy(&PoolConfig {
        acquire_timeout: Duration::from_secs(2),
        ..PoolConfig::new(url, "test")
    })
    .unwrap();
    let messages = workers::message::Messages::new(store, at_once(), std::sync::Arc::default());
    let envelope = Desk::envelopes(&text("wamid.1", now(), "hola")).remove(0);
    let incoming = posta_bus::Incoming {
        attempt: 1,
        redelivered: false,
        message_id: envelope.id.to_string(),
        routing_key: envelope.routing_key(),
        traceparent: None,
        body: Vec::new().into(),
        envelope,
    };
    let verdict = messages.handle(&incoming).await;
    assert!(
        matches!(verdict, Verdict::Unavailable { .. }),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn a_turn_that_fails_is_put_off_and_in_the_end_a_persons_matter() {
    let desk = Desk::with(Windows::default()).await;
    desk.deliver(&text("wamid.1", now(), "hola")).await;
    let conversation: uuid::Uuid = desk.scalar("SELECT id FROM conversations").await;
    for _ in 0..5 {
        posta_store::turns::postpone(desk.db.store(), conversation.into(), "it broke")
            .await
            .unwrap();
    }
    assert!(desk.scalar::<bool>("SELECT turn_due_at BETWEEN now() + interval '25 s' AND now() + interval '40 s' FROM conversations").await);
    assert_eq!(
        desk.count("SELECT count(*) FROM attention WHERE kind = 'turn_fails'")
            .await,
        1
    );
}
