//! The control API: a test or a person makes guests write, things fail, and time pass.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::faults::Fault;
use super::guest::{Said, Say, SayError};
use super::history::Past;
use super::simulator::Inner;
use super::{delivery, guest, ids};
use crate::lock::lock;

/// How long `"wait": true` waits.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn say(State(inner): State<Arc<Inner>>, Json(say): Json<Say>) -> Response {
    let wait = say.wait;
    answer(guest::say(&inner, &say), wait).await
}

/// What the owner types, and to whom.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Echo {
    to: String,
    text: String,
    #[serde(default)]
    wait: bool,
}

pub(crate) async fn echo(State(inner): State<Arc<Inner>>, Json(echo): Json<Echo>) -> Response {
    answer(guest::echo(&inner, &echo.to, &echo.text), echo.wait).await
}

async fn answer(said: Result<Said, SayError>, wait: bool) -> Response {
    match said {
        Ok(Said { id, delivered }) => {
            let taken = if wait {
                Some(taken(delivered).await)
            } else {
                None
            };
            Json(json!({ "id": id, "taken": taken })).into_response()
        }
        Err(error) => problem(StatusCode::BAD_REQUEST, &chain(&error)),
    }
}

async fn taken(delivered: oneshot::Receiver<bool>) -> bool {
    matches!(
        tokio::time::timeout(PATIENCE, delivered).await,
        Ok(Ok(true))
    )
}

pub(crate) async fn raw(State(inner): State<Arc<Inner>>, body: Bytes) -> Response {
    guest::meet(&inner, &body);
    let answer = delivery::post(&inner, body).await;
    Json(json!({ "status": answer.status, "retry_after": answer.retry_after })).into_response()
}

pub(crate) async fn history(State(inner): State<Arc<Inner>>, body: Bytes) -> Response {
    let past = if body.is_empty() {
        Ok(Past::default())
    } else {
        serde_json::from_slice(&body)
    };
    match past {
        Ok(past) => {
            let sent = super::history::send(&inner, &past);
            Json(json!({
                "history_webhooks": sent.history_webhooks,
                "contact_webhooks": sent.contact_webhooks,
                "messages": sent.messages,
                "active": sent.active,
            }))
            .into_response()
        }
        Err(error) => problem(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

pub(crate) async fn chat(State(inner): State<Arc<Inner>>, Path(from): Path<String>) -> Json<Value> {
    let phone = ids::digits(&from);
    let world = lock(&inner.world);
    let messages = world
        .chats
        .get(&phone)
        .map_or_else(|| json!([]), |chat| json!(chat.messages));
    let name = world.guests.get(&phone).map(|guest| guest.name.clone());
    let window = world
        .last_guest_at
        .get(&phone)
        .map(|at| *at + chrono::TimeDelta::hours(24));
    Json(json!({ "from": phone, "name": name, "window_open_until": window, "messages": messages }))
}

pub(crate) async fn add_fault(
    State(inner): State<Arc<Inner>>,
    Json(fault): Json<Fault>,
) -> Response {
    if let Some(why) = fault.problem() {
        return problem(StatusCode::BAD_REQUEST, why);
    }
    let mut world = lock(&inner.world);
    world.faults.add(fault);
    Json(json!({ "faults": world.faults.list() })).into_response()
}

pub(crate) async fn clear_faults(State(inner): State<Arc<Inner>>) -> Json<Value> {
    lock(&inner.world).faults.clear();
    Json(json!({ "faults": [] }))
}

/// Moves the simulated clock.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advance {
    advance_seconds: i64,
}

pub(crate) async fn clock(
    State(inner): State<Arc<Inner>>,
    Json(advance): Json<Advance>,
) -> Json<Value> {
    inner.clock.advance(advance.advance_seconds);
    Json(json!({ "now": inner.clock.now(), "offset_seconds": inner.clock.offset_seconds() }))
}

pub(crate) async fn state(State(inner): State<Arc<Inner>>) -> Json<Value> {
    let world = lock(&inner.world);
    Json(json!(world.state(inner.clock.offset_seconds())))
}

fn problem(status: StatusCode, words: &str) -> Response {
    (status, Json(json!({ "error": words }))).into_response()
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        words.push_str(": ");
        words.push_str(&cause.to_string());
        source = cause.source();
    }
    words
}
