//! Transactions that cross: what one of them has not committed yet, the other must not overlook.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use chrono::{DateTime, Utc};
use posta_store::{
    Store,
    guests::{self, Alias, AliasKind, At},
    ids::{GuestId, OutboxId},
    outbox::{State, claim::Terms, claim::claim, record},
    statuses::{NewStatus, store_batch},
    testing::{Chat, database},
};

use crate::support::{lapse, only, round, row, say, state, terms};

fn at(chat: &Chat) -> At {
    At {
        tenant: chat.tenant,
        account: chat.account,
    }
}

fn alias(kind: AliasKind, value: &str) -> Alias {
    Alias {
        kind,
        value: value.to_owned(),
    }
}

/// A guest known by a user id only, younger than the chat's.
async fn younger(store: &Store, chat: &Chat, user: &str) -> GuestId {
    let mut tx = store.begin().await.unwrap();
    let names = [alias(AliasKind::UserId, user)];
    let guest = guests::resolve(&mut tx, at(chat), &names, None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    guest
}

async fn merge(store: &Store, chat: &Chat, phone: &str, user: &str) -> GuestId {
    let mut tx = store.begin().await.unwrap();
    let mut names = [
        alias(AliasKind::WaId, phone),
        alias(AliasKind::UserId, user),
    ];
    names.sort();
    let guest = guests::resolve(&mut tx, at(chat), &names, None)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    guest
}

async fn flag(store: &Store, sql: &'static str) -> bool {
    sqlx::query_scalar(sql)
        .fetch_one(store.pool())
        .await
        .unwrap()
}

fn status(wamid: &str, status: &str, outbox: Option<OutboxId>) -> NewStatus {
    NewStatus {
        account: "1001".to_owned(),
        wamid: wamid.to_owned(),
        status: status.to_owned(),
        recipient: "5491100000001".to_owned(),
        at: DateTime::<Utc>::from_timestamp(1_790_000_000, 0).unwrap(),
        outbox,
        payload: b"{}".to_vec(),
        error: (status == "failed").then(|| "131026 undeliverable".to_owned()),
        received_at: DateTime::<Utc>::from_timestamp(1_790_000_001, 0).unwrap(),
    }
}

#[tokio::test]
async fn a_chat_that_is_being_opened_while_its_guest_is_merged_is_not_left_behind() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let gone = younger(store, &chat, "AR.1").await;
    let mut opening = store.begin().await.unwrap();
    sqlx::query(
        "INSERT INTO conversations (tenant_id, id, account_id, guest_id, turn_due_at)
         VALUES ($1, gen_random_uuid(), $2, $3, now())",
    )
    .bind(chat.tenant.uuid())
    .bind(chat.account.uuid())
    .bind(gone.uuid())
    .execute(&mut *opening)
    .await
    .unwrap();

    let merging = tokio::spawn({
        let store = store.clone();
        async move { merge(&store, &chat, "5491100000001", "AR.1").await }
    });
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while !merging.is_finished()
        && !flag(
            store,
            "SELECT EXISTS (SELECT FROM pg_stat_activity
                            WHERE datname = current_database() AND wait_event_type = 'Lock')",
        )
        .await
    {
        assert!(
            tokio::time::Instant::now() < deadline,
            "neither merged nor waiting"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    opening.commit().await.unwrap();
    assert_eq!(merging.await.unwrap(), chat.guest);
    assert!(
        flag(
            store,
            "SELECT NOT EXISTS (SELECT FROM conversations c JOIN guests g ON g.id = c.guest_id
                                WHERE g.merged_into IS NOT NULL AND c.turn_due_at IS NOT NULL)"
        )
        .await,
        "a turn is due in a chat of a guest who is somebody else now"
    );
    assert!(
        flag(
            store,
            "SELECT count(*) = 1 FROM conversations WHERE turn_due_at IS NOT NULL"
        )
        .await
    );
}

#[tokio::test]
async fn an_answer_recorded_after_its_guest_was_merged_names_the_guest_who_lives_on() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let gone = younger(store, &chat, "AR.1").await;
    let conversation = sqlx::query_scalar::<_, uuid::Uuid>(
        "INSERT INTO conversations (tenant_id, id, account_id, guest_id, last_guest_at)
         VALUES ($1, gen_random_uuid(), $2, $3, now()) RETURNING id",
    )
    .bind(chat.tenant.uuid())
    .bind(chat.account.uuid())
    .bind(gone.uuid())
    .fetch_one(store.pool())
    .await
    .unwrap();
    let new = posta_store::outbox::NewOutbox {
        guest: gone,
        conversation: conversation.into(),
        ..row(&chat, "a")
    };
    say(store, &new).await;
    let claimed = only(store).await;
    merge(store, &chat, "5491100000001", "AR.1").await;
    record::sent(store, &claimed, "wamid.1", Some("541100000001"))
        .await
        .unwrap();
    let mut tx = store.begin().await.unwrap();
    let known = guests::resolve(
        &mut tx,
        at(&chat),
        &[alias(AliasKind::WaId, "541100000001")],
        None,
    )
    .await
    .unwrap();
    assert_eq!(known, chat.guest);
}

#[tokio::test]
async fn a_name_that_is_still_a_merged_guests_leads_to_the_one_who_lives_on() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let gone = younger(store, &chat, "AR.1").await;
    merge(store, &chat, "5491100000001", "AR.1").await;
    sqlx::query(
        "INSERT INTO guest_aliases (tenant_id, account_id, kind, value, guest_id) VALUES ($1, $2, 'wa_id', '541', $3)",
    )
    .bind(chat.tenant.uuid())
    .bind(chat.account.uuid())
    .bind(gone.uuid())
    .execute(store.pool())
    .await
    .unwrap();
    let mut tx = store.begin().await.unwrap();
    let known = guests::resolve(&mut tx, at(&chat), &[alias(AliasKind::WaId, "541")], None)
        .await
        .unwrap();
    assert_eq!(known, chat.guest);
}

#[tokio::test]
async fn a_reply_stays_current_when_its_chat_is_merged_with_one_of_a_higher_epoch() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let gone = younger(store, &chat, "AR.1").await;
    sqlx::query(
        "INSERT INTO conversations (tenant_id, id, account_id, guest_id, last_guest_at, epoch)
         VALUES ($1, gen_random_uuid(), $2, $3, now(), 3)",
    )
    .bind(chat.tenant.uuid())
    .bind(chat.account.uuid())
    .bind(gone.uuid())
    .execute(store.pool())
    .await
    .unwrap();
    let id = say(store, &row(&chat, "a")).await;
    merge(store, &chat, "5491100000001", "AR.1").await;
    assert_eq!(only(store).await.id, id, "nobody took over in either chat");
}

#[tokio::test]
async fn a_status_that_is_stored_and_not_applied_yet_prevents_a_second_send() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    only(store).await;
    // The worker that stored the status died before it applied it.
    sqlx::query(
        "INSERT INTO message_statuses (tenant_id, account, wamid, status, at, outbox_id, payload, received_at)
         VALUES ($1, '1001', 'wamid.1', 'sent', now(), $2, '', now())",
    )
    .bind(chat.tenant.uuid())
    .bind(id.uuid())
    .execute(store.pool())
    .await
    .unwrap();
    lapse(store, id).await;
    assert!(round(store).await.send.is_empty(), "the provider has it");
    assert_eq!(state(store, id).await, "sent");
}

#[tokio::test]
async fn a_round_never_takes_more_than_it_was_asked_for() {
    let database = database().await;
    let store = database.store();
    let mut ids = Vec::new();
    for n in 0..8 {
        let chat = database.chat("1001", &format!("549110000000{n}")).await;
        ids.push(say(store, &row(&chat, "a")).await);
        if n == 2 {
            assert_eq!(round(store).await.send.len(), 3);
            for id in &ids {
                lapse(store, *id).await;
            }
        }
    }
    let few = Terms {
        limit: 4,
        ..terms()
    };
    assert_eq!(claim(store, &few).await.unwrap().send.len(), 4);
}

#[tokio::test]
async fn statuses_never_wait_for_each_other_in_a_circle() {
    let database = database().await;
    let store = database.store();
    let (a, b) = (
        database.chat("1001", "5491100000001").await,
        database.chat("1001", "5491100000002").await,
    );
    let first = say(store, &row(&a, "a")).await;
    let second = say(store, &row(&b, "b")).await;
    assert_eq!(round(store).await.send.len(), 2);
    // Failures that overtake the answer stay unapplied: they are read, and locked, each time.
    let batch = [
        status("wamid.z", "failed", Some(first)),
        status("wamid.a", "failed", Some(second)),
    ];
    let worker = || async {
        for _ in 0..60 {
            store_batch(store, &batch).await?;
        }
        Ok::<(), posta_store::StoreError>(())
    };
    let (a, b, c, d) = tokio::join!(worker(), worker(), worker(), worker());
    for outcome in [a, b, c, d] {
        outcome.unwrap();
    }
}

#[tokio::test]
async fn what_the_bot_says_waits_while_a_persons_message_waits_for_its_turn() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    let claimed = only(store).await;
    assert!(
        record::postpone(store, &claimed, Duration::ZERO, "test", false)
            .await
            .unwrap()
    );
    sqlx::query(
        "INSERT INTO mailbox (tenant_id, id, conversation_id, kind, provider_time, received_at, dedupe_key)
         VALUES ($1, gen_random_uuid(), $2, 'person', now(), now(), 'echo')",
    )
    .bind(chat.tenant.uuid())
    .bind(chat.conversation.uuid())
    .execute(store.pool())
    .await
    .unwrap();
    assert!(
        round(store).await.send.is_empty(),
        "she may have answered already"
    );
    sqlx::query("UPDATE mailbox SET handled_at = now()")
        .execute(store.pool())
        .await
        .unwrap();
    assert_eq!(only(store).await.id, id);
}

#[tokio::test]
async fn a_reply_that_nobody_sent_for_long_waits_for_what_a_person_said_meanwhile() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    sqlx::query("UPDATE outbox SET not_before = now() - interval '5 hours'")
        .execute(store.pool())
        .await
        .unwrap();
    let claims = round(store).await;
    assert!(claims.send.is_empty() && claims.settled.is_empty());
    assert_eq!(state(store, id).await, "pending");
    sqlx::query("UPDATE outbox SET not_before = not_before - interval '1 minute'")
        .execute(store.pool())
        .await
        .unwrap();
    assert_eq!(only(store).await.id, id);
}

#[tokio::test]
async fn a_reply_that_is_too_late_for_the_window_is_reported() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let id = say(store, &row(&chat, "a")).await;
    sqlx::query("UPDATE outbox SET not_after = now() - interval '1 second'")
        .execute(store.pool())
        .await
        .unwrap();
    sqlx::query("UPDATE conversations SET last_guest_at = now() - interval '24 hours 1 second'")
        .execute(store.pool())
        .await
        .unwrap();
    assert_eq!(round(store).await.settled, vec![(id, State::Expired)]);
    assert_eq!(
        crate::support::attention(store).await,
        ["reply_window_closed"]
    );
}
