//! What happens at Mercado Pago, what is read of it, and what is given back through it.

use std::{collections::HashMap, time::Duration};

use posta_domain::{
    money::{Currency, Money},
    payment::GivenState,
};
use posta_store::booking::refunds::{self, ClaimedRefund};

use super::{History, Payment, Step, fair};
use crate::mercadopago::{Manner, Remote};

const LEASE: Duration = Duration::from_mins(1);

/// What becomes of a request to give something back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Done and answered.
    Answered,
    /// Done, and the answer is lost.
    Lost,
    /// It never got there.
    Nowhere,
    /// No, for good.
    Refused,
    /// Whoever asked is killed before the answer.
    Killed,
}

impl History<'_> {
    /// Somebody begins a payment, with a link of ours or of nobody's.
    pub(super) async fn pay_there(&mut self) -> Step {
        let Some(booking) = self.any_booking().await else {
            return Ok(());
        };
        let known = self.dice.below(booking.requests.len());
        let reference = known.map(|at| booking.requests[at].external_reference.clone());
        let minor = known
            .filter(|_| !self.dice.one_in(4))
            .map(|at| booking.requests[at].amount.minor);
        let minor = match minor {
            Some(minor) => minor,
            None => self.sum_for(booking.charge, booking.deposit, booking.paid),
        };
        let reference = match self.dice.roll(12) {
            0 => Some(format!("TIENDA-{}", self.dice.roll(9))),
            1 => None,
            _ => reference,
        };
        let mut amount = Money::new(minor, booking.charge.currency);
        if self.dice.one_in(10) {
            amount.currency = Currency::USD;
        }
        let id = 140_000_000_000 + self.next_id();
        let mut remote = Remote::begun(&self.account, id, reference.as_deref(), amount);
        let ours = !self.dice.one_in(20);
        if !ours {
            remote = remote.with(|said| said.collector = "1".into());
        }
        if self.dice.one_in(20) {
            remote = remote.with(|said| said.operation_type = "money_transfer".into());
        }
        remote = remote.speaking(
            [Manner::Settled, Manner::Eager, Manner::Lagging][self.dice.below(3).unwrap_or(0)],
        );
        let mut said = vec![remote.read().clone()];
        // Cards are approved at once.
        if !self.dice.one_in(4) {
            said.push(remote.becomes("approved", "accredited"));
        }
        self.note(format!(
            "payment {id} of {minor} {:?} quotes {reference:?}, ours: {ours}",
            amount.currency
        ));
        self.payments.push(Payment {
            remote,
            said,
            keys: HashMap::new(),
            ours,
        });
        if !self.dice.one_in(3) {
            let last = self.payments.len() - 1;
            self.read_one(last, false).await?;
        }
        Ok(())
    }

    pub(super) const fn next_id(&mut self) -> u64 {
        self.given_out += 1;
        self.given_out
    }

    /// The payer, the provider, a bank, or the owner in the provider's panel.
    pub(super) async fn something_happens_there(&mut self) -> Step {
        let Some(at) = self.dice.below(self.payments.len()) else {
            return Ok(());
        };
        let (dice, id) = (self.dice.roll(12), 2_000 + self.next_id());
        let part = self
            .dice
            .amount(self.payments[at].remote.read().amount.minor);
        let ends = [GivenState::Done, GivenState::Failed];
        let Payment { remote, said, .. } = &mut self.payments[at];
        let (status, detail) = (
            remote.read().status.clone(),
            remote.read().status_detail.clone(),
        );
        let back = if remote.left() == remote.read().amount.minor {
            "accredited"
        } else {
            "partially_refunded"
        };
        let next = match (status.as_str(), detail.as_str(), dice) {
            ("pending", _, 0 | 10 | 11) => remote.becomes("in_process", "pending_contingency"),
            ("pending", _, 1) => remote.becomes("cancelled", "expired"),
            ("pending" | "in_process", _, 2 | 3) => {
                remote.becomes("rejected", "cc_rejected_insufficient_amount")
            }
            ("pending" | "in_process", ..) => remote.becomes("approved", "accredited"),
            (_, _, 10 | 11) => match remote.finishes(ends[usize::from(dice == 11)]) {
                Some(next) => next,
                None => return Ok(()),
            },
            ("approved", _, 0..3) => remote.gives_back(id, part),
            ("approved", _, 3) | ("in_mediation", _, 7) => remote.gives_back(id, i64::MAX),
            ("approved", _, 8 | 9) => remote.will_give_back(id, part),
            ("approved", _, 4) => remote.becomes("in_mediation", "pending"),
            ("approved" | "in_mediation", _, 5 | 6) => remote.becomes("charged_back", "in_process"),
            ("charged_back", "in_process", 0..4) => remote.becomes("charged_back", "settled"),
            ("charged_back", "in_process", 4..8) => remote.becomes("charged_back", "reimbursed"),
            ("in_mediation", ..) | ("charged_back", "in_process", _) => {
                remote.becomes("approved", back)
            }
            _ => return Ok(()),
        };
        let told = format!(
            "payment {} is {}/{}",
            next.provider_id, next.status, next.status_detail
        );
        said.push(next);
        self.note(told);
        if self.dice.one_in(2) {
            self.read_one(at, false).await?;
        }
        Ok(())
    }

    /// A notice comes, or a poll: what is said now is read, and now and then what was said long ago arrives last.
    pub(super) async fn read(&mut self) -> Step {
        let Some(at) = self.dice.below(self.payments.len()) else {
            return Ok(());
        };
        for _ in 0..=self.dice.roll(3) {
            let old = self.dice.one_in(4);
            self.read_one(at, old).await?;
        }
        Ok(())
    }

    pub(super) async fn read_one(&mut self, at: usize, old: bool) -> Step {
        let said = &self.payments[at].said;
        let index = if old {
            self.dice.below(said.len()).unwrap_or(0)
        } else {
            said.len() - 1
        };
        let snapshot = said[index].clone();
        let applied = self
            .account
            .apply(self.database, &self.lodge, &snapshot)
            .await;
        let applied = applied.map_err(|error| format!("apply {snapshot:?}: {error:?}"))?;
        self.note(format!(
            "read {} {}/{}: {:?}",
            snapshot.provider_id, snapshot.status, snapshot.status_detail, applied.became
        ));
        Ok(())
    }

    /// The worker carries out what is owed back; things go wrong.
    pub(super) async fn give_back(&mut self) -> Step {
        let fates = [
            Fate::Answered,
            Fate::Answered,
            Fate::Answered,
            Fate::Lost,
            Fate::Nowhere,
            Fate::Refused,
            Fate::Killed,
        ];
        let fate = fates[self.dice.below(fates.len()).unwrap_or(0)];
        self.carry_out(fate).await
    }

    /// Until nothing is left to be carried out, there or here.
    pub(super) async fn give_all_back(&mut self) -> Step {
        for _ in 0..20 {
            for payment in &mut self.payments {
                while let Some(next) = payment.remote.finishes(GivenState::Done) {
                    payment.said.push(next);
                }
            }
            self.read_all().await?;
            self.sql(
                "UPDATE refunds SET lease_until = NULL, not_before = now() - interval '1 second'
                 WHERE tenant_id = $1 AND state IN ('due', 'requested') AND payment_id IS NOT NULL",
                self.lodge.tenant.uuid(),
            )
            .await?;
            let before = self.trail.len();
            self.carry_out(Fate::Answered).await?;
            if self.trail.len() == before {
                return Ok(());
            }
        }
        Err("refunds are carried out again and again".to_owned())
    }

    async fn carry_out(&mut self, fate: Fate) -> Step {
        let claimed = refunds::claim(self.database.store(), 10, LEASE, &[]).await;
        let claimed = claimed.map_err(|error| format!("claim refunds: {error:?}"))?;
        for refund in claimed {
            let mine = |payment: &Payment| payment.remote.read().provider_id == refund.provider_id;
            let Some(at) = self.payments.iter().position(mine) else {
                // Left by the history before, on the same database.
                continue;
            };
            self.carry_out_one(at, &refund, fate).await?;
        }
        Ok(())
    }

    async fn carry_out_one(&mut self, at: usize, refund: &ClaimedRefund, fate: Fate) -> Step {
        let store = self.database.store();
        let wrong = |error| format!("{refund:?}: {error:?}");
        self.read_one(at, false).await?;
        if !refunds::still_open(store, refund).await.map_err(wrong)?
            || !refunds::requested(store, refund).await.map_err(wrong)?
        {
            self.note(format!(
                "refund of {} is settled already",
                refund.amount.minor
            ));
            return Ok(());
        }
        let payment = &mut self.payments[at];
        let can = payment.remote.can_give_back(refund.amount.minor);
        let fate = if can || payment.keys.contains_key(&refund.id.uuid()) {
            fate
        } else {
            Fate::Refused
        };
        if matches!(fate, Fate::Answered | Fate::Lost | Fate::Killed) {
            self.given_out += 1;
            let id = 2_000 + self.given_out;
            let slowly = self.dice.one_in(4);
            let payment = &mut self.payments[at];
            // The same key twice is one refund.
            if payment.keys.insert(refund.id.uuid(), id).is_none() {
                let next = if slowly {
                    payment.remote.will_give_back(id, refund.amount.minor)
                } else {
                    payment.remote.gives_back(id, refund.amount.minor)
                };
                payment.said.push(next);
            }
        }
        self.note(format!(
            "refund of {} out of {}: {fate:?}",
            refund.amount.minor, refund.provider_id
        ));
        match fate {
            Fate::Killed => return Ok(()),
            Fate::Refused => {
                let told = refunds::by_hand(store, refund, "2030 no money").await;
                told.map_err(wrong)?;
            }
            Fate::Lost | Fate::Nowhere => {
                let told = refunds::retry(store, refund, Duration::ZERO, "time-out", true).await;
                told.map_err(wrong)?;
            }
            Fate::Answered => {}
        }
        if self.dice.one_in(3) {
            return Ok(());
        }
        self.read_one(at, false).await
    }

    /// Everything is read once more.
    pub(super) async fn read_all(&mut self) -> Step {
        for at in 0..self.payments.len() {
            self.read_one(at, false).await?;
        }
        Ok(())
    }
}

/// A clear no is fine here, too.
pub(super) fn settled<T>(
    what: &str,
    result: Result<T, posta_store::booking::BookingError>,
) -> Step<bool> {
    Ok(fair(what, result)?.is_some())
}
