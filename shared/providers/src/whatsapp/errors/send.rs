//! A call to the Graph API that did not succeed.

use std::time::Duration;

use super::{Disposition, GiveUp, GraphError, StopReason};
use crate::http::BodyError;

/// Why a message is not known to be sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Meta refused.
    #[error("the Graph API refused ({status})")]
    Refused {
        /// HTTP status.
        status: u16,
        /// When it may be tried again, if the answer said so.
        retry_after: Option<Duration>,
        /// What Meta said.
        #[source]
        error: GraphError,
    },
    /// An answer that is not Meta's own (a proxy's page, an empty body).
    #[error("the Graph API answered {status} with a body that explains nothing")]
    Unexplained {
        /// HTTP status.
        status: u16,
        /// When it may be tried again, if the answer said so.
        retry_after: Option<Duration>,
    },
    /// Success, but no message id in it.
    #[error("the Graph API accepted the message without giving it an id")]
    NoId,
    /// There was no connection: nothing was sent.
    #[error("could not connect to the Graph API")]
    NotConnected(#[source] reqwest::Error),
    /// The request could not be made: nothing was sent.
    #[error("could not build the request")]
    NotBuilt(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The connection broke or was too slow after the request had gone.
    #[error("the Graph API's answer did not arrive")]
    CutOff(#[source] reqwest::Error),
    /// The answer broke off, or was absurdly long.
    #[error("could not read the Graph API's answer")]
    Unreadable(#[source] BodyError),
}

impl SendError {
    /// From a request that got no answer.
    pub(crate) fn from_request(error: reqwest::Error) -> Self {
        // The URL holds the number's id.
        let error = error.without_url();
        if error.is_connect() {
            Self::NotConnected(error)
        } else if error.is_builder() {
            Self::NotBuilt(Box::new(error))
        } else {
            Self::CutOff(error)
        }
    }

    /// What may be done about it.
    pub fn disposition(&self) -> Disposition {
        match self {
            Self::Refused { error, .. } => error.disposition(),
            Self::Unexplained { status, .. } => by_status(*status),
            Self::NoId | Self::CutOff(_) | Self::Unreadable(_) => Disposition::Ambiguous,
            Self::NotConnected(_) => Disposition::RetryLater,
            Self::NotBuilt(_) => Disposition::GiveUp(GiveUp::BadRequest),
        }
    }

    /// When it may be tried again, if the answer said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } | Self::Unexplained { retry_after, .. } => {
                *retry_after
            }
            _ => None,
        }
    }

    /// Meta's code, if there was one.
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Refused { error, .. } => error.code(),
            _ => None,
        }
    }

    /// Whether it shows that the API itself does not work, which is what a breaker counts: not refusals of one
    /// message.
    pub fn counts_for_breaker(&self) -> bool {
        match self {
            Self::NotConnected(_) | Self::CutOff(_) | Self::Unreadable(_) => true,
            Self::Unexplained { status, .. } => *status >= 500,
            Self::Refused { error, .. } => matches!(error.disposition(), Disposition::RetryLater),
            Self::NoId | Self::NotBuilt(_) => false,
        }
    }
}

/// Without Meta's explanation, whether the message was taken is a guess from the status.
fn by_status(status: u16) -> Disposition {
    match status {
        401 => Disposition::StopAccount(StopReason::Token),
        403 => Disposition::StopAccount(StopReason::Permission),
        429 => Disposition::RetryNumber,
        // A redirect or an unknown path: WHATSAPP_API_URL is not the Graph API.
        300..=399 | 404 | 405 => Disposition::StopAccount(StopReason::Configuration),
        408 | 500.. => Disposition::Ambiguous,
        _ => Disposition::GiveUp(GiveUp::BadRequest),
    }
}
