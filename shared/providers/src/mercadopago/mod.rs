//! Mercado Pago: what its notifications prove and what they say.
//!
//! A notification is a hint to go and read a payment; it is never the payment itself.

pub mod notification;
pub mod signature;
