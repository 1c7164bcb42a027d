//! Why a message is not known to be with the broker.

use crate::outgoing::EncodeError;

/// A publish that was not confirmed. The message may have arrived all the same in the cases that say so.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// Nothing was sent: no connection, no channel, or the broker takes nothing now.
    #[error("the message was not sent: {0}")]
    Unavailable(String),
    /// The broker said no, for example because a queue is full.
    #[error("the broker rejected the message")]
    Nacked,
    /// There is no such queue.
    #[error("the broker returned the message: there is no queue {0:?}")]
    Returned(String),
    /// The channel is not in confirm mode, so its answers mean nothing.
    #[error("the broker was not asked to confirm")]
    NotConfirming,
    /// No answer in time. It may have arrived, or may still.
    #[error("the broker did not confirm in time")]
    TimedOut,
    /// The channel was given up for another message's sake. It may have arrived, or may still.
    #[error("the channel was given up before the broker confirmed")]
    Discarded,
    /// The channel or connection ended before the answer. It may have arrived.
    #[error("the channel ended before the broker confirmed")]
    Lost(#[source] lapin::Error),
    /// It can never be published.
    #[error("the message cannot be published")]
    Refused(#[source] EncodeError),
}

impl PublishError {
    pub(crate) fn refused(error: EncodeError) -> Self {
        Self::Refused(error)
    }

    /// For counters.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "unavailable",
            Self::Nacked => "nacked",
            Self::Returned(_) => "returned",
            Self::NotConfirming => "not_confirming",
            Self::TimedOut => "timed_out",
            Self::Discarded => "discarded",
            Self::Lost(_) => "lost",
            Self::Refused(_) => "refused",
        }
    }
}
