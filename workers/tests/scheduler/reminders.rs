//! Guests hear of a hold that ends soon.

use posta_domain::ids::ReservationId;
use posta_store::{
    booking::{HoldRequest, Who, hold},
    testing::{Database, Lodge, database},
};
use serde_json::Value;
use uuid::Uuid;
use workers::scheduler::Kind;

use super::jobs;

/// A guest with a chat who holds nights since `since` minutes, for `left` more.
async fn held(database: &Database, lodge: &Lodge, since: i32, left: i32) -> ReservationId {
    sqlx::query(
        "INSERT INTO channel_accounts (tenant_id, id, provider, external_id, secret_ref)
         VALUES ($1, $2, 'whatsapp', '1001', 'WHATSAPP_ACCESS_TOKEN') ON CONFLICT DO NOTHING",
    )
    .bind(lodge.tenant.uuid())
    .bind(Uuid::now_v7())
    .execute(database.pool())
    .await
    .unwrap();
    let phone = format!("549{}", Uuid::now_v7().as_u128() % 10_000_000_000);
    let chat = database.chat("1001", &phone).await;
    let quote = lodge.quote(vec![lodge.any(10, 12)]).await.unwrap();
    let request = HoldRequest {
        who: Who::Known(chat.guest),
        ..Lodge::request(&quote)
    };
    let held = hold(database.store(), &lodge.by, &request, |_| Value::Null)
        .await
        .unwrap();
    let id = held.reservation.unwrap();
    ends_in(database, id, left).await;
    sqlx::query(
        "UPDATE reservations SET created_at = now() - make_interval(mins => $2) WHERE id = $1",
    )
    .bind(id.uuid())
    .bind(since)
    .execute(database.pool())
    .await
    .unwrap();
    id
}

async fn ends_in(database: &Database, id: ReservationId, minutes: i32) {
    sqlx::query(
        "UPDATE reservations SET hold_expires_at = now() + make_interval(mins => $2) WHERE id = $1",
    )
    .bind(id.uuid())
    .bind(minutes)
    .execute(database.pool())
    .await
    .unwrap();
}

async fn reminders(database: &Database) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT payload -> 'event' ->> 'reservation' FROM mailbox
         WHERE kind = 'event' AND payload -> 'event' ->> 'what' = 'hold_ending' ORDER BY stored_at",
    )
    .fetch_all(database.pool())
    .await
    .unwrap()
}

async fn settle(database: &Database, sql: &'static str) {
    sqlx::query(sql).execute(database.pool()).await.unwrap();
}

#[tokio::test]
async fn a_guest_is_reminded_once_of_each_end_of_a_hold() {
    let database = database().await;
    let (jobs, ..) = jobs(&database);
    let lodge = database.lodge(3).await;
    let soon = held(&database, &lodge, 25, 5).await;
    let later = held(&database, &lodge, 25, 15).await;
    assert_eq!(
        jobs.run(Kind::RemindHolds).await.unwrap(),
        "1 guests reminded"
    );
    assert_eq!(
        jobs.run(Kind::RemindHolds).await.unwrap(),
        "0 guests reminded"
    );
    assert_eq!(reminders(&database).await, [soon.to_string()]);
    ends_in(&database, later, 9).await;
    jobs.run(Kind::RemindHolds).await.unwrap();
    assert_eq!(
        reminders(&database).await,
        [soon.to_string(), later.to_string()]
    );
    // Prolonged: another end, another reminder.
    ends_in(&database, soon, 7).await;
    jobs.run(Kind::RemindHolds).await.unwrap();
    assert_eq!(reminders(&database).await.len(), 3);
}

#[tokio::test]
async fn two_schedulers_remind_once() {
    let database = database().await;
    let ((one, ..), (other, ..)) = (jobs(&database), jobs(&database));
    let lodge = database.lodge(8).await;
    for _ in 0..8 {
        held(&database, &lodge, 25, 5).await;
    }
    let (one, other) = tokio::join!(one.run(Kind::RemindHolds), other.run(Kind::RemindHolds));
    one.unwrap();
    other.unwrap();
    assert_eq!(reminders(&database).await.len(), 8);
}

#[tokio::test]
async fn nobody_is_reminded_who_need_not_or_will_not_hear() {
    let database = database().await;
    let (jobs, ..) = jobs(&database);
    let lodge = database.lodge(2).await;
    // Ten minutes were all it had.
    held(&database, &lodge, 1, 9).await;
    let id = held(&database, &lodge, 25, 5).await;
    let quiet = async |why: &str| {
        assert_eq!(
            jobs.run(Kind::RemindHolds).await.unwrap(),
            "0 guests reminded",
            "{why}"
        );
    };
    settle(&database, "UPDATE guests SET opted_out_at = now()").await;
    quiet("opted out").await;
    settle(
        &database,
        "UPDATE guests SET opted_out_at = NULL, kind = 'personal'",
    )
    .await;
    quiet("personal").await;
    settle(&database, "UPDATE guests SET kind = 'guest'").await;
    settle(&database, "UPDATE properties SET remind_minutes = 0").await;
    quiet("the property reminds nobody").await;
    settle(&database, "UPDATE properties SET remind_minutes = 10").await;
    for awaiting in ["verification", "owner"] {
        sqlx::query("UPDATE reservations SET awaiting = $1")
            .bind(awaiting)
            .execute(database.pool())
            .await
            .unwrap();
        quiet(awaiting).await;
    }
    settle(&database, "UPDATE reservations SET awaiting = 'payment'").await;
    ends_in(&database, id, -1).await;
    quiet("it is over").await;
    ends_in(&database, id, 5).await;
    // She may hold nights by a link and have no chat.
    settle(&database, "DELETE FROM conversations").await;
    assert_eq!(
        jobs.run(Kind::RemindHolds).await.unwrap(),
        "0 guests reminded"
    );
    assert!(reminders(&database).await.is_empty());
}
