//! What a failure at the database means for the message.

use posta_bus::Verdict;
use posta_store::StoreError;

use super::POSTGRES;

/// The database away pauses the worker and costs nobody an attempt; everything else is tried again, and is a dead
/// letter in the end.
#[must_use]
pub fn verdict(error: &StoreError) -> Verdict {
    let error_chain = chain(error);
    if error.is_unavailable() {
        Verdict::Unavailable {
            dependency: POSTGRES.to_owned(),
            error: error_chain,
        }
    } else {
        Verdict::Retry {
            error: error_chain,
            after: None,
        }
    }
}

/// An error with its causes, in one line.
#[must_use]
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
