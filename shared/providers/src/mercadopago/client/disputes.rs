//! Chargebacks, and merchant orders: ways to find payments.

use secrecy::SecretString;

use super::{MercadoPago, same};
use crate::mercadopago::{
    Chargeback, ChargebackNumber, MercadoPagoError, MerchantOrder, MerchantOrderNumber, OrdersBy,
    Unfit,
    field::{list, object},
};

impl MercadoPago {
    /// Reads a chargeback.
    pub async fn chargeback(
        &self,
        token: &SecretString,
        number: &ChargebackNumber,
    ) -> Result<Chargeback, MercadoPagoError> {
        let url = self.url(&["v1", "chargebacks", number.as_str()]);
        self.get(url, token).await?.read(|json| {
            let chargeback = Chargeback::parse(json)?;
            same(number, &chargeback.number, "chargeback").map(|()| chargeback)
        })
    }

    /// Reads a merchant order.
    pub async fn merchant_order(
        &self,
        token: &SecretString,
        number: &MerchantOrderNumber,
    ) -> Result<MerchantOrder, MercadoPagoError> {
        let url = self.url(&["merchant_orders", number.as_str()]);
        self.get(url, token).await?.read(|json| {
            let order = MerchantOrder::parse(json)?;
            same(number, &order.number, "merchant order").map(|()| order)
        })
    }

    /// The merchant orders of a link or a request; there is one, or none while nobody opened the link. Only the first
    /// page: what it leaves out is found by [`MercadoPago::search_payments`].
    pub async fn search_merchant_orders(
        &self,
        token: &SecretString,
        by: &OrdersBy,
    ) -> Result<Vec<MerchantOrder>, MercadoPagoError> {
        let mut url = self.url(&["merchant_orders", "search"]);
        match by {
            OrdersBy::Preference(id) => url
                .query_pairs_mut()
                .append_pair("preference_id", id.as_str()),
            OrdersBy::Reference(reference) => url
                .query_pairs_mut()
                .append_pair("external_reference", reference.as_str()),
        };
        self.get(url, token).await?.read(|json| {
            let fields = object(json)?;
            // `elements` is `null` when there is none.
            if fields.get("elements").is_none() && fields.get("total").is_none() {
                return Err(Unfit::Missing("elements"));
            }
            list(&fields, "elements")
                .into_iter()
                .map(|one| MerchantOrder::parse(one.get()))
                .collect()
        })
    }
}
