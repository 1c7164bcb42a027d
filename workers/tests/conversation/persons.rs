use chrono::TimeDelta;
use posta_bus::Verdict;

use crate::desk::{Desk, echo, now, text};

fn ago(minutes: i64) -> chrono::DateTime<chrono::Utc> {
    now() - TimeDelta::minutes(minutes)
}

#[tokio::test]
async fn what_the_owner_types_on_her_phone_takes_the_chat_and_answers_what_waits() {
    let desk = Desk::open().await;
    desk.deliver(&text("wamid.1", ago(2), "precio?")).await;
    assert_eq!(
        desk.deliver(&echo("wamid.e", ago(1), "Te respondo yo"))
            .await,
        [Verdict::Done]
    );
    desk.settle().await;
    assert_eq!(desk.said().await, Vec::<String>::new());
    assert!(
        desk.scalar::<bool>(
            "SELECT mode = 'human' AND epoch = 1 AND last_person_at IS NOT NULL FROM conversations"
        )
        .await
    );
    assert_eq!(
        desk.count("SELECT count(*) FROM mailbox WHERE handled_at IS NULL")
            .await,
        0
    );
    let author: String = desk
        .scalar("SELECT author FROM messages WHERE provider_id = 'wamid.e'")
        .await;
    assert_eq!(author, "person");
    desk.deliver(&text("wamid.2", now(), "y donde queda?"))
        .await;
    desk.settle().await;
    assert_eq!(desk.said().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_message_stored_after_her_later_answer_is_not_answered() {
    let desk = Desk::open().await;
    desk.deliver(&echo("wamid.e", ago(5), "Te respondo yo"))
        .await;
    desk.settle().await;
    desk.deliver(&text("wamid.1", ago(9), "donde queda?")).await;
    desk.settle().await;
    assert_eq!(desk.said().await, Vec::<String>::new());
    let decision: String = desk
        .scalar("SELECT decision FROM turns ORDER BY at DESC LIMIT 1")
        .await;
    assert_eq!(decision, "answered_by_person");
}

#[tokio::test]
async fn two_hours_after_her_last_word_the_guest_has_the_bot_again() {
    let desk = Desk::open().await;
    desk.deliver(&echo("wamid.e", ago(125), "Te respondo yo"))
        .await;
    desk.settle().await;
    desk.deliver(&text("wamid.1", now(), "donde queda?")).await;
    desk.settle().await;
    assert_eq!(desk.said().await.len(), 1);
    assert!(
        desk.scalar::<bool>("SELECT mode = 'bot' FROM conversations")
            .await
    );
}

#[tokio::test]
async fn a_backlog_of_hours_in_any_order_gets_one_answer_to_what_nobody_answered() {
    let desk = Desk::open().await;
    desk.deliver(&text("wamid.3", ago(30), "a que hora es el check in?"))
        .await;
    desk.deliver(&echo("wamid.e", ago(280), "Hola! Sale 80 mil"))
        .await;
    desk.deliver(&text("wamid.1", ago(300), "precio?")).await;
    desk.settle().await;
    let said = desk.said().await;
    assert_eq!(said.len(), 1);
    assert!(said[0].contains("Ingreso desde las 14"), "{}", said[0]);
}

#[tokio::test]
async fn private_chats_are_never_answered() {
    let desk = Desk::open().await;
    desk.deliver(&text("wamid.1", now(), "hola")).await;
    sqlx::query("UPDATE guests SET kind = 'personal'")
        .execute(desk.db.pool())
        .await
        .unwrap();
    desk.settle().await;
    assert_eq!(desk.said().await, Vec::<String>::new());
    assert_eq!(
        desk.count("SELECT count(*) FROM turns WHERE decision = 'silent_private'")
            .await,
        1
    );
}

#[tokio::test]
async fn her_answer_closes_the_matter_and_the_next_request_is_a_new_one() {
    let desk = Desk::open().await;
    desk.deliver(&text("wamid.1", ago(200), "quiero hablar con una persona"))
        .await;
    desk.settle().await;
    let open = "SELECT count(*) FROM attention WHERE kind = 'guest_waiting' AND state <> 'done'";
    assert_eq!(desk.count(open).await, 1);
    desk.deliver(&echo("wamid.e", ago(190), "Te respondo yo"))
        .await;
    desk.settle().await;
    assert_eq!(desk.count(open).await, 0);
    desk.deliver(&text("wamid.2", ago(1), "quiero hablar con una persona"))
        .await;
    desk.settle().await;
    assert_eq!(desk.count(open).await, 1);
    assert_eq!(
        desk.count("SELECT count(*) FROM attention WHERE kind = 'guest_waiting'")
            .await,
        2
    );
}
