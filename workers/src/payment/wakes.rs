//! Who is woken when there is something to do: one handle for the three loops.

use std::sync::Arc;

use tokio::sync::Notify;

/// Clones wake the same loops.
#[derive(Debug, Clone, Default)]
pub struct Wakes {
    /// Something is to be read.
    pub reads: Arc<Notify>,
    /// Something is to be done with a link.
    pub links: Arc<Notify>,
    /// Something may be owed back.
    pub refunds: Arc<Notify>,
}
