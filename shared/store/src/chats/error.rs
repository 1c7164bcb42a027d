//! Why a chat could not be handled.

use chrono::{DateTime, Utc};

use crate::error::StoreError;

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
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}
