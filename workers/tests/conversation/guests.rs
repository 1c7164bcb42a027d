use posta_bus::Verdict;
use serde_json::{Value, json};

use crate::desk::{Desk, LUCIA, now, text, webhook};

fn from_user(id: &str, phone: Option<&str>, body: &str) -> Value {
    let phone = phone.unwrap_or_default();
    webhook(
        &json!([{"from": phone, "from_user_id": "AR.1", "id": id, "timestamp": now().timestamp().to_string(), "type": "text", "text": {"body": body}}]),
        &json!([{"wa_id": phone, "user_id": "AR.1", "profile": {"name": "Lucía"}}]),
    )
}

#[tokio::test]
async fn two_guests_that_turn_out_to_be_one_are_merged_with_their_chats() {
    let desk = Desk::open().await;
    desk.deliver(&text("wamid.1", now(), "hola")).await;
    desk.deliver(&from_user("wamid.2", None, "hola")).await;
    desk.settle().await;
    assert_eq!(desk.count("SELECT count(*) FROM guests").await, 2);
    let oldest: uuid::Uuid = desk
        .scalar("SELECT guest_id FROM guest_aliases WHERE kind = 'wa_id'")
        .await;

    assert_eq!(
        desk.deliver(&from_user("wamid.3", Some(LUCIA), "donde queda?"))
            .await,
        [Verdict::Done]
    );
    desk.settle().await;
    let alive: uuid::Uuid = desk
        .scalar("SELECT id FROM guests WHERE merged_into IS NULL")
        .await;
    assert_eq!(alive, oldest);
    assert_eq!(
        desk.count("SELECT count(DISTINCT guest_id) FROM guest_aliases")
            .await,
        1
    );
    assert_eq!(
        desk.count("SELECT count(DISTINCT conversation_id) FROM messages")
            .await,
        1
    );
    assert_eq!(
        desk.count("SELECT count(*) FROM messages WHERE direction = 'in'")
            .await,
        3
    );
    assert_eq!(
        desk.count("SELECT count(DISTINCT guest_id) FROM outbox")
            .await,
        1
    );
    assert_eq!(
        desk.count("SELECT count(DISTINCT conversation_id) FROM turns")
            .await,
        1
    );
}

#[tokio::test]
async fn a_new_number_is_the_same_guest() {
    let desk = Desk::open().await;
    desk.deliver(&text("wamid.1", now(), "hola")).await;
    let moved = webhook(
        &json!([{"from": LUCIA, "id": "wamid.s", "timestamp": now().timestamp().to_string(), "type": "system",
                 "system": {"type": "user_changed_number", "wa_id": "5492944550909", "body": "…"}}]),
        &json!([]),
    );
    assert_eq!(desk.deliver(&moved).await, [Verdict::Done]);
    let mut again = text("wamid.2", now(), "donde queda?");
    again["entry"][0]["changes"][0]["value"]["messages"][0]["from"] = "5492944550909".into();
    desk.deliver(&again).await;
    desk.settle().await;
    assert_eq!(desk.count("SELECT count(*) FROM guests").await, 1);
    assert_eq!(desk.count("SELECT count(*) FROM conversations").await, 1);
}

#[tokio::test]
async fn first_messages_of_one_guest_at_the_same_time_make_one_guest() {
    let desk = Desk::open().await;
    let bodies: Vec<Value> = (0..8)
        .map(|n| from_user(&format!("wamid.{n}"), (n % 2 == 0).then_some(LUCIA), "hola"))
        .collect();
    let verdicts =
        futures_util::future::join_all(bodies.iter().map(|body| desk.deliver(body))).await;
    assert!(
        verdicts
            .iter()
            .flatten()
            .all(|verdict| *verdict == Verdict::Done),
        "{verdicts:?}"
    );
    desk.settle().await;
    assert_eq!(
        desk.count("SELECT count(*) FROM guests WHERE merged_into IS NULL")
            .await,
        1
    );
    assert_eq!(
        desk.count("SELECT count(*) FROM mailbox WHERE handled_at IS NOT NULL")
            .await,
        8
    );
}

#[tokio::test]
async fn a_message_without_a_sender_is_kept_and_shown() {
    let desk = Desk::open().await;
    let body = webhook(
        &json!([{"id": "wamid.1", "type": "text", "text": {"body": "hola"}}]),
        &json!([]),
    );
    assert!(matches!(
        desk.deliver(&body).await.as_slice(),
        [Verdict::Rejected(_)]
    ));
    assert_eq!(
        desk.count("SELECT count(*) FROM attention WHERE kind = 'unreadable_item'")
            .await,
        1
    );
}
