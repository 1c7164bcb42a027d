//! The configuration of Posta, one section per file; a binary loads the sections it needs.
//!
//! Every variable is a [`Var`] const with its default and its reason. [`ALL`] lists them, so that
//! `.env.example` and the documentation can be checked against the code.

mod amqp;
mod api;
mod database;
mod dialogue;
mod ingress;
mod lifecycle;
mod mercadopago;
mod ops;
mod redis;
mod telemetry;
mod tenant;
mod whatsapp;
mod workers;

pub use self::redis::RedisConfig;
pub use amqp::AmqpConfig;
pub use api::ApiConfig;
pub use database::DatabaseConfig;
pub use dialogue::DialogueConfig;
pub use ingress::IngressConfig;
pub use lifecycle::LifecycleConfig;
pub use mercadopago::{MercadoPagoApiConfig, MercadoPagoWebhookConfig, PaymentLinkConfig};
pub use ops::OpsConfig;
pub use telemetry::TelemetryConfig;
pub use tenant::TenantConfig;
pub use whatsapp::{WhatsAppApiConfig, WhatsAppWebhookConfig};
pub use workers::{DeliveryConfig, RetentionConfig, WorkerConfig};

use crate::env::Var;

/// Every variable any binary reads.
pub const ALL: &[&[Var]] = &[
    database::VARS,
    amqp::VARS,
    redis::VARS,
    ingress::VARS,
    api::VARS,
    ops::VARS,
    whatsapp::VARS,
    mercadopago::VARS,
    tenant::VARS,
    dialogue::VARS,
    workers::VARS,
    lifecycle::VARS,
    telemetry::VARS,
];

/// Every variable any binary reads, flat.
pub fn variables() -> impl Iterator<Item = &'static Var> {
    ALL.iter().copied().flatten()
}

#[cfg(test)]
mod tests;
