//! How a guest pays: which ways there are, and taking another one.

use axum::extract::State;
use http::StatusCode;
use posta_store::{
    booking::{Booking, Method, requests},
    catalog,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{show, view::GuestBooking};
use crate::{
    auth::GuestLink, extract::Body, problem::Problem, public::reservations::PaymentMethod,
    state::AppState,
};

/// The owner's text that says where to transfer to.
const WHERE_TO: &str = "transfer";

/// How she wants to pay instead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GuestPay)]
pub(in crate::public) struct Pay {
    /// One of the booking's `ways`.
    method: PaymentMethod,
}

/// How what is open can be paid.
pub(super) struct Ways {
    pub(super) ways: Vec<PaymentMethod>,
    /// Where to transfer to, if that is how.
    pub(super) transfer: Option<String>,
}

/// Pay another way
///
/// What is open is asked for by the other way instead, for as long as before; a link to pay it is shut, or made. The
/// way it is paid already changes nothing.
#[utoipa::path(
    post,
    path = "/guest/{token}/pay",
    tag = "guest",
    operation_id = "guest_pay",
    params(("token" = String, Path, description = "From the link.")),
    request_body = Pay,
    responses(
        (status = 200, description = "As it is now.", body = GuestBooking),
        (status = 409, description = "Nothing is to be paid now, or a receipt is being looked at."),
    )
)]
pub(in crate::public) async fn pay(
    link: GuestLink,
    State(state): State<AppState>,
    Body(asked): Body<Pay>,
) -> Result<Body<GuestBooking>, Problem> {
    let booking = super::found(&state, &link).await?;
    let ways = ways(&state, &booking).await?;
    if ways.ways.is_empty() {
        return Err(Problem::new(StatusCode::CONFLICT, "nothing_to_pay"));
    }
    if !ways.ways.contains(&asked.method) {
        return Err(Problem::no_such_way());
    }
    let method = asked.method.method();
    let by = link.by();
    let booking = requests::switch(&state.store, &by, link.reservation, method).await?;
    show(&state, &link, &booking).await.map(Body)
}

/// Those of a booking; none where nothing is open.
pub(super) async fn ways(state: &AppState, booking: &Booking) -> Result<Ways, Problem> {
    let mut found = Ways {
        ways: Vec::new(),
        transfer: None,
    };
    let open = booking.requests.iter().find(|row| row.state == "open");
    let Some(open) = open else {
        return Ok(found);
    };
    let mut conn = state.store.acquire().await?;
    if catalog::takes_mercadopago(&mut conn, booking.tenant).await? {
        found.ways.push(PaymentMethod::MercadoPago);
    }
    let mut texts = catalog::texts(&mut conn, booking.tenant, booking.property).await?;
    if let Some(text) = texts.remove(WHERE_TO) {
        found.ways.push(PaymentMethod::Transfer);
        found.transfer = Some(text).filter(|_| open.method == Method::Transfer);
    }
    Ok(found)
}
