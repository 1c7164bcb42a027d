//! A refund, in a payment, in a list of its own, or as the answer to having asked for it.

use chrono::{DateTime, Utc};
use posta_domain::{
    money::Currency,
    payment::{Given, GivenState},
};
use serde_json::value::RawValue;

use crate::{
    mercadopago::{
        Decimal, PaymentNumber, RefundNumber, Unfit,
        field::{amount, decimal, number, object, time, word},
    },
    shallow::elements,
};

/// Money that went back, or is to.
#[derive(Debug, Clone)]
pub struct Refund {
    /// Its id.
    pub number: RefundNumber,
    /// Of which payment, if it says so.
    pub payment: Option<PaymentNumber>,
    /// How much; the currency is the payment's.
    pub amount: Decimal,
    /// How far it is.
    pub state: GivenState,
    /// When it was asked for.
    pub created_at: Option<DateTime<Utc>>,
}

// === impl Refund ===

impl Refund {
    /// Reads one.
    pub fn parse(json: &str) -> Result<Self, Unfit> {
        let fields = object(json)?;
        Ok(Self {
            number: number(&fields, "id", RefundNumber::parse)?,
            payment: number(&fields, "payment_id", PaymentNumber::parse).ok(),
            amount: decimal(&fields, "amount")?.ok_or(Unfit::Missing("amount"))?,
            state: state(word(&fields, "status").as_deref()),
            created_at: time(&fields, "date_created")?,
        })
    }

    /// Reads `GET /v1/payments/{id}/refunds`: an array.
    pub fn parse_all(json: &str) -> Result<Vec<Self>, Unfit> {
        let raw: &RawValue = serde_json::from_str(json).map_err(|_| Unfit::NotJson("array"))?;
        let all = elements(raw).ok_or(Unfit::NotJson("array"))?;
        all.into_iter().map(|one| Self::parse(one.get())).collect()
    }

    /// As part of a snapshot whose money is of this currency.
    pub fn given(&self, coin: Currency) -> Result<Given, Unfit> {
        let minor = self
            .amount
            .minor(coin)
            .map_err(|source| amount("amount of a refund", source))?;
        if minor < 0 {
            return Err(Unfit::Malformed("amount of a refund"));
        }
        Ok(Given {
            id: self.number.as_str().to_owned(),
            amount: minor,
            state: self.state,
        })
    }
}

/// A payment's refunds, oldest first; each id once, and none of nothing.
pub(super) fn all(refunds: &[&RawValue], coin: Currency) -> Result<Vec<Given>, Unfit> {
    let mut read: Vec<Refund> = refunds
        .iter()
        .map(|one| Refund::parse(one.get()))
        .collect::<Result<_, _>>()?;
    read.sort_by(|a, b| a.order().cmp(&b.order()));
    read.dedup_by(|a, b| a.number == b.number);
    let mut given = Vec::with_capacity(read.len());
    for refund in read {
        let one = refund.given(coin)?;
        if one.amount > 0 {
            given.push(one);
        }
    }
    Ok(given)
}

impl Refund {
    /// Ids grow with time, and longer ones are greater.
    fn order(&self) -> (usize, &str) {
        (self.number.as_str().len(), self.number.as_str())
    }
}

/// One without a state is an old answer's, which listed only what was done. A word nobody knows is not money yet.
fn state(word: Option<&str>) -> GivenState {
    match word {
        None | Some("approved") => GivenState::Done,
        Some("rejected" | "cancelled" | "canceled") => GivenState::Failed,
        Some(_) => GivenState::Pending,
    }
}
