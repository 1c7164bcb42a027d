use std::time::Duration;

use posta_domain::money::{Currency, Money};
use serde_json::{Value, json};

use super::*;
use crate::{
    fake::{Provider, Reply, Request},
    mercadopago::{
        AuthProblem, ChargebackNumber, Disposition, ExternalReference, MerchantOrderNumber,
        NewPreference, OrdersBy, PaymentNumber, PaymentsBy, PreferenceId, Search,
    },
};

mod reading;
mod writing;

const APPROVED: &str = include_str!("../../../tests/data/mercadopago/payment_approved.json");
const MADE: &str = include_str!("../../../tests/data/mercadopago/preference_create_response.json");
const REFUNDED: &str = include_str!("../../../tests/data/mercadopago/refund_create_201.json");

fn token() -> SecretString {
    SecretString::from("APP_USR-1234")
}

fn at(base: Url) -> MercadoPago {
    let timeouts = Timeouts {
        connect: Duration::from_secs(1),
        request: Duration::from_millis(400),
    };
    MercadoPago::new(base, timeouts).unwrap()
}

fn mercado_pago(provider: &Provider) -> MercadoPago {
    at(provider.url("/mercadopago"))
}

fn paid() -> PaymentNumber {
    PaymentNumber::parse("140233071955").unwrap()
}

fn reference() -> ExternalReference {
    ExternalReference::parse("res_01JZ8Q4M7T").unwrap()
}

fn pesos(minor: i64) -> Money {
    Money::new(minor, Currency::ARS)
}

fn text(status: u16, body: &str) -> Reply {
    Reply::Http(status, Vec::new(), body.as_bytes().to_vec())
}

fn method(request: &Request) -> &str {
    request.head.split(' ').next().unwrap()
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

#[tokio::test]
async fn nothing_was_sent_when_nobody_listens() {
    let addr = Provider::start(|_| Reply::HangUp).await.addr;
    let error = at(format!("http://{addr}").parse().unwrap())
        .payment(&token(), &paid())
        .await
        .unwrap_err();
    assert_eq!(error.disposition(), Disposition::Unreachable);
    assert!(error.counts_for_breaker() && !error.may_have_happened());
}

#[tokio::test]
async fn a_token_that_is_none_is_not_sent() {
    let provider = Provider::start(|_| text(200, APPROVED)).await;
    let error = mercado_pago(&provider)
        .payment(&SecretString::from("a\nb"), &paid())
        .await
        .unwrap_err();
    assert_eq!(error.disposition(), Disposition::Auth(AuthProblem::Token));
    assert_eq!(provider.requests().len(), 0);
}

#[tokio::test]
async fn no_error_shows_the_token_or_where_it_was_sent() {
    for reply in [
        Reply::HangUp,
        Reply::Silence,
        Reply::BreaksOff,
        text(500, ""),
        text(401, "{}"),
    ] {
        let provider = Provider::start(move |_| reply.clone()).await;
        let error = mercado_pago(&provider)
            .payment(&token(), &paid())
            .await
            .unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains("APP_USR") && !shown.contains("140233071955"),
            "{shown}"
        );
    }
}
