//! Asking a guest for money: the balance, an extra, a difference.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, Utc};
use http::StatusCode;
use posta_domain::money;
use posta_store::{
    booking::{
        Booking, Key, Method,
        money::Purpose,
        requests::{self, NewAsk},
    },
    ids::{PaymentRequestId, ReservationId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{bookings::BookingView, field::replayed};
use crate::{
    auth::Staff,
    dto::{Money, words_or_none},
    extract::{Body, IdempotencyKey, Path, fingerprint},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(ask_payment))
        .routes(routes!(withdraw_request))
}

/// As keys are remembered by it.
const ROUTE: &str = "POST /owner/reservations/{id}/requests";
/// Longest note.
const MOST_NOTE: usize = 500;

/// Money to be asked for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RequestBody {
    /// What for.
    purpose: AskedFor,
    /// How it is to be paid.
    method: AskedBy,
    /// How much, in the currency of the booking's charge; absent: all that is open of the price.
    #[serde(default)]
    amount: Option<Money>,
    /// For whoever reads the history.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
    /// Until when; absent: as long as the booking can be paid.
    #[serde(default)]
    expires_at: Option<DateTime<Utc>>,
}

/// What money is asked for: the rest of the price, something beside it, what a change costs more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AskedFor {
    Balance,
    Extra,
    Difference,
}

/// How money that is asked for is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum AskedBy {
    MercadoPago,
    Transfer,
    Cash,
}

/// Ask a guest for money
///
/// Part of what the booking costs (balance, difference), or something beside it (extra), which is added to what it can
/// be paid; of a booking that is sold, since a hold has its deposit to pay first. A balance or a difference takes the
/// place of those that are open. With Mercado Pago the guest is sent a link as soon as there is one; otherwise she is
/// told how to pay.
#[utoipa::path(post, path = "/owner/reservations/{id}/requests", tag = "owner", operation_id = "ask_payment",
    params(("id" = Uuid, Path, description = "The booking."),
           ("Idempotency-Key" = String, Header, min_length = 1, max_length = 255,
            description = "The same key asks once, however often.")),
    request_body = RequestBody,
    responses((status = 201, description = "It is asked for.", body = BookingView,
               headers(("Idempotent-Replayed" = Option<bool>, description = "This is the answer of the first time."))),
              (status = 409, description = "It is not possible as things are.")))]
async fn ask_payment(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<RequestBody>,
) -> Result<Response, Problem> {
    let amount = body.amount.as_ref().map(money::Money::try_from);
    let amount = amount.transpose()?;
    let positive = amount.is_some_and(|amount| amount.minor > 0);
    if !positive && (amount.is_some() || body.purpose == AskedFor::Extra) {
        return Err(Problem::invalid("amount"));
    }
    if body.expires_at.is_some_and(|at| at <= state.clock.now()) {
        return Err(Problem::invalid("expires_at"));
    }
    let note = words_or_none("note", body.note.as_deref(), MOST_NOTE)?;
    let key = Key {
        principal: principal.actor.clone(),
        route: ROUTE,
        key,
        request_sha256: fingerprint(&(id, &body))?,
    };
    let new = NewAsk {
        purpose: body.purpose.into(),
        method: body.method.into(),
        amount,
        note: note.unwrap_or_default(),
        expires_at: body.expires_at,
    };
    let (by, id) = (principal.by(), ReservationId::from(id));
    let answered = requests::ask(&state.store, &by, id, &new, Some(key), answer).await?;
    let response = (StatusCode::CREATED, Body(answered.answer)).into_response();
    Ok(replayed(response, answered.replayed))
}

fn answer(booking: &Booking) -> serde_json::Value {
    serde_json::json!(BookingView::from(booking))
}

/// Ask for it no more
///
/// Its link is shut. Money that comes for it all the same counts for the booking.
#[utoipa::path(post, path = "/owner/requests/{id}/withdraw", tag = "owner", operation_id = "withdraw_request",
    params(("id" = Uuid, Path, description = "What was asked for.")),
    responses((status = 200, description = "The booking, as it is now.", body = BookingView),
              (status = 409, description = "It has been paid, or a hold waits for it.")))]
async fn withdraw_request(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<BookingView>, Problem> {
    let id = PaymentRequestId::from(id);
    let booking = requests::withdraw(&state.store, &principal.by(), id).await?;
    Ok(Body((&booking).into()))
}

impl From<AskedFor> for Purpose {
    fn from(purpose: AskedFor) -> Self {
        match purpose {
            AskedFor::Balance => Self::Balance,
            AskedFor::Extra => Self::Extra,
            AskedFor::Difference => Self::Difference,
        }
    }
}

impl From<AskedBy> for Method {
    fn from(method: AskedBy) -> Self {
        match method {
            AskedBy::MercadoPago => Self::MercadoPago,
            AskedBy::Transfer => Self::Transfer,
            AskedBy::Cash => Self::Cash,
        }
    }
}
