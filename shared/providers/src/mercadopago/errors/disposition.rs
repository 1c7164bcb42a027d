//! Answers and codes, sorted by what can be done.

use std::time::Duration;

/// What may be done after a call that did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disposition {
    /// Not now: too many calls, a fault of the provider's, a lock, a conflict with another call.
    Retry {
        /// How long to wait, if the answer said so.
        after: Option<Duration>,
    },
    /// There was no connection: nothing was sent.
    Unreachable,
    /// It was sent, and no (usable) answer came: look before trying again.
    Ambiguous,
    /// A person has to repair something, or this token is not for that.
    Auth(AuthProblem),
    /// The provider knows no such thing.
    NotFound,
    /// It will not happen like this.
    Refused {
        /// The provider's code.
        code: Option<i64>,
        /// What it means.
        meaning: Meaning,
    },
}

/// Why the token did not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuthProblem {
    /// It is wrong or no longer valid: nothing works until it is replaced.
    Token,
    /// The account may not do what was asked: a policy of the provider's.
    Permission,
    /// What was asked for belongs to somebody else. Says nothing about the account's other calls.
    Foreign,
    /// Test credentials where real ones are needed, or the other way round: reading may work all the same.
    TestCredentials,
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// The account has not enough money to give back.
    NoFunds,
    /// The payment is too old to be refunded (180 days).
    TooOld,
    /// The payment's state does not allow it: perhaps it happened already.
    State,
    /// More than is left of the payment.
    Amount,
    /// Too many refunds of one payment.
    TooMany,
    /// This kind of payment is never refunded.
    NotRefundable,
    /// Only the whole payment can be refunded.
    NoPartial,
    /// Measured to pass, or to work with another amount; unexplained.
    Transient,
    /// The seller's account lacks what the law asks for.
    Regulation,
    /// The request is malformed: a bug of ours.
    BadRequest,
    /// A code nobody told us about.
    Unknown,
}

impl AuthProblem {
    /// As a stable word, for rows and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Permission => "permission",
            Self::Foreign => "foreign",
            Self::TestCredentials => "test-credentials",
        }
    }

    /// Whether no call of the account will work until a person did something. A 403 may be about one thing alone.
    pub fn stops_account(self) -> bool {
        matches!(self, Self::Token)
    }
}

impl Meaning {
    /// As a stable word, for rows and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoFunds => "no-funds",
            Self::TooOld => "too-old",
            Self::State => "state",
            Self::Amount => "amount",
            Self::TooMany => "too-many",
            Self::NotRefundable => "not-refundable",
            Self::NoPartial => "no-partial",
            Self::Transient => "transient",
            Self::Regulation => "regulation",
            Self::BadRequest => "bad-request",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the same will be refused again, however often it is tried.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Transient)
    }

    /// What a code means; `Unknown` for one in no list.
    pub(super) fn of_code(code: i64) -> Self {
        match code {
            2030 | 2031 => Self::NoFunds,
            2024 | 15016 => Self::TooOld,
            2018 | 2029 | 2063 => Self::State,
            2017 => Self::Amount,
            2022 => Self::TooMany,
            2025 => Self::NotRefundable,
            3024 => Self::NoPartial,
            2084 => Self::Transient,
            1 | 1001 | 4292 => Self::BadRequest,
            _ => Self::Unknown,
        }
    }
}

impl Disposition {
    /// As a stable word, for rows and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retry { .. } => "retry",
            Self::Unreachable => "unreachable",
            Self::Ambiguous => "ambiguous",
            Self::Auth(problem) => problem.as_str(),
            Self::NotFound => "not-found",
            Self::Refused { meaning, .. } => meaning.as_str(),
        }
    }
}
