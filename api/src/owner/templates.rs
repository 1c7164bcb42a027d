//! The messages Meta has to approve before the number may begin a conversation.

use posta_providers::whatsapp::templates;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{auth::Readonly, extract::Body, state::AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(list_templates))
}

/// The templates to submit to Meta
///
/// Each is a body for `POST /{account}/message_templates` of the Graph API, as it stands.
#[utoipa::path(get, path = "/owner/templates", tag = "owner", operation_id = "list_templates",
    responses((status = 200, description = "All of them.", body = Vec<Object>)))]
async fn list_templates(Readonly(_principal): Readonly) -> Body<serde_json::Value> {
    Body(templates::submitted())
}
