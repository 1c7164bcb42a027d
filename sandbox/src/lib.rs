//! The outside world, simulated, and what is done with it: the demo, the drills and
//! the measurements.
//!
//! The simulators stand where base URLs point; the binaries under test are the real ones, started as child
//! processes with nothing but their environment. Nothing here is used in production.

pub mod bench;
pub mod clock;
pub mod command;
pub mod demo;
pub mod drill;
pub mod mercadopago;
pub mod stack;
pub mod whatsapp;

mod lock;
mod page;
mod script;
mod serve;
