//! Quotes and bookings: one file per use case, each a whole transaction.

pub mod error;

pub use error::BookingError;
