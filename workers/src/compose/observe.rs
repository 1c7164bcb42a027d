//! The bus's metrics.

use std::time::Duration;

use posta_bus::Observer;
use posta_runtime::metrics::{MetricsError, Registry};
use prometheus::{HistogramVec, IntCounterVec, IntGaugeVec};

/// Counts what the bus reports.
#[derive(Debug, Clone)]
pub struct BusMetrics {
    published: IntCounterVec,
    publishing: HistogramVec,
    handled: IntCounterVec,
    handling: HistogramVec,
    connected: IntGaugeVec,
    paused: IntGaugeVec,
}

impl BusMetrics {
    /// Registers them.
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        Ok(Self {
            published: registry.counter_vec(
                "posta_bus_published_total",
                "Publishes by outcome.",
                &["outcome"],
            )?,
            publishing: registry.histogram_vec(
                "posta_bus_publish_seconds",
                "From a publish to the broker's confirm.",
                &["outcome"],
            )?,
            handled: registry.counter_vec(
                "posta_bus_handled_total",
                "Messages by queue and verdict.",
                &["queue", "verdict"],
            )?,
            handling: registry.histogram_vec(
                "posta_bus_handle_seconds",
                "Time in the handler.",
                &["queue"],
            )?,
            connected: registry.gauge_vec(
                "posta_bus_connected",
                "1 while the connection stands.",
                &["role"],
            )?,
            paused: registry.gauge_vec(
                "posta_bus_paused",
                "1 while consuming is paused because a dependency is away.",
                &["queue"],
            )?,
        })
    }
}

impl Observer for BusMetrics {
    fn published(&self, outcome: &'static str, took: Duration) {
        self.published.with_label_values(&[outcome]).inc();
        self.publishing
            .with_label_values(&[outcome])
            .observe(took.as_secs_f64());
    }

    fn handled(&self, queue: &str, verdict: &'static str, took: Duration) {
        self.handled.with_label_values(&[queue, verdict]).inc();
        self.handling
            .with_label_values(&[queue])
            .observe(took.as_secs_f64());
    }

    fn connected(&self, role: &'static str) {
        self.connected.with_label_values(&[role]).set(1);
    }

    fn disconnected(&self, role: &'static str) {
        self.connected.with_label_values(&[role]).set(0);
    }

    fn paused(&self, queue: &str, dependency: &str) {
        self.paused.with_label_values(&[queue]).set(1);
        tracing::warn!(
            queue,
            dependency,
            "consuming is paused until the dependency is back"
        );
    }

    fn resumed(&self, queue: &str) {
        self.paused.with_label_values(&[queue]).set(0);
        tracing::info!(queue, "consuming goes on");
    }
}
