//! Waiting for a condition instead of for a time.

use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Asks until the answer is yes.
///
/// # Panics
/// When it is still no after `bound`.
pub async fn eventually<F: Future<Output = bool>>(
    what: &str,
    bound: Duration,
    mut condition: impl FnMut() -> F,
) {
    let deadline = Instant::now() + bound;
    while !condition().await {
        assert!(Instant::now() < deadline, "not within {bound:?}: {what}");
        sleep(Duration::from_millis(10)).await;
    }
}
