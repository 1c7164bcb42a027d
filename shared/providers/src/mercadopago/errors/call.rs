//! A call that did not succeed.

use std::time::Duration;

use super::{ApiError, AuthProblem, Disposition, Meaning};
use crate::{http::BodyError, mercadopago::Unfit};

/// Why a call brought nothing usable.
#[derive(Debug, thiserror::Error)]
pub enum MercadoPagoError {
    /// The provider refused.
    #[error("Mercado Pago refused ({status})")]
    Refused {
        /// HTTP status.
        status: u16,
        /// When it may be tried again, if the answer said so.
        retry_after: Option<Duration>,
        /// What it said.
        #[source]
        error: ApiError,
    },
    /// An answer that is not the provider's own (a proxy's page, an empty body).
    #[error("Mercado Pago answered {status} with a body that explains nothing")]
    Unexplained {
        /// HTTP status.
        status: u16,
        /// When it may be tried again, if the answer said so.
        retry_after: Option<Duration>,
    },
    /// Success, but not what was asked for.
    #[error("Mercado Pago's answer could not be understood")]
    NotUnderstood(#[source] Unfit),
    /// There was no connection: nothing was sent.
    #[error("could not connect to Mercado Pago")]
    NotConnected(#[source] reqwest::Error),
    /// The token cannot be sent: nothing was.
    #[error("the access token has characters that no token has")]
    Token,
    /// The request could not be made: nothing was sent.
    #[error("could not build the request to Mercado Pago")]
    NotBuilt(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The connection broke or was too slow after the request had gone.
    #[error("Mercado Pago's answer did not arrive")]
    CutOff(#[source] reqwest::Error),
    /// The answer broke off, or was absurdly long.
    #[error("could not read Mercado Pago's answer")]
    Unreadable(#[source] BodyError),
}

impl MercadoPagoError {
    /// From a request that got no answer.
    pub(in crate::mercadopago) fn from_request(error: reqwest::Error) -> Self {
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
            Self::Refused {
                status,
                retry_after,
                error,
            } => error.disposition(*status, *retry_after),
            Self::Unexplained {
                status,
                retry_after,
            } => unexplained(*status, *retry_after),
            Self::NotUnderstood(_) | Self::CutOff(_) | Self::Unreadable(_) => {
                Disposition::Ambiguous
            }
            Self::NotConnected(_) => Disposition::Unreachable,
            Self::Token => Disposition::Auth(AuthProblem::Token),
            Self::NotBuilt(_) => Disposition::Refused {
                code: None,
                meaning: Meaning::BadRequest,
            },
        }
    }

    /// Whether a write may have happened although it failed. Then it is looked for before it is tried again.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Refused { status, .. } | Self::Unexplained { status, .. } => {
                matches!(status, 408 | 409 | 423 | 424 | 500..)
            }
            Self::NotUnderstood(_) | Self::CutOff(_) | Self::Unreadable(_) => true,
            Self::NotConnected(_) | Self::Token | Self::NotBuilt(_) => false,
        }
    }

    /// The HTTP status of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } | Self::Unexplained { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The provider's code, if there was one.
    pub fn code(&self) -> Option<i64> {
        self.refusal().and_then(ApiError::code)
    }

    /// What the provider said, if it explained itself.
    pub fn refusal(&self) -> Option<&ApiError> {
        match self {
            Self::Refused { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Whether it shows that the API itself does not work, which is what a breaker counts: not refusals of one call,
    /// nor too many calls.
    pub fn counts_for_breaker(&self) -> bool {
        match self {
            Self::NotConnected(_) | Self::CutOff(_) | Self::Unreadable(_) => true,
            Self::Refused { status, .. } => *status >= 500,
            Self::Unexplained { status, .. } => !matches!(status, 400 | 401 | 422 | 429),
            Self::NotUnderstood(_) | Self::Token | Self::NotBuilt(_) => false,
        }
    }
}

/// Not the provider's own words: what stands between it and us may be at fault, so that hardly anything is final. In
/// particular a page that says 404 does not say that a payment does not exist.
fn unexplained(status: u16, after: Option<Duration>) -> Disposition {
    match status {
        401 => Disposition::Auth(AuthProblem::Token),
        400 | 422 => Disposition::Refused {
            code: None,
            meaning: Meaning::Unknown,
        },
        _ => Disposition::Retry { after },
    }
}
