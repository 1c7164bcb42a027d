//! The process's metrics: a registry of its own, no globals.
//!
//! Each part of a binary gets its metrics from the registry the composition root made, and keeps the handles.
//! Registering a name twice is an error at start, not a silent second series.

use prometheus::{
    Encoder as _, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, TextEncoder,
};

/// From a Redis call to a slow Graph API call, in seconds.
pub const LATENCY_BUCKETS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
];

/// A metric that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("could not register the metric {name}")]
pub struct MetricsError {
    name: String,
    #[source]
    source: prometheus::Error,
}

/// The metrics of one process. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    inner: prometheus::Registry,
}

impl Registry {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts events.
    pub fn counter(&self, name: &str, help: &str) -> Result<IntCounter, MetricsError> {
        self.register(name, IntCounter::new(name, help))
    }

    /// Counts events by label.
    pub fn counter_vec(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<IntCounterVec, MetricsError> {
        self.register(name, IntCounterVec::new(Opts::new(name, help), labels))
    }

    /// Shows a number that goes up and down.
    pub fn gauge(&self, name: &str, help: &str) -> Result<IntGauge, MetricsError> {
        self.register(name, IntGauge::new(name, help))
    }

    /// Shows numbers that go up and down, by label.
    pub fn gauge_vec(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<IntGaugeVec, MetricsError> {
        self.register(name, IntGaugeVec::new(Opts::new(name, help), labels))
    }

    /// Shows how durations (in seconds) are distributed.
    pub fn histogram(&self, name: &str, help: &str) -> Result<Histogram, MetricsError> {
        self.register(name, Histogram::with_opts(Self::latency(name, help)))
    }

    /// Shows how durations (in seconds) are distributed, by label.
    pub fn histogram_vec(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<HistogramVec, MetricsError> {
        self.register(name, HistogramVec::new(Self::latency(name, help), labels))
    }

    /// The registry itself, for metrics of another kind.
    pub fn inner(&self) -> &prometheus::Registry {
        &self.inner
    }

    /// Everything, in Prometheus's text format.
    pub fn text(&self) -> String {
        let mut text = Vec::new();
        match TextEncoder::new().encode(&self.inner.gather(), &mut text) {
            Ok(()) => String::from_utf8_lossy(&text).into_owned(),
            Err(error) => format!("# could not encode the metrics: {error}\n"),
        }
    }

    fn latency(name: &str, help: &str) -> HistogramOpts {
        HistogramOpts::new(name, help).buckets(LATENCY_BUCKETS.to_vec())
    }

    fn register<M: prometheus::core::Collector + Clone + 'static>(
        &self,
        name: &str,
        metric: prometheus::Result<M>,
    ) -> Result<M, MetricsError> {
        let failed = |source| MetricsError {
            name: name.to_owned(),
            source,
        };
        let metric = metric.map_err(failed)?;
        self.inner
            .register(Box::new(metric.clone()))
            .map_err(failed)?;
        Ok(metric)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_registered_twice_is_refused() {
        let registry = Registry::new();
        let items = registry
            .counter_vec("posta_items_total", "Items.", &["source"])
            .unwrap();
        items.with_label_values(&["whatsapp"]).inc();
        assert!(registry.counter("posta_items_total", "Items.").is_err());
        assert!(
            registry
                .text()
                .contains("posta_items_total{source=\"whatsapp\"} 1")
        );
    }
}
