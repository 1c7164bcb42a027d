//! Somebody pays: through a link, which may forbid it, or without one.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;

use super::ids;
use super::method::{Method, usual_detail};
use super::money::Amount;
use super::notice::Subject;
use super::payment::Payment;
use super::preference::Preference;
use super::simulator::Inner;
use super::till::{Refusal, tell};
use super::wanted::Wanted;
use super::world::World;
use crate::lock::lock;

/// A payment that somebody makes. What is not given is as the preference says; without a preference the money
/// simply arrives (an orphan, or somebody else's).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pay {
    /// Through this link.
    pub preference_id: Option<String>,
    /// `approved` unless said otherwise.
    pub status: Option<String>,
    /// The usual one of the status unless said otherwise.
    pub detail: Option<String>,
    /// Another amount than asked.
    pub amount: Option<Amount>,
    /// `visa` unless said otherwise.
    pub method: Option<String>,
    /// Another currency than asked.
    pub currency: Option<String>,
    /// Another seller's.
    pub collector_id: Option<u64>,
    /// Another reference than the preference's; empty for none.
    pub external_reference: Option<String>,
    /// Where it is told; only for payments without a preference.
    pub notification_url: Option<String>,
    /// Nobody is told.
    pub silent: bool,
    /// The payer had begun before the link expired.
    pub even_expired: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// The payment's id.
    pub payment_id: u64,
    /// Its merchant order, when it has a preference.
    pub merchant_order_id: Option<u64>,
    /// Its status.
    pub status: String,
    /// And the detail.
    pub detail: String,
}

impl Pay {
    /// Somebody pays this link.
    pub fn link(preference_id: impl Into<String>) -> Self {
        Self {
            preference_id: Some(preference_id.into()),
            ..Self::default()
        }
    }

    /// Money without a link, under this reference.
    pub fn loose(amount: Amount, reference: &str) -> Self {
        Self {
            amount: Some(amount),
            external_reference: Some(reference.to_owned()),
            ..Self::default()
        }
    }

    /// With this outcome.
    #[must_use]
    pub fn turning_out(mut self, status: &str) -> Self {
        self.status = Some(status.to_owned());
        self
    }

    /// Nobody is told.
    #[must_use]
    pub fn silently(mut self) -> Self {
        self.silent = true;
        self
    }
}

/// Somebody pays.
pub(crate) fn pay(inner: &Arc<Inner>, pay: &Pay) -> Result<Paid, Refusal> {
    let (paid, made) = {
        let mut world = lock(&inner.world);
        let payment = begun(inner, &mut world, pay)?;
        let paid = Paid {
            payment_id: payment.id,
            merchant_order_id: payment.order,
            status: payment.status.clone(),
            detail: payment.detail.clone(),
        };
        let made = payment.created;
        world.payments.insert(payment.id, payment);
        (paid, made)
    };
    if !pay.silent {
        let new = Subject::Payment {
            id: paid.payment_id,
            new: true,
            made,
        };
        tell(inner, paid.payment_id, &new);
    }
    Ok(paid)
}

fn begun(inner: &Inner, world: &mut World, pay: &Pay) -> Result<Payment, Refusal> {
    let now = inner.clock.now();
    let preference = match &pay.preference_id {
        Some(id) => Some(
            world
                .preferences
                .get(id)
                .cloned()
                .ok_or(Refusal::UnknownPreference)?,
        ),
        None => None,
    };
    let method =
        Method::find(pay.method.as_deref().unwrap_or("visa")).ok_or(Refusal::UnknownMethod)?;
    let status = pay.status.as_deref().unwrap_or("approved");
    if let Some(preference) = &preference {
        admit(preference, method, status)?;
        if !preference.payable(now) && !pay.even_expired {
            return Err(Refusal::Expired);
        }
    }
    let wanted = preference.as_ref().map(|preference| &preference.wanted);
    let amount = pay
        .amount
        .or(wanted.map(|wanted| wanted.total))
        .ok_or(Refusal::NoAmount)?;
    let reference = pay
        .external_reference
        .clone()
        .or_else(|| wanted.and_then(|wanted| wanted.reference.clone()));
    let dated = ids::resolution(now, inner.config.whole_seconds);
    let order = preference
        .as_ref()
        .and_then(|preference| world.touch_order(&preference.id, now));
    let mut payment = Payment {
        id: world.payment_id(),
        preference: preference.as_ref().map(|preference| preference.id.clone()),
        order,
        collector: pay.collector_id.unwrap_or(inner.config.collector_id),
        reference: reference.filter(|reference| !reference.is_empty()),
        status: String::new(),
        detail: String::new(),
        amount,
        currency: pay
            .currency
            .clone()
            .or_else(|| wanted.map(|wanted| wanted.currency.clone()))
            .unwrap_or_else(|| "ARS".to_owned()),
        method,
        created: dated,
        approved: None,
        updated: dated,
        offline_until: wanted.and_then(Wanted::offline_until),
        fee: amount.share(inner.config.fee),
        withheld: amount.share(inner.config.withholding),
        refunds: Vec::new(),
        chargeback: None,
        notification_url: match wanted {
            Some(wanted) => wanted.notification_url.clone(),
            None => pay.notification_url.clone(),
        },
        metadata: wanted.map_or_else(|| json!({}), Wanted::metadata),
        items: wanted.map_or_else(Vec::new, |wanted| wanted.items.clone()),
        title: wanted.map_or_else(|| "Transferencia".to_owned(), |wanted| wanted.title.clone()),
        descriptor: wanted.and_then(Wanted::descriptor),
        binary_mode: wanted.is_some_and(|wanted| wanted.binary_mode),
    };
    let detail = pay.detail.as_deref();
    payment.turn(
        status,
        detail.unwrap_or_else(|| usual_detail(status, method)),
        dated,
    );
    Ok(payment)
}

fn admit(preference: &Preference, method: Method, status: &str) -> Result<(), Refusal> {
    let wanted = &preference.wanted;
    if wanted.excludes(method.kind) {
        return Err(Refusal::Excluded);
    }
    if wanted.binary_mode && !matches!(status, "approved" | "rejected") {
        return Err(Refusal::Binary);
    }
    Ok(())
}
