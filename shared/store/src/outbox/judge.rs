//! May this row go out now? A pure question; the facts are read under the row's lock.

use super::{Author, State};

/// What is known of a row and of the chat it belongs to.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each read from another table"
)]
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub(super) author: Author,
    pub(super) epoch: i32,
    /// It was `sending` and its lease ran out.
    pub(super) lapsed: bool,
    pub(super) resends: i32,
    /// It has been due for so long that nobody can have been sending.
    pub(super) overdue: bool,
    /// `not_after` is over.
    pub(super) late: bool,
    pub(super) chat_epoch: Option<i32>,
    pub(super) muted: bool,
    pub(super) personal: bool,
    /// The guest's last message is more than 24 hours old.
    pub(super) window_closed: bool,
    pub(super) reachable: bool,
    /// The provider reported a failure for this row's callback id.
    pub(super) failure: Option<String>,
    /// It says what happened to a booking: nothing that a person wrote meanwhile replaces it.
    pub(super) news: bool,
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Judgement {
    /// It goes out, under a new lease.
    Send,
    /// Nobody has been sending for long: what a person said meanwhile comes first.
    Wait,
    /// It is over.
    Settle {
        state: State,
        reason: String,
        /// The kind of attention row it is worth.
        attention: Option<&'static str>,
    },
}

/// Decides. A row that may have gone out already ends as `unknown`, never as something that says it did not.
pub(super) fn judge(facts: &Facts) -> Judgement {
    let maybe_out = facts.lapsed || facts.resends > 0;
    let settle = |state, reason: &str, attention| Judgement::Settle {
        state,
        reason: reason.to_owned(),
        attention,
    };
    let over = |state, reason: &str, attention| {
        if maybe_out {
            settle(
                State::Unknown,
                &format!("sent without a clear answer; not again: {reason}"),
                attention,
            )
        } else {
            settle(state, reason, attention)
        }
    };
    if let Some(failure) = facts.failure.as_deref().filter(|_| facts.lapsed) {
        return settle(State::Failed, failure, Some("message_failed"));
    }
    if facts.lapsed && facts.resends > 0 {
        return settle(
            State::Unknown,
            "sent twice without a clear answer",
            Some("message_unknown"),
        );
    }
    if facts.author == Author::Bot {
        if !facts.news && facts.chat_epoch.is_some_and(|epoch| epoch > facts.epoch) {
            return over(State::Dropped, "a person took over", None);
        }
        if facts.muted {
            return over(State::Dropped, "the chat is muted", None);
        }
    }
    if facts.personal {
        return over(State::Dropped, "the contact is personal", None);
    }
    if facts.window_closed {
        return over(
            State::Expired,
            "the guest's last message is over 24 hours old",
            Some("reply_window_closed"),
        );
    }
    if facts.late {
        return over(State::Expired, "too late to be of use", None);
    }
    if !facts.reachable {
        return over(
            State::Failed,
            "no number and no user id of the guest is known",
            Some("message_failed"),
        );
    }
    if facts.overdue && !maybe_out && facts.author == Author::Bot {
        return Judgement::Wait;
    }
    Judgement::Send
}

#[cfg(test)]
mod tests {
    use super::{Author, Facts, Judgement, State, judge};

    fn facts() -> Facts {
        Facts {
            author: Author::Bot,
            epoch: 3,
            lapsed: false,
            resends: 0,
            overdue: false,
            late: false,
            chat_epoch: Some(3),
            muted: false,
            personal: false,
            window_closed: false,
            reachable: true,
            failure: None,
            news: false,
        }
    }

    fn end(facts: &Facts) -> Option<State> {
        match judge(facts) {
            Judgement::Send | Judgement::Wait => None,
            Judgement::Settle { state, .. } => Some(state),
        }
    }

    #[test]
    fn a_row_of_this_epoch_goes_out() {
        assert_eq!(end(&facts()), None);
    }

    #[test]
    fn what_happened_to_a_booking_is_said_also_when_a_person_took_over() {
        let news = Facts {
            chat_epoch: Some(4),
            news: true,
            ..facts()
        };
        assert_eq!(end(&news), None);
        let muted = Facts {
            muted: true,
            ..news
        };
        assert_eq!(end(&muted), Some(State::Dropped));
    }

    #[test]
    fn what_the_bot_had_to_say_is_dropped_when_a_person_took_over() {
        assert_eq!(
            end(&Facts {
                chat_epoch: Some(4),
                ..facts()
            }),
            Some(State::Dropped)
        );
    }

    #[test]
    fn what_a_person_wrote_goes_out_whatever_the_epoch_and_mode() {
        let person = Facts {
            author: Author::Person,
            chat_epoch: Some(4),
            muted: true,
            ..facts()
        };
        assert_eq!(end(&person), None);
    }

    #[test]
    fn personal_contacts_and_muted_chats_are_never_answered() {
        assert_eq!(
            end(&Facts {
                personal: true,
                ..facts()
            }),
            Some(State::Dropped)
        );
        assert_eq!(
            end(&Facts {
                muted: true,
                ..facts()
            }),
            Some(State::Dropped)
        );
    }

    #[test]
    fn nothing_goes_out_late_or_outside_the_window() {
        assert_eq!(
            end(&Facts {
                late: true,
                ..facts()
            }),
            Some(State::Expired)
        );
        assert_eq!(
            end(&Facts {
                window_closed: true,
                ..facts()
            }),
            Some(State::Expired)
        );
    }

    #[test]
    fn a_lapsed_lease_is_sent_once_more_and_then_unknown() {
        assert_eq!(
            end(&Facts {
                lapsed: true,
                ..facts()
            }),
            None
        );
        assert_eq!(
            end(&Facts {
                lapsed: true,
                resends: 1,
                ..facts()
            }),
            Some(State::Unknown)
        );
    }

    #[test]
    fn a_row_that_may_have_gone_out_never_ends_as_dropped_or_expired() {
        assert_eq!(
            end(&Facts {
                lapsed: true,
                chat_epoch: Some(4),
                ..facts()
            }),
            Some(State::Unknown)
        );
        assert_eq!(
            end(&Facts {
                resends: 1,
                late: true,
                ..facts()
            }),
            Some(State::Unknown)
        );
    }

    #[test]
    fn a_reported_failure_settles_a_lapsed_lease() {
        let failed = Facts {
            lapsed: true,
            failure: Some("131026".to_owned()),
            ..facts()
        };
        assert_eq!(end(&failed), Some(State::Failed));
    }
}
