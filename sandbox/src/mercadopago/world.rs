//! The state of the simulated account, behind one lock that is never held across an await.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::Serialize;

use super::chargeback::Chargeback;
use super::errors::ApiError;
use super::faults::{Faults, Outage, Target};
use super::ids::{self, Series};
use super::order::Order;
use super::payment::Payment;
use super::preference::Preference;
use super::wanted::Wanted;

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
    /// Refunds begin as `in_process`.
    pub(crate) refunds_wait: bool,
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
            refunds_wait: false,
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
}
