//! The numbers of the server.
//!
//! Items by source: `received = accepted + duplicate + rejected + unavailable` (`unparsed` is a part of
//! accepted or duplicate). A request whose items nobody will ever know (refused before it was split)
//! counts as one item.

use posta_runtime::metrics::{MetricsError, Registry};
use prometheus::{Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge};

use crate::answer::Refusal;

/// Answers take from a fraction of a millisecond to the 5 s of a confirm.
const BUCKETS: &[f64] = &[
    0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
    10.0,
];

/// Who tells us something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    WhatsApp,
    MercadoPago,
}

/// Counters of one source, looked up once.
pub(crate) struct Items {
    pub(crate) received: IntCounter,
    pub(crate) accepted: IntCounter,
    pub(crate) duplicate: IntCounter,
    pub(crate) rejected: IntCounter,
    pub(crate) unavailable: IntCounter,
    pub(crate) unparsed: IntCounter,
    pub(crate) seconds: Histogram,
}

/// Counters of the keys remembered in Redis.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) hits: IntCounter,
    pub(crate) misses: IntCounter,
    pub(crate) created: IntCounter,
    pub(crate) expired: IntCounter,
    pub(crate) skipped: IntCounter,
    pub(crate) forgotten: IntCounter,
}

/// Everything counted here.
pub(crate) struct Metrics {
    whatsapp: Items,
    mercadopago: Items,
    errors: IntCounterVec,
    pub(crate) ipn: IntCounter,
    pub(crate) keys: Keys,
    pub(crate) in_flight: IntGauge,
    pub(crate) connections: IntGauge,
}

// === impl Source ===

impl Source {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WhatsApp => "whatsapp",
            Self::MercadoPago => "mercadopago",
        }
    }
}

// === impl Metrics ===

impl Metrics {
    pub(crate) fn new(registry: &Registry) -> anyhow::Result<Self> {
        let items = |name: &str, help: &str| {
            registry.counter_vec(
                &format!("posta_ingress_items_{name}_total"),
                help,
                &["source"],
            )
        };
        let received = items("received", "Items that came in.")?;
        let accepted = items("accepted", "Items the broker has confirmed.")?;
        let duplicate = items(
            "duplicate",
            "Items known to be done, or repeated in one request.",
        )?;
        let rejected = items(
            "rejected",
            "Items refused for good, unsigned ones above all.",
        )?;
        let unavailable = items("unavailable", "Items answered 503, to be sent again.")?;
        let unparsed = items(
            "unparsed",
            "Signed bodies kept as bytes because nobody could read them.",
        )?;
        let seconds = seconds(registry)?;
        let of = |source: Source| {
            let label = &[source.name()];
            Items {
                received: received.with_label_values(label),
                accepted: accepted.with_label_values(label),
                duplicate: duplicate.with_label_values(label),
                rejected: rejected.with_label_values(label),
                unavailable: unavailable.with_label_values(label),
                unparsed: unparsed.with_label_values(label),
                seconds: seconds.with_label_values(label),
            }
        };
        Ok(Self {
            whatsapp: of(Source::WhatsApp),
            mercadopago: of(Source::MercadoPago),
            errors: registry.counter_vec(
                "posta_ingress_errors_total",
                "Requests not answered 200, by reason.",
                &["type"],
            )?,
            ipn: registry.counter(
                "posta_ingress_ipn_total",
                "Notifications of Mercado Pago's older form, which cannot be verified and are not published.",
            )?,
            keys: Keys::new(registry)?,
            in_flight: registry.gauge("posta_ingress_in_flight", "Requests being worked on.")?,
            connections: registry.gauge("posta_ingress_connections", "Open connections.")?,
        })
    }

    pub(crate) fn items(&self, source: Source) -> &Items {
        match source {
            Source::WhatsApp => &self.whatsapp,
            Source::MercadoPago => &self.mercadopago,
        }
    }

    pub(crate) fn refused(&self, refusal: Refusal) {
        self.errors.with_label_values(&[refusal.word()]).inc();
    }
}

fn seconds(registry: &Registry) -> Result<HistogramVec, prometheus::Error> {
    let options = HistogramOpts::new(
        "posta_ingress_request_seconds",
        "From the request's head to our answer.",
    );
    let seconds = HistogramVec::new(options.buckets(BUCKETS.to_vec()), &["source"])?;
    registry.inner().register(Box::new(seconds.clone()))?;
    Ok(seconds)
}

// === impl Keys ===

impl Keys {
    fn new(registry: &Registry) -> Result<Self, MetricsError> {
        let keys = |name: &str, help: &str| {
            registry.counter(&format!("posta_ingress_idempotency_{name}_total"), help)
        };
        Ok(Self {
            hits: keys("hits", "Item keys found in Redis.")?,
            misses: keys("misses", "Item keys not found in Redis.")?,
            created: keys("keys_created", "Item keys remembered in Redis.")?,
            expired: keys(
                "keys_expired",
                "Keys the Redis server has let expire since we watch it (its own count, all of its users).",
            )?,
            skipped: keys(
                "skipped",
                "Requests not looked up because Redis was away or slow.",
            )?,
            forgotten: keys(
                "forgotten",
                "Confirmed item keys that Redis could not be told.",
            )?,
        })
    }
}
