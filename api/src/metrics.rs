//! What the API counts.

use posta_runtime::metrics::{MetricsError, Registry};
use prometheus::{HistogramVec, IntCounterVec, IntGauge};

/// Handles; the registry shows them.
#[derive(Debug, Clone)]
pub(crate) struct Metrics {
    /// By matched route, method and class of status.
    pub(crate) requests: IntCounterVec,
    /// By matched route and method.
    pub(crate) seconds: HistogramVec,
    /// Being worked on.
    pub(crate) in_flight: IntGauge,
    /// How the taking of nights in Redis went.
    pub(crate) night_locks: IntCounterVec,
    /// What became of holds: held, replayed, or why not.
    pub(crate) holds: IntCounterVec,
}

impl Metrics {
    pub(crate) fn register(registry: &Registry) -> Result<Self, MetricsError> {
        Ok(Self {
            requests: registry.counter_vec(
                "posta_http_requests_total",
                "Requests answered, by matched route, method and class of status.",
                &["route", "method", "status"],
            )?,
            seconds: registry.histogram_vec(
                "posta_http_request_seconds",
                "From the request's head to its answer, by matched route and method.",
                &["route", "method"],
            )?,
            in_flight: registry.gauge("posta_http_in_flight", "Requests being worked on.")?,
            night_locks: registry.counter_vec(
                "posta_night_locks_total",
                "Nights taken in Redis before a hold: taken, busy, skipped.",
                &["outcome"],
            )?,
            holds: registry.counter_vec(
                "posta_holds_total",
                "Attempts to hold nights, by outcome.",
                &["outcome"],
            )?,
        })
    }
}
