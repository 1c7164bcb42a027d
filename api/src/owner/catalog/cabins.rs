//! Cabins.

use axum::extract::State;
use http::StatusCode;
use posta_store::{
    catalog::{self, CabinEdit},
    ids::{AccommodationId, UnitTypeId},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    auth::Owner,
    extract::{Body, Path},
    owner::field::Made,
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(add_accommodation))
        .routes(routes!(edit_accommodation))
}

/// A new cabin.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccommodationBody {
    /// As guests know it.
    name: String,
}

/// What changes; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AccommodationPatch {
    /// As guests know it.
    name: Option<String>,
    /// Whether it is let. Bookings that it has stay.
    active: Option<bool>,
}

/// Add a cabin to a kind
#[utoipa::path(post, path = "/owner/unit-types/{id}/accommodations", tag = "owner", operation_id = "add_accommodation",
    params(("id" = Uuid, Path, description = "The kind of cabin.")),
    request_body = AccommodationBody,
    responses((status = 201, description = "It is let now.", body = Made),
              (status = 409, description = "Another one of that kind has that name.")))]
async fn add_accommodation(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<AccommodationBody>,
) -> Result<(StatusCode, Body<Made>), Problem> {
    let unit_type = UnitTypeId::from(id);
    let made = catalog::add_cabin(&state.store, &principal.by(), unit_type, &body.name).await?;
    Ok((StatusCode::CREATED, Body(Made { id: made.uuid() })))
}

/// Rename a cabin, or let it no more, or again
#[utoipa::path(patch, path = "/owner/accommodations/{id}", tag = "owner", operation_id = "edit_accommodation",
    params(("id" = Uuid, Path, description = "The cabin.")),
    request_body = AccommodationPatch,
    responses((status = 204, description = "It is so now."),
              (status = 409, description = "Another one of that kind has that name.")))]
async fn edit_accommodation(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(patch): Body<AccommodationPatch>,
) -> Result<StatusCode, Problem> {
    let edit = CabinEdit {
        name: patch.name,
        active: patch.active,
    };
    let id = AccommodationId::from(id);
    catalog::edit_cabin(&state.store, &principal.by(), id, &edit).await?;
    Ok(StatusCode::NO_CONTENT)
}
