//! What the process writes down, and what it does not.

use std::process::Stdio;

use posta_store::access::Role;
use reqwest::{Client, Method, RequestBuilder};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};

use crate::{
    app::{SESSION_KEY, app},
    people::{PASSWORD, credentials, person},
};

/// Longer than any of this takes on a busy machine.
const DEADLINE: std::time::Duration = std::time::Duration::from_secs(30);

#[tokio::test]
async fn logs_name_routes_and_requests_and_never_secrets_or_guests() {
    let app = app().await;
    let ana = person(&app, &app.here, Role::Owner).await;
    let booking = app.held(20, 2).await;
    let guest_link = booking["guest_link"]["token"].as_str().unwrap().to_owned();
    let quote = app.quote(30, 2).await;

    let url = app.database.url();
    let mut process = Command::new(env!("CARGO_BIN_EXE_api"))
        .env_clear()
        .envs([
            ("API_ADDR", "127.0.0.1:0"),
            ("OPS_ADDR", "127.0.0.1:0"),
            ("SESSION_KEY", SESSION_KEY),
            ("DATABASE_URL", url.expose_secret()),
            ("REDIS_URL", "redis://127.0.0.1:1/0"),
            ("LOG_LEVEL", "debug"),
        ])
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
    let (mut log, mut api) = (String::new(), None);
    while api.is_none() {
        let line = lines
            .next_line()
            .await
            .unwrap()
            .expect("it says where it listens");
        let event: Value = serde_json::from_str(&line).unwrap();
        if event["listener"] == "api" {
            api = event["addr"].as_str().map(ToOwned::to_owned);
        }
        log += &line;
    }
    let reading = tokio::spawn(async move {
        while let Ok(Some(line)) = lines.next_line().await {
            log += &line;
        }
        log
    });

    let base = format!("http://{}/api/v1", api.unwrap());
    let client = Client::new();
    let ask = |method, path: &str| client.request(method, format!("{base}{path}"));
    let asked = json!({ "quote": quote["id"], "method": "transfer", "notes": "alergia al maní",
                       "guest": { "name": "Eva Quiroga", "phone": "+54 9 294 777-8888", "email": "eva.q@example.com" } });
    let token = &ana.token;
    let requests: Vec<RequestBuilder> = vec![
        ask(Method::GET, &format!("/guest/{guest_link}")),
        ask(Method::GET, &format!("/guest/{guest_link}x")),
        ask(Method::GET, &format!("/unknown/{guest_link}")),
        ask(Method::POST, "/login").json(&credentials(&ana.email, PASSWORD)),
        ask(Method::POST, "/login").json(&credentials(&ana.email, "contraseña errada")),
        ask(Method::POST, "/login")
            .json(&json!({ "email": ana.email, "password": ["dos", "claves"] })),
        ask(Method::GET, "/owner/reservations?text=Quiroga").bearer_auth(token),
        ask(Method::GET, "/owner/reservations").bearer_auth(format!("{token}x")),
        ask(Method::POST, "/reservations")
            .header("Idempotency-Key", "clave-secreta")
            .json(&asked),
    ];
    let mut statuses = Vec::new();
    for request in requests {
        statuses.push(request.send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses, [200, 404, 404, 200, 401, 422, 200, 401, 201]);
    let id = process.id().expect("it runs").to_string();
    Command::new("kill")
        .args(["-TERM", &id])
        .status()
        .await
        .unwrap();
    let ended = tokio::time::timeout(DEADLINE, process.wait()).await;
    assert!(ended.expect("it ends").unwrap().success());
    let log = reading.await.unwrap();

    for said in [
        "/api/v1/guest/{token}",
        "/api/v1/reservations",
        "request_id",
        "a login failed",
    ] {
        assert!(log.contains(said), "{said}");
    }
    let token_secret = token.trim_start_matches("posta_");
    for secret in [
        guest_link.as_str(),
        token_secret,
        PASSWORD,
        "contraseña errada",
        "claves",
        &ana.email,
        SESSION_KEY,
        "clave-secreta",
        "Quiroga",
        "777-8888",
        "2947778888",
        "eva.q@",
        "alergia",
    ] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
