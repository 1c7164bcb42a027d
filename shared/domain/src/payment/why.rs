//! Why a payment was refused, as far as a guest can do something about it.

use serde::{Deserialize, Serialize};

/// The reason, to be said in words (`locales/`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The card or the account has not enough.
    Funds,
    /// A number, date or code was mistyped.
    CardData,
    /// The bank wants to be called.
    CallBank,
    /// The card is not active, or cannot be used for this.
    Card,
    /// The provider thinks it risky.
    Risk,
    /// The same was paid a moment ago.
    Duplicate,
    /// Too many tries.
    Tries,
    /// Not in so many instalments.
    Instalments,
    /// It took too long, or was never paid.
    Expired,
    /// The bank or the provider said no without a reason.
    Other,
}
