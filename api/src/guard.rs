//! So many requests at once, and so long at most.
//!
//! The work runs in a task of its own: a panic in it is a 500 and not a broken connection, and a client that leaves
//! does not cut a transaction's answer off from its idempotency key. What takes too long is given up: its transaction
//! rolls back.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::{problem::Problem, state::AppState};

/// Whoever comes too early should not come back at once.
const RETRY_AFTER: u64 = 1;

pub(crate) async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Ok(permit) = std::sync::Arc::clone(&state.admission).try_acquire_owned() else {
        return Problem::unavailable(RETRY_AFTER).into_response();
    };
    let in_flight = state.metrics.in_flight.clone();
    let work = async move {
        // Released when the work ends, however it does.
        let _permit = permit;
        let _in_flight = InFlight::new(in_flight);
        next.run(request).await
    };
    apart(state.tasks(), state.config.timeout, work).await
}

/// The work in a task of its own.
async fn apart(
    tasks: &TaskTracker,
    timeout: Duration,
    work: impl Future<Output = Response> + Send + 'static,
) -> Response {
    let work = async move {
        if let Ok(response) = tokio::time::timeout(timeout, work).await {
            response
        } else {
            tracing::warn!(
                timeout_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX),
                "gave up a request that took too long"
            );
            Problem::unavailable(RETRY_AFTER).into_response()
        }
    };
    match tasks.spawn(work.in_current_span()).await {
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

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use tokio::sync::oneshot;

    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    #[tokio::test]
    async fn a_panic_is_a_500_with_words_and_the_next_request_is_answered() {
        let tasks = TaskTracker::new();
        let response = apart(&tasks, LONG, async { panic!("on purpose") }).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let problem = response.extensions().get::<Problem>().unwrap();
        assert_eq!(problem.code(), "internal");
        let response = apart(&tasks, LONG, async { "fine".into_response() }).await;
        assert_eq!(response.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn what_takes_too_long_is_given_up_with_a_503() {
        let tasks = TaskTracker::new();
        let response = apart(&tasks, Duration::from_millis(1), std::future::pending()).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(tasks.is_empty());
    }

    #[tokio::test]
    async fn work_goes_on_when_its_client_leaves() {
        let tasks = TaskTracker::new();
        let (begun, has_begun) = oneshot::channel();
        let (go, may_go) = oneshot::channel::<()>();
        let (done, is_done) = oneshot::channel();
        let work = async move {
            begun.send(()).unwrap();
            may_go.await.unwrap();
            done.send(()).unwrap();
            StatusCode::OK.into_response()
        };
        tokio::select! {
            _ = apart(&tasks, LONG, work) => panic!("it was let go on too early"),
            seen = has_begun => seen.unwrap(),
        }
        go.send(()).unwrap();
        is_done.await.unwrap();
    }
}
