//! Which path leads where.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::api::{nowhere, orders, payments, preferences, refunds};
use super::simulator::MercadoPago;
use super::{checkout, control};

const MOST_BODY: usize = 1024 * 1024;

pub(crate) fn router(simulator: MercadoPago) -> Router {
    let api = Router::new()
        .route("/checkout/preferences", post(preferences::create))
        // The SDK of npm ends some paths with a slash.
        .route("/checkout/preferences/", post(preferences::create))
        .route("/checkout/preferences/search", get(preferences::search))
        .route(
            "/checkout/preferences/{id}",
            get(preferences::get).put(preferences::update),
        )
        .route("/v1/payments/search", get(payments::search))
        .route(
            "/v1/payments/{id}",
            get(payments::get).put(payments::update),
        )
        .route(
            "/v1/payments/{id}/refunds",
            get(refunds::list).post(refunds::create),
        )
        .route(
            "/v1/payments/{id}/refunds/",
            get(refunds::list).post(refunds::create),
        )
        .route("/v1/payments/{id}/refunds/{refund}", get(refunds::get))
        .route("/v1/chargebacks/{id}", get(payments::chargeback))
        .route("/merchant_orders/search", get(orders::search))
        .route("/merchant_orders/{id}", get(orders::get))
        .route("/checkout/v1/redirect", get(checkout::page))
        .route("/checkout/v1/pay", post(checkout::pay))
        .route("/checkout/checkout.css", get(checkout::style))
        .with_state(simulator.inner.clone());
    let control = Router::new()
        .route("/mercadopago/pay", post(control::pay))
        .route("/mercadopago/update", post(control::update))
        .route("/mercadopago/refund", post(control::refund))
        .route("/mercadopago/chargeback", post(control::charge_back))
        .route("/mercadopago/refunds_wait", post(control::refunds_wait))
        .route("/mercadopago/decide_refund", post(control::decide_refund))
        .route("/mercadopago/notify", post(control::notify))
        .route("/mercadopago/silence", post(control::silence))
        .route("/mercadopago/down", post(control::down).delete(control::up))
        .route("/mercadopago/links", get(control::links))
        .route("/mercadopago/payments", get(control::payments))
        .route(
            "/faults",
            post(control::add_fault).delete(control::clear_faults),
        )
        .route("/clock", post(control::clock))
        .route("/state", get(control::state))
        .with_state(simulator);
    Router::new()
        .nest("/mercadopago", api)
        .nest("/control", control)
        .fallback(nowhere)
        .layer(DefaultBodyLimit::max(MOST_BODY))
}
