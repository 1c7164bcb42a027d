//! One reading of a payment.

use chrono::{DateTime, Utc};

use super::{Dispute, Standing, plan};
use crate::money::Money;

/// What `GET /v1/payments/{id}` said, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The provider's id: digits.
    pub provider_id: String,
    /// The provider's word, kept as it is: `approved`, …
    pub status: String,
    /// The provider's second word: `accredited`, …
    pub status_detail: String,
    /// `transaction_amount`: what was asked for and is compared; financing costs of the payer are not in it.
    pub amount: Money,
    /// `transaction_amount_refunded`, or what the refunds sum up to if that is more.
    pub refunded: i64,
    /// Its refunds, oldest first.
    pub given: Vec<Given>,
    /// Whose money it is: the collector's user id, digits.
    pub collector: String,
    /// What we gave it; absent or foreign for payments that are not ours.
    pub external_reference: Option<String>,
    /// `regular_payment` for everything that pays something.
    pub operation_type: String,
    /// `visa`, `account_money`, …
    pub method: String,
    /// `credit_card`, `ticket`, …
    pub method_type: String,
    /// The provider's fees that we pay, minor units.
    pub fee: i64,
    /// What we receive, as the provider says.
    pub net: Option<i64>,
    /// The provider's clock.
    pub created_at: DateTime<Utc>,
    /// When the money came, if it did.
    pub approved_at: Option<DateTime<Utc>>,
    /// When anything about it changed last; readings are ordered by this.
    pub updated_at: DateTime<Utc>,
}

/// A refund, as the provider lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The provider's id: digits.
    pub id: String,
    /// How much, minor units of the payment's currency.
    pub amount: i64,
    /// How far it is.
    pub state: GivenState,
}

/// How far a refund is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GivenState {
    /// The money went back.
    Done,
    /// It is on its way.
    Pending,
    /// It did not go back.
    Failed,
}

impl Snapshot {
    /// What the status means.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing::of(&self.status, &self.status_detail)
    }

    /// Whether, and how, the money is disputed.
    #[must_use]
    pub fn dispute(&self) -> Dispute {
        Dispute::of(&self.status, &self.status_detail)
    }

    /// Whether the money ever came: it did before it can be refunded or disputed.
    #[must_use]
    pub fn came(&self) -> bool {
        matches!(
            self.standing(),
            Standing::Paid | Standing::Disputed | Standing::ChargedBack | Standing::Refunded
        )
    }

    /// Of [`Self::amount`], what has gone back by now. What is on its way is not counted, though the provider may count it
    /// already: it can still fail.
    #[must_use]
    pub fn back(&self) -> i64 {
        plan::back(self, self.amount.minor.max(0))
    }

    /// Of [`Self::amount`], what taxes took: what is neither fee nor received.
    #[must_use]
    pub fn withholdings(&self) -> i64 {
        self.net
            .map_or(0, |net| (self.amount.minor - self.fee - net).max(0))
    }
}
