//! How the process is put together: the only place where concrete parts are chosen.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use posta_bus::{BusConfig, Namespace, Publisher, PublisherHealth, Tiers};
use posta_runtime::clock::{Clock as _, SystemClock};
use posta_runtime::config::{
    AmqpConfig, IngressConfig, MercadoPagoWebhookConfig, OpsConfig, RedisConfig,
    WhatsAppWebhookConfig,
};
use posta_runtime::env::{Env, Section};
use posta_runtime::lifecycle::Shutdown;
use posta_runtime::metrics::Registry;
use posta_runtime::ops::Ops;
use posta_runtime::redis::Redis;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::admission::Admission;
use crate::app::{App, Limits, Secrets};
use crate::idempotency::Idempotency;
use crate::metrics::Metrics;
use crate::sampled::Sampled;
use crate::server;

/// The publisher rebuilds its connection by itself; if it has not managed for so long, a new process may.
const STUCK: Duration = Duration::from_mins(15);
/// Beyond the publisher's own bound.
const SLACK: Duration = Duration::from_millis(500);

/// Everything the server reads from the environment.
pub struct Config {
    ingress: IngressConfig,
    ops: OpsConfig,
    whatsapp: WhatsAppWebhookConfig,
    mercadopago: MercadoPagoWebhookConfig,
    amqp: AmqpConfig,
    redis: RedisConfig,
}

/// Where the server listens.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    /// Webhooks.
    pub webhooks: SocketAddr,
    /// Health and metrics.
    pub ops: SocketAddr,
}

// === impl Config ===

impl Section for Config {
    fn read(env: &mut Env) -> Option<Self> {
        let (ingress, ops, whatsapp, mercadopago, amqp, redis) = Section::read(env)?;
        Some(Self {
            ingress,
            ops,
            whatsapp,
            mercadopago,
            amqp,
            redis,
        })
    }
}

/// Starts the server; it runs until `shutdown` says otherwise.
pub async fn start(config: Config, shutdown: &Shutdown) -> anyhow::Result<Addresses> {
    let clock = SystemClock;
    let registry = Registry::new();
    let metrics = Metrics::new(&registry)?;
    let bus = bus_config(&config.amqp)?;
    let publish_timeout = bus.confirm_timeout + SLACK;

    let listener = TcpListener::bind(config.ingress.addr)
        .await
        .with_context(|| {
            format!(
                "could not listen on {} for webhooks (INGRESS_ADDR)",
                config.ingress.addr
            )
        })?;
    let webhooks = listener
        .local_addr()
        .context("could not read the address for webhooks")?;

    // Both outlive the shutdown token: what is in hand still needs them.
    let connections = CancellationToken::new();
    let publisher = Publisher::start(bus, connections.clone());
    let redis = Redis::start(&config.redis, connections.clone())?;
    let (idempotency, keeper) = Idempotency::start(
        redis,
        &config.amqp.namespace,
        config.ingress.idempotency_ttl,
        metrics.keys.clone(),
    );
    let ops = ops(&config.ops, registry, &publisher).bind().await?;
    let addresses = Addresses {
        webhooks,
        ops: ops.addr(),
    };

    let app = Arc::new(App {
        limits: Limits {
            max_body: config.ingress.max_body,
            body_timeout: config.ingress.body_timeout,
            publish_timeout,
        },
        secrets: Secrets {
            whatsapp: config.whatsapp.app_secrets,
            whatsapp_verify_token: config.whatsapp.verify_token,
            mercadopago: config.mercadopago.secrets,
        },
        admission: Admission::new(config.ingress.max_in_flight),
        publisher: publisher.clone(),
        idempotency,
        metrics,
        refusals: Sampled::new(clock.monotonic()),
        outages: Sampled::new(clock.monotonic()),
        clock: Arc::new(clock),
    });
    tracing::info!(listener = "ingress", addr = %webhooks, "listening");

    let token = shutdown.token();
    let stop = token.clone();
    shutdown.spawn("ops", async move {
        ops.serve(stop).await;
        Ok(())
    });
    shutdown.spawn("webhooks", async move {
        server::serve(listener, app, token).await;
        keeper.finish().await;
        publisher.shutdown().await;
        connections.cancel();
        Ok(())
    });
    Ok(addresses)
}

fn ops(config: &OpsConfig, registry: Registry, publisher: &Publisher) -> Ops {
    let ready = publisher.health();
    let live = publisher.health();
    Ops::new(config.addr, registry)
        .ready_check("rabbitmq", move || std::future::ready(connected(&ready)))
        .live_check("rabbitmq", move || {
            let stuck = live.disconnected_for().is_some_and(|away| away > STUCK);
            std::future::ready(if stuck { Err(live.describe()) } else { Ok(()) })
        })
}

fn connected(health: &PublisherHealth) -> Result<(), String> {
    if health.is_ready() {
        Ok(())
    } else {
        Err(health.describe())
    }
}

fn bus_config(config: &AmqpConfig) -> anyhow::Result<BusConfig> {
    let mut bus = BusConfig::new(config.url.clone());
    bus.namespace = config
        .namespace
        .parse::<Namespace>()
        .context("could not use AMQP_NAMESPACE")?;
    let tiers = config
        .retry_tiers
        .map(|tier| format!("{}ms", tier.as_millis()))
        .join(",");
    bus.tiers = tiers
        .parse::<Tiers>()
        .context("could not use BUS_RETRY_TIERS")?;
    "ingress".clone_into(&mut bus.connection_name);
    Ok(bus)
}
