//! A download that did not succeed.

use crate::{
    http::BodyError,
    whatsapp::errors::{Disposition, SendError, StopReason},
};

/// Why there are no bytes.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// Asking for the URL failed.
    #[error("could not ask for the media's URL")]
    Lookup(#[source] SendError),
    /// The id or its URL is gone.
    #[error("the media is no longer there")]
    Gone,
    /// An id that cannot be one.
    #[error("the media id has characters that no id has")]
    Id,
    /// A URL on a host that may not have the token.
    #[error("the media's URL is on a host that is not allowed (WHATSAPP_MEDIA_HOSTS)")]
    Host,
    /// A redirect to another origin, or too many.
    #[error("the media's URL redirects elsewhere")]
    Redirect,
    /// More than is accepted of its kind.
    #[error("the media is larger than {0} bytes")]
    TooLarge(usize),
    /// A type its kind never has.
    #[error("the media's type is not accepted")]
    Type,
    /// The host refused.
    #[error("the media's host answered {0}")]
    Status(u16),
    /// The connection failed.
    #[error("could not download the media")]
    Broken(#[source] reqwest::Error),
    /// The body broke off.
    #[error("could not download the media to its end")]
    BrokenOff(#[source] BodyError),
}

/// What may be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaDisposition {
    /// Again, later; downloading twice is harmless.
    Retry,
    /// The account cannot do anything until a person repairs it.
    StopAccount(StopReason),
    /// Never: ask the guest to send it again.
    GiveUp,
}

impl MediaError {
    /// What may be done about it.
    pub fn disposition(&self) -> MediaDisposition {
        match self {
            Self::Lookup(error) => match error.disposition() {
                Disposition::StopAccount(reason) => MediaDisposition::StopAccount(reason),
                Disposition::GiveUp(_) | Disposition::NeedsTemplate => MediaDisposition::GiveUp,
                _ => MediaDisposition::Retry,
            },
            Self::Gone
            | Self::Id
            | Self::Host
            | Self::Redirect
            | Self::TooLarge(_)
            | Self::Type
            | Self::Status(400 | 402 | 404..=407 | 409..=428) => MediaDisposition::GiveUp,
            Self::Status(401 | 403) => MediaDisposition::StopAccount(StopReason::Token),
            Self::Status(_) | Self::Broken(_) | Self::BrokenOff(_) => MediaDisposition::Retry,
        }
    }
}
