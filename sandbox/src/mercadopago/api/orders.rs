//! `/merchant_orders`

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::{Page, call, value};
use crate::lock::lock;
use crate::mercadopago::errors::ApiError;
use crate::mercadopago::faults::Target;
use crate::mercadopago::simulator::Inner;
use crate::mercadopago::world::World;

/// `GET /merchant_orders/{id}`
pub(crate) async fn get(
    State(inner): State<Arc<Inner>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    call(&inner, Target::MerchantOrder, &headers, || {
        let world = lock(&inner.world);
        let found = id
            .parse()
            .ok()
            .and_then(|id| body(&world, id, inner.config.collector_id));
        found
            .map(|order| Json(order).into_response())
            .ok_or_else(|| ApiError::not_found("Merchant order"))
    })
    .await
}

/// `GET /merchant_orders/search`
pub(crate) async fn search(
    State(inner): State<Arc<Inner>>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    call(&inner, Target::MerchantOrderSearch, &headers, || {
        let page = Page::of(&query);
        let is = |order: &Value, name: &str| {
            value(&query, name).is_none_or(|text| order[name].as_str() == Some(text))
        };
        let world = lock(&inner.world);
        let found: Vec<Value> = world
            .orders
            .keys()
            .filter_map(|id| body(&world, *id, inner.config.collector_id))
            .filter(|order| {
                is(order, "preference_id") && is(order, "external_reference") && is(order, "status")
            })
            .collect();
        let total = found.len();
        let elements = page.cut(found);
        let next = page.offset + elements.len();
        Ok(
            Json(json!({ "elements": elements, "next_offset": next, "total": total }))
                .into_response(),
        )
    })
    .await
}

fn body(world: &World, id: u64, collector: u64) -> Option<Value> {
    let order = world.orders.get(&id)?;
    let preference = world.preferences.get(&order.preference)?;
    Some(order.body(preference, &world.payments_of(&order.preference), collector))
}
