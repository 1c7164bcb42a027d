//! A payment as it is read: of all that the provider says, what money and bookings depend on. Nothing of the payer.
//!
//! Guaranteed: what a payment's money is compared by (amounts, currency, collector, times) is exact or the payment is
//! [`Unfit`]. Computed figures (fee, net, the refunded total) are rounded to the minor unit where they are finer. A
//! search's result may lack fields, so one that is to be applied is read again by its id.

mod refund;

use posta_domain::{
    money::Currency,
    payment::{GivenState, Snapshot},
};

pub use refund::Refund;

use super::{
    MerchantOrderNumber, PaymentNumber, Unfit,
    field::{amount, currency, decimal, inner, list, number, object, time, word},
    number::is_number,
};
use crate::shallow::{Fields, elements};

/// One reading of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    number: PaymentNumber,
    reference: Option<String>,
    order: Option<MerchantOrderNumber>,
    snapshot: Result<Snapshot, Unfit>,
}

// === impl Payment ===

impl Payment {
    /// Reads a body or a search's result; without an id it is no payment.
    pub fn parse(json: &str) -> Result<Self, Unfit> {
        let fields = object(json)?;
        let number = number(&fields, "id", PaymentNumber::parse)?;
        Ok(Self {
            reference: word(&fields, "external_reference"),
            order: order(&fields),
            snapshot: snapshot(&number, &fields),
            number,
        })
    }

    /// Its id.
    pub fn number(&self) -> &PaymentNumber {
        &self.number
    }

    /// What its maker named it.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// The merchant order it belongs to, if it says so.
    pub fn order(&self) -> Option<&MerchantOrderNumber> {
        self.order.as_ref()
    }

    /// All that was read, if nothing essential was missing.
    pub fn snapshot(&self) -> Result<Snapshot, Unfit> {
        self.snapshot.clone()
    }

    /// Whether more went back than its refunds explain: they are to be read by [`super::MercadoPago::refunds`].
    pub fn lacks_refunds(&self) -> bool {
        self.snapshot
            .as_ref()
            .is_ok_and(|snapshot| snapshot.refunded > done(snapshot))
    }

    /// With refunds that were read on their own; of one id the newer reading, this one, counts.
    pub fn with_refunds(mut self, refunds: &[Refund]) -> Result<Self, Unfit> {
        let Ok(snapshot) = &mut self.snapshot else {
            return Ok(self);
        };
        let currency = snapshot.amount.currency;
        for refund in refunds {
            let given = refund.given(currency)?;
            snapshot.given.retain(|known| known.id != given.id);
            if given.amount > 0 {
                snapshot.given.push(given);
            }
        }
        // Ids grow with time, and more of them are digits.
        snapshot
            .given
            .sort_by(|a, b| (a.id.len(), &a.id).cmp(&(b.id.len(), &b.id)));
        snapshot.refunded = snapshot.refunded.max(done(snapshot));
        Ok(self)
    }
}

/// What its refunds that are done sum up to.
fn done(snapshot: &Snapshot) -> i64 {
    let done = snapshot
        .given
        .iter()
        .filter(|given| given.state == GivenState::Done);
    done.fold(0, |sum, given| sum.saturating_add(given.amount))
}

fn snapshot(id: &PaymentNumber, fields: &Fields<'_>) -> Result<Snapshot, Unfit> {
    let coin = currency(fields, "currency_id")?;
    let asked =
        decimal(fields, "transaction_amount")?.ok_or(Unfit::Missing("transaction_amount"))?;
    let asked = asked
        .money(coin)
        .map_err(|source| amount("transaction_amount", source))?;
    let status = word(fields, "status").ok_or(Unfit::Missing("status"))?;
    let back = computed(fields, "transaction_amount_refunded", coin)?;
    let all_back = (status == "refunded").then_some(asked.minor);
    let refunded = back.or(all_back).unwrap_or(0);
    if asked.minor < 0 || refunded < 0 {
        return Err(Unfit::Malformed("transaction_amount"));
    }
    let method = inner(fields, "payment_method");
    let of_method = |name| method.as_ref().and_then(|method| word(method, name));
    let mut snapshot = Snapshot {
        provider_id: id.as_str().to_owned(),
        status,
        status_detail: word(fields, "status_detail").unwrap_or_default(),
        amount: asked,
        refunded,
        given: refund::all(&list(fields, "refunds"), coin)?,
        collector: collector(fields)?,
        external_reference: word(fields, "external_reference"),
        operation_type: word(fields, "operation_type").unwrap_or_default(),
        method: word(fields, "payment_method_id")
            .or_else(|| of_method("id"))
            .unwrap_or_default(),
        method_type: word(fields, "payment_type_id")
            .or_else(|| of_method("type"))
            .unwrap_or_default(),
        fee: fee(fields, coin)?,
        net: None,
        created_at: time(fields, "date_created")?.ok_or(Unfit::Missing("date_created"))?,
        approved_at: time(fields, "date_approved")?,
        updated_at: time(fields, "date_last_updated")?
            .ok_or(Unfit::Missing("date_last_updated"))?,
    };
    snapshot.refunded = snapshot.refunded.max(done(&snapshot));
    // Before the money came, the provider says 0 or a forecast.
    if snapshot.came()
        && let Some(details) = inner(fields, "transaction_details")
    {
        snapshot.net = computed(&details, "net_received_amount", coin)?;
    }
    Ok(snapshot)
}

/// A figure that the provider computed.
fn computed(fields: &Fields<'_>, name: &'static str, coin: Currency) -> Result<Option<i64>, Unfit> {
    let figure = decimal(fields, name)?.map(|figure| figure.rounded(coin));
    figure.transpose().map_err(|source| amount(name, source))
}

/// What the provider keeps of our side; what the payer pays for instalments is not ours.
fn fee(fields: &Fields<'_>, coin: Currency) -> Result<i64, Unfit> {
    list(fields, "fee_details")
        .iter()
        .try_fold(0, |sum: i64, fee| {
            let Some(fee) = Fields::parse(fee.get()) else {
                return Ok(sum);
            };
            if fee.text("fee_payer").as_deref() != Some("collector") {
                return Ok(sum);
            }
            let fee = computed(&fee, "amount", coin)?.unwrap_or(0);
            sum.checked_add(fee).ok_or(Unfit::Malformed("fee_details"))
        })
}

/// `collector_id`, or `collector.id` as some answers have it.
fn collector(fields: &Fields<'_>) -> Result<String, Unfit> {
    let id = word(fields, "collector_id")
        .or_else(|| inner(fields, "collector").and_then(|collector| word(&collector, "id")))
        .ok_or(Unfit::Missing("collector_id"))?;
    if is_number(&id) {
        Ok(id)
    } else {
        Err(Unfit::Malformed("collector_id"))
    }
}

/// `{}`, `{"id", "type"}`, or an array of such.
fn order(fields: &Fields<'_>) -> Option<MerchantOrderNumber> {
    let raw = fields.get("order")?;
    let one = match elements(raw) {
        Some(orders) => *orders.first()?,
        None => raw,
    };
    number(&Fields::parse(one.get())?, "id", MerchantOrderNumber::parse).ok()
}

#[cfg(test)]
mod tests;
