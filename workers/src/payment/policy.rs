//! How long to wait, and when to stop trying. Pure.

use std::time::Duration;

/// After a failure that is Mercado Pago's and not the row's. The breaker decides when the next attempt really is.
pub(super) const OUTAGE: Duration = Duration::from_secs(2);
/// A payment nobody knows is asked for twice more within a minute: a notice may be faster than what it is about.
const NOT_THERE: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(30)];
/// After an answer that cannot be used: 5 s, 10 s, 20 s, … an hour at most.
const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_hours(1);
/// With the delays above that is some forty minutes.
const MAX_ATTEMPTS: i32 = 9;
/// Likewise some sixteen hours.
const MAX_UNCLEAR: i32 = 25;

/// When to look again for what was not there; `None`: it will not come.
pub(super) fn not_there(attempts: i32) -> Option<Duration> {
    NOT_THERE
        .get(usize::try_from(attempts).unwrap_or(0))
        .copied()
}

/// Doubles with each failure. What the provider says is never undercut.
pub(super) fn delay(attempts: i32, after: Option<Duration>) -> Duration {
    let exponent = u32::try_from(attempts).unwrap_or(0);
    FIRST
        .saturating_mul(2_u32.saturating_pow(exponent))
        .min(LONGEST)
        .max(after.unwrap_or_default())
}

/// After a lock that took too long, or a deadlock: soon, since it is nobody's fault; a rule that is broken each time
/// would come back at once for ever.
pub(super) fn busy(attempts: i32) -> Duration {
    delay(attempts, None) / 10
}

/// After no clear answer: soon where nobody is answered, since the breaker keeps the pace; more slowly each time where
/// others are.
pub(super) fn outage(attempts: i32, after: Option<Duration>, alone: bool) -> Duration {
    if alone {
        delay(attempts, after)
    } else {
        OUTAGE.max(after.unwrap_or_default())
    }
}

/// Whether one more failure without a clear answer is the last: the better part of a day, since half of Mercado Pago may
/// be away for hours.
pub(super) const fn is_hopeless(attempts: i32) -> bool {
    attempts.saturating_add(1) >= MAX_UNCLEAR
}

/// Whether one more failure is the last.
pub(super) const fn is_last(attempts: i32) -> bool {
    attempts.saturating_add(1) >= MAX_ATTEMPTS
}

#[cfg(test)]
mod tests {
    use super::{Duration, LONGEST, delay, is_hopeless, is_last, not_there};

    #[test]
    fn what_is_not_there_is_looked_for_twice_more_within_a_minute() {
        let waits: Vec<_> = (0..4).map(not_there).collect();
        assert_eq!(
            waits.iter().flatten().sum::<Duration>(),
            Duration::from_secs(40)
        );
        assert_eq!(waits.iter().flatten().count(), 2);
        assert!(waits[2].is_none() && waits[3].is_none());
        assert!(not_there(-1).is_some() && not_there(i32::MAX).is_none());
    }

    #[test]
    fn delays_grow_are_bounded_and_never_undercut_what_was_asked_for() {
        for attempts in [-1, 0, 1, 5, 100, i32::MAX] {
            assert!(delay(attempts, None) <= LONGEST);
            assert!(delay(attempts, Some(2 * LONGEST)) >= 2 * LONGEST);
        }
        assert!(delay(3, None) > delay(2, None));
    }

    #[test]
    fn trying_ends() {
        assert!(!is_last(0) && !is_last(7) && is_last(8) && is_last(i32::MAX));
        assert!(!is_hopeless(8) && is_hopeless(24) && is_hopeless(i32::MAX));
        let waited: Duration = (0..24).map(|attempts| delay(attempts, None)).sum();
        assert!(waited > Duration::from_hours(12) && waited < Duration::from_hours(24));
    }
}
