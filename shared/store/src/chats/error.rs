//! Why a chat could not be handled.

use chrono::{DateTime, Utc};

use crate::{booking::BookingError, error::StoreError};

/// Why a chat could not be handled.
#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    /// There is no such chat (or it is another tenant's, or personal).
    #[error("there is no such chat")]
    NotFound,
    /// `WhatsApp` takes no free text now: the guest last wrote more than 24 hours ago, or never.
    #[error("the guest last wrote more than 24 hours ago")]
    WindowClosed {
        /// When the guest last wrote.
        last_guest_at: Option<DateTime<Utc>>,
    },
    /// The same key came with other words before.
    #[error("the key was used for another reply")]
    KeyReused,
    /// The bot says nothing there.
    #[error("the chat is muted")]
    Muted,
    /// Nobody asks for a lower price in this chat.
    #[error("nobody asks for a lower price in this chat")]
    NothingAsked,
    /// The quote was made for somebody else, or for nobody.
    #[error("the quote is not this guest's")]
    QuoteOfSomebodyElse,
    /// The price cannot be given.
    #[error(transparent)]
    Booking(#[from] BookingError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}
