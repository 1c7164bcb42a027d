//! `/v1/payments` and `/v1/chargebacks`

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Page, call, value};
use crate::lock::lock;
use crate::mercadopago::errors::ApiError;
use crate::mercadopago::faults::Target;
use crate::mercadopago::payment::Payment;
use crate::mercadopago::simulator::Inner;
use crate::mercadopago::till;

/// `GET /v1/payments/{id}`
pub(crate) async fn get(
    State(inner): State<Arc<Inner>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    call(&inner, Target::Payment, &headers, || {
        let id = number(&id)?;
        let mut world = lock(&inner.world);
        *world.reads.entry(id).or_default() += 1;
        Ok(Json(world.payment(id)?.body()).into_response())
    })
    .await
}

/// `PUT /v1/payments/{id}`: only cancelling is simulated.
pub(crate) async fn update(
    State(inner): State<Arc<Inner>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    call(&inner, Target::PaymentUpdate, &headers, || {
        let id = number(&id)?;
        let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
        if asked["status"].as_str() != Some("cancelled") {
            return Err(ApiError::rule(2018));
        }
        till::cancel(&inner, id)?;
        Ok(Json(lock(&inner.world).payment(id)?.body()).into_response())
    })
    .await
}

/// `GET /v1/payments/search`
pub(crate) async fn search(
    State(inner): State<Arc<Inner>>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    call(&inner, Target::PaymentSearch, &headers, || {
        let page = Page::of(&query);
        let wanted = Wanted::of(&query, inner.clock.now())?;
        let world = lock(&inner.world);
        let mut found: Vec<_> = world
            .payments
            .values()
            .filter(|payment| wanted.meets(payment))
            .collect();
        let sort = value(&query, "sort").unwrap_or("date_created");
        found.sort_by_key(|payment| (dated(payment, sort), payment.id));
        if value(&query, "criteria") == Some("desc") {
            found.reverse();
        }
        let total = found.len();
        let shown = page.cut(found);
        let results: Vec<Value> = shown.iter().map(|payment| payment.hit()).collect();
        Ok(Json(json!({
            "paging": { "total": total, "limit": page.limit, "offset": page.offset },
            "results": results
        }))
        .into_response())
    })
    .await
}

/// `GET /v1/chargebacks/{id}`
pub(crate) async fn chargeback(
    State(inner): State<Arc<Inner>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    call(&inner, Target::Chargeback, &headers, || {
        let world = lock(&inner.world);
        let found = id
            .parse()
            .ok()
            .and_then(|id: u64| world.chargebacks.get(&id));
        let found = found.ok_or_else(|| ApiError::not_found("Chargeback"))?;
        Ok(Json(found.body()).into_response())
    })
    .await
}

/// A payment's id; whatever is none is the id of nothing.
pub(crate) fn number(id: &str) -> Result<u64, ApiError> {
    id.parse().map_err(|_| ApiError::not_found("Payment"))
}

/// The filters of a search.
struct Wanted<'a> {
    reference: Option<&'a str>,
    status: Option<&'a str>,
    range: &'a str,
    begin: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
}

impl<'a> Wanted<'a> {
    fn of(query: &'a [(String, String)], now: DateTime<Utc>) -> Result<Self, ApiError> {
        let date = |name| match value(query, name) {
            None => Ok(None),
            Some(text) => moment(text, now)
                .map(Some)
                .ok_or_else(|| ApiError::rule(1001)),
        };
        Ok(Self {
            reference: value(query, "external_reference"),
            status: value(query, "status"),
            range: value(query, "range").unwrap_or("date_created"),
            begin: date("begin_date")?,
            end: date("end_date")?,
        })
    }

    fn meets(&self, payment: &Payment) -> bool {
        let at = dated(payment, self.range);
        let inside = match (at, self.begin.or(self.end)) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(at), Some(_)) => {
                self.begin.is_none_or(|begin| begin <= at) && self.end.is_none_or(|end| at <= end)
            }
        };
        inside
            && self
                .reference
                .is_none_or(|text| payment.reference.as_deref() == Some(text))
            && self.status.is_none_or(|status| payment.status == status)
    }
}

fn dated(payment: &Payment, field: &str) -> Option<DateTime<Utc>> {
    match field {
        "date_last_updated" => Some(payment.updated),
        "date_approved" | "money_release_date" => payment.approved,
        _ => Some(payment.created),
    }
}

/// An ISO date with an offset, `NOW`, or `NOW-30DAYS`.
fn moment(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if let Some(back) = text.strip_prefix("NOW") {
        if back.is_empty() {
            return Some(now);
        }
        let days: i64 = back.strip_prefix('-')?.strip_suffix("DAYS")?.parse().ok()?;
        return now.checked_sub_signed(TimeDelta::try_days(days)?);
    }
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|at| at.with_timezone(&Utc))
}
