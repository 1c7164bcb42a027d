//! The small world: two cabins, three nights, a few bookings, one other channel, and a clock that goes day by day.
//!
//! Everything is a plain copy, as a transaction sees it: a step works on its copy, and a step that refuses throws it
//! away, which is what a rollback is. There is **no exclusion constraint** here: locks, and what is read under them,
//! must suffice.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use posta_domain::{
    money::{Currency, Money},
    reservation::Reservation,
};

/// How many bookings a world has room for.
pub(crate) const MOST: usize = 3;
pub(crate) const CABINS: usize = 2;
pub(crate) const NIGHTS: u8 = 3;
/// What a night costs, in centavos: as the lodge of the store's tests.
const PRICE: i64 = 10_000_000;

/// Midday of the day before the first night, and one day for each tick.
pub(crate) fn at(tick: u8) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000 + i64::from(tick)) + TimeDelta::hours(12)
}

/// The date then.
pub(crate) fn today(tick: u8) -> NaiveDate {
    at(tick).date_naive()
}

/// The date of a night: night 0 begins on day 1.
pub(crate) fn date(night: u8) -> NaiveDate {
    today(night + 1)
}

pub(crate) const fn money(minor: i64) -> Money {
    Money::new(minor, Currency::ARS)
}

/// Nights of a cabin, `from` included, `to` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Nights {
    pub(crate) cabin: u8,
    pub(crate) from: u8,
    pub(crate) to: u8,
}

/// A row of `claims`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Claim {
    pub(crate) nights: Nights,
    /// Of a hold; none for what is sold.
    pub(crate) expires: Option<u8>,
}

/// One cabin of a booking, with its claim and the collision that is open about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Stay {
    pub(crate) nights: Nights,
    /// The day's night from which on the guest is gone.
    pub(crate) left: Option<u8>,
    pub(crate) claim: Option<Claim>,
    /// Complete fetches that found it on nights sold elsewhere; 0: no collision is open.
    pub(crate) collision: u8,
}

/// Up to two cabins together.
pub(crate) type Stays = [Option<Stay>; CABINS];

/// A booking with its money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Booking {
    pub(crate) state: Reservation,
    pub(crate) stays: Stays,
    pub(crate) total: i64,
    pub(crate) deposit: i64,
    /// When it was sold.
    pub(crate) sold_on: u8,
    /// What the guest has really handed over.
    pub(crate) handed: i64,
    /// The ledger: payments, what is owed back of them, what the owner keeps.
    pub(crate) paid: i64,
    pub(crate) refund: i64,
    pub(crate) retained: i64,
    /// How many payments were recorded.
    pub(crate) payments: u8,
    /// The answer to a step was lost: its client will ask again.
    pub(crate) lost: Option<Lost>,
}

/// Which request got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Lost {
    Hold,
    Payment(i64),
}

/// Everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct World {
    pub(crate) now: u8,
    pub(crate) bookings: [Option<Booking>; MOST],
    /// Nights sold elsewhere, a bit each.
    pub(crate) elsewhere: [u8; CABINS],
    /// Bookings that somebody asked for: one each.
    pub(crate) asked: u8,
    /// Answers that may still be lost.
    pub(crate) crashes: u8,
    /// Somebody was refused nights that were free.
    pub(crate) wrongly_refused: bool,
    /// Only with bugs: what a step that should have been one transaction has left half done.
    pub(crate) half_done: Option<HalfDone>,
}

/// The second half of a step that a bug has cut in two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum HalfDone {
    /// The nights were let go; these are to be taken.
    Change {
        slot: u8,
        to: [Option<Nights>; CABINS],
    },
    /// The sweep has read that this hold is over.
    Sweep { slot: u8 },
}

// === impl Nights ===

impl Nights {
    pub(crate) const fn overlaps(self, other: Self) -> bool {
        self.cabin == other.cabin && self.from < other.to && other.from < self.to
    }

    /// A bit for each night.
    pub(crate) fn mask(self) -> u8 {
        (self.from..self.to).fold(0, |mask, night| mask | 1 << night)
    }
}

// === impl Stay ===

impl Stay {
    pub(crate) const fn new(nights: Nights) -> Self {
        Self {
            nights,
            left: None,
            claim: None,
            collision: 0,
        }
    }

    /// What it takes while its booking lives.
    pub(crate) fn wanted(&self) -> Option<Nights> {
        let to = self.left.unwrap_or(self.nights.to);
        (self.nights.from < to).then_some(Nights { to, ..self.nights })
    }
}

// === impl Booking ===

impl Booking {
    pub(crate) fn new(state: Reservation, nights: [Option<Nights>; CABINS]) -> Self {
        let (total, deposit) = price(nights);
        Self {
            state,
            stays: nights.map(|nights| nights.map(Stay::new)),
            total,
            deposit,
            sold_on: 0,
            handed: 0,
            paid: 0,
            refund: 0,
            retained: 0,
            payments: 0,
            lost: None,
        }
    }

    /// What belongs to the stay.
    pub(crate) const fn applied(&self) -> i64 {
        self.paid - self.refund - self.retained
    }

    pub(crate) fn stays(&self) -> impl Iterator<Item = &Stay> {
        self.stays.iter().flatten()
    }

    pub(crate) fn nights(&self) -> [Option<Nights>; CABINS] {
        self.stays.map(|stay| stay.map(|stay| stay.nights))
    }

    /// The first night, which begins on the day of arrival.
    pub(crate) fn first(&self) -> u8 {
        let firsts = self.stays().map(|stay| stay.nights.from);
        firsts.min().unwrap_or(NIGHTS)
    }

    /// The day of departure, as a night.
    pub(crate) fn end(&self) -> u8 {
        self.stays().map(|stay| stay.nights.to).max().unwrap_or(0)
    }
}

/// Total and deposit: half.
pub(crate) fn price(nights: [Option<Nights>; CABINS]) -> (i64, i64) {
    let count: u8 = nights.iter().flatten().map(|n| n.to - n.from).sum();
    let total = i64::from(count) * PRICE;
    (total, total / 2)
}

// === impl World ===

impl World {
    pub(crate) fn new(crashes: u8) -> Self {
        Self {
            now: 0,
            bookings: [None; MOST],
            elsewhere: [0; CABINS],
            asked: 0,
            crashes,
            wrongly_refused: false,
            half_done: None,
        }
    }

    pub(crate) fn bookings(&self) -> impl Iterator<Item = &Booking> {
        self.bookings.iter().flatten()
    }

    /// The night that begins today; none on the day before the first.
    pub(crate) const fn tonight(&self) -> Option<u8> {
        self.now.checked_sub(1)
    }

    /// The nights that are not over anywhere on earth: nobody needs to be told about older ones.
    pub(crate) fn recent(&self) -> u8 {
        let past = self.now.saturating_sub(2);
        (past..NIGHTS).fold(0, |mask, night| mask | 1 << night)
    }

    /// Whether an arrival on that night's day is not past.
    pub(crate) const fn ahead(&self, night: u8) -> bool {
        self.now <= night + 1
    }

    /// Bookings are alike but for what they are: their order is no difference between two worlds.
    pub(crate) fn sorted(mut self) -> Self {
        self.bookings.sort_by_cached_key(|booking| {
            use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
            let hasher = BuildHasherDefault::<DefaultHasher>::default();
            (booking.is_none(), hasher.hash_one(booking))
        });
        self
    }
}
