//! Chats and matters as the owner's desk handles them.
#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::{DateTime, Utc};
use posta_domain::{dialogue::Rules, mode::Mode};
use posta_store::{
    Store,
    attention::{self, NewAttention},
    audit::By,
    chats::{self, ChatError, Filter, NewReply},
    ids::{ConversationId, TenantId},
    matters, testing,
    testing::{Chat, Database},
    turns::{self, Taken},
};
use uuid::Uuid;

use crate::support::{only, round, row, say, state};

fn owner(tenant: TenantId) -> By {
    By {
        tenant,
        actor: format!("user:{}", Uuid::nil()),
        request_id: None,
    }
}

fn words(text: &str, key: &str) -> NewReply {
    NewReply {
        payload: serde_json::json!({ "type": "text", "body": text, "preview_url": false }),
        body: text.to_owned(),
        late: None,
        key: key.to_owned(),
    }
}

async fn database() -> (Database, Chat) {
    let database = testing::database().await;
    let chat = database.chat("1", "5491150000001").await;
    (database, chat)
}

/// The guest says something, and no turn has read it yet.
async fn guest_says(store: &Store, chat: &Chat, text: &str) {
    let message = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO messages (tenant_id, id, conversation_id, direction, author, kind, provider_id, provider_time,
                               received_at, body)
         VALUES ($1, $2, $3, 'in', 'guest', 'text', $4, clock_timestamp(), clock_timestamp(), $5)",
    )
    .bind(chat.tenant.uuid())
    .bind(message)
    .bind(chat.conversation.uuid())
    .bind(format!("wamid.{message}"))
    .bind(text)
    .execute(store.pool())
    .await
    .unwrap();
    sqlx::query(
        "INSERT INTO mailbox (tenant_id, id, conversation_id, kind, message_id, payload, provider_time, received_at,
                              dedupe_key)
         VALUES ($1, $2, $3, 'guest', $4, $5, clock_timestamp(), clock_timestamp(), $6)",
    )
    .bind(chat.tenant.uuid())
    .bind(Uuid::now_v7())
    .bind(chat.conversation.uuid())
    .bind(message)
    .bind(serde_json::json!({ "type": "text", "text": text }))
    .bind(message.to_string())
    .execute(store.pool())
    .await
    .unwrap();
    sqlx::query("UPDATE conversations SET turn_due_at = clock_timestamp(), last_guest_at = clock_timestamp() WHERE id = $1")
        .bind(chat.conversation.uuid())
        .execute(store.pool())
        .await
        .unwrap();
}

/// Makes the turn that is due; whether the bot had something to say, and the chat's mode after it.
async fn turn(store: &Store) -> (bool, Mode) {
    let Taken::Turn(mut turn) = turns::take(store).await.unwrap() else {
        panic!("no turn is due");
    };
    let decision = turn.decide(&Rules::default()).await.unwrap();
    let said = decision.reply.is_some();
    turn.commit(&decision, None).await.unwrap();
    (said, decision.chat.mode)
}

async fn summary(store: &Store, chat: &Chat) -> chats::Summary {
    let mut conn = store.pool().acquire().await.unwrap();
    chats::one(&mut conn, chat.tenant, chat.conversation)
        .await
        .unwrap()
        .unwrap()
}

async fn count(store: &Store, table: &str) -> i64 {
    sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
        .fetch_one(store.pool())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_reply_from_the_desk_goes_out_and_silences_the_bot() {
    let (database, chat) = database().await;
    let store = database.store();
    let bots = say(store, &row(&chat, "lo que iba a decir el bot")).await;
    guest_says(store, &chat, "hola?").await;

    let by = owner(chat.tenant);
    let replied = chats::reply(store, &by, chat.conversation, &words("Hola, soy Ana", "k1"))
        .await
        .unwrap();
    assert!(!replied.replayed);
    assert_eq!(summary(store, &chat).await.mode, Mode::Human);
    assert!(
        round(store).await.send.is_empty(),
        "the bot's row waits for the turn, hers for the bot's row"
    );

    assert_eq!(turn(store).await, (false, Mode::Human));
    round(store).await;
    assert_eq!(state(store, bots).await, "dropped");
    let sent = only(store).await;
    assert_eq!(sent.id, replied.outbox);
    assert_eq!(sent.payload["body"], "Hola, soy Ana");

    let mut conn = store.pool().acquire().await.unwrap();
    let page = chats::thread(&mut conn, chat.tenant, chat.conversation, None, 50)
        .await
        .unwrap()
        .unwrap();
    let said: Vec<_> = page
        .messages
        .iter()
        .map(|m| m.body.clone().unwrap())
        .collect();
    assert_eq!(said, ["hola?", "Hola, soy Ana"]);
    assert_eq!(
        page.messages.last().unwrap().delivery.as_deref(),
        Some("sending")
    );
}

#[tokio::test]
async fn a_double_tap_is_one_reply_and_the_same_key_with_other_words_is_refused() {
    let (database, chat) = database().await;
    let store = database.store();
    let by = owner(chat.tenant);
    let (first, second) = (words("Hola", "k1"), words("Hola", "k1"));
    let (first, second) = tokio::join!(
        chats::reply(store, &by, chat.conversation, &first),
        chats::reply(store, &by, chat.conversation, &second),
    );
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(first.outbox, second.outbox);
    assert_ne!(first.replayed, second.replayed);
    assert_eq!(
        (count(store, "outbox").await, count(store, "mailbox").await),
        (1, 1)
    );
    let other = chats::reply(store, &by, chat.conversation, &words("Chau", "k1")).await;
    assert!(matches!(other, Err(ChatError::KeyReused)));
}

#[tokio::test]
async fn free_text_is_refused_when_the_guest_wrote_more_than_a_day_ago() {
    let (database, chat) = database().await;
    let store = database.store();
    sqlx::query("UPDATE conversations SET last_guest_at = now() - interval '24 hours 1 second'")
        .execute(store.pool())
        .await
        .unwrap();
    let late = chats::reply(
        store,
        &owner(chat.tenant),
        chat.conversation,
        &words("Hola", "k"),
    )
    .await;
    assert!(matches!(late, Err(ChatError::WindowClosed { .. })));
    assert_eq!(count(store, "outbox").await, 0);
    assert_eq!(summary(store, &chat).await.mode, Mode::Bot);
}

#[tokio::test]
async fn a_chat_that_is_taken_is_silent_until_it_is_given_back() {
    let (database, chat) = database().await;
    let store = database.store();
    let by = owner(chat.tenant);
    guest_says(store, &chat, "quiero hablar con alguien").await;
    for _ in 0..2 {
        assert_eq!(
            chats::take(store, &by, chat.conversation).await.unwrap(),
            Mode::Human
        );
    }
    assert_eq!(turn(store).await, (false, Mode::Human));
    assert_eq!(
        chats::take(store, &by, chat.conversation).await.unwrap(),
        Mode::Human
    );
    assert_eq!(
        count(store, "mailbox").await,
        2,
        "taking it again changes nothing"
    );

    guest_says(store, &chat, "hola").await;
    assert_eq!(turn(store).await, (false, Mode::Human));

    assert_eq!(
        chats::release(store, &by, chat.conversation).await.unwrap(),
        Mode::Bot
    );
    assert_eq!(summary(store, &chat).await.mode, Mode::Bot);
    guest_says(store, &chat, "hola").await;
    assert_eq!(turn(store).await, (true, Mode::Bot));
}

#[tokio::test]
async fn giving_a_chat_back_closes_that_its_guest_waits() {
    let (database, chat) = database().await;
    let store = database.store();
    guest_says(store, &chat, "quiero hablar con una persona").await;
    assert_eq!(turn(store).await.1, Mode::Waiting);
    assert_eq!(open(store, chat.tenant).await.len(), 1);
    chats::release(store, &owner(chat.tenant), chat.conversation)
        .await
        .unwrap();
    turn(store).await;
    assert_eq!(open(store, chat.tenant).await.len(), 0);
}

#[tokio::test]
async fn chats_that_wait_come_first_and_the_list_pages_through_all_of_them_once() {
    let database = testing::database().await;
    let store = database.store();
    let mut chats = Vec::new();
    for n in 0..7 {
        chats.push(database.chat("1", &format!("54911500000{n:02}")).await);
    }
    let tenant = chats[0].tenant;
    sqlx::query("UPDATE conversations SET mode = 'waiting' WHERE id = $1")
        .bind(chats[2].conversation.uuid())
        .execute(store.pool())
        .await
        .unwrap();
    sqlx::query("UPDATE guests SET kind = 'personal' WHERE id = $1")
        .bind(chats[6].guest.uuid())
        .execute(store.pool())
        .await
        .unwrap();
    let mut conn = store.pool().acquire().await.unwrap();
    let mut seen: Vec<ConversationId> = Vec::new();
    let mut after = None;
    loop {
        let filter = Filter {
            after,
            limit: 2,
            ..Filter::default()
        };
        let page = chats::list(&mut conn, tenant, &filter).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.cursor.to_string().parse().unwrap());
        seen.extend(page.iter().map(|chat| chat.id));
    }
    let expected: Vec<_> = [2, 5, 4, 3, 1, 0]
        .map(|n: usize| chats[n].conversation)
        .into();
    assert_eq!(seen, expected, "the personal one is not shown");
}

#[tokio::test]
async fn a_thread_pages_backwards_and_another_tenants_is_not_there() {
    let (database, chat) = database().await;
    let store = database.store();
    let other = database.chat("2", "5491150000002").await;
    for n in 0..5 {
        guest_says(store, &chat, &format!("mensaje {n}")).await;
    }
    let mut conn = store.pool().acquire().await.unwrap();
    let mut said: Vec<String> = Vec::new();
    let mut before = None;
    loop {
        let page = chats::thread(&mut conn, chat.tenant, chat.conversation, before, 2)
            .await
            .unwrap()
            .unwrap();
        said.splice(0..0, page.messages.into_iter().map(|m| m.body.unwrap()));
        before = page.earlier;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(
        said,
        (0..5).map(|n| format!("mensaje {n}")).collect::<Vec<_>>()
    );
    assert_eq!(summary(store, &chat).await.unanswered, 5);

    let stranger = owner(other.tenant);
    let thread = chats::thread(&mut conn, other.tenant, chat.conversation, None, 2).await;
    assert!(thread.unwrap().is_none());
    let reply = chats::reply(store, &stranger, chat.conversation, &words("Hola", "k")).await;
    assert!(matches!(reply, Err(ChatError::NotFound)));
    let take = chats::take(store, &stranger, chat.conversation).await;
    assert!(matches!(take, Err(ChatError::NotFound)));
}

async fn open(store: &Store, tenant: TenantId) -> Vec<matters::Matter> {
    let mut conn = store.pool().acquire().await.unwrap();
    let filter = matters::Filter {
        limit: 100,
        ..matters::Filter::default()
    };
    matters::list(&mut conn, tenant, &filter).await.unwrap()
}

#[tokio::test]
async fn matters_come_by_deadline_and_are_closed_once() {
    let (database, chat) = database().await;
    let store = database.store();
    let at = |second: i64| DateTime::from_timestamp(1_795_273_200 + second, 0);
    for (kind, deadline) in [("a", None), ("b", at(60)), ("c", at(5))] {
        raise(store, chat.tenant, kind, deadline).await;
    }
    let list = open(store, chat.tenant).await;
    let kinds: Vec<_> = list.iter().map(|matter| matter.kind.as_str()).collect();
    assert_eq!(kinds, ["c", "b", "a"]);

    let by = owner(chat.tenant);
    let first = list[0].id;
    for to in [
        matters::State::Seen,
        matters::State::Done,
        matters::State::Done,
        matters::State::Seen,
    ] {
        matters::mark(store, &by, first, to).await.unwrap().unwrap();
    }
    let mut conn = store.pool().acquire().await.unwrap();
    let done = matters::one(&mut conn, chat.tenant, first)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(done.state, matters::State::Done);
    assert_eq!(open(store, chat.tenant).await.len(), 2);
    assert_eq!(count(store, "audit_log").await, 2);

    let stranger = owner(TenantId::fresh());
    let nothing = matters::mark(store, &stranger, list[1].id, matters::State::Done).await;
    assert!(nothing.unwrap().is_none());
}

#[tokio::test]
async fn a_guest_who_asks_again_is_not_put_off_and_a_request_lasts_as_long_as_its_hold() {
    let (database, chat) = database().await;
    let store = database.store();
    let at = |second: i64| DateTime::from_timestamp(1_795_273_200 + second, 0);
    for subject in ["conversation:1", "reservation:1"] {
        for second in [60, 600] {
            raise_about(store, chat.tenant, "a", subject, at(second)).await;
        }
    }
    let list = open(store, chat.tenant).await;
    let found: Vec<_> = list
        .iter()
        .map(|it| (it.subject.as_str(), it.deadline))
        .collect();
    assert_eq!(
        found,
        [("conversation:1", at(60)), ("reservation:1", at(600))]
    );
}

async fn raise(store: &Store, tenant: TenantId, kind: &str, deadline: Option<DateTime<Utc>>) {
    raise_about(store, tenant, kind, "property:1", deadline).await;
}

async fn raise_about(
    store: &Store,
    tenant: TenantId,
    kind: &str,
    subject: &str,
    deadline: Option<DateTime<Utc>>,
) {
    let mut tx = store.begin().await.unwrap();
    let new = NewAttention {
        tenant,
        kind,
        subject,
        detail: serde_json::json!({}),
        deadline,
    };
    attention::raise(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
}
