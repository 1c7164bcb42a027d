//! Payments and their refunds.

use posta_domain::money::Money;
use reqwest::Method;
use secrecy::SecretString;
use uuid::Uuid;

use super::{MercadoPago, Sending, same};
use crate::mercadopago::{
    MercadoPagoError, Payment, PaymentNumber, PaymentPage, Refund, Search, Unfit, decimal::plain,
};

/// What became of a refund that was asked for.
#[derive(Debug, Clone)]
pub enum RefundAnswer {
    /// It exists. Its state may still be pending.
    Created(Refund),
    /// The key was used before: there is one already, and the answer does not say which. The payment does.
    Replayed,
}

impl MercadoPago {
    /// Reads a payment.
    pub async fn payment(
        &self,
        token: &SecretString,
        number: &PaymentNumber,
    ) -> Result<Payment, MercadoPagoError> {
        let url = self.url(&["v1", "payments", number.as_str()]);
        self.get(url, token).await?.read(|json| {
            let payment = Payment::parse(json)?;
            same(number, payment.number(), "payment").map(|()| payment)
        })
    }

    /// Searches payments: one page.
    pub async fn search_payments(
        &self,
        token: &SecretString,
        search: &Search,
    ) -> Result<PaymentPage, MercadoPagoError> {
        let mut url = self.url(&["v1", "payments", "search"]);
        search.write(&mut url);
        self.get(url, token).await?.read(|json| search.read(json))
    }

    /// Cancels a payment that is pending or under review. One that is neither is refused ([`super::super::Meaning::State`]).
    pub async fn cancel_payment(
        &self,
        token: &SecretString,
        number: &PaymentNumber,
    ) -> Result<Payment, MercadoPagoError> {
        let url = self.url(&["v1", "payments", number.as_str()]);
        let sending = Sending {
            body: Some(br#"{"status":"cancelled"}"#.to_vec()),
            key: None,
        };
        let answer = self.call(Method::PUT, url, token, sending).await?;
        answer.read(|json| {
            let payment = Payment::parse(json)?;
            same(number, payment.number(), "payment").map(|()| payment)
        })
    }

    /// Gives back so much of a payment. Once per key, however often it is asked; whatever the answer, what happened is
    /// read from the payment afterwards.
    pub async fn refund(
        &self,
        token: &SecretString,
        number: &PaymentNumber,
        amount: Money,
        key: Uuid,
    ) -> Result<RefundAnswer, MercadoPagoError> {
        if amount.minor <= 0 {
            let nothing = "nothing, or less, cannot be given back";
            return Err(MercadoPagoError::NotBuilt(nothing.into()));
        }
        let url = self.url(&["v1", "payments", number.as_str(), "refunds"]);
        let sending = Sending {
            body: Some(format!(r#"{{"amount":{}}}"#, plain(amount)).into_bytes()),
            key: Some(key),
        };
        let answer = self.call(Method::POST, url, token, sending).await?;
        if answer.is_empty() {
            return Ok(RefundAnswer::Replayed);
        }
        let refund = answer.read(|json| {
            let refund = Refund::parse(json)?;
            match &refund.payment {
                Some(payment) => same(number, payment, "payment").map(|()| refund),
                None => Ok(refund),
            }
        })?;
        Ok(RefundAnswer::Created(refund))
    }

    /// The refunds of a payment.
    pub async fn refunds(
        &self,
        token: &SecretString,
        number: &PaymentNumber,
    ) -> Result<Vec<Refund>, MercadoPagoError> {
        let url = self.url(&["v1", "payments", number.as_str(), "refunds"]);
        self.get(url, token).await?.read(|json| {
            let refunds = Refund::parse_all(json)?;
            let foreign = |refund: &Refund| refund.payment.as_ref().is_some_and(|of| of != number);
            if refunds.iter().any(foreign) {
                return Err(Unfit::Another("payment"));
            }
            Ok(refunds)
        })
    }
}
