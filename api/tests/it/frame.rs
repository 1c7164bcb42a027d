//! What is true of every request.

use posta_api::texts::Texts;
use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use crate::app::{app, app_with, send};

#[tokio::test]
async fn a_path_that_is_not_there_and_a_method_that_is_not_are_problems() {
    let app = app().await;
    assert_eq!(app.get("/nothing").await.status, StatusCode::NOT_FOUND);
    let answer = send(app.request(Method::DELETE, "/quotes")).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.headers["allow"], "POST");
}

#[tokio::test]
async fn an_id_of_a_proxy_is_kept_and_anything_else_is_not() {
    let app = app().await;
    let id = Uuid::now_v7().to_string();
    let asked = |id: &str| {
        send(
            app.request(Method::GET, "/nothing")
                .header("X-Request-Id", id),
        )
    };
    assert_eq!(asked(&id).await.headers["x-request-id"], id.as_str());
    let other = asked("x\" onload=").await;
    let given = other.headers["x-request-id"].to_str().unwrap();
    assert!(Uuid::parse_str(given).is_ok());
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_told_apart() {
    let app = app().await;
    let post = |body: &'static str, kind: &'static str| {
        let request = app.request(Method::POST, "/quotes");
        send(request.header("content-type", kind).body(body))
    };
    let json = "application/json";
    assert_eq!(post("{", json).await.status, StatusCode::BAD_REQUEST);
    let wrong = post("{\"stays\": 3}", json).await;
    assert_eq!(
        (wrong.status, &wrong.body["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid_body"))
    );
    let unknown = post("{\"stays\": [], \"discount\": 1}", json).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        post("{}", "text/plain").await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    let large = json!({ "stays": [], "charge_currency": "x".repeat(300 * 1024) });
    assert_eq!(
        app.post("/quotes", &large).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn more_requests_at_once_than_are_borne_are_told_to_come_back() {
    let app = app_with(&[("API_MAX_IN_FLIGHT", "1")]).await;
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let path = format!("/accommodations?property={}", app.here.property);
        asked.spawn(send(app.request(Method::GET, &path)));
    }
    let answers = asked.join_all().await;
    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status != StatusCode::OK)
        .collect();
    assert!(!refused.is_empty() && refused.len() < 32);
    for answer in refused {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers["retry-after"], "1");
    }
}

#[tokio::test]
async fn without_its_database_the_server_says_so_and_when_to_come_back() {
    let app = app_with(&[("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")]).await;
    let answer = app
        .get(&format!("/accommodations?property={}", app.here.property))
        .await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers["retry-after"], "5");
}

#[tokio::test]
async fn metrics_name_matched_routes_and_nothing_that_stood_in_them() {
    let app = app().await;
    let id = Uuid::now_v7();
    app.get(&format!("/quotes/{id}")).await;
    app.get(&format!("/guest/{id}")).await;
    app.get("/nothing").await;
    let metrics = app.metrics().await;
    let counted = |line: &str| assert!(metrics.contains(line), "{metrics}");
    counted(
        r#"posta_http_requests_total{method="GET",route="/api/v1/quotes/{id}",status="4xx"} 1"#,
    );
    counted(
        r#"posta_http_requests_total{method="GET",route="/api/v1/guest/{token}",status="4xx"} 1"#,
    );
    counted(r#"posta_http_requests_total{method="GET",route="none",status="4xx"} 1"#);
    assert!(!metrics.contains(&id.to_string()));
}

#[tokio::test]
async fn a_server_that_is_stopped_ends_with_everything_answered() {
    let app = app().await;
    let path = format!("/accommodations?property={}", app.here.property);
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..4 {
        asked.spawn(send(app.request(Method::GET, &path)));
    }
    // Every one of them has arrived when its answer has.
    for answer in asked.join_all().await {
        assert_eq!(answer.status, StatusCode::OK);
    }
    tokio::time::timeout(std::time::Duration::from_secs(5), app.stop())
        .await
        .expect("it ends although connections are kept open");
}

#[test]
fn the_catalogue_has_no_error() {
    let texts = Texts::es_ar().unwrap();
    assert!(texts.has("title-refusal") && texts.has("detail-internal"));
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_given_up_soon() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let app = app().await;
    let mut stream = tokio::net::TcpStream::connect(app.addresses.api)
        .await
        .unwrap();
    let head = "POST /api/v1/quotes HTTP/1.1\r\nhost: posta\r\ncontent-type: application/json\r\n\
                content-length: 100\r\nconnection: close\r\n\r\n{";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer);
    // Long before the whole request's time is over.
    tokio::time::timeout(std::time::Duration::from_secs(10), read)
        .await
        .expect("an answer")
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("too_slow"), "{answer}");
}
