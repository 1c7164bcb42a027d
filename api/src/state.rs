//! What every handler is given. Built once, in [`crate::compose`]; clones share it.

use std::sync::Arc;

use posta_runtime::{
    clock::Clock, config::ApiConfig, metrics::Registry, night_lock::NightLock, redis::Redis,
};
use posta_store::Store;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::{auth::Auth, metrics::Metrics, rate_limit::RateLimit, texts::Texts};

/// The parts of the server. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The truth.
    pub store: Store,
    /// Settings.
    pub config: Arc<ApiConfig>,
    /// For measuring; what has expired is the database's to say.
    pub clock: Arc<dyn Clock>,
    /// Only a shortcut.
    pub redis: Redis,
    /// The fast first layer over nights.
    pub night_lock: NightLock,
    /// What guests and owners read.
    pub texts: Arc<Texts>,
    /// Keys and counters of logins and links.
    pub auth: Auth,
    /// Counted here, shown on the ops port.
    pub(crate) metrics: Metrics,
    /// Requests of one address.
    pub(crate) rate_limit: RateLimit,
    /// Permits of requests in flight.
    pub(crate) admission: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl AppState {
    pub(crate) fn new(
        store: Store,
        config: ApiConfig,
        redis: Redis,
        clock: Arc<dyn Clock>,
        texts: Texts,
        metrics: Metrics,
        registry: &Registry,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            auth: Auth::new(&config, Arc::clone(&clock))?,
            rate_limit: RateLimit::new(&config, redis.clone(), Arc::clone(&clock), registry)?,
            admission: Arc::new(Semaphore::new(config.max_in_flight)),
            night_lock: NightLock::new(redis.clone()),
            tasks: TaskTracker::new(),
            store,
            config: Arc::new(config),
            clock,
            redis,
            texts: Arc::new(texts),
            metrics,
        })
    }

    /// Handlers at work, also those whose client has left.
    pub(crate) const fn tasks(&self) -> &TaskTracker {
        &self.tasks
    }
}
