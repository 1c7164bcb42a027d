//! What sending counts.

use posta_runtime::metrics::{MetricsError, Registry};
use prometheus::{HistogramVec, IntCounter, IntCounterVec, IntGauge};

/// The counters. Clones share them.
#[derive(Debug, Clone)]
pub struct DeliveryMetrics {
    pub(super) outcomes: IntCounterVec,
    pub(super) seconds: HistogramVec,
    pub(super) resends: IntCounter,
    pub(super) limited: IntCounterVec,
    pub(super) open_breakers: IntGauge,
}

impl DeliveryMetrics {
    /// Registers them.
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        Ok(Self {
            outcomes: registry.counter_vec(
                "posta_delivery_attempts_total",
                "Attempts by outcome.",
                &["outcome"],
            )?,
            seconds: registry.histogram_vec(
                "posta_delivery_attempt_seconds",
                "Time of one attempt at the provider.",
                &["outcome"],
            )?,
            resends: registry.counter(
                "posta_delivery_resends_total",
                "Rows sent once more because nobody knows whether the first attempt arrived.",
            )?,
            open_breakers: registry.gauge(
                "posta_delivery_open_breakers",
                "Accounts nothing is tried for at the moment.",
            )?,
            limited: registry.counter_vec(
                "posta_delivery_held_back_total",
                "Attempts put off by our own limits or an open breaker.",
                &["by"],
            )?,
        })
    }
}
