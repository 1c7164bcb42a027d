//! Error codes, sorted by what can be done.

use std::time::Duration;

/// What may be done with a message that was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disposition {
    /// This guest was sent too much: again after [`retry_guest_after`]; others are not affected.
    RetryGuest,
    /// This number sent too much: nobody of it sends for a while, then all go on.
    RetryNumber,
    /// The app or business account made too many calls: nobody of it sends for minutes up to an hour.
    RetryAccount,
    /// Temporarily unavailable: again with growing delays.
    RetryLater,
    /// Not understood, perhaps temporary: again at most this often, then it is parked for a person.
    RetryFew(u8),
    /// The account cannot send at all until a person does something: its queue pauses, attempts are not counted.
    StopAccount(StopReason),
    /// The guest has not written for 24 hours: only a template may be sent.
    NeedsTemplate,
    /// It may have gone out: wait for a status that carries its id, and otherwise mark it as unknown.
    Ambiguous,
    /// It will never go out like this.
    GiveUp(GiveUp),
}

/// What a person has to repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopReason {
    /// The access token has expired or is wrong.
    Token,
    /// The token may not do this.
    Permission,
    /// Meta has blocked or locked the account.
    Policy,
    /// Nothing is paid.
    Billing,
    /// Guests reported the number, or templates were misused.
    Restricted,
    /// The number does not exist or is not registered.
    Configuration,
}

impl StopReason {
    /// As a stable word, for rows and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Permission => "permission",
            Self::Policy => "policy",
            Self::Billing => "billing",
            Self::Restricted => "restricted",
            Self::Configuration => "configuration",
        }
    }
}

/// Why a message will never go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GiveUp {
    /// The guest cannot be reached: no WhatsApp, an old app, terms not accepted, or she blocked us.
    Undeliverable,
    /// We blocked the guest, or she opted out.
    Blocked,
    /// Meta limits marketing to this guest; not within a day.
    Marketing,
    /// The message is malformed: a bug of ours.
    BadRequest,
    /// A picture or file was refused.
    Media,
    /// The template is missing, paused, disabled, or does not match.
    Template,
    /// A test number that may not write to this guest, or a number writing to itself.
    NotAllowed,
    /// A code nobody told us about.
    Unknown,
}

impl GiveUp {
    /// As a stable word, for rows and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Undeliverable => "undeliverable",
            Self::Blocked => "blocked",
            Self::Marketing => "marketing",
            Self::BadRequest => "bad-request",
            Self::Media => "media",
            Self::Template => "template",
            Self::NotAllowed => "not-allowed",
            Self::Unknown => "unknown",
        }
    }
}

impl Disposition {
    /// As a stable word, for rows and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RetryGuest => "retry-guest",
            Self::RetryNumber => "retry-number",
            Self::RetryAccount => "retry-account",
            Self::RetryLater => "retry-later",
            Self::RetryFew(_) => "retry-few",
            Self::StopAccount(reason) => reason.as_str(),
            Self::NeedsTemplate => "needs-template",
            Self::Ambiguous => "ambiguous",
            Self::GiveUp(reason) => reason.as_str(),
        }
    }
}

/// Meta's rule for code 131056: 4^X seconds, X = 0, 1, 2 … Stops growing at 4^6 s (over an hour).
pub fn retry_guest_after(earlier_refusals: u32) -> Duration {
    Duration::from_secs(4_u64.pow(earlier_refusals.min(6)))
}

/// What a code means; `None` for a code that is in no list.
pub fn of_code(code: i64) -> Option<Disposition> {
    use Disposition::{
        GiveUp as Never, NeedsTemplate, RetryAccount, RetryFew, RetryGuest, RetryLater,
        RetryNumber, StopAccount,
    };
    Some(match code {
        131056 => RetryGuest,
        130429 => RetryNumber,
        4 | 80007 => RetryAccount,
        // 131057: maintenance or a throughput upgrade, within a minute. 132069: a Flow that is throttled.
        2 | 131016 | 133004 | 131057 | 132069 => RetryLater,
        131000 => RetryFew(3),
        1 => RetryFew(2),
        131047 => NeedsTemplate,
        0 | 190 => StopAccount(StopReason::Token),
        3 | 10 | 200..=299 | 131005 => StopAccount(StopReason::Permission),
        368 | 131031 | 130497 => StopAccount(StopReason::Policy),
        131042 => StopAccount(StopReason::Billing),
        131048 | 131064 => StopAccount(StopReason::Restricted),
        33 | 131045 | 133010 => StopAccount(StopReason::Configuration),
        131026 => Never(GiveUp::Undeliverable),
        130403 | 131050 => Never(GiveUp::Blocked),
        131049 => Never(GiveUp::Marketing),
        131030 | 131021 => Never(GiveUp::NotAllowed),
        100 | 131008 | 131009 | 131051 | 131062 | 135000 => Never(GiveUp::BadRequest),
        131052 | 131053 => Never(GiveUp::Media),
        132000 | 132001 | 132005 | 132007 | 132012 | 132015 | 132016 | 132068 => {
            Never(GiveUp::Template)
        }
        _ => return None,
    })
}
