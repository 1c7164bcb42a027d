//! What happens to money once somebody has paid: banks decide, the seller gives back, payers dispute.
//!
//! Each change is one state of the payment, dated, and told. Nothing here asks whether it is wise.

use std::sync::Arc;

use serde::Deserialize;

use super::chargeback::Chargeback;
use super::delivery::{Manner, announce};
use super::errors::ApiError;
use super::ids;
use super::method::usual_detail;
use super::money::Amount;
use super::notice::Subject;
use super::order;
use super::payment::Payment;
use super::refund::{Back, Refund};
use super::simulator::Inner;
use super::world::World;
use crate::lock::lock;

/// After so long a payment can no longer be refunded.
const REFUND_WINDOW: chrono::TimeDelta = chrono::TimeDelta::days(180);
/// The real limit is not published.
const MOST_REFUNDS: usize = 30;

/// A payment comes to another state.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    /// Which.
    pub payment_id: u64,
    /// Its new status.
    pub status: String,
    /// The usual one of the status unless said otherwise.
    pub detail: Option<String>,
}

/// Why something cannot happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such link.
    #[error("there is no such preference")]
    UnknownPreference,
    /// The link can no longer, or not yet, be paid.
    #[error("the preference cannot be paid now: it has expired or has not begun")]
    Expired,
    /// No such means of payment.
    #[error("there is no such payment method")]
    UnknownMethod,
    /// The link excludes it.
    #[error("the preference excludes this payment method")]
    Excluded,
    /// The link wants yes or no.
    #[error("the preference is binary: approved or rejected")]
    Binary,
    /// Neither link nor amount.
    #[error("a payment without a preference needs an amount")]
    NoAmount,
    /// No such payment.
    #[error("there is no such payment")]
    UnknownPayment,
    /// The payment's state does not allow it.
    #[error("the payment's state or amount does not allow it (code {0})")]
    Rule(i64),
}

impl Refusal {
    /// A refusal of the API, for those who are in the same process.
    pub(crate) fn of(error: &ApiError) -> Self {
        match error.code() {
            None | Some(2000) => Self::UnknownPayment,
            Some(code) => Self::Rule(code),
        }
    }
}

impl Update {
    /// This payment comes to this status.
    pub fn to(payment_id: u64, status: &str) -> Self {
        Self {
            payment_id,
            status: status.to_owned(),
            detail: None,
        }
    }

    /// With this detail.
    #[must_use]
    pub fn because(mut self, detail: &str) -> Self {
        self.detail = Some(detail.to_owned());
        self
    }
}

/// The payment's state changes: a review ends, cash is handed in, a mediation opens or closes.
pub(crate) fn update(inner: &Arc<Inner>, update: &Update) -> Result<(), Refusal> {
    let status = &update.status;
    change(inner, update.payment_id, |world, now| {
        let payment = world.payments.get_mut(&update.payment_id)?;
        let detail = update.detail.as_deref();
        let detail = detail.unwrap_or_else(|| usual_detail(status, payment.method));
        payment.turn(status, detail, now);
        Some(())
    })
    .ok_or(Refusal::UnknownPayment)
}

/// Gives money back: `None` is all that is left.
pub(crate) fn refund(
    inner: &Arc<Inner>,
    payment_id: u64,
    amount: Option<Amount>,
) -> Result<Refund, ApiError> {
    let refunded = {
        let world = lock(&inner.world);
        refundable(world.payment(payment_id)?, amount, inner.clock.now())?
    };
    change(inner, payment_id, |world, now| {
        let id = world.refund_id();
        let state = if world.refunds_wait {
            Back::Waits
        } else {
            Back::Done
        };
        let payment = world.payments.get_mut(&payment_id)?;
        // Asked again under the same lock as the change: two callers cannot both have the last peso.
        (refunded <= payment.left()).then(|| payment.give_back(id, refunded, state, now))
    })
    .ok_or_else(|| ApiError::rule(2017))
}

/// The bank answers on a refund that waits.
pub(crate) fn decide(inner: &Arc<Inner>, refund_id: u64, done: bool) -> Result<(), Refusal> {
    let payment_id = {
        let world = lock(&inner.world);
        let has = |payment: &&Payment| payment.refunds.iter().any(|known| known.id == refund_id);
        world.payments.values().find(has).map(|payment| payment.id)
    };
    let payment_id = payment_id.ok_or(Refusal::UnknownPayment)?;
    change(inner, payment_id, |world, now| {
        world
            .payments
            .get_mut(&payment_id)?
            .decide(refund_id, done, now)
    })
    .ok_or(Refusal::UnknownPayment)
}

fn refundable(
    payment: &Payment,
    amount: Option<Amount>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Amount, ApiError> {
    if payment.status != "approved" {
        return Err(ApiError::rule(2063));
    }
    if payment.approved.is_some_and(|at| now - at > REFUND_WINDOW) {
        return Err(ApiError::rule(2024));
    }
    if payment.refunds.len() >= MOST_REFUNDS {
        return Err(ApiError::rule(2022));
    }
    let amount = amount.unwrap_or_else(|| payment.left());
    if amount <= Amount::ZERO || amount > payment.left() {
        return Err(ApiError::rule(2017));
    }
    Ok(amount)
}

/// The payer's bank takes the money: the chargeback's id.
pub(crate) fn charge_back(inner: &Arc<Inner>, payment_id: u64) -> Result<u64, Refusal> {
    let chargeback = change(inner, payment_id, |world, now| {
        let id = world.chargeback_id();
        let payment = world.payments.get_mut(&payment_id)?;
        payment.turn("charged_back", "in_process", now);
        payment.chargeback = Some(id);
        let chargeback = Chargeback {
            id,
            payment: payment_id,
            amount: payment.left(),
            currency: payment.currency.clone(),
            created: now,
            updated: now,
            settled: false,
        };
        world.chargebacks.insert(id, chargeback);
        Some(id)
    })
    .ok_or(Refusal::UnknownPayment)?;
    tell_chargeback(inner, chargeback);
    Ok(chargeback)
}

/// The dispute ends: won, the money is the seller's again; lost, it is gone.
pub(crate) fn resolve(inner: &Arc<Inner>, payment_id: u64, won: bool) -> Result<(), Refusal> {
    let chargeback = change(inner, payment_id, |world, now| {
        let payment = world.payments.get_mut(&payment_id)?;
        let id = payment.chargeback?;
        payment.turn(
            "charged_back",
            if won { "reimbursed" } else { "settled" },
            now,
        );
        let chargeback = world.chargebacks.get_mut(&id)?;
        chargeback.updated = now;
        chargeback.settled = true;
        Some(id)
    })
    .ok_or(Refusal::UnknownPayment)?;
    tell_chargeback(inner, chargeback);
    Ok(())
}

/// Cancels what was not decided yet.
pub(crate) fn cancel(inner: &Arc<Inner>, payment_id: u64) -> Result<(), ApiError> {
    let open = ["pending", "in_process", "authorized"];
    if !open.contains(&lock(&inner.world).payment(payment_id)?.status.as_str()) {
        return Err(ApiError::rule(2018));
    }
    let cancelled = Update::to(payment_id, "cancelled").because("by_collector");
    update(inner, &cancelled).map_err(|_| ApiError::not_found("Payment"))
}

/// Changes a payment and its order under one lock, and tells of both afterwards.
fn change<T>(
    inner: &Arc<Inner>,
    payment_id: u64,
    act: impl FnOnce(&mut World, chrono::DateTime<chrono::Utc>) -> Option<T>,
) -> Option<T> {
    let now = inner.clock.now();
    let (done, made) = {
        let mut world = lock(&inner.world);
        let done = act(&mut world, ids::resolution(now, inner.config.whole_seconds))?;
        let payment = world.payments.get(&payment_id)?;
        let made = payment.created;
        if let Some(preference) = payment.preference.clone() {
            world.touch_order(&preference, now);
        }
        (done, made)
    };
    let changed = Subject::Payment {
        id: payment_id,
        new: false,
        made,
    };
    tell(inner, payment_id, &changed);
    Some(done)
}

pub(crate) fn tell(inner: &Arc<Inner>, payment_id: u64, subject: &Subject) {
    let Some((address, order)) = ({
        let world = lock(&inner.world);
        world.payments.get(&payment_id).map(|payment| {
            let order = payment.order.and_then(|id| world.orders.get(&id));
            let order = order.and_then(|order| {
                let preference = world.preferences.get(&order.preference)?;
                let payments = world.payments_of(&order.preference);
                Some(Subject::Order {
                    id: order.id,
                    status: order::standing(preference.wanted.total, &payments).status,
                    made: order.created,
                })
            });
            (payment.notification_url.clone(), order)
        })
    }) else {
        return;
    };
    announce(inner, subject, address.as_deref(), Manner::default());
    if let Some(order) = order {
        announce(inner, &order, address.as_deref(), Manner::default());
    }
}

fn tell_chargeback(inner: &Arc<Inner>, id: u64) {
    let told = {
        let world = lock(&inner.world);
        world.chargebacks.get(&id).map(|chargeback| {
            let payment = world.payments.get(&chargeback.payment);
            let subject = Subject::Chargeback {
                id,
                payment: chargeback.payment,
                updated: chargeback.updated,
            };
            (
                subject,
                payment.and_then(|payment| payment.notification_url.clone()),
            )
        })
    };
    if let Some((subject, address)) = told {
        announce(inner, &subject, address.as_deref(), Manner::default());
    }
}
