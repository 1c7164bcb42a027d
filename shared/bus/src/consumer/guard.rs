//! Runs foreign code so that a panic or a hang is an error like any other.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::timeout;

/// The result of `work`, or in words why there is none.
pub(super) async fn guarded<T>(
    bound: Duration,
    work: impl Future<Output = T>,
) -> Result<T, String> {
    // What a panic leaves half done belongs to the handler; this crate shares no state with it.
    match timeout(bound, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(panic)) => Err(format!("the handler panicked: {}", message(panic.as_ref()))),
        Err(_) => Err(format!("the handler did not finish within {bound:?}")),
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
