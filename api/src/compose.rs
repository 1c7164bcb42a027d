//! How the process is put together: the only place where concrete parts are chosen.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use posta_runtime::{
    clock::SystemClock,
    config::{ApiConfig, DatabaseConfig, OpsConfig, RedisConfig},
    env::{Env, Section},
    lifecycle::Shutdown,
    metrics::Registry,
    ops::Ops,
    redis::Redis,
};
use posta_store::{PoolConfig, Store};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{metrics::Metrics, server, stack, state::AppState, texts::Texts};

/// A guest does not wait longer for a connection: better a 503 that says so.
const ACQUIRE: Duration = Duration::from_secs(3);

/// Everything the server reads from the environment.
#[derive(Debug, Clone)]
pub struct Config {
    api: ApiConfig,
    database: DatabaseConfig,
    redis: RedisConfig,
    ops: OpsConfig,
}

/// Where the server listens.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    /// Requests.
    pub api: SocketAddr,
    /// Health and metrics.
    pub ops: SocketAddr,
}

impl Section for Config {
    fn read(env: &mut Env) -> Option<Self> {
        let (api, database, redis, ops) = Section::read(env)?;
        Some(Self {
            api,
            database,
            redis,
            ops,
        })
    }
}

/// Starts the server; it runs until `shutdown` says otherwise, then finishes what it has in hand.
pub async fn start(config: Config, shutdown: &Shutdown) -> anyhow::Result<Addresses> {
    let registry = Registry::new();
    let metrics = Metrics::register(&registry)?;
    let mut pool = PoolConfig::new(config.database.url, "api");
    pool.connections = config.database.pool;
    pool.acquire_timeout = ACQUIRE;
    let store = Store::lazy(&pool)?;

    let listener = TcpListener::bind(config.api.addr)
        .await
        .with_context(|| format!("could not listen on {} (API_ADDR)", config.api.addr))?;
    let api = listener
        .local_addr()
        .context("could not read the address of the api")?;
    // Redis outlives the shutdown token: what is in hand still needs it.
    let connections = CancellationToken::new();
    let redis = Redis::start(&config.redis, connections.clone())?;

    let check = store.clone();
    let ops = Ops::new(config.ops.addr, registry.clone())
        .ready_check("postgresql", move || {
            let store = check.clone();
            async move { store.ping().await.map_err(|error| error.to_string()) }
        })
        .bind()
        .await?;
    let addresses = Addresses {
        api,
        ops: ops.addr(),
    };
    let state = AppState::new(
        store.clone(),
        config.api,
        redis,
        Arc::new(SystemClock),
        Texts::es_ar()?,
        metrics,
        &registry,
    )?;
    let tasks = state.tasks().clone();
    let router = stack::router(state)?;
    tracing::info!(listener = "api", addr = %api, "listening");

    let (token, stop) = (shutdown.token(), shutdown.token());
    shutdown.spawn("ops", async move {
        ops.serve(stop).await;
        Ok(())
    });
    shutdown.spawn("api", async move {
        server::serve(listener, router, token).await;
        // Handlers whose clients have left.
        tasks.close();
        tasks.wait().await;
        store.close().await;
        connections.cancel();
        Ok(())
    });
    Ok(addresses)
}
