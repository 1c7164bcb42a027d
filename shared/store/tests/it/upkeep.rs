//! Migrations, seeding, books, dead letters, traces, retention, leadership.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::time::Duration;

use crate::support::{only, row, say};
use posta_store::{
    Store,
    books::{self, Kind},
    dead_letters::{self, NewDeadLetter, Origin},
    ids::{DeadLetterId, TurnId},
    jobs::{self, Leadership},
    migrate,
    outbox::{Cause, NewOutbox, record},
    retention,
    seed::{Seed, SeedAccount, seed},
    testing::{Database, database},
    trace::{Subject, trace},
};
use uuid::Uuid;

async fn run(store: &Store, sql: &'static str) {
    sqlx::query(sql).execute(store.pool()).await.unwrap();
}

async fn event(database: &Database, key: &str) {
    sqlx::query(
        "INSERT INTO inbound_events (tenant_id, day, key, id, source, kind, payload, received_at, signature)
         VALUES ($1, current_date, $2, $3, 'whatsapp', 'message.text', $4, now(), 0)",
    )
    .bind(Uuid::nil())
    .bind(key)
    .bind(Uuid::now_v7())
    .bind(&br#"{"item":{"text":"\u0000"}}"#[..])
    .execute(database.pool())
    .await
    .unwrap();
}

fn letter(key: &str, origin: Origin) -> NewDeadLetter {
    NewDeadLetter {
        queue: "posta.messages.v1".to_owned(),
        message_id: Some(Uuid::now_v7().to_string()),
        key: Some(key.to_owned()),
        account: None,
        routing_key: "whatsapp.message.text".to_owned(),
        body: b"{}".to_vec(),
        headers: serde_json::json!({ "attempt": 8 }),
        origin,
        error: "could not store the message: disk full".to_owned(),
        attempts: 8,
    }
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let database = database().await;
    let progress = migrate::progress(database.pool()).await.unwrap();
    assert!(
        progress.missing.is_empty() && progress.newer.is_empty() && !progress.applied.is_empty()
    );
    assert!(migrate::apply(database.pool()).await.unwrap().is_empty());
}

#[tokio::test]
async fn seeding_twice_makes_one_tenant_and_leaves_other_peoples_accounts_alone() {
    let database = database().await;
    let theirs = database.chat("2002", "5491100000001").await;
    let account = |external_id: &str| SeedAccount {
        provider: "whatsapp",
        external_id: external_id.to_owned(),
        secret_ref: "WHATSAPP_ACCESS_TOKEN".to_owned(),
    };
    let wanted = Seed {
        tenant: "Posta".to_owned(),
        accounts: vec![account("1001"), account("2002")],
    };
    let first = seed(database.store(), &wanted).await.unwrap();
    assert!(first.tenant_is_new);
    assert_eq!(first.new_accounts, ["whatsapp 1001"]);
    let second = seed(database.store(), &wanted).await.unwrap();
    assert!(
        !second.tenant_is_new && second.new_accounts.is_empty() && second.tenant == first.tenant
    );
    assert_ne!(theirs.tenant, first.tenant);
}

#[tokio::test]
async fn each_kind_of_residue_is_found() {
    let database = database().await;
    let store = database.store();
    assert_eq!(books::audit(store, None).await.unwrap().residue(), 0);
    let chat = database.chat("1001", "5491100000001").await;
    event(&database, "wa:1001:wamid.A").await;
    run(
        store,
        "UPDATE inbound_events SET stored_at = now() - interval '1 hour'",
    )
    .await;
    sqlx::query(
        "INSERT INTO mailbox (tenant_id, id, conversation_id, kind, provider_time, received_at, dedupe_key)
         VALUES ($1, $2, $3, 'guest', now(), now() - interval '1 hour', 'a')",
    )
    .bind(chat.tenant.uuid())
    .bind(Uuid::now_v7())
    .bind(chat.conversation.uuid())
    .execute(store.pool())
    .await
    .unwrap();
    run(
        store,
        "UPDATE conversations SET turn_due_at = now() - interval '1 hour'",
    )
    .await;
    say(store, &row(&chat, "late")).await;
    run(
        store,
        "UPDATE outbox SET not_before = now() - interval '1 hour'",
    )
    .await;
    sqlx::query(
        "INSERT INTO media (tenant_id, id, account_id, provider_id, mime, created_at)
         VALUES ($1, $2, $3, 'm1', 'image/jpeg', now() - interval '1 hour')",
    )
    .bind(chat.tenant.uuid())
    .bind(Uuid::now_v7())
    .bind(chat.account.uuid())
    .execute(store.pool())
    .await
    .unwrap();
    dead_letters::record(store, &letter("k1", Origin::Handler))
        .await
        .unwrap();
    dead_letters::record(store, &letter("k2", Origin::Unrouted))
        .await
        .unwrap();
    let unknown = say(store, &row(&chat, "unknown")).await;
    sqlx::query("UPDATE outbox SET state = 'unknown', final_at = now() WHERE id = $1")
        .bind(unknown.uuid())
        .execute(store.pool())
        .await
        .unwrap();
    let lodge = database.lodge(1).await;
    lodge.held(10, 12).await;
    for sql in [
        "UPDATE reservations SET hold_expires_at = now() - interval '1 hour'",
        "INSERT INTO refunds (tenant_id, id, reservation_id, currency, amount, reason)
         SELECT tenant_id, gen_random_uuid(), id, 'ARS', 1, 'expired' FROM reservations",
        "INSERT INTO calendar_feeds (tenant_id, id, accommodation_id, channel)
         SELECT tenant_id, gen_random_uuid(), accommodation_id, 'elsewhere' FROM stays",
        "INSERT INTO collisions (tenant_id, id, feed_id, accommodation_id, stay_id, nights)
         SELECT f.tenant_id, gen_random_uuid(), f.id, s.accommodation_id, s.id, ARRAY[s.check_in]
         FROM calendar_feeds f, stays s",
        "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
         SELECT tenant_id, gen_random_uuid(), 'mercadopago', '77', 'MERCADOPAGO_ACCESS_TOKEN' FROM reservations",
        "INSERT INTO payment_reads (tenant_id, account_id, kind, resource, wanted_at)
         SELECT tenant_id, id, 'payment', '1', now() - interval '1 hour' FROM channel_accounts WHERE external_id = '77'",
        "INSERT INTO payment_links (tenant_id, id, payment_request_id, account_id, created_at, not_before)
         SELECT q.tenant_id, gen_random_uuid(), q.id, a.id, now() - interval '1 hour', now() - interval '1 hour'
         FROM payment_requests q, channel_accounts a WHERE a.external_id = '77'",
        "INSERT INTO payments (tenant_id, id, account_id, provider_id, status, standing, verdict, currency, amount,
                               created_at, updated_at, read_from)
         SELECT tenant_id, gen_random_uuid(), id, '1', 'approved', 'paid', 'orphan', 'ARS', 1, now(), now(), now()
         FROM channel_accounts WHERE external_id = '77'",
        "INSERT INTO refunds (tenant_id, id, payment_id, currency, amount, reason, created_at)
         SELECT tenant_id, gen_random_uuid(), id, 'ARS', 1, 'orphan', now() - interval '1 hour' FROM payments",
    ] {
        run(store, sql).await;
    }

    let found = books::audit(store, None).await.unwrap();
    for page in &found.pages {
        assert_eq!(
            (page.kind, page.count, page.examples.len()),
            (page.kind, 1, 1)
        );
        assert!(page.oldest.is_some());
    }
    assert_eq!(
        found.residue(),
        11,
        "unknown replies, collisions, orphans and what the owner owes back are listed, but are no residue"
    );
}

#[tokio::test]
async fn what_is_still_within_its_time_is_no_residue_unless_asked_for() {
    let database = database().await;
    event(&database, "wa:1001:wamid.A").await;
    assert_eq!(
        books::audit(database.store(), None)
            .await
            .unwrap()
            .residue(),
        0
    );
    let strict = books::audit(database.store(), Some(Duration::ZERO))
        .await
        .unwrap();
    assert_eq!(
        strict
            .pages
            .iter()
            .find(|page| page.kind == Kind::InboxPending)
            .unwrap()
            .count,
        1
    );
}

#[tokio::test]
async fn a_dead_letter_is_recorded_once_and_its_event_waits_again_when_it_is_replayed() {
    let database = database().await;
    let store = database.store();
    event(&database, "wa:1001:wamid.A").await;
    let new = letter("wa:1001:wamid.A", Origin::Handler);
    dead_letters::record(store, &new).await.unwrap();
    dead_letters::record(store, &new).await.unwrap();
    let verdict = || async {
        sqlx::query_scalar::<_, String>("SELECT verdict FROM inbound_events")
            .fetch_one(store.pool())
            .await
    };
    assert_eq!(verdict().await.unwrap(), "dead");
    let listed = dead_letters::list(store, 10).await.unwrap();
    assert_eq!(listed.len(), 1);
    dead_letters::reopen(store, &listed[0]).await.unwrap();
    assert_eq!(verdict().await.unwrap(), "pending");
    let id = DeadLetterId::from(listed[0].id);
    dead_letters::mark_replayed(store, &listed[0])
        .await
        .unwrap();
    assert!(dead_letters::list(store, 10).await.unwrap().is_empty());
    // It dies again: that is news.
    dead_letters::record(store, &new).await.unwrap();
    assert_eq!(dead_letters::list(store, 10).await.unwrap().len(), 1);
    assert!(
        dead_letters::find(store, id)
            .await
            .unwrap()
            .unwrap()
            .replayed_at
            .is_some()
    );
}

#[tokio::test]
async fn from_a_reply_one_walks_back_to_the_exact_bytes() {
    let database = database().await;
    let store = database.store();
    let chat = database.chat("1001", "5491100000001").await;
    let turn = TurnId::fresh();
    sqlx::query(
        "INSERT INTO turns (tenant_id, id, conversation_id, decision, entries) VALUES ($1, $2, $3, 'replied', 2)",
    )
    .bind(chat.tenant.uuid())
    .bind(turn.uuid())
    .bind(chat.conversation.uuid())
    .execute(store.pool())
    .await
    .unwrap();
    for key in ["wa:1001:wamid.A", "wa:1001:wamid.B"] {
        event(&database, key).await;
        sqlx::query(
            "INSERT INTO mailbox (tenant_id, id, conversation_id, kind, provider_time, received_at, dedupe_key,
                                  handled_at, turn_id, event_day, event_key)
             VALUES ($1, $2, $3, 'guest', now(), now(), $4, now(), $5, current_date, $4)",
        )
        .bind(chat.tenant.uuid())
        .bind(Uuid::now_v7())
        .bind(chat.conversation.uuid())
        .bind(key)
        .bind(turn.uuid())
        .execute(store.pool())
        .await
        .unwrap();
    }
    let today: chrono::NaiveDate = sqlx::query_scalar("SELECT current_date")
        .fetch_one(store.pool())
        .await
        .unwrap();
    let cause = Cause {
        day: today,
        key: "wa:1001:wamid.B".to_owned(),
    };
    let id = say(
        store,
        &NewOutbox {
            turn: Some(turn),
            cause: Some(cause),
            ..row(&chat, "a")
        },
    )
    .await;
    let claimed = only(store).await;
    record::sent(store, &claimed, "wamid.reply", None)
        .await
        .unwrap();

    for subject in [
        Subject::Outbox(id),
        Subject::Wamid("wamid.reply".to_owned()),
    ] {
        let traces = trace(store, &subject).await.unwrap();
        assert_eq!(traces.len(), 1);
        assert_eq!(
            traces[0].reply.as_ref().unwrap().decision.as_deref(),
            Some("replied")
        );
        let events = &traces[0].events;
        assert_eq!(events.len(), 2);
        assert_eq!(
            (events[0].payload.as_slice(), events[0].signature),
            (&br#"{"item":{"text":"\u0000"}}"#[..], Some(0))
        );
    }
    assert!(
        trace(store, &Subject::Wamid("wamid.other".to_owned()))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn old_partitions_go_but_not_what_still_waits() {
    let database = database().await;
    let store = database.store();
    for day in ["current_date - 40", "current_date - 41", "current_date - 5"] {
        let sql = format!("SELECT prepare_inbound_partitions({day}, {day})");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .execute(store.pool())
            .await
            .unwrap();
    }
    event(&database, "waits").await;
    event(&database, "absurd").await;
    run(
        store,
        "UPDATE inbound_events SET day = current_date - 41 WHERE key = 'waits'",
    )
    .await;
    run(
        store,
        "UPDATE inbound_events SET day = '1970-01-01', verdict = 'effected', stored_at = now() - interval '60 days'
         WHERE key = 'absurd'",
    )
    .await;
    let purged = retention::purge(store, 30).await.unwrap();
    // The migration prepares 35 days back: five of those are over, too.
    assert_eq!(purged.dropped.len(), 6, "{purged:?}");
    assert_eq!(purged.rows, 1);
    let left: Vec<String> = sqlx::query_scalar("SELECT key FROM inbound_events")
        .fetch_all(store.pool())
        .await
        .unwrap();
    assert_eq!(left, ["waits"]);
    assert_eq!(retention::purge(store, 30).await.unwrap().dropped.len(), 0);
}

#[tokio::test]
async fn one_scheduler_leads_and_another_takes_over_when_its_connection_dies() {
    let database = database().await;
    let store = database.store();
    let mut first = Leadership::try_acquire(store).await.unwrap().unwrap();
    assert!(Leadership::try_acquire(store).await.unwrap().is_none());
    let now = first.check().await.unwrap();
    run(
        store,
        "SELECT pg_terminate_backend(pid) FROM pg_locks
         WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND pid <> pg_backend_pid()",
    )
    .await;
    assert!(first.check().await.is_err(), "the old leader notices");
    assert!(Leadership::try_acquire(store).await.unwrap().is_some());
    assert!(jobs::start(store, "sweep", now).await.unwrap());
    assert!(
        !jobs::start(store, "sweep", now).await.unwrap(),
        "a time runs once, whoever believes to lead"
    );
    jobs::finish(store, "sweep", now, "3 rows").await.unwrap();
}
