//! Requests of one address to one route.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use posta_runtime::{clock::Clock, config::ApiConfig, metrics::Registry, redis::Redis};

use crate::state::AppState;

/// Counts.
#[derive(Clone)]
pub struct RateLimit {}

impl RateLimit {
    /// Reads its settings.
    pub fn new(
        _config: &ApiConfig,
        _redis: Redis,
        _clock: Arc<dyn Clock>,
        _registry: &Registry,
    ) -> anyhow::Result<Self> {
        Ok(Self {})
    }
}

/// The layer: runs after routing, so that the matched path is known.
pub async fn layer(State(_state): State<AppState>, request: Request, next: Next) -> Response {
    next.run(request).await
}
