//! So many requests at once, and so long at most.
//!
//! The work runs in a task of its own: a panic in it is a 500 and not a broken connection, and a client that leaves
//! does not cut a transaction's answer off from its idempotency key. What takes too long is given up: its transaction
//! rolls back.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tracing::Instrument as _;

use crate::{problem::Problem, state::AppState};

/// Whoever comes too early should not come back at once.
const RETRY_AFTER: u64 = 1;

pub(crate) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Ok(permit) = std::sync::Arc::clone(&state.admission).try_acquire_owned() else {
        return Problem::unavailable(RETRY_AFTER).into_response();
    };
    let (timeout, in_flight) = (state.config.timeout, state.metrics.in_flight.clone());
    let work = async move {
        // Released when the work ends, however it does.
        let _permit = permit;
        let _in_flight = InFlight::new(in_flight);
        if let Ok(response) = tokio::time::timeout(timeout, next.run(request)).await {
            response
        } else {
            tracing::warn!(
                timeout_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX),
                "gave up a request that took too long"
            );
            Problem::unavailable(RETRY_AFTER).into_response()
        }
    };
    match state.tasks().spawn(work.in_current_span()).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a handler panicked"
            );
            Problem::internal().into_response()
        }
    }
}

struct InFlight(prometheus::IntGauge);

impl InFlight {
    fn new(gauge: prometheus::IntGauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}
