//! What a handler says about a message, and what that means for the broker. The only file that decides.

use std::time::Duration;

use crate::tiers::Tiers;

/// A handler's judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The effect is committed, or the state was already further on.
    Done,
    /// The inbox has it with a final verdict.
    Duplicate,
    /// It can never succeed; that is recorded.
    Rejected(String),
    /// Transient. Uses up an attempt.
    Retry {
        /// What went wrong, causes included.
        error: String,
        /// Not before this long from now, where somebody said so.
        after: Option<Duration>,
    },
    /// Not now, and not the message's fault: one account's breaker is open, say. Uses up no attempt, and
    /// stops nobody else.
    Postpone {
        /// What is in the way.
        error: String,
        /// Not before this long from now.
        after: Option<Duration>,
    },
    /// It is poison.
    Dead(String),
    /// What every message of this queue needs is away. Uses up no attempt; the whole consumer pauses.
    Unavailable {
        /// The name the probe is asked about.
        dependency: String,
        /// How it showed.
        error: String,
    },
}

/// What is done with the delivery.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Acknowledge it.
    Ack,
    /// Put a copy into a retry queue, then acknowledge.
    Copy {
        /// Index of the tier.
        tier: usize,
        /// The attempt the copy will be.
        attempt: u32,
    },
    /// Record it as a dead letter, then acknowledge.
    Bury {
        /// Why.
        error: String,
    },
}

/// The tier of a message that is handed back unchanged: the shortest, so that it is in the work queue again
/// by the time its dependency is back.
const UNCHANGED: usize = 0;

impl Verdict {
    /// For counters.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Duplicate => "duplicate",
            Self::Rejected(_) => "rejected",
            Self::Retry { .. } => "retry",
            Self::Postpone { .. } => "postpone",
            Self::Dead(_) => "dead",
            Self::Unavailable { .. } => "unavailable",
        }
    }

    /// What to do, given that this was attempt number `attempt` of at most `max_attempts`.
    pub(crate) fn action(&self, attempt: u32, max_attempts: u32, tiers: &Tiers) -> Action {
        match self {
            Self::Done | Self::Duplicate | Self::Rejected(_) => Action::Ack,
            Self::Retry { error, .. } if attempt >= max_attempts => Action::Bury {
                error: format!("gave up after {attempt} attempts: {error}"),
            },
            Self::Retry { after, .. } => Action::Copy {
                tier: tiers.pick(attempt, *after),
                attempt: attempt.saturating_add(1),
            },
            Self::Postpone { after, .. } => Action::Copy {
                tier: tiers.pick(1, *after),
                attempt,
            },
            Self::Unavailable { .. } => Action::Copy {
                tier: UNCHANGED,
                attempt,
            },
            Self::Dead(error) => Action::Bury {
                error: error.clone(),
            },
        }
    }

    pub(crate) fn retry(error: impl Into<String>) -> Self {
        Self::Retry {
            error: error.into(),
            after: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(verdict: &Verdict, attempt: u32) -> Action {
        verdict.action(attempt, 8, &Tiers::default())
    }

    #[test]
    fn what_is_settled_is_acknowledged() {
        for verdict in [
            Verdict::Done,
            Verdict::Duplicate,
            Verdict::Rejected("r".to_owned()),
        ] {
            assert_eq!(action(&verdict, 1), Action::Ack);
        }
    }

    #[test]
    fn retries_climb_the_tiers_and_end() {
        let retry = Verdict::retry("busy");
        assert_eq!(
            action(&retry, 1),
            Action::Copy {
                tier: 0,
                attempt: 2
            }
        );
        assert_eq!(
            action(&retry, 2),
            Action::Copy {
                tier: 1,
                attempt: 3
            }
        );
        assert_eq!(
            action(&retry, 7),
            Action::Copy {
                tier: 3,
                attempt: 8
            }
        );
        assert!(matches!(action(&retry, 8), Action::Bury { .. }));
        assert!(matches!(action(&retry, u32::MAX), Action::Bury { .. }));
    }

    #[test]
    fn a_hint_chooses_a_later_tier() {
        let retry = Verdict::Retry {
            error: "429".to_owned(),
            after: Some(Duration::from_mins(1)),
        };
        assert_eq!(
            action(&retry, 1),
            Action::Copy {
                tier: 2,
                attempt: 2
            }
        );
    }

    #[test]
    fn nothing_unavailable_or_postponed_uses_up_an_attempt() {
        let away = Verdict::Unavailable {
            dependency: "postgres".to_owned(),
            error: "refused".to_owned(),
        };
        let later = Verdict::Postpone {
            error: "token expired".to_owned(),
            after: None,
        };
        for attempt in [1, 7, 8, 9] {
            assert_eq!(action(&away, attempt), Action::Copy { tier: 0, attempt });
            assert_eq!(action(&later, attempt), Action::Copy { tier: 0, attempt });
        }
    }
}
