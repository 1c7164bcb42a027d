//! `/checkout/preferences`

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{Page, call, value};
use crate::lock::lock;
use crate::mercadopago::errors::ApiError;
use crate::mercadopago::faults::Target;
use crate::mercadopago::simulator::Inner;
use crate::mercadopago::wanted::Wanted;

/// `POST /checkout/preferences`: an idempotency key changes nothing here.
pub(crate) async fn create(
    State(inner): State<Arc<Inner>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    call(&inner, Target::PreferenceCreate, &headers, || {
        let wanted = Wanted::parse(object(&body)?)?;
        let collector = inner.config.collector_id;
        let mut world = lock(&inner.world);
        let made = world.add_preference(wanted, collector, inner.clock.now());
        let answer = made.body(collector, &inner.base);
        Ok((StatusCode::CREATED, Json(answer)).into_response())
    })
    .await
}

/// `GET /checkout/preferences/{id}`
pub(crate) async fn get(
    State(inner): State<Arc<Inner>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    call(&inner, Target::Preference, &headers, || {
        let world = lock(&inner.world);
        let preference = world.preferences.get(&id).ok_or_else(unknown)?;
        Ok(Json(preference.body(inner.config.collector_id, &inner.base)).into_response())
    })
    .await
}

/// `PUT /checkout/preferences/{id}`
pub(crate) async fn update(
    State(inner): State<Arc<Inner>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    call(&inner, Target::PreferenceUpdate, &headers, || {
        let changes = object(&body)?;
        let mut world = lock(&inner.world);
        let preference = world.preferences.get_mut(&id).ok_or_else(unknown)?;
        preference.wanted = preference.wanted.merged(changes)?;
        preference.updated = Some(inner.clock.now());
        Ok(Json(preference.body(inner.config.collector_id, &inner.base)).into_response())
    })
    .await
}

/// `GET /checkout/preferences/search`
pub(crate) async fn search(
    State(inner): State<Arc<Inner>>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    call(&inner, Target::PreferenceSearch, &headers, || {
        let page = Page::of(&query);
        let reference = value(&query, "external_reference");
        let world = lock(&inner.world);
        let mut found: Vec<_> = world
            .preferences
            .values()
            .filter(|preference| {
                reference.is_none_or(|text| preference.wanted.reference.as_deref() == Some(text))
            })
            .collect();
        found.sort_by_key(|preference| (preference.created, preference.id.clone()));
        let total = found.len();
        let shown = page.cut(found);
        let elements: Vec<Value> = shown
            .iter()
            .map(|preference| preference.hit(inner.config.collector_id))
            .collect();
        let next = page.offset + elements.len();
        Ok(
            Json(json!({ "elements": elements, "next_offset": next, "total": total }))
                .into_response(),
        )
    })
    .await
}

fn object(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    serde_json::from_slice(body)
        .map_err(|_| ApiError::preference("bad_request", "The body is not a JSON object"))
}

fn unknown() -> ApiError {
    ApiError::not_found("Preference")
}
