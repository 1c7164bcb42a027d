//! A guest's own booking, by her link.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::app::{TestApp, app, app_with, send};

#[tokio::test]
async fn a_guest_sees_her_booking_and_nothing_keeps_it() {
    let app = app().await;
    let held = app.held(20, 3).await;
    let answer = app.get(&TestApp::link(&held)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.headers["cache-control"], "no-store");
    assert_eq!(answer.headers["referrer-policy"], "no-referrer");
    assert_eq!(answer.body["code"], held["code"]);
    assert_eq!(answer.body["guest"], "Ana Peña");
    assert_eq!(answer.body["actions"], json!(["cancel", "change"]));
    assert_eq!(answer.body["open"], held["charge"]);
    assert_eq!(answer.body["cancellation"]["refund"]["amount_minor"], 0);
}

#[tokio::test]
async fn looking_changes_nothing_and_a_wrong_link_is_the_same_as_none() {
    let app = app().await;
    let held = app.held(20, 3).await;
    let link = TestApp::link(&held);
    let before = app.get(&link).await;
    for path in [link.clone(), format!("{link}/cancellation")] {
        assert_eq!(
            send(app.request(Method::HEAD, &path)).await.status,
            StatusCode::OK
        );
        assert_eq!(app.get(&path).await.status, StatusCode::OK);
    }
    // What a preview of the link would have to do to cancel, it does not do.
    assert_eq!(
        app.get(&format!("{link}/cancel")).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(app.get(&link).await.body, before.body);
    let mut wrong = link.clone();
    let last = wrong.pop().unwrap();
    wrong.push(if last == 'A' { 'B' } else { 'A' });
    let answer = app.get(&wrong).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (StatusCode::NOT_FOUND, &json!("not_found"))
    );
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn cancelling_needs_a_yes_and_frees_the_nights() {
    let app = app().await;
    let held = app.held(20, 3).await;
    let link = TestApp::link(&held);
    let path = format!("{link}/cancel");
    let answer = app.post(&path, &json!({ "confirm": false })).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = app
        .post(&path, &json!({ "confirm": true, "version": 99 }))
        .await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (StatusCode::CONFLICT, &json!("changed_meanwhile"))
    );
    let answer = app
        .post(
            &path,
            &json!({ "confirm": true, "reason": "Nos enfermamos" }),
        )
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.body["booking"]["status"], "cancelled");
    assert_eq!(answer.body["booking"]["actions"], json!([]));
    let claims: i64 = sqlx::query_scalar("SELECT count(*) FROM claims")
        .fetch_one(app.database.pool())
        .await
        .unwrap();
    assert_eq!(claims, 0);
    let answer = app.post(&path, &json!({ "confirm": true })).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (StatusCode::CONFLICT, &json!("not_possible_now"))
    );
    assert_eq!(
        app.get(&format!("{link}/cancellation")).await.status,
        StatusCode::CONFLICT
    );
}

#[tokio::test]
async fn dates_are_changed_whole_or_not_at_all() {
    let app = app().await;
    let held = app.held(20, 3).await;
    let link = TestApp::link(&held);
    let change = |version: i64, stay| json!({ "version": version, "stays": [stay] });
    let version = app.get(&link).await.body["version"].as_i64().unwrap();
    let path = format!("{link}/change");

    let answer = app.post(&path, &change(version + 1, app.stay(30, 2))).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (StatusCode::CONFLICT, &json!("changed_meanwhile"))
    );
    let answer = app.post(&path, &change(version, app.stay(30, 1))).await;
    assert_eq!(
        (answer.status, &answer.body["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("below_minimum"))
    );
    let answer = app.post(&path, &change(version, app.stay(22, 4))).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(
        answer.body["stays"][0]["period"]["check_in"],
        app.day(22).to_string()
    );
    assert_eq!(answer.body["charge"]["amount_minor"], 42_000_000);

    // Both units are taken: nothing changes.
    app.held(40, 3).await;
    app.held(40, 3).await;
    let version = answer.body["version"].as_i64().unwrap();
    let refused = app.post(&path, &change(version, app.stay(41, 2))).await;
    assert_eq!(
        (refused.status, &refused.body["code"]),
        (StatusCode::CONFLICT, &json!("taken")),
        "{}",
        refused.text
    );
    assert_eq!(app.get(&link).await.body["stays"], answer.body["stays"]);
}

#[tokio::test]
async fn a_change_passes_the_fast_layer_over_nights_as_a_hold_does() {
    let app = app_with(&[("REDIS_URL", "redis://127.0.0.1:1/0")]).await;
    let held = app.held(20, 3).await;
    let link = TestApp::link(&held);
    let body =
        json!({ "version": app.get(&link).await.body["version"], "stays": [app.stay(30, 3)] });
    let changed = app.post(&format!("{link}/change"), &body).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    let metrics = app.metrics().await;
    assert!(
        metrics.contains(r#"posta_night_locks_total{outcome="skipped"} 2"#),
        "{metrics}"
    );
}
