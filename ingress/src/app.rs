//! What every request needs, built once by the composition root.

use std::sync::Arc;
use std::time::Duration;

use posta_bus::Publisher;
use posta_runtime::clock::Clock;
use secrecy::SecretString;

use crate::admission::Admission;
use crate::idempotency::Idempotency;
use crate::metrics::Metrics;
use crate::sampled::Sampled;

/// The parts of the server that requests share.
pub(crate) struct App {
    pub(crate) limits: Limits,
    pub(crate) secrets: Secrets,
    pub(crate) admission: Admission,
    pub(crate) publisher: Publisher,
    pub(crate) idempotency: Idempotency,
    pub(crate) metrics: Metrics,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) refusals: Sampled,
    pub(crate) outages: Sampled,
}

/// Bounds of one request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) max_body: usize,
    pub(crate) body_timeout: Duration,
    /// Longer than the publisher's own bound, which is what normally ends a wait.
    pub(crate) publish_timeout: Duration,
}

/// What requests are verified with.
pub(crate) struct Secrets {
    pub(crate) whatsapp: Vec<SecretString>,
    pub(crate) whatsapp_verify_token: Option<SecretString>,
    pub(crate) mercadopago: Vec<SecretString>,
}
