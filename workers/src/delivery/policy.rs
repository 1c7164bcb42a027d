//! How long to wait, and when to stop trying. Pure.

use std::time::Duration;

/// Refusals before a row is given up. With the delays below that is over an hour for a guest's limit, and more than
/// half an hour for a provider that keeps saying "later".
pub(super) const MAX_REFUSALS: i32 = 8;

const HOUR: Duration = Duration::from_hours(1);
/// After a refusal that says "later" without saying when: 5 s, 10 s, 20 s, … an hour at most.
const LATER: Duration = Duration::from_secs(5);
/// After the network failed before anything went out. The breaker decides when the next attempt really is.
pub(super) const UNREACHABLE: Duration = Duration::from_secs(2);
/// For a number that has sent too much and was not told for how long.
const NUMBER: Duration = Duration::from_secs(5);

/// The provider's own rule for one guest: 4^x seconds, x = 0, 1, 2, …
pub(super) fn guest_delay(refusals: i32) -> Duration {
    let exponent = u32::try_from(refusals).unwrap_or(0);
    Duration::from_secs(4_u64.saturating_pow(exponent)).min(HOUR)
}

/// For "later". What the provider says is never undercut.
pub(super) fn later_delay(refusals: i32, after: Option<Duration>) -> Duration {
    let exponent = u32::try_from(refusals).unwrap_or(0);
    LATER
        .saturating_mul(2_u32.saturating_pow(exponent))
        .min(HOUR)
        .max(after.unwrap_or_default())
}

/// For a whole number.
pub(super) fn number_delay(after: Option<Duration>) -> Duration {
    NUMBER.max(after.unwrap_or_default())
}

/// Whether one more refusal is the last.
pub(super) const fn is_last(refusals: i32) -> bool {
    refusals + 1 >= MAX_REFUSALS
}

#[cfg(test)]
mod tests {
    use super::{Duration, HOUR, guest_delay, is_last, later_delay};

    #[test]
    fn a_guests_limit_waits_by_powers_of_four() {
        let seconds: Vec<u64> = (0..5)
            .map(|refusals| guest_delay(refusals).as_secs())
            .collect();
        assert_eq!(seconds, [1, 4, 16, 64, 256]);
    }

    #[test]
    fn delays_grow_are_bounded_and_never_undercut_what_was_asked_for() {
        for refusals in [0, 1, 5, 100, i32::MAX] {
            assert!(guest_delay(refusals) <= HOUR && later_delay(refusals, None) <= HOUR);
            assert!(later_delay(refusals, Some(2 * HOUR)) >= 2 * HOUR);
        }
        assert!(later_delay(3, None) > later_delay(2, None));
        assert_eq!(guest_delay(-1), Duration::from_secs(1));
    }

    #[test]
    fn trying_ends() {
        assert!(!is_last(0) && !is_last(6) && is_last(7) && is_last(8));
    }
}
