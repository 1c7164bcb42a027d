//! Nudges: "something is in the outbox". They carry nothing that counts; the table does.

use std::sync::Arc;

use async_trait::async_trait;
use posta_bus::{Handler, Incoming, Verdict};
use tokio::sync::Notify;

/// Wakes the rounds.
#[derive(Debug)]
pub struct Nudges {
    wake: Arc<Notify>,
}

impl Nudges {
    /// Wakes whoever waits on `wake`.
    #[must_use]
    pub const fn new(wake: Arc<Notify>) -> Self {
        Self { wake }
    }
}

#[async_trait]
impl Handler for Nudges {
    async fn handle(&self, _incoming: &Incoming) -> Verdict {
        self.wake.notify_one();
        Verdict::Done
    }
}
