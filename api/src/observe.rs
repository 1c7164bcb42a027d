//! The outermost layer: a request gets its id and its span, its answer is counted, and a problem gets its words.
//!
//! Logs name the matched route: what stands in the path may be a secret.

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use posta_runtime::ids;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{extract::RequestId, problem::Problem, state::AppState};

/// Said in every answer, and found in logs and in the audit.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

pub(crate) async fn layer(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = given(request.headers()).unwrap_or_else(|| ids::v7(&*state.clock));
    request.extensions_mut().insert(RequestId(id));
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let method = known(request.method());
    let span =
        tracing::info_span!("request", http.route = route, http.method = method, request_id = %id);
    let began = state.clock.monotonic();
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = problem.render(&state.texts, id, response);
    }
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    let took = state.clock.monotonic().saturating_duration_since(began);
    let status = response.status();
    let class = match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    };
    let metrics = &state.metrics;
    metrics
        .requests
        .with_label_values(&[route.as_str(), method, class])
        .inc();
    metrics
        .seconds
        .with_label_values(&[route.as_str(), method])
        .observe(took.as_secs_f64());
    span.in_scope(|| {
        tracing::info!(
            http.status = status.as_u16(),
            duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            "answered"
        );
    });
    response
}

/// A proxy of ours may have given it one already. Anything but a UUID is not an id.
fn given(headers: &HeaderMap) -> Option<Uuid> {
    let text = headers.get(REQUEST_ID)?.to_str().ok()?;
    Uuid::try_parse(text).ok()
}

/// Methods are labels of metrics: a client must not invent them.
fn known(method: &http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}
