//! Whose hands a chat is in: a person's, the bot's, or nobody's.

use axum::extract::State;
use posta_domain::mode::Mode;
use posta_store::chats;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::view::ChatMode;
use crate::{
    auth::Staff,
    extract::{Body, Path},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(take_chat))
        .routes(routes!(release_chat))
        .routes(routes!(mute_chat))
        .routes(routes!(unmute_chat))
}

/// Who speaks from now on.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Hands {
    /// The mode.
    mode: ChatMode,
}

impl From<Mode> for Hands {
    fn from(mode: Mode) -> Self {
        Self { mode: mode.into() }
    }
}

/// Take a chat: the bot is silent from now on
#[utoipa::path(post, path = "/owner/chats/{id}/take", tag = "owner", operation_id = "take_chat",
    params(("id" = Uuid, Path, description = "The chat.")),
    responses((status = 200, description = "Hers now, unless it is muted.", body = Hands)))]
async fn take_chat(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<Hands>, Problem> {
    let mode = chats::take(&state.store, &principal.by(), id.into()).await?;
    Ok(Body(mode.into()))
}

/// Give a chat back to the bot
#[utoipa::path(post, path = "/owner/chats/{id}/release", tag = "owner", operation_id = "release_chat",
    params(("id" = Uuid, Path, description = "The chat.")),
    responses((status = 200, description = "The bot's now, unless it is muted.", body = Hands)))]
async fn release_chat(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<Hands>, Problem> {
    let mode = chats::release(&state.store, &principal.by(), id.into()).await?;
    Ok(Body(mode.into()))
}

/// Mute a chat: the bot never answers there again
#[utoipa::path(post, path = "/owner/chats/{id}/mute", tag = "owner", operation_id = "mute_chat",
    params(("id" = Uuid, Path, description = "The chat.")),
    responses((status = 200, description = "Muted. `GET /owner/chats?mode=muted` lists all that are.", body = Hands)))]
async fn mute_chat(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<Hands>, Problem> {
    let mode = chats::mute(&state.store, &principal.by(), id.into()).await?;
    Ok(Body(mode.into()))
}

/// Mute a chat no more
#[utoipa::path(post, path = "/owner/chats/{id}/unmute", tag = "owner", operation_id = "unmute_chat",
    params(("id" = Uuid, Path, description = "The chat.")),
    responses((status = 200, description = "The bot's now, if it was muted; else as it was.", body = Hands)))]
async fn unmute_chat(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<Hands>, Problem> {
    let mode = chats::unmute(&state.store, &principal.by(), id.into()).await?;
    Ok(Body(mode.into()))
}
