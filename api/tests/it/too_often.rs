//! So many requests of one address to one route.

use reqwest::{Method, StatusCode, header::RETRY_AFTER};

use serde_json::json;
use uuid::Uuid;

use crate::app::{TestApp, app_with, send};

/// Counts in Redis are shared with whoever else tests here: each test is an address of its own.
fn address(last: &str) -> String {
    let id = uuid::Uuid::now_v7().as_u128();
    format!(
        "2001:db8:{:x}:{:x}::{last}",
        (id >> 96) & 0xffff,
        id & 0xffff
    )
}

async fn ask(app: &TestApp, path: &str, from: &str) -> (StatusCode, Option<u64>) {
    let request = app
        .request(Method::GET, path)
        .header("X-Forwarded-For", from);
    let answer = send(request).await;
    let wait = answer.headers.get(RETRY_AFTER);
    let wait = wait.map(|wait| wait.to_str().unwrap().parse().unwrap());
    (answer.status, wait)
}

async fn three_a_minute(app: &TestApp, counted_by: &str) {
    let (villain, neighbour) = (address("1"), address("1"));
    for _ in 0..3 {
        assert_eq!(ask(app, "/me", &villain).await.0, StatusCode::UNAUTHORIZED);
    }
    let (status, wait) = ask(app, "/me", &villain).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!((1..=20).contains(&wait.unwrap()), "{wait:?}");
    // The same customer's next address is the same; another route and another customer are not.
    let same = villain.replace("::1", "::2");
    assert_eq!(
        ask(app, "/me", &same).await.0,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(
        ask(app, "/tokens", &villain).await.0,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        ask(app, "/me", &neighbour).await.0,
        StatusCode::UNAUTHORIZED
    );
    let line =
        format!("posta_rate_limited_total{{counted_by=\"{counted_by}\",route=\"/api/v1/me\"}} 2");
    let metrics = app.metrics().await;
    assert!(metrics.contains(&line), "{metrics}");
}

#[tokio::test]
async fn redis_counts_for_every_process() {
    let redis = std::env::var("REDIS_URL").expect("REDIS_URL names a Redis for tests");
    let settings = [
        ("RATE_LIMIT_PER_MINUTE", "3"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
        ("REDIS_URL", redis.as_str()),
        // The machine is busy with other tests.
        ("REDIS_TIMEOUT", "1s"),
    ];
    let (app, other) = (app_with(&settings).await, app_with(&settings).await);
    connected(&app).await;
    connected(&other).await;
    three_a_minute(&app, "redis").await;
    let villain = address("1");
    for server in [&app, &other, &app] {
        assert_eq!(
            ask(server, "/me", &villain).await.0,
            StatusCode::UNAUTHORIZED
        );
    }
    assert_eq!(
        ask(&other, "/me", &villain).await.0,
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn without_redis_each_process_counts_for_itself() {
    let settings = [
        ("RATE_LIMIT_PER_MINUTE", "3"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
        ("REDIS_URL", "redis://127.0.0.1:1/0"),
    ];
    three_a_minute(&app_with(&settings).await, "local").await;
}

#[tokio::test]
async fn one_address_does_not_hold_the_whole_season() {
    let settings = [
        ("RATE_LIMIT_PER_MINUTE", "6"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
        ("REDIS_URL", "redis://127.0.0.1:1/0"),
    ];
    let app = app_with(&settings).await;
    let try_one = async |from: &str| {
        let body = json!({ "quote": Uuid::now_v7(), "method": "transfer",
                           "guest": { "name": "Ana", "phone": "+54 9 294 412-3456" } });
        let request = app.request(Method::POST, "/reservations").json(&body);
        let request = request.header("X-Forwarded-For", from);
        send(request.header("Idempotency-Key", Uuid::now_v7().to_string())).await
    };
    let (villain, neighbour) = (address("1"), address("1"));
    for _ in 0..2 {
        assert_eq!(try_one(&villain).await.status, StatusCode::NOT_FOUND);
    }
    let third = try_one(&villain).await;
    assert_eq!(third.body["code"], "too_many_holds", "{}", third.text);
    let wait: u64 = third.headers[RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((600..=900).contains(&wait), "{wait}");
    assert_eq!(try_one(&neighbour).await.status, StatusCode::NOT_FOUND);
}

/// Waits until a refusal is counted by Redis.
async fn connected(app: &TestApp) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let line = "posta_rate_limited_total{counted_by=\"redis\",route=\"none\"}";
    let from = address("9");
    while !app.metrics().await.contains(line) {
        assert!(
            std::time::Instant::now() < deadline,
            "Redis does not answer"
        );
        ask(app, "/nothing", &from).await;
    }
}
