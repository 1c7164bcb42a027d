//! Logs and traces.

use url::Url;

use crate::env::{Env, Section, Var, parse};

const LOG_LEVEL: Var = Var::with_default(
    "LOG_LEVEL",
    "info",
    "what is logged: error, warn, info, debug, trace, or directives such as info,posta_bus=debug",
);
const OTEL_EXPORTER_OTLP_ENDPOINT: Var = Var::new(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "an OpenTelemetry collector (OTLP over HTTP), as in http://collector:4318; without one no traces are exported",
);

pub(super) const VARS: &[Var] = &[LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT];

/// What is logged, and where traces go.
#[derive(Debug, Clone)]
pub struct TelemetryConfig {
    /// Directives of `tracing_subscriber::EnvFilter`, checked.
    pub log_level: String,
    /// Base URL of the collector.
    pub otlp_endpoint: Option<Url>,
}

impl Section for TelemetryConfig {
    fn read(env: &mut Env) -> Option<Self> {
        let log_level = env.required(&LOG_LEVEL, directives);
        let otlp_endpoint = env.optional(&OTEL_EXPORTER_OTLP_ENDPOINT, parse::http_url);
        Some(Self {
            log_level: log_level?,
            otlp_endpoint: otlp_endpoint?,
        })
    }
}

fn directives(raw: &str) -> Result<String, String> {
    tracing_subscriber::EnvFilter::try_new(raw)
        .map(|_| raw.to_owned())
        .map_err(|error| format!("it is not a log filter ({error})"))
}
