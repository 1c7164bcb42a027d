//! The Graph API's rate limits, on the simulated clock: token buckets.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::errors::GraphError;

/// Messages one guest can be sent at once, borrowed from the future (45), then one every six seconds.
const PAIR: Rate = Rate {
    burst: 45.0,
    per_second: 1.0 / 6.0,
};
/// Messages of one number a second.
const NUMBER: Rate = Rate {
    burst: 80.0,
    per_second: 80.0,
};

#[derive(Debug, Clone, Copy)]
struct Rate {
    burst: f64,
    per_second: f64,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: DateTime<Utc>,
}

impl Bucket {
    fn take(&mut self, rate: Rate, now: DateTime<Utc>) -> bool {
        let elapsed = (now - self.at).as_seconds_f64().max(0.0);
        self.tokens = (self.tokens + elapsed * rate.per_second).min(rate.burst);
        self.at = now;
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

/// Buckets of one business number.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    number: Option<Bucket>,
    pairs: HashMap<String, Bucket>,
}

impl Limits {
    pub(crate) fn take(&mut self, guest: &str, now: DateTime<Utc>) -> Result<(), GraphError> {
        let number = self.number.get_or_insert(Bucket {
            tokens: NUMBER.burst,
            at: now,
        });
        if !number.take(NUMBER, now) {
            return Err(GraphError::of(
                130429,
                "Message failed to send because there were too many messages sent \
                 from this phone number in a short period of time",
            ));
        }
        let pair = self.pairs.entry(guest.to_owned()).or_insert(Bucket {
            tokens: PAIR.burst,
            at: now,
        });
        if !pair.take(PAIR, now) {
            return Err(GraphError::of(
                131056,
                "Message failed to send because there were too many messages sent \
                 from this phone number to the same phone number in a short period of time",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn forty_five_go_at_once_then_one_every_six_seconds_and_others_are_not_affected() {
        let mut limits = Limits::default();
        let start = DateTime::UNIX_EPOCH;
        assert!((0..45).all(|_| limits.take("a", start).is_ok()));
        assert_eq!(limits.take("a", start).map_err(|e| e.code), Err(131056));
        assert!(limits.take("b", start).is_ok());
        assert!(limits.take("a", start + TimeDelta::seconds(5)).is_err());
        assert!(limits.take("a", start + TimeDelta::seconds(7)).is_ok());
    }

    #[test]
    fn a_number_sends_eighty_a_second() {
        let mut limits = Limits::default();
        let start = DateTime::UNIX_EPOCH;
        assert!((0..80).all(|n| limits.take(&n.to_string(), start).is_ok()));
        assert_eq!(limits.take("x", start).map_err(|e| e.code), Err(130429));
        assert!(limits.take("x", start + TimeDelta::seconds(1)).is_ok());
    }
}
