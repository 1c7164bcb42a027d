//! A simulated `WhatsApp` Cloud API: the Graph API on one side, guests and their owner on the other.
//!
//! Guaranteed: documented shapes, real signatures, real limits and error bodies; webhooks are repeated until they
//! are answered by 200; statuses follow every accepted message; faults happen when asked for. Not guaranteed:
//! anything across a restart (all state is in memory), or what the documentation does not say.

mod api;
mod chat;
mod config;
mod control;
mod delivery;
mod errors;
mod faults;
mod guest;
mod history;
mod ids;
mod limits;
mod media;
mod routes;
mod simulator;
mod statuses;
mod templates;
mod validate;
mod webhook;
mod world;

pub use chat::{Chat, Choice, ChoiceKind, Entry, Side, StatusMark};
pub use config::{RetrySchedule, StatusDelays, WhatsappConfig, random_secret};
pub use delivery::{Answer, signature};
pub use faults::{Fault, Kind, Target};
pub use guest::{Said, Say, SayError};
pub use history::{Past, Sent};
pub use simulator::{Addresses, Simulator};
pub use world::{Counters, State};
