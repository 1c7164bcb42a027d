//! What the provider's words mean. Unknown ones are tolerated: the lists of its own libraries differ already.

use serde::{Deserialize, Serialize};

/// Where a payment stands, in our words. `payments.standing` says it in the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Not paid yet: a transfer or a challenge is awaited. Also `authorized`, which we never ask for.
    Pending,
    /// Under review, up to two business days.
    InProcess,
    /// The money is there, perhaps a part of it went back.
    Paid,
    /// A claim is open; nothing was taken yet.
    Disputed,
    /// The card's owner disowned it: the money was taken (or came back: see [`Dispute`]).
    ChargedBack,
    /// All of it went back.
    Refunded,
    /// Refused; another try is another payment.
    Rejected,
    /// Ended before it was paid.
    Cancelled,
    /// A word nobody knows: nothing follows from it but a person's look.
    Unknown,
}

/// Whether somebody disputes the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dispute {
    /// Nobody.
    None,
    /// A claim at the provider; the money is still ours.
    Claim,
    /// The money was taken while it is decided.
    Withheld,
    /// It was taken for good.
    Lost,
    /// It was taken and came back.
    Won,
}

impl Standing {
    /// From `status` and `status_detail`.
    #[must_use]
    pub fn of(status: &str, _detail: &str) -> Self {
        match status {
            "pending" | "authorized" => Self::Pending,
            "in_process" => Self::InProcess,
            "approved" => Self::Paid,
            "in_mediation" => Self::Disputed,
            "charged_back" => Self::ChargedBack,
            "refunded" => Self::Refunded,
            "rejected" => Self::Rejected,
            "cancelled" | "canceled" => Self::Cancelled,
            _ => Self::Unknown,
        }
    }

    /// As `payments.standing` says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::InProcess => "in_process",
            Self::Paid => "paid",
            Self::Disputed => "disputed",
            Self::ChargedBack => "charged_back",
            Self::Refunded => "refunded",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }
}

impl Dispute {
    /// From `status` and `status_detail`.
    #[must_use]
    pub fn of(status: &str, detail: &str) -> Self {
        match (status, detail) {
            ("in_mediation", _) => Self::Claim,
            ("charged_back", "settled") => Self::Lost,
            ("charged_back", "reimbursed") => Self::Won,
            ("charged_back", _) => Self::Withheld,
            _ => Self::None,
        }
    }
}
