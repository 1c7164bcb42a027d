//! Quotes and bookings: one file per use case, each a whole transaction.

// What happens to a booking afterwards.
pub mod cancel;
pub mod change;
pub mod lock;
pub mod money;
pub mod payments;
pub mod presence;
pub mod reassign;
pub mod receipts;
pub mod refunds;
mod rules;
pub mod error;

pub use error::BookingError;
