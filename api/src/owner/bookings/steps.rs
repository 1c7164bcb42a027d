//! The steps of a booking's life that the desk takes.

use axum::extract::State;
use posta_domain::cancellation::{self, By};
use posta_store::booking::{self, Booking, BookingError, cancel, presence};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::view::BookingView;
use crate::{
    auth::Staff,
    dto::{Date, Money, words_or_none},
    extract::{Body, Path},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(confirm_reservation))
        .routes(routes!(cancel_reservation))
        .routes(routes!(check_in_reservation))
        .routes(routes!(check_out_reservation))
        .routes(routes!(no_show_reservation))
        .routes(routes!(early_departure))
}

/// A reason in the desk's words.
const MOST_REASON: usize = 500;

/// A step that needs nothing else.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StepBody {
    /// The booking's version it was decided on.
    version: Option<i32>,
}

/// The owner's yes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmBody {
    /// The booking's version it was decided on.
    version: Option<i32>,
    /// Sold at once, whatever has been paid. Otherwise a request becomes a hold that waits for its deposit, where there
    /// is one.
    #[serde(default)]
    without_payment: bool,
}

/// Called off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CancelBody {
    /// The booking's version it was decided on.
    version: Option<i32>,
    /// `owner`: everything goes back. `guest`: what the policy says.
    by: CancelledBy,
    /// For the desk.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Who calls it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CancelledBy {
    Guest,
    Owner,
}

/// The guest left before the end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DepartureBody {
    /// The booking's version it was decided on.
    version: Option<i32>,
    /// One of the booking's stays; absent: all of them.
    stay: Option<Uuid>,
    /// The day she left: its night and those after it are free.
    on: Date,
}

/// A booking that was called off, and where its money goes.
#[derive(Debug, Serialize, ToSchema)]
struct Cancelled {
    /// As it is now.
    reservation: BookingView,
    /// Goes back.
    refund: Money,
    /// Stays.
    retained: Money,
    /// Why: the rule that decided.
    #[schema(value_type = Object)]
    rule: cancellation::Rule,
}

fn shown(booking: Result<Booking, BookingError>) -> Result<Body<BookingView>, Problem> {
    Ok(Body((&booking?).into()))
}

/// Say yes to a booking
#[utoipa::path(post, path = "/owner/reservations/{id}/confirm", tag = "owner", operation_id = "confirm_reservation",
    params(("id" = Uuid, Path, description = "The booking.")),
    request_body = ConfirmBody,
    responses((status = 200, description = "As it is now.", body = BookingView),
              (status = 409, description = "Not from where it stands, or it has moved on.")))]
async fn confirm_reservation(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<ConfirmBody>,
) -> Result<Body<BookingView>, Problem> {
    let by = principal.by();
    let (id, version) = (id.into(), body.version);
    shown(booking::confirm(&state.store, &by, id, version, body.without_payment).await)
}

/// Call a booking off
#[utoipa::path(post, path = "/owner/reservations/{id}/cancel", tag = "owner", operation_id = "cancel_reservation",
    params(("id" = Uuid, Path, description = "The booking.")),
    request_body = CancelBody,
    responses((status = 200, description = "Its nights are free.", body = Cancelled),
              (status = 409, description = "Not from where it stands, or it has moved on.")))]
async fn cancel_reservation(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<CancelBody>,
) -> Result<Body<Cancelled>, Problem> {
    let who = match body.by {
        CancelledBy::Guest => By::Guest,
        CancelledBy::Owner => By::Owner,
    };
    let reason = words_or_none("reason", body.reason.as_deref(), MOST_REASON)?;
    let reason = reason.unwrap_or_default();
    let by = principal.by();
    let (booking, outcome) =
        cancel::cancel(&state.store, &by, id.into(), who, &reason, body.version).await?;
    Ok(Body(Cancelled {
        reservation: (&booking).into(),
        refund: outcome.refund.into(),
        retained: outcome.retained.into(),
        rule: outcome.rule,
    }))
}

/// The guest is there
#[utoipa::path(post, path = "/owner/reservations/{id}/check-in", tag = "owner", operation_id = "check_in_reservation",
    params(("id" = Uuid, Path, description = "The booking.")),
    request_body = StepBody,
    responses((status = 200, description = "As it is now.", body = BookingView),
              (status = 409, description = "Not from where it stands, not today, or it has moved on.")))]
async fn check_in_reservation(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<StepBody>,
) -> Result<Body<BookingView>, Problem> {
    shown(presence::check_in(&state.store, &principal.by(), id.into(), body.version).await)
}

/// The guest has left
#[utoipa::path(post, path = "/owner/reservations/{id}/check-out", tag = "owner", operation_id = "check_out_reservation",
    params(("id" = Uuid, Path, description = "The booking.")),
    request_body = StepBody,
    responses((status = 200, description = "As it is now; nights that were left are free.", body = BookingView),
              (status = 409, description = "Not from where it stands, or it has moved on.")))]
async fn check_out_reservation(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<StepBody>,
) -> Result<Body<BookingView>, Problem> {
    shown(presence::check_out(&state.store, &principal.by(), id.into(), body.version).await)
}

/// The guest did not come
#[utoipa::path(post, path = "/owner/reservations/{id}/no-show", tag = "owner", operation_id = "no_show_reservation",
    params(("id" = Uuid, Path, description = "The booking.")),
    request_body = StepBody,
    responses((status = 200, description = "Its nights are free; what was paid is retained.", body = BookingView),
              (status = 409, description = "Not from where it stands, not today, or it has moved on.")))]
async fn no_show_reservation(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<StepBody>,
) -> Result<Body<BookingView>, Problem> {
    shown(presence::no_show(&state.store, &principal.by(), id.into(), body.version).await)
}

/// The guest left before the end
#[utoipa::path(post, path = "/owner/reservations/{id}/early-departure", tag = "owner", operation_id = "early_departure",
    params(("id" = Uuid, Path, description = "The booking.")),
    request_body = DepartureBody,
    responses((status = 200, description = "The nights from that day on are free; no money moves by itself.",
               body = BookingView),
              (status = 409, description = "Not from where it stands, not on that day, or it has moved on.")))]
async fn early_departure(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<DepartureBody>,
) -> Result<Body<BookingView>, Problem> {
    let (by, on) = (principal.by(), body.on.day()?);
    let stay = body.stay.map(Into::into);
    shown(presence::leave_early(&state.store, &by, id.into(), stay, on, body.version).await)
}
