//! What the scheduler shows.

use posta_runtime::metrics::{MetricsError, Registry};
use prometheus::{IntCounterVec, IntGauge, IntGaugeVec};

/// The metrics. Clones share them.
#[derive(Debug, Clone)]
pub struct SchedulerMetrics {
    pub(super) leading: IntGauge,
    pub(super) runs: IntCounterVec,
    pub(super) books: IntGaugeVec,
    pub(super) residue: IntGauge,
}

impl SchedulerMetrics {
    /// Registers them.
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        Ok(Self {
            leading: registry.gauge(
                "posta_scheduler_leading",
                "1 on the scheduler that runs the jobs.",
            )?,
            runs: registry.counter_vec(
                "posta_job_runs_total",
                "Jobs by outcome.",
                &["job", "outcome"],
            )?,
            books: registry.gauge_vec(
                "posta_books",
                "What is on each page of the books.",
                &["kind"],
            )?,
            residue: registry.gauge(
                "posta_books_residue",
                "What should not be on the books at all.",
            )?,
        })
    }
}
