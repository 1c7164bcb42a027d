//! What follows from having read a payment.

use posta_domain::payment::Snapshot;

use super::Reading;
use crate::{
    booking::BookingError,
    ids::{PaymentId, ReservationId},
    pool::Store,
};

/// What was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The payment's row.
    pub payment: PaymentId,
    /// Its booking, if it has one.
    pub reservation: Option<ReservationId>,
    /// What became of it.
    pub became: Became,
}

/// What became of a payment; as `payments.verdict`, and two more that change nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// A newer reading has been applied before, or the very same.
    Overtaken,
    /// Waits for the provider.
    Open,
    /// Its money is in the ledger, for a booking.
    Entered,
    /// Its money is nobody's yet: the owner has been told.
    Orphan,
    /// The owner has said that it is not ours, or has sent it back.
    Dismissed,
    /// Somebody else's money.
    Foreign,
    /// No money came.
    Nothing,
}

/// Applies a reading.
pub async fn apply(
    _store: &Store,
    _reading: &Reading,
    _snapshot: &Snapshot,
) -> Result<Applied, BookingError> {
    Err(BookingError::NotFound("payment"))
}
