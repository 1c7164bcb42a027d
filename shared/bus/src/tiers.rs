//! Retry tiers: how long a message waits before it is tried again.
//!
//! Each tier is a queue with one time-to-live. A queue per delay, because a broker looks for expired
//! messages only at the head: in a shared queue a long delay would hold the short ones behind it.
//! With the defaults a message is tried after 5 s, 30 s, 5 min, and then every hour.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::names::{Namespace, Queue};

/// A list of tiers that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidTiers {
    /// Not four of them.
    #[error("there are four retry tiers, such as 5s,30s,5m,1h; found {0}")]
    Count(usize),
    /// Not a duration.
    #[error("a retry tier is a number with ms, s, m or h, not {0:?}")]
    Duration(String),
    /// Not one longer than the other.
    #[error("retry tiers must grow from each to the next")]
    Order,
}

/// The four delays, ascending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tiers([Duration; 4]);

impl Tiers {
    /// The delays, shortest first.
    pub fn delays(&self) -> &[Duration; 4] {
        &self.0
    }

    /// The tier for a message whose attempt number `attempt` (from 1) failed: the next one by attempt, or
    /// the first that is not shorter than `after`. Nothing is longer than the last tier: a hint beyond it
    /// comes back early and is answered with the same hint again.
    pub fn pick(&self, attempt: u32, after: Option<Duration>) -> usize {
        let last = self.0.len() - 1;
        let by_attempt =
            usize::try_from(attempt.saturating_sub(1)).map_or(last, |index| index.min(last));
        let by_hint = after.map_or(0, |after| {
            self.0
                .iter()
                .position(|delay| *delay >= after)
                .unwrap_or(last)
        });
        by_attempt.max(by_hint)
    }

    /// `posta.messages.v1.retry.5s`, shortest first. The delay is part of the name because a queue's
    /// time-to-live cannot change.
    pub fn queues(&self, queue: Queue, namespace: &Namespace) -> [String; 4] {
        let work = queue.name(namespace);
        self.0.map(|delay| format!("{work}.retry.{}", label(delay)))
    }
}

impl Default for Tiers {
    fn default() -> Self {
        Self([5, 30, 300, 3600].map(Duration::from_secs))
    }
}

impl FromStr for Tiers {
    type Err = InvalidTiers;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let delays = text
            .split(',')
            .map(|part| parse(part.trim()))
            .collect::<Result<Vec<_>, _>>()?;
        let delays =
            <[Duration; 4]>::try_from(delays).map_err(|found| InvalidTiers::Count(found.len()))?;
        if delays.windows(2).any(|pair| pair[0] >= pair[1]) {
            return Err(InvalidTiers::Order);
        }
        Ok(Self(delays))
    }
}

impl fmt::Display for Tiers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.map(label).join(","))
    }
}

fn parse(text: &str) -> Result<Duration, InvalidTiers> {
    let invalid = || InvalidTiers::Duration(text.to_owned());
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .ok_or_else(invalid)?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| invalid())?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err(invalid()),
    };
    let total = number
        .checked_mul(milliseconds)
        .filter(|total| *total > 0 && *total <= 86_400_000);
    total.map(Duration::from_millis).ok_or_else(invalid)
}

/// The largest unit that divides the delay, so that `60s` and `1m` name the same queue.
fn label(delay: Duration) -> String {
    let milliseconds = delay.as_millis();
    match milliseconds {
        m if m % 3_600_000 == 0 => format!("{}h", m / 3_600_000),
        m if m % 60_000 == 0 => format!("{}m", m / 60_000),
        m if m % 1_000 == 0 => format!("{}s", m / 1_000),
        m => format!("{m}ms"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tiers_are_read_and_written_in_the_same_words() {
        let tiers: Tiers = "5s,30s,5m,1h".parse().unwrap();
        assert_eq!(tiers, Tiers::default());
        assert_eq!(tiers.to_string(), "5s,30s,5m,1h");
        assert_eq!(
            "200ms, 400ms, 60s, 120s"
                .parse::<Tiers>()
                .unwrap()
                .to_string(),
            "200ms,400ms,1m,2m"
        );
    }

    #[test]
    fn queues_carry_their_delay_in_the_name() {
        let queues = Tiers::default().queues(Queue::Messages, &Namespace::default());
        assert_eq!(queues[0], "posta.messages.v1.retry.5s");
        assert_eq!(queues[3], "posta.messages.v1.retry.1h");
    }

    #[test]
    fn impossible_tiers_are_refused() {
        for bad in [
            "",
            "5s",
            "5s,30s,5m",
            "5s,5s,5m,1h",
            "1h,5m,30s,5s",
            "0s,1s,2s,3s",
            "5,30,50,60",
            "1s,2s,3s,99h",
        ] {
            assert!(bad.parse::<Tiers>().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn a_later_attempt_never_waits_less_and_a_hint_never_shortens(attempt in 1u32.., hint in 0u64..10_000_000) {
            let tiers = Tiers::default();
            let hint = Duration::from_millis(hint);
            let tier = tiers.pick(attempt, Some(hint));
            prop_assert!(tier >= tiers.pick(attempt, None));
            prop_assert!(tier <= tiers.pick(attempt.saturating_add(1), Some(hint)));
            prop_assert!(tiers.delays()[tier] >= hint.min(tiers.delays()[3]));
        }
    }
}
