//! What went wrong with a send, and what may be done about it.
//!
//! Meta says: build on `error.code` and `error_data.details`; titles, subcodes and the HTTP status are not to be
//! relied on. The same errors come back at once, later in a `failed` status, or both ([`GraphError::from_status`]),
//! so whoever acts on them must do so once per message.
//!
//! There is no idempotency key for sending. [`Disposition::Ambiguous`] says that a message may have gone out: it is
//! never sent again before a status had time to tell.

mod disposition;
mod graph;
mod send;

pub use disposition::{Disposition, GiveUp, StopReason, of_code, retry_guest_after};
pub use graph::GraphError;
pub use send::SendError;

#[cfg(test)]
mod tests;
