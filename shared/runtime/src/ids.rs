//! Identifiers that sort by the time they were made.

use uuid::{NoContext, Timestamp, Uuid};

use crate::clock::Clock;

/// A UUID v7 of now. Two of the same millisecond are in no particular order.
pub fn v7(clock: &dyn Clock) -> Uuid {
    let now = clock.now();
    let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
    Uuid::new_v7(Timestamp::from_unix(
        NoContext,
        seconds,
        now.timestamp_subsec_nanos(),
    ))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let clock = ManualClock::new("2026-11-21T12:00:00Z".parse().unwrap());
        let first = v7(&clock);
        clock.advance(Duration::from_millis(1));
        let second = v7(&clock);
        assert!(first < second);
        assert_eq!(first.get_version_num(), 7);
    }
}
