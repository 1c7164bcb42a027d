//! When a person answers: what a guest who asked for one is told, and by when the owner should have done so.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// The hours in which somebody usually answers, in the property's zone. `until` before `from` runs past midnight;
/// the same hour twice means always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The property's zone.
    pub zone: Tz,
    /// First answer of the day.
    pub from: NaiveTime,
    /// Last answer of the day.
    pub until: NaiveTime,
}

/// Which day a promise speaks of, seen from the guest's "now".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// Today in the property's zone.
    Today,
    /// The day after.
    Tomorrow,
}

/// What the guest is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Somebody answers around the clock.
    Soon,
    /// Somebody is there, until then.
    Until(Day, NaiveTime),
    /// Nobody is there now; from then on.
    From(Day, NaiveTime),
}

/// A promise made to a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// As it is said.
    pub when: When,
    /// When the owner should have answered.
    pub deadline: DateTime<Utc>,
    /// When the promise is broken: after that it may be made again.
    pub ends: DateTime<Utc>,
}

/// Nobody is promised an answer "until 21:00" at 20:45.
const LAST_CALL: TimeDelta = TimeDelta::minutes(30);
/// How long an answer may take while somebody is there.
const ANSWER_WITHIN: TimeDelta = TimeDelta::hours(1);

impl Hours {
    /// What to promise now.
    pub fn promise(&self, now: DateTime<Utc>) -> Promise {
        let soon = Promise {
            when: When::Soon,
            deadline: now + ANSWER_WITHIN,
            ends: now + TimeDelta::hours(24),
        };
        if self.from == self.until {
            return soon;
        }
        let today = now.with_timezone(&self.zone).date_naive();
        // Yesterday's window may still be open when hours run past midnight.
        let first = today.checked_sub_days(Days::new(1)).unwrap_or(today);
        first
            .iter_days()
            .take(4)
            .find_map(|day| self.window(day, today, now))
            .unwrap_or(soon)
    }

    fn window(&self, day: NaiveDate, today: NaiveDate, now: DateTime<Utc>) -> Option<Promise> {
        let last = if self.until > self.from {
            day
        } else {
            day.succ_opt()?
        };
        let (opens, closes) = (
            self.instant(day, self.from)?,
            self.instant(last, self.until)?,
        );
        if closes - LAST_CALL <= now {
            return None;
        }
        let seen = |day: NaiveDate| {
            if day <= today {
                Day::Today
            } else {
                Day::Tomorrow
            }
        };
        let (when, start) = if opens <= now {
            (When::Until(seen(last), self.until), now)
        } else {
            (When::From(seen(day), self.from), opens)
        };
        Some(Promise {
            when,
            deadline: (start + ANSWER_WITHIN).min(closes),
            ends: closes,
        })
    }

    /// A wall-clock time as an instant; one that a change of the clocks skips is read an hour later.
    fn instant(&self, day: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
        let local = day.and_time(time);
        local
            .and_local_timezone(self.zone)
            .earliest()
            .or_else(|| {
                (local + TimeDelta::hours(1))
                    .and_local_timezone(self.zone)
                    .earliest()
            })
            .map(|at| at.with_timezone(&Utc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(from: u32, until: u32) -> Hours {
        Hours {
            zone: chrono_tz::America::Argentina::Buenos_Aires,
            from: NaiveTime::from_hms_opt(from, 0, 0).unwrap(),
            until: NaiveTime::from_hms_opt(until, 0, 0).unwrap(),
        }
    }

    /// Buenos Aires is three hours behind UTC.
    fn local(hour: u32, minute: u32) -> DateTime<Utc> {
        NaiveDate::from_ymd_opt(2026, 11, 21)
            .unwrap()
            .and_hms_opt(hour, minute, 0)
            .unwrap()
            .and_utc()
            + TimeDelta::hours(3)
    }

    fn clock(hour: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
    }

    #[test]
    fn within_the_hours_the_end_of_today_is_promised() {
        let promise = hours(9, 21).promise(local(14, 0));
        assert_eq!(promise.when, When::Until(Day::Today, clock(21)));
        assert_eq!(promise.deadline, local(15, 0));
        assert_eq!(promise.ends, local(21, 0));
    }

    #[test]
    fn before_the_hours_this_morning_is_promised_and_after_them_tomorrow() {
        assert_eq!(
            hours(9, 21).promise(local(7, 0)).when,
            When::From(Day::Today, clock(9))
        );
        assert_eq!(
            hours(9, 21).promise(local(22, 0)).when,
            When::From(Day::Tomorrow, clock(9))
        );
    }

    #[test]
    fn shortly_before_the_end_tomorrow_is_promised() {
        assert_eq!(
            hours(9, 21).promise(local(20, 45)).when,
            When::From(Day::Tomorrow, clock(9))
        );
    }

    #[test]
    fn hours_that_run_past_midnight_are_open_on_both_sides_of_it() {
        assert_eq!(
            hours(18, 2).promise(local(20, 0)).when,
            When::Until(Day::Tomorrow, clock(2))
        );
        assert_eq!(
            hours(18, 2).promise(local(1, 0)).when,
            When::Until(Day::Today, clock(2))
        );
        assert_eq!(
            hours(18, 2).promise(local(10, 0)).when,
            When::From(Day::Today, clock(18))
        );
    }

    #[test]
    fn the_same_hour_twice_means_always() {
        assert_eq!(hours(0, 0).promise(local(3, 0)).when, When::Soon);
    }

    #[test]
    fn a_promise_never_ends_before_its_deadline() {
        for from in 0..24 {
            for until in 0..24 {
                for minute in (0..1440).step_by(17) {
                    let now = local(0, 0) + TimeDelta::minutes(minute);
                    let promise = hours(from, until).promise(now);
                    assert!(
                        promise.deadline > now && promise.ends >= promise.deadline,
                        "{from}-{until} at {now}"
                    );
                }
            }
        }
    }
}
