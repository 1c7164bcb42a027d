//! What is to be said to the outside.
//!
//! Whoever decides writes a row in the transaction of the state it follows from ([`enqueue()`]); the delivery-worker
//! claims it under a lease ([`claim`]), commits, sends, and records what the provider answered ([`record`]).
//! Per chat first in, first out. Guaranteed: a row goes out at most once with a clear answer; without one (a cut
//! connection, a crash) it is sent once more at most, counted in `resends`, and is `unknown` after that.

pub mod claim;
mod enqueue;
mod judge;
pub mod record;
mod state;

pub use enqueue::{Author, Cause, Channel, NewOutbox, enqueue};
pub use state::State;
