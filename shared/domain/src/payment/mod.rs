//! What a payment at Mercado Pago is, and what follows from having read it.
//!
//! A payment is read, never told: [`Snapshot`] is all that one reading says. What the ledger must have follows from the
//! newest reading alone, whatever was read or notified before, how often and in what order; so every order of arrival
//! ends in the same ledger. Guaranteed by the functions here: nothing is entered twice, and what the provider says twice
//! changes nothing. Not guaranteed: what becomes of a booking; that is [`crate::reservation::settle`]'s.

mod known;
mod order;
mod plan;
mod snapshot;
mod status;
#[cfg(test)]
mod tests;
mod why;

pub use known::Known;
pub use order::{Order, order};
pub use plan::{Movement, Plan, plan};
pub use snapshot::{Given, GivenState, Snapshot};
pub use status::{Dispute, Standing};
pub use why::Why;
