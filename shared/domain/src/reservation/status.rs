//! The state without its data, as the database and the API write it.

use serde::{Deserialize, Serialize};

use super::{Awaiting, Reservation};

/// Where a booking stands, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants are those of Reservation")]
pub enum Status {
    Held,
    Confirmed,
    CheckedIn,
    Completed,
    Expired,
    Cancelled,
    Yielded,
    NoShow,
}

/// Not a status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the status of a booking")]
pub struct NotAStatus(String);

impl Status {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Held,
        Self::Confirmed,
        Self::CheckedIn,
        Self::Completed,
        Self::Expired,
        Self::Cancelled,
        Self::Yielded,
        Self::NoShow,
    ];

    /// As `reservations.status` says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Confirmed => "confirmed",
            Self::CheckedIn => "checked_in",
            Self::Completed => "completed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Yielded => "yielded",
            Self::NoShow => "no_show",
        }
    }
}

impl std::str::FromStr for Status {
    type Err = NotAStatus;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| NotAStatus(text.chars().take(32).collect()))
    }
}

impl Awaiting {
    /// As `reservations.awaiting` says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Verification => "verification",
            Self::Owner => "owner",
        }
    }
}

impl std::str::FromStr for Awaiting {
    type Err = NotAStatus;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Payment, Self::Verification, Self::Owner]
            .into_iter()
            .find(|awaiting| awaiting.as_str() == text)
            .ok_or_else(|| NotAStatus(text.chars().take(32).collect()))
    }
}

impl Reservation {
    /// Without its data.
    #[must_use]
    pub const fn status(self) -> Status {
        match self {
            Self::Held(_) => Status::Held,
            Self::Confirmed => Status::Confirmed,
            Self::CheckedIn => Status::CheckedIn,
            Self::Completed => Status::Completed,
            Self::Expired => Status::Expired,
            Self::Cancelled => Status::Cancelled,
            Self::Yielded => Status::Yielded,
            Self::NoShow => Status::NoShow,
        }
    }
}
