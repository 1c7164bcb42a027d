//! Random histories of money: bookings in pesos and in dollars, payments at Mercado Pago that arrive in any order or for
//! nobody, transfers, cash, credits, changes, cancellations, refunds that fail, disputes. After each of them the ledger's
//! own check holds, and what the ledger says of every payment is what Mercado Pago says of it; at the end of each
//! database everything else that is promised of the books.
//!
//! `make test-ledger` runs ten thousand; `POSTA_HISTORIES` says how many, `POSTA_HISTORY_SEED` replays one, checking after
//! each step, and prints what happened.

mod desk;
mod dice;
mod owner;
mod place;
mod remote;
mod tally;
mod verdict;

use std::{collections::HashMap, panic::AssertUnwindSafe};

use futures_util::FutureExt as _;
use posta_domain::payment::Snapshot;
use posta_store::{
    booking::{Booking, BookingError},
    ids::{GuestId, ReservationId},
    testing::{Database, Lodge, assert_books_balance},
};
use uuid::Uuid;

use crate::mercadopago::{Account, Remote};
use dice::Dice;
use tally::Tally;

/// Histories at the same time, each row of them on a database of its own.
const WORKERS: u64 = 4;
/// So many are run with every test run.
const FEW: u64 = 150;
/// And so many when asked for.
const MANY: u64 = 10_000;

/// Something that must not happen, in words.
type Step<T = ()> = Result<T, String>;

/// One payment there, all it ever said, and which of our keys it knows.
struct Payment {
    remote: Remote,
    said: Vec<Snapshot>,
    keys: HashMap<Uuid, u64>,
    /// Whether it is ours to count: the account is the collector.
    ours: bool,
}

/// One history: a tenant with two cabins, a guest or several, an account.
struct History<'a> {
    database: &'a Database,
    lodge: Lodge,
    account: Account,
    dice: Dice,
    guests: Vec<GuestId>,
    bookings: Vec<ReservationId>,
    payments: Vec<Payment>,
    /// Ids that the provider gave out.
    given_out: u64,
    trail: Vec<String>,
}

/// A clear no is fine; anything else is not.
fn fair<T>(what: &str, result: Result<T, BookingError>) -> Step<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(
            BookingError::Refused(_)
            | BookingError::Illegal(_)
            | BookingError::Stale
            | BookingError::KeyReused
            | BookingError::NotFound(_),
        ) => Ok(None),
        Err(other) => Err(format!("{what}: {other:?}")),
    }
}

impl History<'_> {
    fn note(&mut self, what: impl Into<String>) {
        self.trail.push(what.into());
    }

    /// One of the bookings, as it is now.
    async fn any_booking(&mut self) -> Option<Booking> {
        let at = self.dice.below(self.bookings.len())?;
        Some(self.lodge.booking(self.bookings[at]).await)
    }

    /// Something happens.
    async fn step(&mut self) -> Step {
        match self.dice.roll(100) {
            0..9 => self.hold().await,
            9..14 => self.hold_ends().await,
            17..22 => self.cancel().await,
            22..26 => self.change().await,
            26..29 => self.confirm().await,
            29..32 => self.days_go_by().await,
            32..38 => self.pay_by_hand().await,
            38..41 => self.receipt().await,
            14..17 | 41..51 => self.pay_there().await,
            51..63 => self.something_happens_there().await,
            63..75 => self.read().await,
            75..82 => self.give_back().await,
            82..86 => self.refunds_by_hand().await,
            86..93 => self.credits().await,
            93..96 => self.ask().await,
            _ => self.orphans().await,
        }
    }
}

/// Runs one; `watched`: the books are checked after each step, not only in the end.
async fn history(database: &Database, seed: u64, watched: bool) -> Step<usize> {
    let mut dice = Dice::new(seed);
    let steps = 8 + dice.roll(20);
    let mut history = place::open(database, dice).await;
    for n in 0..steps {
        let mut made = match n {
            0 => history.hold().await,
            1 => history.pay_there().await,
            _ => history.step().await,
        };
        if watched && made.is_ok() {
            made = history.books_hold().await;
        }
        if watched && made.is_ok() {
            made = balance(database).await;
        }
        if let Err(error) = made {
            return Err(history.told(seed, &format!("step {n}: {error}")));
        }
    }
    let ended = history.end().await;
    ended.map_err(|error| history.told(seed, &format!("in the end: {error}")))?;
    if watched {
        println!("{}", history.trail.join("\n"));
    }
    Ok(history.trail.len())
}

/// Everything else that is promised of the books.
async fn balance(database: &Database) -> Step {
    let promises = assert_books_balance(database.pool());
    let kept = AssertUnwindSafe(promises).catch_unwind().await;
    kept.map_err(|panic| match panic.downcast::<String>() {
        Ok(broken) => *broken,
        Err(_) => "a promise of the books is broken".to_owned(),
    })
}

/// Those seeds, a few at the same time. Answers what was
/// seen on the way.
async fn run(first: u64, count: u64, every: u64) -> Tally {
    let workers = (0..WORKERS).map(|worker| {
        tokio::spawn(async move {
            let database = place::quick().await;
            let (mut steps, mut failed) = (0, Vec::new());
            for seed in (first..first + count).filter(|seed| seed % WORKERS == worker) {
                match history(&database, seed, false).await {
                    Ok(made) => steps += made,
                    Err(told) => failed.push(told),
                }
                if (seed / WORKERS).is_multiple_of(every)
                    && let Err(broken) = balance(&database).await
                {
                    failed.push(format!(
                        "by seed {seed}, or up to {every} rounds before: {broken}"
                    ));
                    break;
                }
                if failed.len() >= 3 {
                    break;
                }
            }
            assert!(failed.is_empty(), "{}", failed.join("\n\n"));
            assert_books_balance(database.pool()).await;
            (steps, tally::of(database.pool()).await)
        })
    });
    let (mut steps, mut tally) = (0, Tally::new());
    for worker in futures_util::future::join_all(workers).await {
        let (made, seen) = worker.unwrap_or_else(|failed| panic!("{failed}"));
        steps += made;
        tally::add(&mut tally, seen);
    }
    println!("{count} histories from seed {first}, {steps} steps: the ledger holds after each");
    println!("{}", tally::told(&tally));
    tally
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_ledger_holds_after_each_of_many_random_histories() {
    if let Some(seed) = number("POSTA_HISTORY_SEED") {
        let database = place::quick().await;
        history(&database, seed, true)
            .await
            .unwrap_or_else(|told| panic!("{told}"));
        assert_books_balance(database.pool()).await;
        return;
    }
    let tally = run(1, FEW, 1).await;
    // A history that never sees a thing proves nothing about it.
    for seen in tally::WANTED {
        assert!(tally.contains_key(*seen), "{seen}: not in these histories");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes many minutes: make test-ledger"]
async fn the_ledger_holds_after_each_of_ten_thousand_random_histories() {
    let count = number("POSTA_HISTORIES").unwrap_or(MANY);
    let first = number("POSTA_HISTORY_SEED").unwrap_or(1_000);
    run(first, count, 25).await;
}
