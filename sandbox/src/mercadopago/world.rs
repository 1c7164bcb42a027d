//! The state of the simulated account, behind one lock that is never held across an await.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::Serialize;

use super::chargeback::Chargeback;
use super::errors::ApiError;
use super::faults::{Fault, Faults, Outage, Target};
use super::ids::{self, Series};
use super::money::Amount;
use super::order::Order;
use super::payment::Payment;
use super::preference::{Preference, Wanted};

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) preferences: BTreeMap<String, Preference>,
    pub(crate) payments: BTreeMap<u64, Payment>,
    pub(crate) orders: BTreeMap<u64, Order>,
    pub(crate) chargebacks: BTreeMap<u64, Chargeback>,
    /// Idempotency keys of refunds that were made.
    pub(crate) refund_keys: HashMap<String, u64>,
    pub(crate) faults: Faults,
    pub(crate) outage: Option<Outage>,
    /// Nobody is told of anything.
    pub(crate) silent: bool,
    /// The newest event of each resource and channel: older ones are not tried again.
    pub(crate) newest: HashMap<String, u64>,
    pub(crate) counters: Counters,
    /// How often each payment was read.
    pub(crate) reads: HashMap<u64, u64>,
    pub(crate) rng: StdRng,
    payment_ids: Series,
    order_ids: Series,
    refund_ids: Series,
    chargeback_ids: Series,
    notice_ids: Series,
}

/// What happened so far, in numbers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Counters {
    /// Calls of the API, whatever became of them.
    pub calls: BTreeMap<Target, u64>,
    /// Errors answered, by HTTP status.
    pub refused: BTreeMap<u16, u64>,
    /// Calls that had their effect and no answer.
    pub cut: u64,
    /// Refunds made through the API, and those replayed.
    pub refunds_made: u64,
    /// Refund calls answered as replays.
    pub refunds_replayed: u64,
    /// Notifications begun.
    pub notices: u64,
    /// Notifications answered by 200 or 201.
    pub notices_taken: u64,
    /// Notifications abandoned, since a newer state was emitted.
    pub notices_superseded: u64,
    /// Notifications given up after the horizon, or at the end.
    pub notices_given_up: u64,
    /// Notifications that a fault or silence kept from being sent.
    pub notices_unsent: u64,
    /// Deliveries tried, copies included.
    pub attempts: u64,
    /// Answers to deliveries, by HTTP status; 0 for none.
    pub answers: BTreeMap<u16, u64>,
}

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
    /// Each refund's id and amount.
    pub refunds: Vec<(u64, Amount)>,
    /// When this state began.
    pub updated: DateTime<Utc>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            preferences: BTreeMap::new(),
            payments: BTreeMap::new(),
            orders: BTreeMap::new(),
            chargebacks: BTreeMap::new(),
            refund_keys: HashMap::new(),
            faults: Faults::default(),
            outage: None,
            silent: false,
            newest: HashMap::new(),
            counters: Counters::default(),
            reads: HashMap::new(),
            rng: StdRng::seed_from_u64(seed),
            payment_ids: Series::from(140_233_000_000),
            order_ids: Series::from(37_120_400_000),
            refund_ids: Series::from(2_201_990_000),
            chargeback_ids: Series::from(233_000_071_554_100_000),
            notice_ids: Series::from(128_840_000_000),
        }
    }

    pub(crate) fn payment_id(&mut self) -> u64 {
        self.payment_ids.next(&mut self.rng)
    }

    pub(crate) fn refund_id(&mut self) -> u64 {
        self.refund_ids.next(&mut self.rng)
    }

    pub(crate) fn chargeback_id(&mut self) -> u64 {
        self.chargeback_ids.next(&mut self.rng)
    }

    pub(crate) fn notice_id(&mut self) -> u64 {
        self.notice_ids.next(&mut self.rng)
    }

    /// A preference of its own, however often the same is asked.
    pub(crate) fn add_preference(
        &mut self,
        wanted: Wanted,
        collector: u64,
        now: DateTime<Utc>,
    ) -> &Preference {
        let id = format!("{collector}-{}", ids::uuid(&mut self.rng));
        self.preferences.entry(id.clone()).or_insert(Preference {
            id,
            created: now,
            updated: None,
            wanted,
            order: None,
        })
    }

    /// The merchant order of a preference; made by its first payment, touched by each change.
    pub(crate) fn touch_order(&mut self, preference: &str, now: DateTime<Utc>) -> Option<u64> {
        let known = self.preferences.get(preference)?.order;
        let id = known.unwrap_or_else(|| self.order_ids.next(&mut self.rng));
        if let Some(preference) = self.preferences.get_mut(preference) {
            preference.order = Some(id);
        }
        self.orders
            .entry(id)
            .or_insert(Order {
                id,
                preference: preference.to_owned(),
                created: now,
                updated: now,
            })
            .updated = now;
        Some(id)
    }

    /// The payments of a preference, oldest first.
    pub(crate) fn payments_of(&self, preference: &str) -> Vec<&Payment> {
        let mut payments: Vec<_> = self
            .payments
            .values()
            .filter(|payment| payment.preference.as_deref() == Some(preference))
            .collect();
        payments.sort_by_key(|payment| (payment.created, payment.id));
        payments
    }

    pub(crate) fn payment(&self, id: u64) -> Result<&Payment, ApiError> {
        self.payments
            .get(&id)
            .ok_or_else(|| ApiError::not_found("Payment"))
    }

    /// Whether the API is gone now; an outage that is over is forgotten.
    pub(crate) fn gone(&mut self) -> Option<Outage> {
        self.outage = self.outage.take().filter(Outage::goes_on);
        self.outage
    }

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
