//! One span per message, continuing the trace it was published under.

use std::sync::Arc;

use async_trait::async_trait;
use posta_bus::{Handler, Incoming, Verdict};
use posta_runtime::telemetry::trace;
use tracing::Instrument as _;

/// Runs a handler inside the message's span. The bus logs the verdict.
pub struct Traced {
    queue: String,
    inner: Arc<dyn Handler>,
}

impl Traced {
    /// Around `inner`, for messages of `queue`.
    #[must_use]
    pub fn new(queue: String, inner: Arc<dyn Handler>) -> Self {
        Self { queue, inner }
    }
}

#[async_trait]
impl Handler for Traced {
    async fn handle(&self, incoming: &Incoming) -> Verdict {
        let span = trace::message(
            &self.queue,
            &incoming.message_id,
            incoming.attempt,
            incoming.traceparent.as_deref(),
        );
        self.inner.handle(incoming).instrument(span).await
    }
}
