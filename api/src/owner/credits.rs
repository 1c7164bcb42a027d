//! Money guests have here for a later stay.

use axum::extract::State;
use chrono::{DateTime, Utc};
use posta_store::{
    booking::credits::{self, CreditRow},
    ids::{GuestId, RefundId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{bookings::BookingView, field::Made};
use crate::{
    auth::{Owner, Readonly, Staff},
    dto::Money,
    extract::{Body, Path, Query},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list_credits))
        .routes(routes!(credit_refund))
        .routes(routes!(use_credit))
}

/// Whose credits.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CreditsQuery {
    /// Only this guest's.
    guest: Option<Uuid>,
}

/// Credits.
#[derive(Debug, Serialize, ToSchema)]
struct Credits {
    /// Those with something left first, the first to expire first; at most 500.
    credits: Vec<Credit>,
}

/// Money a guest has here for a later stay.
#[derive(Debug, Serialize, ToSchema)]
struct Credit {
    /// Which.
    id: Uuid,
    /// Whose.
    guest: Uuid,
    /// Where it came from.
    reservation: Uuid,
    /// That booking's code.
    code: String,
    /// How much it was.
    amount: Money,
    /// How much of it can still be used.
    left: Money,
    /// Until when.
    expires_at: DateTime<Utc>,
    /// Since when.
    created_at: DateTime<Utc>,
}

/// Guests' credits
#[utoipa::path(get, path = "/owner/credits", tag = "owner", operation_id = "list_credits", params(CreditsQuery),
    responses((status = 200, description = "The credits.", body = Credits)))]
async fn list_credits(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Query(query): Query<CreditsQuery>,
) -> Result<Body<Credits>, Problem> {
    let mut conn = state.store.acquire().await?;
    let guest = query.guest.map(GuestId::from);
    let rows = credits::list(&mut conn, principal.tenant, guest).await?;
    Ok(Body(Credits {
        credits: rows.into_iter().map(Credit::from).collect(),
    }))
}

/// Keep what is owed back for the guest's next stay
///
/// Ask her first: instead of the money she gets a credit, for as long as the property's `credit_days`.
#[utoipa::path(post, path = "/owner/refunds/{id}/credit", tag = "owner", operation_id = "credit_refund",
    params(("id" = Uuid, Path, description = "The refund.")),
    responses((status = 200, description = "The credit, hers to use.", body = Made),
              (status = 409, description = "It went back already, or is on its way.")))]
async fn credit_refund(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<Made>, Problem> {
    let id = RefundId::from(id);
    let credit = credits::from_refund(&state.store, &principal.by(), id).await?;
    Ok(Body(Made { id: credit.uuid() }))
}

/// Pay a booking with its guest's credits
///
/// As much as is open, or as there is; the credit that ends first is used first.
#[utoipa::path(post, path = "/owner/reservations/{id}/credit", tag = "owner", operation_id = "use_credit",
    params(("id" = Uuid, Path, description = "The booking.")),
    responses((status = 200, description = "As it is now.", body = BookingView),
              (status = 409, description = "Nothing is open, or there is no credit.")))]
async fn use_credit(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<BookingView>, Problem> {
    let booking = credits::use_for(&state.store, &principal.by(), id.into()).await?;
    Ok(Body((&booking).into()))
}

impl From<CreditRow> for Credit {
    fn from(row: CreditRow) -> Self {
        Self {
            id: row.id.uuid(),
            guest: row.guest.uuid(),
            reservation: row.reservation.uuid(),
            code: row.code,
            amount: row.amount.into(),
            left: row.left.into(),
            expires_at: row.expires_at,
            created_at: row.created_at,
        }
    }
}
