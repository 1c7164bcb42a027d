//! The outside world as Posta sees it: clients, wire types and signatures.
//!
//! Each provider has a module of its own. What comes in is verified and split there (`signature`, `webhook`,
//! `notification`), what goes out is built and limited there (`whatsapp::outgoing`, `whatsapp::client`).
//!
//! Guaranteed: nothing here touches a database or a queue, keeps time, or logs a secret, a phone number or a text.
//! Not guaranteed: retries. A client says what happened and what may be done about it ([`whatsapp::Disposition`]);
//! doing it is the worker's part.

#[cfg(test)]
mod fake;
pub mod http;
mod mac;
pub mod mercadopago;
mod shallow;
pub mod whatsapp;
