//! Holding nights through HTTP.

use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use crate::app::{app, app_with, send};

#[tokio::test]
async fn a_hold_says_until_when_for_how_much_and_how_to_come_back() {
    let app = app().await;
    let held = app.held(20, 3).await;
    assert_eq!(
        (&held["status"], &held["awaiting"]),
        (&json!("held"), &json!("payment"))
    );
    assert!(held["expires_at"].is_string() && held["code"].is_string());
    assert_eq!(held["stays"][0]["unit_type"], "Cabaña");
    let url = held["guest_link"]["url"].as_str().unwrap();
    let token = held["guest_link"]["token"].as_str().unwrap();
    assert_eq!(url, format!("https://posta.example/r/{token}"));
    // The database alone does not open it.
    let kept: String =
        sqlx::query_scalar("SELECT string_agg(answer::text, '') FROM idempotency_keys")
            .fetch_one(app.database.pool())
            .await
            .unwrap();
    assert!(kept.contains("guest_link") && !kept.contains(token));
}

#[tokio::test]
async fn the_same_key_and_body_get_the_same_bytes_and_another_body_is_refused() {
    let app = app().await;
    let quote = app.quote(20, 3).await;
    let first = app.hold(&quote, "key").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    assert!(!first.headers.contains_key("idempotent-replayed"));
    let second = app.hold(&quote, "key").await;
    assert_eq!(second.status, StatusCode::CREATED);
    assert_eq!(second.headers["idempotent-replayed"], "true");
    assert_eq!(second.text, first.text);

    let other = json!({ "quote": quote["id"], "guest": { "name": "Eva", "email": "eva@lago.example" }, "method": "cash" });
    let refused = app.hold_as(&other, "key").await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("key_reused"))
    );
    let another = app.hold(&quote, "another key").await;
    assert_eq!(
        (another.status, &another.body["code"]),
        (StatusCode::CONFLICT, &json!("quote_used"))
    );
}

#[tokio::test]
async fn two_of_a_kind_at_once_are_carried_out_once() {
    let app = app().await;
    let quote = app.quote(20, 3).await;
    let (one, two) = tokio::join!(app.hold(&quote, "key"), app.hold(&quote, "key"));
    assert_eq!(
        (one.status, two.status),
        (StatusCode::CREATED, StatusCode::CREATED),
        "{} {}",
        one.text,
        two.text
    );
    assert_eq!(one.text, two.text);
    let bookings: i64 = sqlx::query_scalar("SELECT count(*) FROM reservations")
        .fetch_one(app.database.pool())
        .await
        .unwrap();
    assert_eq!(bookings, 1);
}

#[tokio::test]
async fn whoever_is_too_late_is_told_why_and_what_is_free_and_can_use_the_key_again() {
    let app = app().await;
    let late = app.quote(20, 3).await;
    let first = app.held(20, 3).await;
    app.held(21, 2).await;
    let refused = app.hold(&late, "key").await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (StatusCode::CONFLICT, &json!("taken")),
        "{}",
        refused.text
    );
    let dates = refused.body["alternatives"]["dates"].as_array().unwrap();
    assert!(!dates.is_empty(), "{}", refused.text);

    let cancelled = app
        .post(
            &format!("{}/cancel", crate::app::TestApp::link(&first)),
            &json!({ "confirm": true }),
        )
        .await;
    assert_eq!(cancelled.status, StatusCode::OK, "{}", cancelled.text);
    let held = app.hold(&late, "key").await;
    assert_eq!(held.status, StatusCode::CREATED, "{}", held.text);
}

#[tokio::test]
async fn a_quote_whose_time_is_over_or_that_is_not_there_is_refused() {
    let app = app().await;
    sqlx::query("UPDATE properties SET quote_minutes = 1")
        .execute(app.database.pool())
        .await
        .unwrap();
    let quote = app.quote(20, 3).await;
    sqlx::query("ALTER TABLE quotes DISABLE TRIGGER quotes_immutable")
        .execute(app.database.pool())
        .await
        .unwrap();
    sqlx::query("UPDATE quotes SET valid_until = now() - interval '1 second'")
        .execute(app.database.pool())
        .await
        .unwrap();
    let refused = app.hold(&quote, "key").await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (StatusCode::CONFLICT, &json!("stale_quote"))
    );
    assert!(
        refused.body["detail"]
            .as_str()
            .unwrap()
            .contains("valía hasta el")
    );
    let refused = app.hold(&json!({ "id": Uuid::now_v7() }), "key").await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (StatusCode::NOT_FOUND, &json!("unknown"))
    );
}

#[tokio::test]
async fn a_hold_needs_a_key_and_somebody_who_can_be_reached() {
    let app = app().await;
    let quote = app.quote(20, 3).await;
    let guest = |guest| json!({ "quote": quote["id"], "guest": guest, "method": "transfer" });
    let body = guest(json!({ "name": "Ana", "phone": "+5492944123456" }));
    let bare = send(app.request(Method::POST, "/reservations").json(&body)).await;
    assert_eq!(
        (bare.status, &bare.body["code"]),
        (StatusCode::BAD_REQUEST, &json!("idempotency_key_missing"))
    );
    let long = app.hold_as(&body, &"k".repeat(256)).await;
    assert_eq!(
        (long.status, &long.body["code"]),
        (StatusCode::BAD_REQUEST, &json!("idempotency_key_invalid"))
    );
    for (wrong, field) in [
        (
            json!({ "name": " ", "phone": "+5492944123456" }),
            "guest.name",
        ),
        (
            json!({ "name": "A\u{0}na", "phone": "+5492944123456" }),
            "guest.name",
        ),
        (json!({ "name": "Ana" }), "guest.phone"),
        (json!({ "name": "Ana", "phone": "no tengo" }), "guest.phone"),
        (json!({ "name": "Ana", "email": "ana" }), "guest.email"),
    ] {
        let answer = app.hold_as(&guest(wrong), "key").await;
        assert_eq!(
            (answer.status, &answer.body["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field))
        );
    }
}

#[tokio::test]
async fn a_certain_cabin_can_be_asked_for() {
    let app = app().await;
    let quote = app.quote(20, 3).await;
    let body = |cabin: Uuid| {
        json!({ "quote": quote["id"], "guest": { "name": "Ana", "email": "ana@lago.example" }, "method": "cash",
                "cabins": [cabin] })
    };
    let answer = app.hold_as(&body(app.there.cabins[0]), "other").await;
    assert!(answer.status.is_client_error(), "{}", answer.text);
    let answer = app.hold_as(&body(app.here.cabins[1]), "key").await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(
        answer.body["stays"][0]["accommodation"],
        json!(app.here.cabins[1])
    );
}

#[tokio::test]
async fn without_redis_holds_are_the_database_s_to_decide() {
    let app = app_with(&[("REDIS_URL", "redis://127.0.0.1:1/0")]).await;
    let quotes = [
        app.quote(20, 3).await,
        app.quote(21, 3).await,
        app.quote(19, 3).await,
        app.quote(20, 2).await,
    ];
    let holds = quotes
        .iter()
        .map(|quote| async { app.hold(quote, "key").await.status });
    let mut statuses = Vec::new();
    let mut tasks = Vec::new();
    for hold in holds {
        tasks.push(hold);
    }
    let [one, two, three, four] =
        <[_; 4]>::try_from(tasks).unwrap_or_else(|_| unreachable!("four"));
    let (one, two, three, four) = tokio::join!(one, two, three, four);
    statuses.extend([one, two, three, four]);
    let held = statuses
        .iter()
        .filter(|status| **status == StatusCode::CREATED)
        .count();
    assert_eq!(held, 2, "{statuses:?}");
    assert!(
        statuses
            .iter()
            .all(|status| matches!(status.as_u16(), 201 | 409)),
        "{statuses:?}"
    );
    assert!(
        app.metrics()
            .await
            .contains(r#"posta_night_locks_total{outcome="skipped"} 4"#)
    );
}
