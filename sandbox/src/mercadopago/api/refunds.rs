//! `/v1/payments/{id}/refunds`: an idempotency key is asked for before anything else, and a replay answers 200 with
//! nothing in it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde_json::Value;

use super::call;
use super::payments::number;
use crate::lock::lock;
use crate::mercadopago::errors::ApiError;
use crate::mercadopago::faults::Target;
use crate::mercadopago::money::Amount;
use crate::mercadopago::refund::Refund;
use crate::mercadopago::simulator::Inner;
use crate::mercadopago::till;

const LONGEST_KEY: usize = 64;

/// `POST /v1/payments/{id}/refunds`
pub(crate) async fn create(
    State(inner): State<Arc<Inner>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    call(&inner, Target::RefundCreate, &headers, || {
        let key = headers
            .get("x-idempotency-key")
            .and_then(|key| key.to_str().ok())
            .filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY)
            .ok_or_else(|| ApiError::rule(4292))?;
        // Two calls with one key at the same moment are one refund.
        let _alone = lock(&inner.refunding);
        if replayed(&inner, key) {
            return Ok(StatusCode::OK.into_response());
        }
        let id = number(&id)?;
        let refund = till::refund(&inner, id, amount(&body)?)?;
        let mut world = lock(&inner.world);
        world.refund_keys.insert(key.to_owned(), refund.id);
        world.counters.refunds_made += 1;
        Ok((StatusCode::CREATED, Json(refund.body())).into_response())
    })
    .await
}

/// `GET /v1/payments/{id}/refunds`
pub(crate) async fn list(
    State(inner): State<Arc<Inner>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    call(&inner, Target::Refund, &headers, || {
        let world = lock(&inner.world);
        let refunds = &world.payment(number(&id)?)?.refunds;
        let refunds: Vec<Value> = refunds.iter().map(Refund::body).collect();
        Ok(Json(refunds).into_response())
    })
    .await
}

/// `GET /v1/payments/{id}/refunds/{refund}`
pub(crate) async fn get(
    State(inner): State<Arc<Inner>>,
    Path((id, refund)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    call(&inner, Target::Refund, &headers, || {
        let world = lock(&inner.world);
        let payment = world.payment(number(&id)?)?;
        let found = payment
            .refunds
            .iter()
            .find(|known| known.id.to_string() == refund)
            .ok_or_else(|| ApiError::not_found("Refund"))?;
        Ok(Json(found.body()).into_response())
    })
    .await
}

fn replayed(inner: &Inner, key: &str) -> bool {
    let mut world = lock(&inner.world);
    let known = world.refund_keys.contains_key(key);
    world.counters.refunds_replayed += u64::from(known);
    known
}

/// No body, `{}` and `null` mean everything that is left.
fn amount(body: &[u8]) -> Result<Option<Amount>, ApiError> {
    if body.is_empty() {
        return Ok(None);
    }
    let body: Value = serde_json::from_slice(body).map_err(|_| ApiError::rule(1))?;
    match body.get("amount") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => Amount::of(value)
            .map(Some)
            .ok_or_else(|| ApiError::rule(2017)),
    }
}
