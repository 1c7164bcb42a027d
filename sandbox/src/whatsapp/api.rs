//! The Graph API's side: sending, marking as read, looking things up.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::TimeDelta;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;

use super::chat::Side;
use super::errors::GraphError;
use super::faults::{Fault, Kind, Target, find};
use super::ids::{self, Direction};
use super::simulator::Inner;
use super::statuses::{self, Subject};
use super::validate::{self, Recipient, Submitted};
use super::{guest, media};
use crate::lock::lock;
use crate::serve::hang_up;

const WINDOW: TimeDelta = TimeDelta::hours(24);

/// `POST /{version}/{phone number id}/messages`
pub(crate) async fn messages(
    State(inner): State<Arc<Inner>>,
    Path((_version, number)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !bearer_is_right(&inner, &headers) {
        return refuse(&inner, unauthorised());
    }
    if number != inner.config.phone_number_id {
        return refuse(&inner, GraphError::unknown_object(&number));
    }
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return refuse(
            &inner,
            GraphError::invalid("The request body is not valid JSON"),
        );
    };
    if body["status"].as_str().is_some() {
        return mark_read(&inner, &body)
            .map_or_else(|error| refuse(&inner, error), IntoResponse::into_response);
    }
    let struck = {
        let mut world = lock(&inner.world);
        let world = &mut *world;
        world.faults.strike(Target::Whatsapp, &mut world.rng)
    };
    if find(&struck, Kind::Drop).is_some() {
        lock(&inner.world).counters.dropped += 1;
        return hang_up();
    }
    let failure = find(&struck, Kind::Status).map(|fault| (fault.asynchronous, fault_error(fault)));
    if let Some((false, error)) = &failure {
        return refuse(&inner, error.clone());
    }
    let submitted = match validate::message(&body) {
        Ok(submitted) => submitted,
        Err(error) => return refuse(&inner, error),
    };
    let cut = find(&struck, Kind::Cut).is_some();
    let answer = match accept(&inner, submitted, cut, failure.map(|(_, error)| error)) {
        Ok(answer) => answer,
        Err(error) => return refuse(&inner, error),
    };
    if let Some(delay) = find(&struck, Kind::Delay) {
        tokio::time::sleep(Duration::from_millis(delay.ms.unwrap_or(1_000))).await;
    }
    if cut {
        hang_up()
    } else {
        Json(answer).into_response()
    }
}

/// Takes the message into the chat and starts its statuses.
fn accept(
    inner: &Arc<Inner>,
    submitted: Submitted,
    cut: bool,
    failure: Option<GraphError>,
) -> Result<Value, GraphError> {
    let now = inner.clock.now();
    let mut world = lock(&inner.world);
    let phone = match &submitted.to {
        Recipient::Phone(phone) => phone.clone(),
        Recipient::UserId(id) => world
            .phone_of(id)
            .ok_or_else(|| GraphError::of(131026, "Message undeliverable"))?,
    };
    if phone == inner.config.display_phone {
        return Err(GraphError::of(
            131021,
            "Sender and recipient phone number is the same.",
        ));
    }
    let open = world
        .last_guest_at
        .get(&phone)
        .is_some_and(|at| now - *at < WINDOW);
    if !open && submitted.kind != "template" {
        return Err(GraphError::of(
            131047,
            "Message failed to send because more than 24 hours have passed since the \
             customer last replied to this number.",
        ));
    }
    if inner.config.limits {
        world.limits.take(&phone, now)?;
    }
    let contact = world.guest(&phone, None);
    let wamid = ids::wamid(&mut world.rng, &phone, Direction::FromBusiness);
    world.counters.accepted += 1;
    if let Some(data) = &submitted.callback_data {
        *world.accepted_by_callback.entry(data.clone()).or_default() += 1;
    }
    if cut {
        world.counters.cut += 1;
        world.cut_callbacks.extend(submitted.callback_data.clone());
    }
    let mut entry = guest::entry(&wamid, Side::Business, now);
    entry.kind = submitted.kind;
    entry.text = submitted.text;
    entry.choices = submitted.choices;
    entry.link = submitted.link;
    entry.callback_data.clone_from(&submitted.callback_data);
    entry.context = submitted.context;
    entry.cut = cut;
    world
        .chats
        .entry(phone.clone())
        .or_default()
        .messages
        .push(entry);
    drop(world);
    let subject = Subject {
        guest: phone.clone(),
        wamid: wamid.clone(),
        callback_data: submitted.callback_data,
    };
    statuses::follow(inner, subject, failure);
    let contact = match submitted.to {
        Recipient::Phone(_) => json!({ "input": format!("+{phone}"), "wa_id": phone }),
        Recipient::UserId(id) => json!({ "input": id, "user_id": contact.user_id }),
    };
    Ok(
        json!({ "messaging_product": "whatsapp", "contacts": [contact], "messages": [{ "id": wamid }] }),
    )
}

fn mark_read(inner: &Inner, body: &Value) -> Result<Json<Value>, GraphError> {
    let id = body["message_id"].as_str().unwrap_or_default();
    if body["status"].as_str() != Some("read")
        || body["messaging_product"].as_str() != Some("whatsapp")
    {
        return Err(GraphError::invalid("status must be one of {read}"));
    }
    let typing = &body["typing_indicator"];
    if !typing.is_null() && typing["type"].as_str() != Some("text") {
        return Err(GraphError::invalid(
            "typing_indicator['type'] must be one of {text}",
        ));
    }
    let mut world = lock(&inner.world);
    let mut found = false;
    for chat in world.chats.values_mut() {
        if let Some(entry) = chat.find_mut(id).filter(|entry| entry.side == Side::Guest) {
            entry.seen_by_business = true;
            found = true;
        }
    }
    if !found {
        return Err(GraphError::of(131009, "Message ID does not exist"));
    }
    world.counters.read_marks += 1;
    Ok(Json(json!({ "success": true })))
}

/// `GET /{version}/{id}`: media, the number, or the account.
pub(crate) async fn lookup(
    State(inner): State<Arc<Inner>>,
    Path((_version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if !bearer_is_right(&inner, &headers) {
        return refuse(&inner, unauthorised());
    }
    let config = &inner.config;
    if id == config.phone_number_id {
        return Json(json!({
            "verified_name": "Posta", "display_phone_number": config.display_phone, "quality_rating": "GREEN", "id": id,
        }))
        .into_response();
    }
    if id == config.waba_id {
        return Json(json!({ "id": id, "name": "Posta" })).into_response();
    }
    media::describe(&inner, &id).unwrap_or_else(|error| refuse(&inner, error))
}

/// `GET /{version}/{account id}/subscribed_apps`
pub(crate) async fn subscribed_apps(
    State(inner): State<Arc<Inner>>,
    Path((_version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if !bearer_is_right(&inner, &headers) {
        return refuse(&inner, unauthorised());
    }
    if id != inner.config.waba_id {
        return refuse(&inner, GraphError::unknown_object(&id));
    }
    Json(json!({ "data": [{ "whatsapp_business_api_data": { "name": "Posta", "id": "1" } }] }))
        .into_response()
}

pub(crate) fn bearer_is_right(inner: &Inner, headers: &HeaderMap) -> bool {
    let shown = headers
        .get("authorization")
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let right = inner.config.access_token.expose_secret().as_bytes();
    shown.is_some_and(|shown| bool::from(shown.ct_eq(right)))
}

fn unauthorised() -> GraphError {
    let mut error = GraphError::of(190, "");
    "Invalid OAuth access token - Cannot parse access token".clone_into(&mut error.message);
    error
}

fn fault_error(fault: &Fault) -> GraphError {
    let code = fault.code.unwrap_or(131016);
    let mut error = GraphError::of(code, "Fault asked for by the sandbox's control API");
    if let Some(status) = fault.status {
        error.status = status;
    }
    error
}

fn refuse(inner: &Inner, error: GraphError) -> Response {
    let mut world = lock(&inner.world);
    *world.counters.refused.entry(error.code).or_default() += 1;
    let trace = ids::trace_id(&mut world.rng);
    drop(world);
    error.into_response(&trace)
}
