//! Money that belongs to no booking of ours: the owner says what it is.

use crate::{
    audit::By,
    booking::{Booking, BookingError},
    ids::{PaymentId, RefundId, ReservationId},
    pool::Store,
};

/// It is for this booking: from now on as if it had arrived for it.
pub async fn assign(
    _store: &Store,
    _by: &By,
    _id: PaymentId,
    _reservation: ReservationId,
) -> Result<Booking, BookingError> {
    Err(BookingError::NotFound("payment"))
}

/// It goes back through the provider.
pub async fn refund(_store: &Store, _by: &By, _id: PaymentId) -> Result<RefundId, BookingError> {
    Err(BookingError::NotFound("payment"))
}

/// It is none of this system's business.
pub async fn dismiss(_store: &Store, _by: &By, _id: PaymentId) -> Result<(), BookingError> {
    Err(BookingError::NotFound("payment"))
}
