//! What a provider's answer means for the row, the guest and the account.

use std::time::Duration;

use async_trait::async_trait;
use posta_store::outbox::claim::Claimed;

/// The outcome of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The provider took it.
    Sent {
        /// Its id there.
        message_id: String,
        /// The guest's number as the provider writes it.
        number: Option<String>,
    },
    /// This guest has been sent too much: later, others are unaffected.
    RetryGuest(String),
    /// This number has sent too much: nothing more from it for a while.
    RetryNumber {
        /// What was said.
        error: String,
        /// For how long, where somebody said so.
        after: Option<Duration>,
    },
    /// Refused for now.
    RetryLater {
        /// What was said.
        error: String,
        /// For how long, where somebody said so.
        after: Option<Duration>,
    },
    /// Refused for good.
    GiveUp(String),
    /// The account may not send at all: token, permission, policy, billing.
    StopAccount(String),
    /// The 24-hour window is closed.
    NeedsTemplate(String),
    /// The request went out and no clear answer came back.
    Ambiguous(String),
    /// The request did not go out.
    Unreachable(String),
}

impl Outcome {
    /// For counters.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::RetryGuest(_) => "retry_guest",
            Self::RetryNumber { .. } => "retry_number",
            Self::RetryLater { .. } => "retry_later",
            Self::GiveUp(_) => "give_up",
            Self::StopAccount(_) => "stop_account",
            Self::NeedsTemplate(_) => "needs_template",
            Self::Ambiguous(_) => "ambiguous",
            Self::Unreachable(_) => "unreachable",
        }
    }

    /// Whether the provider itself is in trouble, which is what a breaker counts.
    #[must_use]
    pub const fn is_outage(&self) -> bool {
        matches!(
            self,
            Self::Ambiguous(_) | Self::Unreachable(_) | Self::RetryLater { .. }
        )
    }
}

/// The way to a provider.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one row, once. Never tries again by itself.
    async fn send(&self, row: &Claimed) -> Outcome;
}
