//! What the payment-worker counts.

use posta_runtime::metrics::{MetricsError, Registry};
use prometheus::{HistogramVec, IntCounterVec, IntGauge};

/// The counters. Clones share them.
#[derive(Debug, Clone)]
pub struct PaymentMetrics {
    pub(super) attempts: IntCounterVec,
    pub(super) seconds: HistogramVec,
    pub(super) calls: IntCounterVec,
    pub(super) held_back: IntCounterVec,
    pub(super) open_breakers: IntGauge,
}

impl PaymentMetrics {
    /// Registers them.
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        Ok(Self {
            attempts: registry.counter_vec(
                "posta_payment_attempts_total",
                "Reads, links and refunds worked on, by outcome.",
                &["work", "outcome"],
            )?,
            seconds: registry.histogram_vec(
                "posta_payment_attempt_seconds",
                "Time of one attempt, Mercado Pago and database together.",
                &["work"],
            )?,
            calls: registry.counter_vec(
                "posta_mercadopago_calls_total",
                "Requests to Mercado Pago by what was asked and how it answered.",
                &["call", "answer"],
            )?,
            held_back: registry.counter_vec(
                "posta_mercadopago_held_back_total",
                "Requests not made because of our own limit or an open breaker.",
                &["by"],
            )?,
            open_breakers: registry.gauge(
                "posta_mercadopago_open_breakers",
                "Accounts that Mercado Pago is not asked about at the moment.",
            )?,
        })
    }
}
