//! Kinds of cabins: texts, capacity, pictures and prices outside seasons.

use axum::extract::State;
use http::StatusCode;
use posta_domain::rates::Rates;
use posta_store::{
    catalog::{self, NewUnitType, Of, UnitTypeEdit},
    ids::{PropertyId, UnitTypeId},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{place, schema, view::UnitType};
use crate::{
    auth::{Owner, Principal, Readonly},
    extract::{Body, Path},
    owner::field::{Made, given},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(add_unit_type))
        .routes(routes!(get_unit_type, edit_unit_type))
}

/// A new kind of cabin.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnitTypeBody {
    /// As guests know it.
    name: String,
    /// In a sentence.
    #[serde(default)]
    description: String,
    /// Guests at most.
    #[schema(minimum = 1, maximum = 50)]
    capacity: u32,
    /// Addresses of pictures.
    #[serde(default)]
    photos: Vec<String>,
    /// Prices outside seasons; null or absent: sold by hand only.
    #[serde(default)]
    #[schema(value_type = Option<schema::Rates>)]
    rates: Option<Rates>,
}

/// What changes; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnitTypePatch {
    /// As guests know it.
    name: Option<String>,
    /// In a sentence.
    description: Option<String>,
    /// Guests at most.
    #[schema(minimum = 1, maximum = 50)]
    capacity: Option<u32>,
    /// Addresses of pictures.
    photos: Option<Vec<String>>,
    /// Whether it is let. Bookings that were made stay.
    active: Option<bool>,
    /// Prices outside seasons; null: sold by hand only.
    #[serde(default, deserialize_with = "given")]
    #[expect(
        clippy::option_option,
        reason = "absent, null and there are three things"
    )]
    #[schema(value_type = Option<schema::Rates>)]
    rates: Option<Option<Rates>>,
}

/// Add a kind of cabin
#[utoipa::path(post, path = "/owner/properties/{id}/unit-types", tag = "owner", operation_id = "add_unit_type",
    params(("id" = Uuid, Path, description = "The property.")),
    request_body = UnitTypeBody,
    responses((status = 201, description = "It can get cabins now.", body = Made),
              (status = 409, description = "Another one has that name.")))]
async fn add_unit_type(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<UnitTypeBody>,
) -> Result<(StatusCode, Body<Made>), Problem> {
    let new = NewUnitType {
        name: body.name,
        description: body.description,
        capacity: body.capacity,
        photos: body.photos,
        rates: body.rates,
    };
    let property = PropertyId::from(id);
    let made = catalog::add_unit_type(&state.store, &principal.by(), property, &new).await?;
    Ok((StatusCode::CREATED, Body(Made { id: made.uuid() })))
}

/// A kind of cabin
#[utoipa::path(get, path = "/owner/unit-types/{id}", tag = "owner", operation_id = "get_unit_type",
    params(("id" = Uuid, Path, description = "The kind.")),
    responses((status = 200, description = "As it is now.", body = UnitType)))]
async fn get_unit_type(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<UnitType>, Problem> {
    show(&state, &principal, id).await
}

/// Change a kind of cabin
#[utoipa::path(patch, path = "/owner/unit-types/{id}", tag = "owner", operation_id = "edit_unit_type",
    params(("id" = Uuid, Path, description = "The kind.")),
    request_body = UnitTypePatch,
    responses((status = 200, description = "As it is now.", body = UnitType),
              (status = 409, description = "Another one has that name.")))]
async fn edit_unit_type(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(patch): Body<UnitTypePatch>,
) -> Result<Body<UnitType>, Problem> {
    let edit = UnitTypeEdit {
        name: patch.name,
        description: patch.description,
        capacity: patch.capacity,
        photos: patch.photos,
        active: patch.active,
        rates: patch.rates,
    };
    catalog::edit_unit_type(&state.store, &principal.by(), UnitTypeId::from(id), &edit).await?;
    show(&state, &principal, id).await
}

async fn show(
    state: &AppState,
    principal: &Principal,
    id: Uuid,
) -> Result<Body<UnitType>, Problem> {
    let missing = || Problem::not_found("unit_type");
    let id = UnitTypeId::from(id);
    let mut conn = state.store.acquire().await?;
    let property = catalog::property_of(&mut conn, principal.tenant, Of::UnitType(id))
        .await?
        .ok_or_else(missing)?;
    let texts = catalog::cabin_texts(&mut conn, principal.tenant, property).await?;
    drop(conn);
    let place = place(state, principal, property.uuid()).await?;
    let unit_type = place.unit_type(id).ok_or_else(missing)?;
    Ok(Body(UnitType::of(unit_type, &texts)))
}
