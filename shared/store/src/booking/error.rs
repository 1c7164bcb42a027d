//! Why a use case was not carried out.

use posta_domain::{refusal::Refusal, reservation::Illegal};

use crate::error::StoreError;

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BookingError {
    /// The rules say no, in words for the guest. Losing a race for the nights is `Refusal::Taken`.
    #[error("the stay cannot be sold as asked")]
    Refused(#[source] Refusal),
    /// Not a step from where the booking stands.
    #[error("the booking does not allow that step")]
    Illegal(#[source] Illegal),
    /// No such thing, or another tenant's.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// It was decided on an older version of the booking.
    #[error("the booking has changed meanwhile")]
    Stale,
    /// Somebody else holds a lock for too long: try again.
    #[error("the nights are being worked on")]
    Busy(#[source] StoreError),
    /// The same idempotency key came with another request.
    #[error("the key was used for another request")]
    KeyReused,
    /// The database refused or is away.
    #[error(transparent)]
    Store(StoreError),
}

impl From<Refusal> for BookingError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Illegal> for BookingError {
    fn from(illegal: Illegal) -> Self {
        Self::Illegal(illegal)
    }
}

impl From<StoreError> for BookingError {
    fn from(error: StoreError) -> Self {
        match error.constraint() {
            // Two transactions that did not see each other: the constraint decides.
            Some("claims_no_overlap") => Self::Refused(Refusal::Taken { nights: Vec::new() }),
            Some("reservations_quote_key") => Self::Refused(Refusal::QuoteUsed),
            _ if error.is_transient() => Self::Busy(error),
            _ => Self::Store(error),
        }
    }
}
