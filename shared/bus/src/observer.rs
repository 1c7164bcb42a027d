//! What the bus tells whoever counts. It knows no metrics library.

use std::time::Duration;

/// Told about each thing that happens. Every method does nothing unless overridden; all must return at once.
pub trait Observer: Send + Sync {
    /// A publish ended as `outcome` (`confirmed`, `unavailable`, `nacked`, `returned`, `timed_out`, …).
    fn published(&self, outcome: &'static str, took: Duration) {
        let _ = (outcome, took);
    }

    /// A message of `queue` was judged as `verdict` (`done`, `retry`, …) after `took` in its handler.
    fn handled(&self, queue: &str, verdict: &'static str, took: Duration) {
        let _ = (queue, verdict, took);
    }

    /// A connection for `role` (`publish`, `consume`) stands, for the first time or again.
    fn connected(&self, role: &'static str) {
        let _ = role;
    }

    /// A connection for `role` was lost or could not be made.
    fn disconnected(&self, role: &'static str) {
        let _ = role;
    }

    /// Consuming of `queue` stopped because `dependency` is away.
    fn paused(&self, queue: &str, dependency: &str) {
        let _ = (queue, dependency);
    }

    /// Consuming of `queue` goes on.
    fn resumed(&self, queue: &str) {
        let _ = queue;
    }
}

/// Counts nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nobody;

impl Observer for Nobody {}
