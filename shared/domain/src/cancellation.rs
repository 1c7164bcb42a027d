//! What a guest gets back who does not come: the owner's tiers, and above them the law's right of withdrawal.
//!
//! What was only held has not been sold: everything goes back, as it would if the guest let the hold run out. Nobody
//! gets less back for cancelling earlier.
//!
//! Days are calendar days at the property. Rounding as in [`crate::money`]: the refund is rounded once, what is
//! retained is the rest, so that no centavo is lost.

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::money::{BasisPoints, Money, MoneyError};

/// A property's rules.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// In any order: of the tiers that are reached the one that gives back most counts; with none reached, nothing is
    /// given back.
    pub tiers: Vec<Tier>,
    /// Ley 24.240 art. 34 and `CCyC` art. 1110: whoever bought at a distance may withdraw and gets everything back. The
    /// numbers are settings for the owner (and her lawyer) to confirm. Absent: she says it does not apply.
    pub withdrawal: Option<Withdrawal>,
}

/// So many days before arrival, so much back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// At least so many days before the day of arrival.
    pub days_before: u32,
    /// Of what was paid.
    pub refund_bp: BasisPoints,
}

/// The right of withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// Days after booking, the day of booking not counted.
    pub days: u32,
    /// Not later than so many days before arrival. 0: until the day before arrival ends.
    pub notice_days: u32,
}

/// What a cancellation follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// What has been paid and not been given back.
    pub paid: Money,
    /// Whether it had been sold (confirmed), and was not only held.
    pub sold: bool,
    /// The day of booking: of the confirmation.
    pub booked_on: NaiveDate,
    /// The day of arrival (the earliest, of several stays).
    pub check_in: NaiveDate,
    /// The day of cancelling.
    pub today: NaiveDate,
    /// Who cancels: when it is the owner, everything goes back.
    pub by: By,
}

/// Who cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The guest.
    Guest,
    /// The owner, or the desk for her.
    Owner,
}

/// Where the money goes. `refund + retained` is what was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Goes back.
    pub refund: Money,
    /// Stays.
    pub retained: Money,
    /// Why.
    pub rule: Rule,
}

/// Which rule decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// The law's right.
    Withdrawal,
    /// A tier.
    Tier {
        /// Which: its days.
        days_before: u32,
    },
    /// Too late for every tier.
    TooLate,
    /// The owner cancelled.
    ByOwner,
    /// It had only been held.
    OnlyHeld,
}

impl Policy {
    /// What goes back and what stays.
    pub fn outcome(&self, facts: &Facts) -> Result<Outcome, MoneyError> {
        let (rule, refund_bp) = self.rule(facts);
        let refund = facts.paid.part(refund_bp)?;
        Ok(Outcome {
            refund,
            retained: facts.paid.minus(refund)?,
            rule,
        })
    }

    fn rule(&self, facts: &Facts) -> (Rule, BasisPoints) {
        if facts.by == By::Owner {
            return (Rule::ByOwner, BasisPoints::WHOLE);
        }
        if !facts.sold {
            return (Rule::OnlyHeld, BasisPoints::WHOLE);
        }
        let ahead = (facts.check_in - facts.today).num_days();
        let since = (facts.today - facts.booked_on).num_days();
        if let Some(right) = self.withdrawal
            && since <= i64::from(right.days)
            && ahead >= i64::from(right.notice_days).max(1)
        {
            return (Rule::Withdrawal, BasisPoints::WHOLE);
        }
        let reached = self
            .tiers
            .iter()
            .filter(|tier| ahead >= i64::from(tier.days_before));
        match reached.max_by_key(|tier| (tier.refund_bp, tier.days_before)) {
            Some(tier) => (
                Rule::Tier {
                    days_before: tier.days_before,
                },
                tier.refund_bp,
            ),
            None => (Rule::TooLate, BasisPoints::ZERO),
        }
    }
}
