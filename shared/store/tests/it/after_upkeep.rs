//! What is looked after: overdue holds on the books, keys and sessions that nobody can use any more.

use posta_store::{
    booking::{expire_due, hold, idempotency::Key},
    books::{self, Kind},
    retention,
    testing::{Lodge, database},
};

#[tokio::test]
async fn a_hold_that_nobody_ends_is_on_the_books_after_a_minute() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let held = lodge.held(10, 12).await;
    let overdue = async || {
        let audited = books::audit(store, None).await.unwrap();
        let page = audited
            .pages
            .into_iter()
            .find(|page| page.kind == Kind::HoldsOverdue);
        page.unwrap().count
    };
    lodge.age(held.id).await;
    assert_eq!(overdue().await, 0, "the sweep has had no chance yet");
    sqlx::query("UPDATE reservations SET hold_expires_at = now() - interval '2 minutes'")
        .execute(database.pool())
        .await
        .unwrap();
    assert_eq!(overdue().await, 1);
    assert_eq!(expire_due(store, 10).await.unwrap(), 1);
    assert_eq!(overdue().await, 0);
}

#[tokio::test]
async fn keys_are_forgotten_after_two_days() {
    let database = database().await;
    let (store, lodge) = (database.store(), database.lodge(1).await);
    let quote = lodge.quote(vec![lodge.any(10, 12)]).await.unwrap();
    let mut request = Lodge::request(&quote);
    request.key = Some(Key {
        principal: "web".to_owned(),
        route: "reservations",
        key: "k".to_owned(),
        request_sha256: [0; 32],
    });
    hold(store, &lodge.by, &request, |_| serde_json::Value::Null)
        .await
        .unwrap();
    let keys = async || -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM idempotency_keys")
            .fetch_one(database.pool())
            .await
            .unwrap()
    };
    retention::purge(store, 30).await.unwrap();
    assert_eq!(keys().await, 1);
    sqlx::query("UPDATE idempotency_keys SET created_at = now() - interval '49 hours'")
        .execute(database.pool())
        .await
        .unwrap();
    retention::purge(store, 30).await.unwrap();
    assert_eq!(keys().await, 0);
}
