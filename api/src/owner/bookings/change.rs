//! Other dates, another party, another cabin.

use axum::extract::State;
use posta_store::{
    booking::{
        change::{self, ChangeRequest, Changer, To},
        reassign,
    },
    ids::StayId,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    booking,
    quote::{AdjustmentBody, adjustments},
    view::BookingView,
};
use crate::{
    auth::Staff,
    dto::Asked,
    extract::{Body, Path},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(change_reservation))
        .routes(routes!(reassign_stay))
}

/// What the booking becomes: stays to be priced now, or a quote that was given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeBody {
    /// The booking's version it was decided on.
    version: Option<i32>,
    /// All its cabins as they shall be.
    #[schema(min_items = 1, max_items = 10)]
    stays: Option<Vec<Asked>>,
    /// Or a quote.
    quote: Option<Uuid>,
    /// With `stays`: taken off (negative) or put on.
    #[serde(default)]
    #[schema(max_items = 20)]
    adjustments: Vec<AdjustmentBody>,
}

/// Another cabin of the same kind.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReassignBody {
    /// The booking's version it was decided on.
    version: Option<i32>,
    /// Which of the booking's stays; may be absent where there is one.
    stay: Option<Uuid>,
    /// The cabin.
    to: Uuid,
}

/// Change dates, party or cabins
#[utoipa::path(post, path = "/owner/reservations/{id}/change", tag = "owner", operation_id = "change_reservation",
    params(("id" = Uuid, Path, description = "The booking.")),
    request_body = ChangeBody,
    responses((status = 200, description = "As it is now: the difference is asked for, or owed back.", body = BookingView),
              (status = 409, description = "The nights are taken, it is not possible from where it stands, or it has \
                                            moved on; nothing has changed.")))]
async fn change_reservation(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<ChangeBody>,
) -> Result<Body<BookingView>, Problem> {
    let to = match (body.stays, body.quote) {
        (Some(stays), None) => {
            let stays = stays.iter().map(Asked::asked);
            To::Stays(stays.collect::<Result<_, _>>()?)
        }
        (None, Some(quote)) if body.adjustments.is_empty() => To::Quote(quote.into()),
        _ => return Err(Problem::invalid("stays")),
    };
    let request = ChangeRequest {
        to,
        by: Changer::Owner,
        adjustments: adjustments(&principal, body.adjustments)?,
        expected_version: body.version,
    };
    let changed = change::change(&state.store, &principal.by(), id.into(), &request).await?;
    Ok(Body((&changed).into()))
}

/// Put a stay into another cabin of its kind
#[utoipa::path(post, path = "/owner/reservations/{id}/reassign", tag = "owner", operation_id = "reassign_stay",
    params(("id" = Uuid, Path, description = "The booking.")),
    request_body = ReassignBody,
    responses((status = 200, description = "As it is now; what collided with the old cabin does no longer.",
               body = BookingView),
              (status = 409, description = "That cabin is taken, the guest is there already, or the booking has moved \
                                            on.")))]
async fn reassign_stay(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<ReassignBody>,
) -> Result<Body<BookingView>, Problem> {
    let booking = booking(&state, &principal, id).await?;
    let stay = match (body.stay.map(StayId::from), booking.stays.as_slice()) {
        (Some(asked), stays) if stays.iter().any(|stay| stay.id == asked) => asked,
        (None, [only]) => only.id,
        (Some(_), _) => return Err(Problem::not_found("stay")),
        (None, _) => return Err(Problem::invalid("stay")),
    };
    let (by, to) = (principal.by(), body.to.into());
    let changed = reassign::reassign(&state.store, &by, stay, to, body.version).await?;
    Ok(Body((&changed).into()))
}
