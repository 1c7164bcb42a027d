//! What went wrong with a call, and what may be done about it.
//!
//! Texts of the provider repeat themselves; its codes (`cause[0].code`, a number or a text of one) are built on. Whether
//! a write that failed has happened nonetheless is a question of its own: [`MercadoPagoError::may_have_happened`].

mod api;
mod call;
mod disposition;

pub use api::ApiError;
pub use call::MercadoPagoError;
pub use disposition::{AuthProblem, Disposition, Meaning};

#[cfg(test)]
mod tests;
