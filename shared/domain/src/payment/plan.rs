//! What the ledger lacks, given a reading.
//!
//! The sums depend on the newest reading alone: what came, what went back, what is taken. The lines do too, but for two
//! things that a reading does not tell, and that therefore are there only if somebody looked in time: a dispute that
//! came to nothing and left no trace in the payment (a `chargeback` and a `chargeback_reversed` of the same amount), and
//! the name of a refund that was counted before it was listed (`unlisted`).
//!
//! Guaranteed: carried out in the order given, no movement takes more than is there. Not guaranteed: anything about
//! readings the provider has no step for. Money that came stays entered though its payment were called rejected later,
//! and what went back stays back; the ledger's daily comparison shows both.

use super::{Dispute, GivenState, Known, Snapshot, Standing};

/// One line of the ledger; amounts are above zero, in minor units of the payment's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Movement {
    /// The money came.
    In {
        /// All of it, before fees.
        amount: i64,
    },
    /// A part of it, or all, went back to who paid.
    Refunded {
        /// The provider's refund, or `unlisted`.
        id: String,
        /// How much.
        amount: i64,
    },
    /// It was taken because of a dispute.
    ChargedBack {
        /// Which dispute of this payment, from 1.
        n: u32,
        /// How much.
        amount: i64,
    },
    /// What was taken came back.
    Returned {
        /// By which dispute it had been taken.
        n: u32,
        /// How much.
        amount: i64,
    },
}

/// What is missing in the ledger, in the order in which it is to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The lines.
    pub movements: Vec<Movement>,
    /// What is there of the payment once they are entered: never below zero, and never more than came.
    pub held: i64,
}

/// Compares the ledger with the newest reading.
#[must_use]
pub fn plan(known: &Known, snapshot: &Snapshot) -> Plan {
    let mut draft = Draft {
        known: known.clone(),
        movements: Vec::new(),
    };
    let amount = known.came.unwrap_or(snapshot.amount.minor);
    if snapshot.came() && amount > 0 {
        if !known.came() {
            draft.enter(Movement::In { amount });
        }
        let back = back(snapshot, amount).max(known.back());
        let taken = match snapshot.dispute() {
            Dispute::Withheld | Dispute::Lost => amount - back,
            Dispute::None | Dispute::Claim | Dispute::Won => 0,
        };
        draft.returned(taken);
        draft.refunded(snapshot, back);
        draft.charged_back(taken);
        if snapshot.dispute() == Dispute::Won {
            draft.won(amount - back);
        }
    }
    Plan {
        held: draft.known.held(),
        movements: draft.movements,
    }
}

/// What has gone back by now. What is on its way is not counted, though the provider may count it already: it can still
/// fail.
pub(super) fn back(snapshot: &Snapshot, amount: i64) -> i64 {
    let sum = |state| {
        let given = snapshot.given.iter().filter(|given| given.state == state);
        given.fold(0_i64, |sum, given| sum.saturating_add(given.amount.max(0)))
    };
    let counted = match snapshot.standing() {
        Standing::Refunded => amount,
        _ => snapshot.refunded,
    };
    let sure = counted.saturating_sub(sum(GivenState::Pending));
    sum(GivenState::Done).max(sure).clamp(0, amount)
}

/// The ledger as it will be, and how it gets there.
struct Draft {
    known: Known,
    movements: Vec<Movement>,
}

impl Draft {
    fn enter(&mut self, movement: Movement) {
        match &movement {
            Movement::In { amount } => self.known.came = Some(*amount),
            Movement::Refunded { id, amount } => {
                *self.known.refunds.entry(id.clone()).or_default() += amount;
            }
            Movement::ChargedBack { n, amount } => {
                self.known.charged_back.insert(*n, *amount);
            }
            Movement::Returned { n, amount } => {
                self.known.returned.insert(*n, *amount);
            }
        }
        self.movements.push(movement);
    }

    /// The dispute is over, or is about less than before: it is about what has not gone back yet.
    fn returned(&mut self, taken: i64) {
        if let Some((n, amount)) = self.known.taken().filter(|(_, amount)| *amount != taken) {
            self.enter(Movement::Returned { n, amount });
        }
    }

    /// Each refund that is done, once; what the provider counts beyond its list as `unlisted`. When it is listed later,
    /// what was entered so covers it, the oldest first.
    fn refunded(&mut self, snapshot: &Snapshot, back: i64) {
        let mut unlisted = self.known.unlisted();
        for given in &snapshot.given {
            if given.state != GivenState::Done || self.known.refunds.contains_key(&given.id) {
                continue;
            }
            let covered = given.amount.min(unlisted).max(0);
            unlisted -= covered;
            let amount = (given.amount - covered).min(back - self.known.back());
            if amount > 0 {
                let id = given.id.clone();
                self.enter(Movement::Refunded { id, amount });
            }
        }
        let amount = back - self.known.back();
        if amount > 0 {
            let id = self.known.next_unlisted();
            self.enter(Movement::Refunded { id, amount });
        }
    }

    fn charged_back(&mut self, taken: i64) {
        if taken > 0 && self.known.taken().is_none() {
            self.enter(Movement::ChargedBack {
                n: self.known.next_dispute(),
                amount: taken,
            });
        }
    }

    /// Won before anybody looked: both lines, as if it had been watched.
    fn won(&mut self, amount: i64) {
        if amount > 0 && self.known.charged_back.is_empty() {
            self.enter(Movement::ChargedBack { n: 1, amount });
            self.enter(Movement::Returned { n: 1, amount });
        }
    }
}
