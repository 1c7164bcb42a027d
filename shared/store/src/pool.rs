//! The connections. They are made when first needed: a worker starts with the database down and says so on `/readyz`.

use std::{str::FromStr as _, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::{
    PgPool, Postgres, Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::error::{Doing as _, StoreError};

/// How to reach `PostgreSQL`.
#[derive(Debug, Clone)]
pub struct PoolConfig {
    /// `postgres://…`
    pub url: SecretString,
    /// Connections at most. Each handler that runs at the same time needs one.
    pub connections: u32,
    /// How long to wait for one before the database counts as unavailable.
    pub acquire_timeout: Duration,
    /// Shown in `pg_stat_activity`.
    pub application: String,
}

impl PoolConfig {
    /// The defaults for a worker.
    #[must_use]
    pub fn new(url: SecretString, application: &str) -> Self {
        Self {
            url,
            connections: 8,
            acquire_timeout: Duration::from_secs(3),
            application: application.to_owned(),
        }
    }
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
}

impl Store {
    /// Prepares the pool without connecting. Fails on an unreadable URL only.
    pub fn lazy(config: &PoolConfig) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(config.url.expose_secret())
            .doing("read the database's URL")?
            .application_name(&config.application)
            .options([
                // Longer than any handler may take; a forgotten lock must not stop everybody.
                ("idle_in_transaction_session_timeout", "60s"),
                ("lock_timeout", "10s"),
                ("timezone", "UTC"),
            ]);
        let pool = PgPoolOptions::new()
            .max_connections(config.connections)
            .acquire_timeout(config.acquire_timeout)
            .idle_timeout(Duration::from_mins(1))
            .connect_lazy_with(options);
        Ok(Self { pool })
    }

    /// Over a pool that exists already.
    #[must_use]
    pub const fn over(pool: PgPool) -> Self {
        Self { pool }
    }

    /// The pool, for queries that need no transaction.
    #[must_use]
    pub const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// A connection, for reads that need no transaction.
    pub async fn acquire(&self) -> Result<PoolConnection<Postgres>, StoreError> {
        self.pool.acquire().await.doing("get a connection")
    }

    /// Starts a transaction (read committed).
    pub async fn begin(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        self.pool.begin().await.doing("start a transaction")
    }

    /// Whether the database answers now.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query_scalar!("SELECT 1")
            .fetch_one(&self.pool)
            .await
            .doing("reach the database")
            .map(|_| ())
    }

    /// Closes the connections, waiting for those in use.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
