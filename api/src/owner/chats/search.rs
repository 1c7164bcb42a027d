//! Looking for words in what was said.

use axum::extract::State;
use chrono::{DateTime, Utc};
use posta_store::{
    chats::{self, Search},
    ids::{ConversationId, MessageId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::view::Speaker;
use crate::{
    auth::Readonly,
    dto::words,
    extract::{Body, Query},
    owner::field::limit,
    problem::Problem,
    state::AppState,
};

/// Nobody looks for more.
const MOST_WORDS: usize = 200;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(search_chats))
}

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchQuery {
    /// Whole words, all of them; "in quotes": one after the other; -not this one; this or that.
    #[param(min_length = 1, max_length = 200, example = "comprobante coihue")]
    q: String,
    /// In this chat only.
    chat: Option<Uuid>,
    /// Go on before this message: the last page's `next`.
    before: Option<Uuid>,
    /// So many at most; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// A page of messages with the words.
#[derive(Debug, Serialize, ToSchema)]
struct FoundMessages {
    /// The newest first.
    messages: Vec<FoundMessage>,
    /// There may be more: ask with `before`.
    next: Option<Uuid>,
}

/// A message with the words.
#[derive(Debug, Serialize, ToSchema)]
struct FoundMessage {
    /// Which: `GET /owner/chats/{chat}?before={id}` reads what came before it.
    id: Uuid,
    /// Of which chat.
    chat: Uuid,
    /// With whom.
    guest: Uuid,
    /// As the profile shows it.
    guest_name: Option<String>,
    /// By whom.
    author: Speaker,
    /// The provider's type.
    kind: String,
    /// Words, where there are some.
    text: Option<String>,
    /// Of a voice note.
    transcript: Option<String>,
    /// When.
    at: DateTime<Utc>,
}

/// Look for words in all chats, or in one
///
/// Chats of personal contacts are not searched.
#[utoipa::path(get, path = "/owner/chats/search", tag = "owner", operation_id = "search_chats", params(SearchQuery),
    responses((status = 200, description = "A page of messages.", body = FoundMessages)))]
async fn search_chats(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Query(query): Query<SearchQuery>,
) -> Result<Body<FoundMessages>, Problem> {
    let limit = limit(query.limit)?;
    let search = Search {
        words: words("q", &query.q, MOST_WORDS)?,
        chat: query.chat.map(ConversationId::from),
        before: query.before.map(MessageId::from),
        limit,
    };
    let mut conn = state.store.acquire().await?;
    let found = chats::search(&mut conn, principal.tenant, &search).await?;
    let full = found.len() == usize::from(limit);
    let next = found.last().filter(|_| full).map(|it| it.message.uuid());
    Ok(Body(FoundMessages {
        messages: found.into_iter().map(FoundMessage::from).collect(),
        next,
    }))
}

impl From<chats::Found> for FoundMessage {
    fn from(found: chats::Found) -> Self {
        Self {
            id: found.message.uuid(),
            chat: found.chat.uuid(),
            guest: found.guest.uuid(),
            guest_name: found.guest_name,
            author: found.author.into(),
            kind: found.kind,
            text: found.body,
            transcript: found.transcript,
            at: found.at,
        }
    }
}
