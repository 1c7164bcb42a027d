//! The API as the official SDKs use it. Every call is counted, may be struck by a fault, and shows its bearer.

pub(crate) mod orders;
pub(crate) mod payments;
pub(crate) mod preferences;
pub(crate) mod refunds;

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;

use super::errors::ApiError;
use super::faults::{Fault, Gone, Kind, Target, find};
use super::simulator::Inner;
use crate::lock::lock;
use crate::serve::hang_up;

/// Takes one call through everything that can happen to it.
pub(crate) async fn call(
    inner: &Arc<Inner>,
    endpoint: Target,
    headers: &HeaderMap,
    effect: impl FnOnce() -> Result<Response, ApiError>,
) -> Response {
    let (gone, struck) = {
        let mut world = lock(&inner.world);
        let world = &mut *world;
        *world.counters.calls.entry(endpoint).or_default() += 1;
        (world.gone(), world.faults.strike(endpoint, &mut world.rng))
    };
    match gone.map(|outage| outage.how) {
        Some(Gone::Closed) => return hang_up(),
        Some(Gone::Unavailable) => return refuse(inner, ApiError::fault(Some(503), None, None)),
        None => {}
    }
    if find(&struck, Kind::Drop).is_some() {
        return hang_up();
    }
    if let Some(fault) = find(&struck, Kind::Status) {
        return refuse(inner, asked_for(fault));
    }
    if !bearer_is_right(inner, headers) {
        return refuse(inner, ApiError::invalid_token());
    }
    let answer = effect().unwrap_or_else(|error| refuse(inner, error));
    if let Some(delay) = find(&struck, Kind::Delay) {
        tokio::time::sleep(Duration::from_millis(delay.ms.unwrap_or(1_000))).await;
    }
    if find(&struck, Kind::Cut).is_some() {
        lock(&inner.world).counters.cut += 1;
        return hang_up();
    }
    match find(&struck, Kind::StatusAfter) {
        Some(fault) => refuse(inner, asked_for(fault)),
        None => answer,
    }
}

fn asked_for(fault: &Fault) -> ApiError {
    ApiError::fault(fault.status, fault.code, fault.retry_after)
}

fn bearer_is_right(inner: &Inner, headers: &HeaderMap) -> bool {
    let shown = headers
        .get("authorization")
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let right = inner.config.access_token.expose_secret().as_bytes();
    shown.is_some_and(|shown| bool::from(shown.ct_eq(right)))
}

fn refuse(inner: &Inner, error: ApiError) -> Response {
    let mut world = lock(&inner.world);
    *world.counters.refused.entry(error.status).or_default() += 1;
    error.into_response(inner.clock.now(), &mut world.rng)
}

/// What leads nowhere.
pub(crate) async fn nowhere() -> Response {
    (
        axum::http::StatusCode::NOT_FOUND,
        axum::Json(serde_json::json!({
            "message": "resource not found", "error": "not_found", "status": 404, "cause": []
        })),
    )
        .into_response()
}

/// `limit` and `offset` of a search.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

impl Page {
    const USUAL: usize = 30;
    const MOST: usize = 100;

    pub(crate) fn of(query: &[(String, String)]) -> Self {
        let number = |name| value(query, name).and_then(|text| text.parse().ok());
        Self {
            limit: number("limit")
                .filter(|limit| *limit > 0)
                .unwrap_or(Self::USUAL)
                .min(Self::MOST),
            offset: number("offset").unwrap_or(0),
        }
    }

    pub(crate) fn cut<T>(self, all: Vec<T>) -> Vec<T> {
        all.into_iter().skip(self.offset).take(self.limit).collect()
    }
}

/// The first value of a query's name, unless it is empty.
pub(crate) fn value<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
        .filter(|value| !value.is_empty())
}
