//! The simulated Mercado Pago against the captured samples, the published signature vectors, and the project's own
//! client and verifier.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod client;
mod faults;
mod notices;
mod page;
mod refunds;
mod shapes;
mod world;
