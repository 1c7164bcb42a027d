//! The webhook server: what WhatsApp and Mercado Pago tell us enters here.
//!
//! One request: admitted → body read within bounds → signature verified over the raw bytes → split into
//! items → those already done taken out → the rest published, all confirms in flight together → 200.
//!
//! Guaranteed: a 200 means that every item of the request is confirmed by the broker or was so earlier;
//! anything less is a 503, and the provider sends it again. Nothing unsigned is published. Losing Redis
//! or PostgreSQL costs no answer: the first only saves copies, the second is never asked.
//! Not guaranteed: that an item is published once. Two copies that race are both published; the inbox
//! keeps one.

mod accept;
mod admission;
mod answer;
mod app;
mod body;
mod compose;
mod headers;
mod idempotency;
mod mercadopago;
mod metrics;
mod route;
mod sampled;
mod server;
mod stack;
mod tally;
mod verification;
mod whatsapp;

pub use compose::{Addresses, Config, start};
