//! A merchant order: the payments that were tried for one preference.
//!
//! It is only used to find them; what each is worth is read from the payment itself.

use serde_json::value::RawValue;

use super::{
    MerchantOrderNumber, PaymentNumber, PreferenceId, Unfit,
    field::{list, number, object, word},
};

/// One reading of a merchant order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantOrder {
    /// Its id.
    pub number: MerchantOrderNumber,
    /// `opened`, `closed`, `expired`.
    pub status: Option<String>,
    /// `paid`, `payment_required`, `partially_paid`, `reverted`, …
    pub order_status: Option<String>,
    /// What we named the request.
    pub reference: Option<String>,
    /// The link it belongs to.
    pub preference: Option<PreferenceId>,
    /// Every payment that was tried, in the provider's order; those without a readable id are left out.
    pub payments: Vec<PaymentNumber>,
    /// Whether it was called off; written with one l or two.
    pub cancelled: bool,
}

impl MerchantOrder {
    /// Reads `GET /merchant_orders/{id}` or one of a search's results.
    pub fn parse(json: &str) -> Result<Self, Unfit> {
        let fields = object(json)?;
        let is = |name: &str| {
            fields
                .get(name)
                .is_some_and(|raw: &RawValue| raw.get() == "true")
        };
        let payments = list(&fields, "payments").into_iter();
        Ok(Self {
            number: number(&fields, "id", MerchantOrderNumber::parse)?,
            status: word(&fields, "status"),
            order_status: word(&fields, "order_status"),
            reference: word(&fields, "external_reference"),
            preference: word(&fields, "preference_id").and_then(|id| PreferenceId::parse(&id)),
            payments: payments
                .filter_map(|raw| number(&object(raw.get()).ok()?, "id", PaymentNumber::parse).ok())
                .collect(),
            cancelled: is("cancelled") || is("canceled"),
        })
    }
}
