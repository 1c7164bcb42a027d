//! What the desk says about the place, about a kind of cabin, or about one cabin: location, services, check-in, and
//! whatever else the owner names. A cabin's text goes before its kind's, and that before the property's.
//!
//! `access` (door codes, wifi keys) is told to guests who have paid and arrive soon, and to the owner here.

use axum::extract::State;
use http::StatusCode;
use posta_store::{
    catalog::{self, About},
    ids::PropertyId,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    auth::{Owner, Principal},
    extract::{Body, Path},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(set_text, remove_text))
        .routes(routes!(set_unit_type_text, remove_unit_type_text))
        .routes(routes!(set_accommodation_text, remove_accommodation_text))
}

/// The owner's words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TextBody {
    /// Up to 4,000 characters.
    body: String,
}

/// Set a text
#[utoipa::path(put, path = "/owner/properties/{id}/texts/{key}", tag = "owner", operation_id = "set_text",
    params(("id" = Uuid, Path, description = "The property."),
           ("key" = String, Path, description = "Which text: location, services, check_in, pets, transfer, after_hours, welcome, …")),
    request_body = TextBody,
    responses((status = 204, description = "It says so now.")))]
async fn set_text(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path((id, key)): Path<(Uuid, String)>,
    Body(text): Body<TextBody>,
) -> Result<StatusCode, Problem> {
    let property = PropertyId::from(id);
    catalog::set_text(&state.store, &principal.by(), property, &key, &text.body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a text
#[utoipa::path(delete, path = "/owner/properties/{id}/texts/{key}", tag = "owner", operation_id = "remove_text",
    params(("id" = Uuid, Path, description = "The property."),
           ("key" = String, Path, description = "Which text.")),
    responses((status = 204, description = "The desk does not say it any more.")))]
async fn remove_text(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path((id, key)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    if key.contains('\0') {
        return Err(Problem::not_found("text"));
    }
    catalog::remove_text(&state.store, &principal.by(), PropertyId::from(id), &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set a text about every cabin of a kind
#[utoipa::path(put, path = "/owner/unit-types/{id}/texts/{key}", tag = "owner", operation_id = "set_unit_type_text",
    params(("id" = Uuid, Path, description = "The kind."),
           ("key" = String, Path, description = "Which text: services, access, …")),
    request_body = TextBody,
    responses((status = 204, description = "It says so now.")))]
async fn set_unit_type_text(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path((id, key)): Path<(Uuid, String)>,
    Body(text): Body<TextBody>,
) -> Result<StatusCode, Problem> {
    set(&state, &principal, About::Kind(id.into()), &key, &text).await
}

/// Remove a text about every cabin of a kind
#[utoipa::path(delete, path = "/owner/unit-types/{id}/texts/{key}", tag = "owner", operation_id = "remove_unit_type_text",
    params(("id" = Uuid, Path, description = "The kind."),
           ("key" = String, Path, description = "Which text.")),
    responses((status = 204, description = "The desk does not say it any more.")))]
async fn remove_unit_type_text(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path((id, key)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    remove(&state, &principal, About::Kind(id.into()), &key).await
}

/// Set a text about a cabin
#[utoipa::path(put, path = "/owner/accommodations/{id}/texts/{key}", tag = "owner", operation_id = "set_accommodation_text",
    params(("id" = Uuid, Path, description = "The cabin."),
           ("key" = String, Path, description = "Which text: services, access, …")),
    request_body = TextBody,
    responses((status = 204, description = "It says so now.")))]
async fn set_accommodation_text(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path((id, key)): Path<(Uuid, String)>,
    Body(text): Body<TextBody>,
) -> Result<StatusCode, Problem> {
    set(&state, &principal, About::Cabin(id.into()), &key, &text).await
}

/// Remove a text about a cabin
#[utoipa::path(delete, path = "/owner/accommodations/{id}/texts/{key}", tag = "owner", operation_id = "remove_accommodation_text",
    params(("id" = Uuid, Path, description = "The cabin."),
           ("key" = String, Path, description = "Which text.")),
    responses((status = 204, description = "The desk does not say it any more.")))]
async fn remove_accommodation_text(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path((id, key)): Path<(Uuid, String)>,
) -> Result<StatusCode, Problem> {
    remove(&state, &principal, About::Cabin(id.into()), &key).await
}

async fn set(
    state: &AppState,
    principal: &Principal,
    about: About,
    key: &str,
    text: &TextBody,
) -> Result<StatusCode, Problem> {
    catalog::set_cabin_text(&state.store, &principal.by(), about, key, &text.body).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    state: &AppState,
    principal: &Principal,
    about: About,
    key: &str,
) -> Result<StatusCode, Problem> {
    if key.contains('\0') {
        return Err(Problem::not_found("text"));
    }
    catalog::remove_cabin_text(&state.store, &principal.by(), about, key).await?;
    Ok(StatusCode::NO_CONTENT)
}
