//! WhatsApp Business Cloud API.
//!
//! Inbound: [`signature`] verifies the bytes, [`webhook`] splits them into items, [`inbound`] reads one message.
//! Outbound: [`outgoing`] builds messages that cannot exceed Meta's limits, [`client`] sends them, [`errors`] says
//! what an error means for the message, the guest and the account, [`media`] fetches what guests send.

pub mod client;
pub mod errors;
pub mod inbound;
pub mod limits;
pub mod media;
pub mod outgoing;
pub mod signature;
pub mod templates;
pub mod webhook;

pub use client::{GraphClient, PhoneNumberId, Sent};
pub use errors::{Disposition, GraphError, SendError};
pub use outgoing::{Outgoing, Recipient};
