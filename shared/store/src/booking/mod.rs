//! Quotes and bookings: one file per use case, each a whole transaction.
//!
//! Every one of them locks in one order: the request's key, the cabins (ascending), the booking, its claims, its money.
//! What time it is, is asked after the locks.

mod again;
mod asking;
pub mod cancel;
pub mod change;
pub mod claims;
mod code;
pub mod confirm;
pub mod credits;
pub mod error;
pub mod expire;
pub(crate) mod guest;
pub mod hold;
pub mod idempotency;
pub mod ledger;
pub mod lock;
pub mod money;
pub(crate) mod nights;
pub mod payments;
pub mod presence;
pub mod prolong;
pub mod quotes;
pub mod reassign;
pub mod receipts;
pub mod refunds;
pub mod requests;
pub(crate) mod rules;
pub(crate) mod settling;
pub mod units;
pub mod view;

pub use asking::BOOKING_REQUESTED;
pub use confirm::confirm;
pub use error::BookingError;
pub use expire::expire_due;
pub use guest::{GuestInput, Who};
pub use hold::{HoldRequest, Source, hold};
pub use idempotency::{Answered, Key};
pub use money::Method;
pub use quotes::{Asked, Checks, Quote, QuoteRequest, What};
pub use view::{
    BookedStay, Booking, Filter, LinkRow, PaymentRequestRow, by_code, list, quote_in_use,
};
