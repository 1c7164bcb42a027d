//! The state as drills and people see it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::faults::Fault;
use super::money::Amount;
use super::refund::Back;
use super::world::{Counters, World};

/// The counters, what is on its way, and the faults.
#[derive(Debug, Clone, Serialize)]
pub struct State {
    /// Numbers.
    #[serde(flatten)]
    pub counters: Counters,
    /// Notifications on their way.
    pub notices_pending: u64,
    /// Offset of the clock.
    pub clock_offset_seconds: i64,
    /// The API is gone.
    pub down: bool,
    /// Nobody is told of anything.
    pub silent: bool,
    /// The faults that are set.
    pub faults: Vec<Fault>,
}

/// A payment link, seen from outside.
#[derive(Debug, Clone, Serialize)]
pub struct Link {
    /// The preference's id.
    pub preference_id: String,
    /// Its `external_reference`.
    pub reference: Option<String>,
    /// What is to be paid.
    pub amount: Amount,
    /// In which currency.
    pub currency: String,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it can no longer be paid.
    pub expires: Option<DateTime<Utc>>,
    /// Whether it can be paid now.
    pub payable: bool,
    /// Where a person pays.
    pub url: String,
    /// The payments made with it, oldest first.
    pub payments: Vec<u64>,
}

/// A payment, seen from outside.
#[derive(Debug, Clone, Serialize)]
pub struct Booked {
    /// Its id.
    pub payment_id: u64,
    /// Its preference, when it has one.
    pub preference_id: Option<String>,
    /// Its `external_reference`.
    pub reference: Option<String>,
    /// Its status.
    pub status: String,
    /// And the detail.
    pub detail: String,
    /// The whole amount.
    pub amount: Amount,
    /// In which currency.
    pub currency: String,
    /// What the provider keeps.
    pub fee: Amount,
    /// What is withheld for taxes.
    pub withheld: Amount,
    /// The id and amount of each refund that was not refused.
    pub refunds: Vec<(u64, Amount)>,
    /// When this state began.
    pub updated: DateTime<Utc>,
}

impl World {
    pub(crate) fn links(&self, base: &str, now: DateTime<Utc>) -> Vec<Link> {
        let mut links: Vec<_> = self
            .preferences
            .values()
            .map(|preference| Link {
                preference_id: preference.id.clone(),
                reference: preference.wanted.reference.clone(),
                amount: preference.wanted.total,
                currency: preference.wanted.currency.clone(),
                created: preference.created,
                expires: preference.wanted.to.filter(|_| preference.wanted.expires()),
                payable: preference.payable(now),
                url: format!("{base}/checkout/v1/redirect?pref_id={}", preference.id),
                payments: self
                    .payments_of(&preference.id)
                    .iter()
                    .map(|payment| payment.id)
                    .collect(),
            })
            .collect();
        links.sort_by(|a, b| (a.created, &a.preference_id).cmp(&(b.created, &b.preference_id)));
        links
    }

    pub(crate) fn booked(&self) -> Vec<Booked> {
        let mut booked: Vec<_> = self
            .payments
            .values()
            .map(|payment| Booked {
                payment_id: payment.id,
                preference_id: payment.preference.clone(),
                reference: payment.reference.clone(),
                status: payment.status.clone(),
                detail: payment.detail.clone(),
                amount: payment.amount,
                currency: payment.currency.clone(),
                fee: payment.fee,
                withheld: payment.withheld,
                refunds: payment
                    .refunds
                    .iter()
                    .filter(|refund| refund.state != Back::Refused)
                    .map(|refund| (refund.id, refund.amount))
                    .collect(),
                updated: payment.updated,
            })
            .collect();
        booked.sort_by_key(|payment| payment.payment_id);
        booked
    }

    pub(crate) fn state(&mut self, clock_offset_seconds: i64) -> State {
        let down = self.gone().is_some();
        let counters = self.counters.clone();
        State {
            notices_pending: counters.notices.saturating_sub(
                counters.notices_taken + counters.notices_superseded + counters.notices_given_up,
            ),
            clock_offset_seconds,
            down,
            silent: self.silent,
            faults: self.faults.list().to_vec(),
            counters,
        }
    }
}
