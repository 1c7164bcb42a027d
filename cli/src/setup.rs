//! What commands need: the environment, the database, the bus.

use std::time::Duration;

use anyhow::{Context as _, bail};
use posta_bus::BusConfig;
use posta_runtime::{
    config::{AmqpConfig, DatabaseConfig, TenantConfig},
    env::{Env, Section},
};
use posta_store::{PoolConfig, Store, audit::By, import::tenant_named, migrate};

/// The sections a command needs, from the process's environment.
pub(crate) fn load<S: Section>() -> anyhow::Result<S> {
    Ok(Env::from_process().load()?)
}

/// The database. Not connected yet.
pub(crate) fn store(config: DatabaseConfig) -> anyhow::Result<Store> {
    let pool = PoolConfig {
        connections: 2,
        acquire_timeout: Duration::from_secs(5),
        ..PoolConfig::new(config.url, "posta")
    };
    Store::lazy(&pool).context("DATABASE_URL cannot be used")
}

/// Whoever is at the shell, acting for the tenant that the environment names, on a database this binary knows.
pub(crate) async fn by(store: &Store, tenant: &TenantConfig) -> anyhow::Result<By> {
    let missing = migrate::progress(store.pool()).await?.missing;
    if !missing.is_empty() {
        bail!("the database is not up to date; run `posta migrate` first");
    }
    let Some(id) = tenant_named(store, &tenant.name).await? else {
        bail!(
            "there is no tenant {:?} (TENANT_NAME); run `posta migrate` first",
            tenant.name
        );
    };
    Ok(By {
        tenant: id,
        actor: "cli".to_owned(),
        request_id: None,
    })
}

/// The bus. Not connected yet.
pub(crate) fn bus(amqp: AmqpConfig) -> anyhow::Result<BusConfig> {
    let tiers: Vec<String> = amqp
        .retry_tiers
        .iter()
        .map(|tier| format!("{}ms", tier.as_millis()))
        .collect();
    Ok(BusConfig {
        namespace: amqp
            .namespace
            .parse()
            .context("AMQP_NAMESPACE cannot be used")?,
        tiers: tiers
            .join(",")
            .parse()
            .context("BUS_RETRY_TIERS cannot be used")?,
        publish_channels: 1,
        connection_name: "posta".to_owned(),
        ..BusConfig::new(amqp.url)
    })
}
