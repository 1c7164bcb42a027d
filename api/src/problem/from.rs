//! From the use cases' errors to the wire: the one place that maps them.

use http::StatusCode;
use posta_domain::{refusal::Refusal, reservation::Illegal};
use posta_store::{StoreError, booking::BookingError};
use serde_json::json;

use super::Problem;

/// The database is away: longer than a lock is held, shorter than a guest's patience.
const DATABASE_RETRY: u64 = 5;
/// Somebody else was working on the same nights.
const BUSY_RETRY: u64 = 1;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::refused(refusal)
    }
}

impl From<Illegal> for Problem {
    fn from(illegal: Illegal) -> Self {
        let problem = Self::new(StatusCode::CONFLICT, "not_possible_now");
        match illegal {
            Illegal::From { from, .. } => problem.with("status_now", json!(from)),
            Illegal::HoldOver(at) => {
                Self::new(StatusCode::CONFLICT, "hold_over").with("since", json!(at))
            }
            Illegal::HoldAlive(until) => problem.with("hold_until", json!(until)),
            Illegal::Day(day) => {
                Self::new(StatusCode::CONFLICT, "not_on_this_day").with("day", json!(day))
            }
        }
    }
}

impl From<BookingError> for Problem {
    fn from(error: BookingError) -> Self {
        match error {
            BookingError::Refused(refusal) => refusal.into(),
            BookingError::Illegal(illegal) => illegal.into(),
            BookingError::NotFound("Mercado Pago account") => Self::no_such_way(),
            BookingError::NotFound(what) => Self::not_found(what),
            BookingError::Stale => Self::new(StatusCode::CONFLICT, "changed_meanwhile"),
            BookingError::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused"),
            BookingError::Busy(cause) => {
                tracing::warn!(error = chain(&cause), "a booking's locks were busy");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy").retry_after(BUSY_RETRY)
            }
            BookingError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if error.is_unavailable() || error.is_transient() {
            tracing::warn!(
                error = chain(&error),
                "the database could not answer a request"
            );
            return Self::unavailable(DATABASE_RETRY);
        }
        tracing::error!(error = chain(&error), "the database refused a request");
        Self::internal()
    }
}

/// The error with its causes: an answer tells none of them, so the log must.
fn chain(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
