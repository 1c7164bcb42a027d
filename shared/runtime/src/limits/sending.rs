//! What Meta lets a WhatsApp number send (facts of the Cloud API, "Rate limits").

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{Limiter, Wait};
use crate::clock::Clock;

/// To one guest: one message per 6 s, with up to 45 borrowed in advance (else error 131056).
const PAIR_CAPACITY: NonZeroU32 = NonZeroU32::new(45).unwrap();
const PAIR_REFILL: Duration = Duration::from_secs(6);
const HOUSEKEEPING: Duration = Duration::from_mins(1);

/// Which limit says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// This guest has had enough; others of the number may go on.
    #[error("this guest has been sent too much")]
    Guest(#[source] Wait),
    /// The number is at its throughput: nobody may go on.
    #[error("this number has sent too much")]
    Number(#[source] Wait),
}

impl Refused {
    /// When the next one is allowed.
    pub fn retry_after(&self) -> Duration {
        match self {
            Self::Guest(wait) | Self::Number(wait) => wait.retry_after,
        }
    }
}

/// The limits of sending, by number and by number and guest.
#[derive(Debug)]
pub struct SendingLimits {
    numbers: Limiter<String>,
    guests: Limiter<(String, String)>,
}

impl SendingLimits {
    /// Each number at `per_second` (80 by default at Meta, 20 in Coexistence).
    pub fn new(per_second: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        Self {
            numbers: Limiter::new(
                per_second,
                Duration::from_secs(1) / per_second.get(),
                Arc::clone(&clock),
            ),
            guests: Limiter::new(PAIR_CAPACITY, PAIR_REFILL, clock),
        }
    }

    /// Takes one message from both buckets. Call it right before sending, once per attempt. A refusal by the guest's
    /// bucket costs the number one token, which it has back within 50 ms at the lowest; the other way round, a guest
    /// would pay six seconds.
    pub fn check(&self, number: &str, guest: &str) -> Result<(), Refused> {
        self.numbers
            .check(&number.to_owned())
            .map_err(Refused::Number)?;
        self.guests
            .check(&(number.to_owned(), guest.to_owned()))
            .map_err(Refused::Guest)
    }

    /// Forgets idle guests every minute, until `token` is cancelled.
    pub async fn keep_small(&self, token: CancellationToken) {
        while token
            .run_until_cancelled(tokio::time::sleep(HOUSEKEEPING))
            .await
            .is_some()
        {
            self.forget_idle();
        }
    }

    /// Forgets the guests and numbers whose buckets are full again.
    pub fn forget_idle(&self) {
        self.numbers.forget_idle();
        self.guests.forget_idle();
    }

    /// How many guests are remembered.
    pub fn guests(&self) -> usize {
        self.guests.len()
    }
}
