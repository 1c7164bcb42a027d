//! Is what was away back?

use async_trait::async_trait;
use posta_bus::Probe;
use posta_store::Store;

use super::POSTGRES;

/// Asks the database. Other dependencies have breakers of their own and are simply tried.
#[derive(Debug, Clone)]
pub struct PostgresProbe {
    store: Store,
}

impl PostgresProbe {
    /// Asks this one.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self { store }
    }
}

#[async_trait]
impl Probe for PostgresProbe {
    async fn is_back(&self, dependency: &str) -> bool {
        dependency != POSTGRES || self.store.ping().await.is_ok()
    }
}
