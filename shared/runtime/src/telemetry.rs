//! Logs and traces.
//!
//! Logs are JSON lines on stderr; every line inside a message's span carries its `trace.id`. Trace ids are made and
//! passed on ([`trace`]) whether or not anything is exported; with `OTEL_EXPORTER_OTLP_ENDPOINT` set, spans go there
//! in batches. A collector that is away costs spans, never work.

mod otlp;
pub mod trace;

use std::{io, time::Duration};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SdkTracerProvider},
};
use tracing_subscriber::{
    EnvFilter, Layer as _, filter::LevelFilter, layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::config::TelemetryConfig;

/// Telemetry that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter changed its mind since the configuration was read.
    #[error("could not use LOG_LEVEL")]
    Filter(#[source] tracing_subscriber::filter::ParseError),
    /// The exporter refused its configuration.
    #[error("could not build the OTLP exporter (OTEL_EXPORTER_OTLP_ENDPOINT)")]
    Exporter(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Somebody else has started logging.
    #[error("could not install the logger: there is one already")]
    Installed(#[source] tracing_subscriber::util::TryInitError),
}

/// Keeps telemetry running. Without [`shutdown`](Self::shutdown) the last batch of spans is lost.
#[derive(Debug)]
#[must_use = "the last spans are lost unless shutdown is awaited"]
pub struct TelemetryGuard {
    provider: SdkTracerProvider,
}

impl TelemetryGuard {
    /// Sends what is left, for at most `patience`.
    pub async fn shutdown(self, patience: Duration) {
        // The exporter's thread needs the runtime to send, so it must not be waited for on the runtime itself.
        let flushed =
            tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(patience));
        match tokio::time::timeout(patience + Duration::from_millis(100), flushed).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => eprintln!("the last traces were not sent: {error}"),
            Ok(Err(_)) | Err(_) => eprintln!("the last traces were not sent in time"),
        }
    }
}

/// Starts logging and tracing for this process; needs the runtime, on which the exporter sends.
pub fn init(
    service: &'static str,
    config: &TelemetryConfig,
) -> Result<TelemetryGuard, TelemetryError> {
    let filter = EnvFilter::try_new(&config.log_level).map_err(TelemetryError::Filter)?;
    let resource = Resource::builder_empty()
        .with_attribute(opentelemetry::KeyValue::new(
            "service.name",
            format!("posta-{service}"),
        ))
        .with_attribute(opentelemetry::KeyValue::new(
            "service.version",
            env!("CARGO_PKG_VERSION"),
        ))
        .build();
    let builder = SdkTracerProvider::builder().with_resource(resource);
    let provider = match &config.otlp_endpoint {
        Some(endpoint) => builder
            .with_batch_exporter(otlp::exporter(endpoint)?)
            .build(),
        // Nothing is recorded, but spans still have ids that can be logged and passed on.
        None => builder.with_sampler(Sampler::AlwaysOff).build(),
    };
    let logs = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(true)
        .with_writer(io::stderr)
        .with_filter(filter);
    let traces = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("posta"))
        .with_filter(LevelFilter::INFO);
    tracing_subscriber::registry()
        .with(logs)
        .with(traces)
        .try_init()
        .map_err(TelemetryError::Installed)?;
    Ok(TelemetryGuard { provider })
}
