//! Whatever stands in a signed webhook is taken in, answered or refused; nothing of it fails for ever.

use std::time::{Duration, Instant};

use posta_bus::Verdict;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::desk::{Desk, LUCIA, NUMBER, field, item, now, text, webhook};

/// Text that cannot be compressed, so that it is as long in an index as it is here.
fn noise(bytes: usize) -> String {
    let mut text = String::new();
    while text.len() < bytes {
        text.push_str(&Uuid::now_v7().simple().to_string()[12..]);
    }
    text
}

/// Every text of a webhook is this.
fn everywhere(kind: &str, what: &str) -> Value {
    let named = json!({ "id": what, "mime_type": what, "caption": what, "filename": what, "sha256": what, "body": what,
        "title": what, "emoji": what, "message_id": what, "original_message_id": what, "type": what, "payload": what,
        "text": what, "user_id": what, "wa_id": what, "previous_user_id": what,
        "message": { "text": { "body": what } }, "button_reply": { "id": what, "title": what } });
    let mut item = json!({ "from": LUCIA, "from_user_id": what, "from_parent_user_id": what, "id": what,
        "timestamp": now().timestamp().to_string(), "type": kind, "context": { "id": what, "from": what } });
    item[kind] = named;
    webhook(
        &json!([item]),
        &json!([{ "wa_id": LUCIA, "user_id": what, "profile": { "name": what, "username": what } }]),
    )
}

const KINDS: [&str; 13] = [
    "text",
    "interactive",
    "button",
    "image",
    "document",
    "video",
    "audio",
    "sticker",
    "reaction",
    "system",
    "edit",
    "revoke",
    "poll",
];

#[tokio::test]
async fn nuls_and_very_long_texts_in_any_place_are_taken_in_and_answered() {
    let desk = Desk::open().await;
    for kind in KINDS {
        for what in ["a\0b".to_owned(), noise(5000), "\u{1F3D5}".repeat(4000)] {
            let mut body = everywhere(kind, &what);
            assert_eq!(
                desk.deliver(&body).await,
                [Verdict::Done],
                "{kind} {}",
                &what[..4]
            );
            // The same as something the owner typed.
            let echo = body["entry"][0]["changes"][0]["value"]["messages"][0].take();
            let mut echo = json!({ "message_echoes": [echo] });
            echo["message_echoes"][0]["to"] = LUCIA.into();
            echo["message_echoes"][0]["id"] = format!("{kind}{what}e").into();
            let verdicts = desk.deliver(&field("smb_message_echoes", echo)).await;
            assert_eq!(verdicts, [Verdict::Done], "echo of {kind} {}", &what[..4]);
        }
    }
    desk.settle().await;
    let open = desk
        .count("SELECT count(*) FROM mailbox WHERE handled_at IS NULL")
        .await;
    assert_eq!(open, 0);
}

#[tokio::test]
async fn absurd_times_are_no_times_and_the_guest_is_answered() {
    for time in [
        json!("0"),
        json!(-1),
        json!("-99999999999999"),
        json!(1_000_000_000_000_000_000_i64),
        json!("253402300800"),
        json!(1.5e300),
        json!(""),
        json!(null),
        json!([1]),
    ] {
        let desk = Desk::open().await;
        let mut body = text("wamid.1", now(), "donde queda?");
        body["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = time.clone();
        assert_eq!(desk.deliver(&body).await, [Verdict::Done], "{time}");
        desk.settle().await;
        assert_eq!(desk.said().await.len(), 1, "{time}");
    }
}

#[tokio::test]
async fn a_notice_of_an_account_with_an_endless_name_is_kept() {
    let desk = Desk::open().await;
    let body = json!({ "object": "whatsapp_business_account", "entry": [{ "id": noise(9000), "time": 1_790_000_000,
        "changes": [{ "field": "account_update", "value": { "event": "VERIFIED_ACCOUNT\0" } }] }] });
    assert_eq!(desk.deliver(&body).await, [Verdict::Done]);
    assert_eq!(desk.deliver(&body).await, [Verdict::Duplicate]);
}

#[tokio::test]
async fn items_that_are_no_objects_are_refused_and_kept() {
    let desk = Desk::open().await;
    let body = webhook(
        &json!([7, null, "hola", [[]], { "from": LUCIA }]),
        &json!([]),
    );
    let verdicts = desk.deliver(&body).await;
    let kept = desk.count("SELECT count(*) FROM inbound_events").await;
    assert_eq!(usize::try_from(kept).ok(), Some(verdicts.len()));
    assert!(
        verdicts
            .iter()
            .all(|verdict| matches!(verdict, Verdict::Done | Verdict::Rejected(_))),
        "{verdicts:?}"
    );
    assert_eq!(
        desk.count("SELECT count(*) FROM inbound_events WHERE verdict = 'pending'")
            .await,
        0
    );
}

#[tokio::test]
async fn an_endless_text_holds_the_chat_for_a_moment_only() {
    let desk = Desk::open().await;
    let long = "¿Hola, tenés lugar del 10 al 15? ".repeat(60_000);
    let started = Instant::now();
    assert_eq!(
        desk.deliver(&text("wamid.1", now(), &long)).await,
        [Verdict::Done]
    );
    desk.settle().await;
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(desk.said().await.len(), 1);
}

#[tokio::test]
async fn a_message_that_came_with_the_history_first_is_answered_when_it_comes_alone() {
    let desk = Desk::open().await;
    desk.deliver(&text(
        "wamid.0",
        now() - chrono::TimeDelta::hours(3),
        "hola",
    ))
    .await;
    desk.settle().await;
    let message = json!({ "from": LUCIA, "id": "wamid.1", "timestamp": now().timestamp().to_string(), "type": "text",
        "text": { "body": "donde queda?" } });
    let history = json!({ "history": [{ "threads": [{ "id": LUCIA, "messages": [message] }] }] });
    assert_eq!(
        desk.deliver(&field("history", history)).await,
        [Verdict::Done]
    );
    desk.deliver(&text("wamid.1", now(), "donde queda?")).await;
    desk.settle().await;
    assert_eq!(desk.said().await.len(), 2);
    assert_eq!(
        desk.count("SELECT count(*) FROM messages WHERE provider_id = 'wamid.1'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_file_shared_by_two_chats_and_a_button_of_nobody_do_no_harm() {
    let desk = Desk::open().await;
    let image = json!({ "id": "1", "mime_type": "image/jpeg" });
    let mut other = item("wamid.2", now(), "image", &image);
    other["entry"][0]["changes"][0]["value"]["messages"][0]["from"] = "5492944550777".into();
    let first = item("wamid.1", now(), "image", &image);
    let both = tokio::join!(desk.deliver(&first), desk.deliver(&other));
    assert_eq!(both, (vec![Verdict::Done], vec![Verdict::Done]));
    // A file that is here already is not waited for.
    let mut third = item("wamid.4", now(), "image", &image);
    third["entry"][0]["changes"][0]["value"]["messages"][0]["from"] = "5492944550888".into();
    assert_eq!(desk.deliver(&third).await, [Verdict::Done]);
    let waiting = "SELECT count(*) FROM mailbox WHERE wait_until IS NOT NULL";
    assert_eq!(desk.count(waiting).await, 0);
    let tap = json!({ "type": "button_reply", "button_reply": { "id": format!("menu:{NUMBER}"), "title": "x" } });
    assert_eq!(
        desk.deliver(&item("wamid.3", now(), "interactive", &tap))
            .await,
        [Verdict::Done]
    );
    desk.settle().await;
    assert_eq!(
        desk.count("SELECT count(*) FROM inbound_events WHERE verdict <> 'effected'")
            .await,
        0
    );
}
