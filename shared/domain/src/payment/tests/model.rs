//! A payment at the provider, as far as its documentation says what can happen to it: it is changed at random and can be
//! read at any time. What it says of its own money is what the ledger must say.

use chrono::TimeDelta;

use super::{super::*, given, read};

/// How its answers speak of refunds. The documentation does not say; each is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// What is on its way is counted only when it is there.
    Settled,
    /// What is on its way is counted already.
    Eager,
    /// A refund is counted first and listed one change later.
    Lagging,
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Pending,
    Review,
    Approved,
    Claim,
    Withheld,
    Lost,
    Won,
    Rejected,
    Cancelled,
}

/// One payment of 100.
#[derive(Debug)]
pub(super) struct Model {
    manner: Manner,
    state: State,
    refunds: Vec<Given>,
    /// Whether the newest refund is counted and not listed.
    hidden: bool,
    changes: i64,
}

impl Model {
    pub(super) fn new(manner: Manner) -> Self {
        Self {
            manner,
            state: State::Pending,
            refunds: Vec::new(),
            hidden: false,
            changes: 0,
        }
    }

    /// Something happens to it, if that can happen now.
    pub(super) fn step(&mut self, what: u8, size: u8) {
        use State::{Approved, Cancelled, Claim, Lost, Pending, Rejected, Review, Withheld, Won};
        self.hidden = false;
        self.changes += 1;
        match (self.state, what % 10) {
            (Pending, 0) => self.state = Review,
            (Pending | Review, 1) => self.state = Rejected,
            (Pending | Review, 2) => self.state = Cancelled,
            (Pending | Review, _) | (Claim, 2) | (Withheld, 3) => self.state = Approved,
            (Approved, 0) => self.state = Claim,
            (Approved | Claim, 1) => self.state = Withheld,
            (Withheld, 1) => self.state = Lost,
            (Withheld, 2) => self.state = Won,
            // A claim that was decided for the payer ends so, too.
            (Approved | Claim, 3..=6) => self.refund(i64::from(size)),
            (_, 7) => self.finish(GivenState::Done),
            (_, 8) => self.finish(GivenState::Failed),
            _ => {}
        }
    }

    fn refund(&mut self, wanted: i64) {
        let promised = self.sum(|state| state != GivenState::Failed);
        let amount = wanted.min(100 - promised);
        if amount <= 0 {
            return;
        }
        let state = match self.manner {
            Manner::Lagging => GivenState::Done,
            _ if wanted % 2 == 0 => GivenState::Done,
            _ => GivenState::Pending,
        };
        let id = (2000 + self.refunds.len()).to_string();
        self.refunds.push(given(&id, amount, state));
        self.hidden = self.manner == Manner::Lagging;
        if promised + amount == 100 {
            self.state = State::Approved;
        }
    }

    fn finish(&mut self, as_what: GivenState) {
        let mut pending = self.refunds.iter_mut();
        if let Some(refund) = pending.find(|refund| refund.state == GivenState::Pending) {
            refund.state = as_what;
        }
    }

    fn sum(&self, counts: impl Fn(GivenState) -> bool) -> i64 {
        let counted = self.refunds.iter().filter(|refund| counts(refund.state));
        counted.map(|refund| refund.amount).sum()
    }

    /// What went back.
    pub(super) fn back(&self) -> i64 {
        self.sum(|state| state == GivenState::Done)
    }

    /// What is away by a dispute.
    pub(super) fn taken(&self) -> i64 {
        match self.state {
            State::Withheld | State::Lost => 100 - self.back(),
            _ => 0,
        }
    }

    /// Whether it was ever paid.
    pub(super) fn came(&self) -> bool {
        !matches!(
            self.state,
            State::Pending | State::Review | State::Rejected | State::Cancelled
        )
    }

    /// What a reading says now.
    pub(super) fn read(&self) -> Snapshot {
        let counted = self.sum(|state| match state {
            GivenState::Done => true,
            GivenState::Pending => self.manner == Manner::Eager,
            GivenState::Failed => false,
        });
        let (status, detail) = match self.state {
            State::Pending => ("pending", "pending_challenge"),
            State::Review => ("in_process", "pending_contingency"),
            State::Approved if counted == 100 => ("refunded", "refunded"),
            State::Approved if counted > 0 => ("approved", "partially_refunded"),
            State::Approved => ("approved", "accredited"),
            State::Claim => ("in_mediation", "pending"),
            State::Withheld => ("charged_back", "in_process"),
            State::Lost => ("charged_back", "settled"),
            State::Won => ("charged_back", "reimbursed"),
            State::Rejected => ("rejected", "cc_rejected_other_reason"),
            State::Cancelled => ("cancelled", "expired"),
        };
        let listed = self.refunds.len() - usize::from(self.hidden);
        let mut snapshot = read(status, detail);
        snapshot.refunded = counted;
        snapshot.given = self.refunds.iter().take(listed).cloned().collect();
        // Two changes in a row may bear the same time.
        snapshot.updated_at += TimeDelta::seconds(self.changes / 2);
        snapshot
    }
}
