//! The payment-worker against a real database, a real broker and a Mercado Pago that is a real HTTP server.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod bench;
mod links;
mod mercado;
mod notices;
mod outages;
mod process;
mod reading;
mod refunds;
