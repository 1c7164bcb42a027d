//! A simulated Mercado Pago: its API on one side, people who pay, dispute and get their money back on the other.
//!
//! Guaranteed: the shapes of the captured samples with all their fields, the documented refusals, real signatures;
//! notifications are repeated until they are answered by 200 or 201 or overtaken by a newer state; links can be paid
//! any number of times; faults happen when asked for. Not guaranteed: anything across a restart (all state is in
//! memory), or what neither documents nor traffic show. It listens on loopback alone: whoever reaches it can pay.

mod api;
mod chargeback;
mod checkout;
mod config;
mod control;
mod delivery;
mod errors;
mod faults;
mod ids;
mod method;
mod money;
mod notice;
mod order;
mod pay;
mod payment;
mod preference;
mod refund;
mod routes;
mod simulator;
mod till;
mod view;
mod wanted;
mod world;

pub use config::{Ladder, MercadoPagoConfig, Unit};
pub use faults::{Fault, Gone, Kind, Target};
pub use money::Amount;
pub use notice::{Notice, signature};
pub use pay::{Paid, Pay};
pub use simulator::{Addresses, MercadoPago};
pub use till::{Refusal, Update};
pub use view::{Booked, Link, State};
pub use world::Counters;
