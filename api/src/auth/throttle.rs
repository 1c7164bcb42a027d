//! How guessing gets slower, and why nobody is locked out of her own device by somebody else's guesses.
//!
//! A wrong password counts against the address it came from (5 are free, then 1, 2, 4 … seconds, at most 15 minutes)
//! and against the account (20 are free, at most one minute, so that many addresses together make some 1,400 guesses a
//! day and not more). On a device she has logged in on before, the owner is counted by that device alone: neither
//! others' guesses at her account nor a neighbour's behind the same address make her wait there. Elsewhere a wait lasts
//! a minute at most; but somebody who never stops guessing at her account can be quicker than she is when it ends. Waits
//! are lengthened by guesses that were looked at, never by those that were refused.
//!
//! Links are signed with 256 bits: guessing them is hopeless, and costs the database nothing. Ten bad ones from one
//! address are answered at once, then one every 6 seconds; counted in this process only. A right link is never refused.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use posta_runtime::{
    clock::Clock,
    limits::{Limiter, Wait},
};
use posta_store::access::failures::Subject;
use sha2::{Digest as _, Sha256};

use super::ClientAddress;

const ADDRESS_FREE: i32 = 5;
const ADDRESS_LONGEST: Duration = Duration::from_mins(15);
const ACCOUNT_FREE: i32 = 20;
const ACCOUNT_LONGEST: Duration = Duration::from_mins(1);
const LINKS_AT_ONCE: NonZeroU32 = NonZeroU32::new(10).unwrap();
const LINKS_EVERY: Duration = Duration::from_secs(6);
/// Addresses that have stopped guessing are forgotten every so many guesses.
const FORGET_EVERY: u32 = 1000;

/// What a login is about: the address that was typed, as a hash.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account([u8; 32]);

impl Account {
    /// Also of an address that nobody has: it is counted like any other.
    pub(crate) fn of(email: &str) -> Self {
        Self(Sha256::digest(email.trim().to_lowercase()).into())
    }

    /// For the device's signature.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Which counters a login goes to.
pub(crate) struct Counters {
    /// Forgotten when it succeeds.
    own: Subject,
    /// Given back when it succeeds.
    shared: Option<Subject>,
}

impl Counters {
    /// On a device that is known for this account, or from an address.
    pub(crate) fn new(account: &Account, device: Option<[u8; 16]>, from: ClientAddress) -> Self {
        if let Some(device) = device {
            return Self {
                own: Subject {
                    name: format!("device:{}", uuid::Uuid::from_bytes(device)),
                    free: ADDRESS_FREE,
                    longest: ADDRESS_LONGEST,
                },
                shared: None,
            };
        }
        Self {
            own: Subject {
                name: format!("account:{}", URL_SAFE_NO_PAD.encode(account.bytes())),
                free: ACCOUNT_FREE,
                longest: ACCOUNT_LONGEST,
            },
            shared: Some(Subject {
                name: format!("address:{from}"),
                free: ADDRESS_FREE,
                longest: ADDRESS_LONGEST,
            }),
        }
    }

    /// All of them.
    pub(crate) fn subjects(&self) -> Vec<Subject> {
        std::iter::once(&self.own)
            .chain(&self.shared)
            .cloned()
            .collect()
    }

    /// What starts afresh after a success.
    pub(crate) fn own(&self) -> [&str; 1] {
        [&self.own.name]
    }

    /// What only gets its last attempt back.
    pub(crate) fn shared(&self) -> Vec<&str> {
        self.shared.iter().map(|s| s.name.as_str()).collect()
    }
}

/// Bad links, by address.
pub(crate) struct LinkGuesses {
    limiter: Limiter<ClientAddress>,
    made: AtomicU32,
}

impl LinkGuesses {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            limiter: Limiter::new(LINKS_AT_ONCE, LINKS_EVERY, clock),
            made: AtomicU32::new(0),
        }
    }

    /// Counts one; too many must wait.
    pub(crate) fn bad(&self, from: ClientAddress) -> Result<(), Wait> {
        if self.made.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            self.limiter.forget_idle();
        }
        self.limiter.check(&from)
    }
}

/// Whole seconds, never too few.
pub(crate) fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
