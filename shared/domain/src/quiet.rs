//! When a turn is due: how long the desk listens before it answers.
//!
//! A guest types "hola", "tenés lugar", "del 10 al 15" as three messages; answering each would be three answers. So an
//! entry waits for a quiet window, except where waiting gains nothing: a tap, or a question that is complete. After an
//! outage the provider brings hours of messages in no order, and a person may have answered some of them by phone:
//! while messages arrive late the window is longer, so that her answer is there before ours is made.
//!
//! All times are the database's. Nobody is put off without end: see `longest`.

use chrono::{DateTime, TimeDelta, Utc};

/// How soon an entry wants its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// More may follow: wait for a quiet window.
    Quiet,
    /// Complete as it is. Still waits in a burst, so that ten quick taps are not ten answers.
    AtOnce,
    /// What a person of ours said, or what a worker reports: takes effect without delay.
    Event,
}

/// The windows, from the configuration.
#[derive(Debug, Clone, Copy)]
pub struct Windows {
    /// How long nobody must have written (2 s).
    pub quiet: TimeDelta,
    /// From when on a message counts as late (10 min).
    pub late_after: TimeDelta,
    /// The window while late messages arrive (60 s).
    pub late: TimeDelta,
}

impl Default for Windows {
    fn default() -> Self {
        Self {
            quiet: TimeDelta::seconds(2),
            late_after: TimeDelta::minutes(10),
            late: TimeDelta::seconds(60),
        }
    }
}

/// What a conversation's row says about its next turn.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// The database's clock.
    pub now: DateTime<Utc>,
    /// The turn already due, if any.
    pub due: Option<DateTime<Utc>>,
    /// Since when something waits.
    pub wanted_since: Option<DateTime<Utc>>,
    /// When the last turn was made.
    pub last_turn_at: Option<DateTime<Utc>>,
}

/// When a burst ends for us even if the guest goes on typing, in windows.
const LONGEST_QUIET: i32 = 5;
/// The same while late messages arrive: ten minutes at the default window.
const LONGEST_LATE: i32 = 10;

impl Windows {
    /// When the turn is due after one more entry, never earlier than now.
    pub fn due_at(
        &self,
        standing: Standing,
        urgency: Urgency,
        said_at: DateTime<Utc>,
    ) -> DateTime<Utc> {
        let Standing {
            now,
            due,
            wanted_since,
            last_turn_at,
        } = standing;
        let wanted = wanted_since.unwrap_or(now).min(now);
        if now.signed_duration_since(said_at) > self.late_after {
            let target = due.unwrap_or(now).max(now + self.late);
            return target.min(wanted + self.late * LONGEST_LATE).max(now);
        }
        // Only the late window sets a turn this far off: it goes on.
        if let Some(due) = due.filter(|due| *due > now + self.quiet) {
            return due;
        }
        // A burst of complete requests is one answer and then a window; a tap on the answer just read is no burst.
        let since_turn = last_turn_at.map(|at| now.signed_duration_since(at));
        let pause = if due.is_some() {
            self.quiet
        } else {
            self.quiet / 4
        };
        let just_answered = since_turn.is_some_and(|since| since < pause);
        match urgency {
            Urgency::Event => now,
            Urgency::AtOnce if !just_answered => now,
            Urgency::AtOnce | Urgency::Quiet => (now + self.quiet)
                .min(wanted + self.quiet * LONGEST_QUIET)
                .max(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_262_400 + second, 0).unwrap()
    }

    fn standing(now: i64) -> Standing {
        Standing {
            now: at(now),
            due: None,
            wanted_since: None,
            last_turn_at: None,
        }
    }

    #[test]
    fn a_first_word_waits_for_the_quiet_window() {
        assert_eq!(
            Windows::default().due_at(standing(0), Urgency::Quiet, at(0)),
            at(2)
        );
    }

    #[test]
    fn each_further_word_starts_the_window_again_up_to_a_bound() {
        let windows = Windows::default();
        let mut now = standing(0);
        let mut due = at(2);
        for second in 0..30 {
            now = Standing {
                now: at(second),
                due: Some(due),
                wanted_since: Some(at(0)),
                last_turn_at: None,
            };
            due = windows.due_at(now, Urgency::Quiet, at(second));
            assert!(due >= at(second) && due <= at(second.max(10)));
        }
        assert_eq!(
            due, now.now,
            "after ten seconds the turn is no longer put off"
        );
    }

    #[test]
    fn a_tap_is_answered_at_once_also_on_an_answer_just_read() {
        let windows = Windows::default();
        assert_eq!(windows.due_at(standing(0), Urgency::AtOnce, at(0)), at(0));
        let read = Standing {
            last_turn_at: Some(at(9)),
            ..standing(10)
        };
        assert_eq!(windows.due_at(read, Urgency::AtOnce, at(10)), at(10));
    }

    #[test]
    fn ten_taps_within_a_second_are_two_turns() {
        let windows = Windows::default();
        let mut standing = standing(0);
        let start = standing.now;
        let mut turns = 0;
        for tap in 0..10 {
            standing.now = start + TimeDelta::milliseconds(100 * tap);
            let due = windows.due_at(standing, Urgency::AtOnce, standing.now);
            standing.wanted_since = standing.wanted_since.or(Some(standing.now));
            standing.due = Some(due);
            if due <= standing.now {
                turns += 1;
                standing = Standing {
                    due: None,
                    wanted_since: None,
                    last_turn_at: Some(standing.now),
                    ..standing
                };
            }
        }
        assert_eq!((turns, standing.due.is_some()), (1, true));
    }

    #[test]
    fn what_a_person_says_takes_effect_in_the_middle_of_a_burst() {
        let busy = Standing {
            due: Some(at(11)),
            last_turn_at: Some(at(9)),
            ..standing(10)
        };
        assert_eq!(
            Windows::default().due_at(busy, Urgency::Event, at(10)),
            at(10)
        );
    }

    #[test]
    fn late_messages_are_given_a_minute_and_taps_do_not_cut_it_short() {
        let windows = Windows::default();
        let due = windows.due_at(standing(3600), Urgency::AtOnce, at(0));
        assert_eq!(due, at(3660));
        let backlog = Standing {
            due: Some(due),
            wanted_since: Some(at(3600)),
            ..standing(3605)
        };
        assert_eq!(windows.due_at(backlog, Urgency::AtOnce, at(3605)), due);
        assert_eq!(windows.due_at(backlog, Urgency::Quiet, at(10)), at(3665));
    }

    #[test]
    fn a_backlog_that_never_ends_is_answered_after_ten_windows() {
        let windows = Windows::default();
        let endless = Standing {
            due: Some(at(600)),
            wanted_since: Some(at(0)),
            ..standing(599)
        };
        assert_eq!(windows.due_at(endless, Urgency::Quiet, at(-9999)), at(600));
    }

    #[test]
    fn a_message_from_the_future_is_simply_fresh() {
        assert_eq!(
            Windows::default().due_at(standing(0), Urgency::Quiet, at(86_400)),
            at(2)
        );
    }
}
