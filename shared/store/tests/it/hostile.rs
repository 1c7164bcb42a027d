//! Whatever comes from outside finds room in the tables, and what cannot be read stops nobody else.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use posta_store::{
    Store,
    attention::{self, NewAttention},
    books::{self, Kind},
    dead_letters::{self, NewDeadLetter, Origin},
    outbox::record,
    retention,
    testing::database,
    turns::{self, Taken},
};
use uuid::Uuid;

use crate::support::{only, row, say};

/// Text that cannot be compressed, so that it is as long in an index as it is here.
fn noise(bytes: usize) -> String {
    let mut text = String::new();
    while text.len() < bytes {
        text.push_str(&Uuid::now_v7().simple().to_string()[12..]);
    }
    text
}

fn letter() -> NewDeadLetter {
    NewDeadLetter {
        queue: "posta.messages.v1".to_owned(),
        message_id: Some(Uuid::now_v7().to_string()),
        key: Some("wa:1:wamid.1".to_owned()),
        account: None,
        routing_key: "whatsapp.message.text".to_owned(),
        body: b"{}".to_vec(),
        headers: serde_json::json!({}),
        origin: Origin::Handler,
        error: "poison".to_owned(),
        attempts: 1,
    }
}

async fn run(store: &Store, sql: &'static str) {
    sqlx::query(sql).execute(store.pool()).await.unwrap();
}

#[tokio::test]
async fn a_dead_letter_with_nuls_anywhere_is_recorded() {
    let database = database().await;
    let store = database.store();
    let nul = "a\0b".to_owned();
    let new = NewDeadLetter {
        queue: nul.clone(),
        message_id: Some(noise(6000) + &nul),
        key: Some(nul.clone()),
        account: Some(nul.clone()),
        routing_key: nul.clone(),
        headers: serde_json::json!({ "x\0": ["\0", { "y": "\0" }] }),
        error: nul,
        ..letter()
    };
    dead_letters::record(store, &new).await.unwrap();
    dead_letters::record(store, &new).await.unwrap();
    assert_eq!(dead_letters::list(store, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_letter_that_dies_again_while_it_is_being_replayed_stays_on_the_list() {
    let database = database().await;
    let store = database.store();
    let new = letter();
    dead_letters::record(store, &new).await.unwrap();
    let listed = dead_letters::list(store, 10).await.unwrap().remove(0);
    dead_letters::reopen(store, &listed).await.unwrap();
    // The copy is published, consumed, and given up on before whoever published it gets to note that.
    dead_letters::record(store, &new).await.unwrap();
    dead_letters::mark_replayed(store, &listed).await.unwrap();
    assert_eq!(dead_letters::list(store, 10).await.unwrap().len(), 1);
    // A replay that ends well takes it off.
    let listed = dead_letters::list(store, 10).await.unwrap().remove(0);
    dead_letters::mark_replayed(store, &listed).await.unwrap();
    assert_eq!(dead_letters::list(store, 10).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_matter_with_a_subject_of_any_length_is_reported_once() {
    let database = database().await;
    let store = database.store();
    let subject = format!("account:{}\0", noise(6000));
    for _ in 0..2 {
        let mut tx = store.begin().await.unwrap();
        attention::raise(
            &mut tx,
            &NewAttention {
                tenant: posta_store::ids::TenantId::UNASSIGNED,
                kind: "account_notice",
                subject: &subject,
                detail: serde_json::json!({ "a\0": "\0" }),
                deadline: None,
            },
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }
    let repeats: Vec<i32> = sqlx::query_scalar("SELECT repeats FROM attention")
        .fetch_all(store.pool())
        .await
        .unwrap();
    assert_eq!(repeats, [1]);
}

async fn waiting(store: &Store, conversation: Uuid) {
    sqlx::query(
        "INSERT INTO mailbox (tenant_id, id, conversation_id, kind, provider_time, received_at, dedupe_key, payload)
         SELECT tenant_id, gen_random_uuid(), id, 'guest', now(), now(), 'hola', '{\"type\":\"text\",\"text\":\"hola\"}'
         FROM conversations WHERE id = $1",
    )
    .bind(conversation)
    .execute(store.pool())
    .await
    .unwrap();
}

#[tokio::test]
async fn a_chat_that_cannot_be_read_stops_no_other() {
    let database = database().await;
    let store = database.store();
    let broken = database.chat("1001", "5491100000001").await;
    let whole = database.chat("1001", "5491100000002").await;
    waiting(store, broken.conversation.uuid()).await;
    waiting(store, whole.conversation.uuid()).await;
    run(
        store,
        "UPDATE conversations SET turn_due_at = now() - interval '1 minute'",
    )
    .await;
    // A newer program's mode.
    run(
        store,
        "ALTER TABLE conversations DROP CONSTRAINT conversations_mode_check",
    )
    .await;
    sqlx::query("UPDATE conversations SET mode = 'robot', turn_due_at = now() - interval '2 minutes' WHERE id = $1")
        .bind(broken.conversation.uuid())
        .execute(store.pool())
        .await
        .unwrap();
    let mut taken = None;
    for _ in 0..3 {
        if let Taken::Turn(turn) = turns::take(store).await.unwrap() {
            taken = Some(turn.conversation);
            break;
        }
    }
    assert_eq!(taken, Some(whole.conversation));
    let failures: i32 = sqlx::query_scalar("SELECT turn_failures FROM conversations WHERE id = $1")
        .bind(broken.conversation.uuid())
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert_eq!(failures, 1);
}

#[tokio::test]
async fn a_turn_that_is_given_up_is_put_off_at_once() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    waiting(store, chat.conversation.uuid()).await;
    run(store, "UPDATE conversations SET turn_due_at = now()").await;
    let Taken::Turn(turn) = turns::take(store).await.unwrap() else {
        panic!("a turn is due");
    };
    let given_up = tokio::time::timeout(Duration::from_secs(3), turn.give_up(store, "it panicked"));
    given_up
        .await
        .expect("not held up by its own lock")
        .unwrap();
    assert!(matches!(
        turns::take(store).await.unwrap(),
        Taken::Nothing(Some(_))
    ));
}

#[tokio::test]
async fn a_file_the_provider_no_longer_has_is_no_residue_for_ever() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    sqlx::query(
        "INSERT INTO media (tenant_id, id, account_id, provider_id, mime, created_at)
         VALUES ($1, gen_random_uuid(), $2, '1', 'image/jpeg', now() - interval '9 days')",
    )
    .bind(chat.tenant.uuid())
    .bind(chat.account.uuid())
    .execute(store.pool())
    .await
    .unwrap();
    retention::purge(store, 30).await.unwrap();
    let books = books::audit(store, None).await.unwrap();
    assert_eq!(books.residue(), 0);
    let state: String = sqlx::query_scalar("SELECT state FROM media")
        .fetch_one(store.pool())
        .await
        .unwrap();
    assert_eq!(state, "lost");
}

#[tokio::test]
async fn asked_for_everything_the_books_count_what_was_put_off_too() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    say(store, &row(&chat, "a")).await;
    let claimed = only(store).await;
    let count = |books: books::Books, kind| {
        books
            .pages
            .iter()
            .find(|page| page.kind == kind)
            .unwrap()
            .count
    };
    let all = books::audit(store, Some(Duration::ZERO)).await.unwrap();
    assert_eq!(
        count(all, Kind::OutboxNotFinal),
        1,
        "while it is being sent"
    );
    record::postpone(store, &claimed, Duration::from_hours(1), "later", true)
        .await
        .unwrap();
    run(
        store,
        "UPDATE conversations SET turn_due_at = now() + interval '1 minute'",
    )
    .await;
    waiting(store, chat.conversation.uuid()).await;
    run(
        store,
        "UPDATE mailbox SET wait_until = now() + interval '1 minute'",
    )
    .await;
    let all = books::audit(store, Some(Duration::ZERO)).await.unwrap();
    assert_eq!(count(all.clone(), Kind::OutboxNotFinal), 1);
    assert_eq!(count(all.clone(), Kind::TurnsOverdue), 1);
    assert_eq!(count(all, Kind::GuestsUnanswered), 1);
}
