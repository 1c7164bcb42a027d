//! A price said in a chat, or that there is none better. What a guest asked for is closed with it.

use axum::extract::State;
use posta_store::chats;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::hands::Hands;
use crate::{
    auth::Staff,
    extract::{Body, Path},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(offer_price))
        .routes(routes!(decline_discount))
}

/// What is offered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfferBody {
    /// A quote that was made for this guest (`POST /owner/quotes` with `guest`).
    quote: Uuid,
}

/// Offer a price to the guest of a chat
///
/// The bot says it, with a button that books. The same quote again changes nothing.
#[utoipa::path(post, path = "/owner/chats/{id}/offer", tag = "owner", operation_id = "offer_price",
    params(("id" = Uuid, Path, description = "The chat.")),
    request_body = OfferBody,
    responses((status = 200, description = "It will be said within a second.", body = Hands),
              (status = 409, description = "The quote is somebody else's, over or used, or the chat is muted.")))]
async fn offer_price(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<OfferBody>,
) -> Result<Body<Hands>, Problem> {
    let by = principal.by();
    let mode = chats::offer(&state.store, &by, id.into(), body.quote.into()).await?;
    Ok(Body(mode.into()))
}

/// Say that there is no better price
#[utoipa::path(post, path = "/owner/chats/{id}/decline", tag = "owner", operation_id = "decline_discount",
    params(("id" = Uuid, Path, description = "The chat.")),
    responses((status = 200, description = "It will be said within a second.", body = Hands),
              (status = 409, description = "Nobody asks for a lower price there, or the chat is muted.")))]
async fn decline_discount(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<Hands>, Problem> {
    let mode = chats::decline(&state.store, &principal.by(), id.into()).await?;
    Ok(Body(mode.into()))
}
