//! What the desk says about the place: location, services, check-in, welcome, and whatever else the owner names.

use axum::extract::State;
use http::StatusCode;
use posta_store::{catalog, ids::PropertyId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    auth::Owner,
    extract::{Body, Path},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(set_text, remove_text))
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
           ("key" = String, Path, description = "Which text: location, services, check_in, welcome, …")),
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
