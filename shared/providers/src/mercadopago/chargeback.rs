//! A chargeback: a card's owner disowned a payment.
//!
//! What it means for the money is read from the payment; this adds what only the chargeback knows: until when documents
//! may be sent, and how it stands with them.

use chrono::{DateTime, Utc};
use posta_domain::money::Money;

use super::{
    ChargebackNumber, PaymentNumber, Unfit,
    field::{amount, currency, decimal, list, number, object, time, word},
};
use crate::shallow::text;

/// One reading of a chargeback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chargeback {
    /// Its id.
    pub number: ChargebackNumber,
    /// The payments it takes back.
    pub payments: Vec<PaymentNumber>,
    /// How much, if it says so.
    pub amount: Option<Money>,
    /// Why, in the provider's words.
    pub reason: Option<String>,
    /// Whether the provider bears it; not decided while absent.
    pub covered: Option<bool>,
    /// Whether documents are asked for.
    pub documentation_required: bool,
    /// How it stands with them: `pending`, `review_pending`, …
    pub documentation_status: Option<String>,
    /// Until when they may be sent.
    pub documentation_until: Option<DateTime<Utc>>,
    /// When it began.
    pub created_at: Option<DateTime<Utc>>,
    /// When it changed last.
    pub updated_at: Option<DateTime<Utc>>,
}

impl Chargeback {
    /// Reads `GET /v1/chargebacks/{id}`.
    pub fn parse(json: &str) -> Result<Self, Unfit> {
        let fields = object(json)?;
        let flag = |name: &str| match fields.get(name)?.get() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        let taken = match (decimal(&fields, "amount")?, currency(&fields, "currency")) {
            (Some(figure), Ok(coin)) => {
                let money = figure.money(coin);
                Some(money.map_err(|source| amount("amount", source))?)
            }
            _ => None,
        };
        let payments = list(&fields, "payments").into_iter().map(|raw| {
            // An id, or an object that has one.
            let id = match text(raw) {
                Some(id) => PaymentNumber::parse(id.trim()),
                None => number(&object(raw.get())?, "id", PaymentNumber::parse).ok(),
            };
            id.ok_or(Unfit::Malformed("payments"))
        });
        Ok(Self {
            number: number(&fields, "id", ChargebackNumber::parse)?,
            payments: payments.collect::<Result<_, _>>()?,
            amount: taken,
            reason: super::field::inner(&fields, "reason")
                .and_then(|reason| word(&reason, "description").or_else(|| word(&reason, "id"))),
            covered: flag("coverage_applied"),
            documentation_required: flag("documentation_required").unwrap_or(false),
            documentation_status: word(&fields, "documentation_status"),
            documentation_until: time(&fields, "date_documentation_deadline")?,
            created_at: time(&fields, "date_created")?,
            updated_at: time(&fields, "date_last_updated")?,
        })
    }
}
