//! Chats: what guests write, and answering in person.

mod hands;
mod price;
mod search;
mod view;

use axum::extract::State;
use http::StatusCode;
use posta_domain::mode::Mode;
use posta_providers::whatsapp::{
    Outgoing,
    limits::{SHORT_BODY, units},
    outgoing::Template,
    templates,
};
use posta_store::{
    chats::{self, Cursor, Filter, Late, NewReply},
    ids::{ConversationId, MessageId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::field::limit;
use crate::{
    auth::{Readonly, Staff},
    extract::{Body, IdempotencyKey, Path, Query},
    problem::Problem,
    state::AppState,
};
use view::{ChatMode, ChatSummary, Chats, Message, Thread};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list_chats))
        .routes(routes!(get_chat))
        .routes(routes!(reply_chat))
        .merge(hands::router())
        .merge(price::router())
        .merge(search::router())
}

/// Which chats.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ChatsQuery {
    /// Only those in this mode.
    #[param(inline)]
    mode: Option<ChatMode>,
    /// Go on after this place in the list: the last page's `next`.
    after: Option<String>,
    /// So many at most; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// Which part of a thread.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ThreadQuery {
    /// What came before this message: the last page's `earlier`.
    before: Option<Uuid>,
    /// So many at most; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// A reply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplyBody {
    /// Up to 4096 characters.
    #[schema(min_length = 1, max_length = 4096)]
    text: String,
    /// After the 24 hours: send it within the approved template `person_reply`, on one line and shorter (about 900
    /// characters), instead of refusing it.
    #[serde(default)]
    template: bool,
}

/// It is on its way.
#[derive(Debug, Serialize, ToSchema)]
struct Replied {
    /// Its row in the outbox.
    outbox: Uuid,
    /// Who speaks from now on.
    mode: ChatMode,
}

/// Chats, those that wait for a person first
#[utoipa::path(get, path = "/owner/chats", tag = "owner", operation_id = "list_chats", params(ChatsQuery),
    responses((status = 200, description = "A page of them.", body = Chats)))]
async fn list_chats(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Query(query): Query<ChatsQuery>,
) -> Result<Body<Chats>, Problem> {
    let limit = limit(query.limit)?;
    let after = query.after.map(|text| text.parse::<Cursor>()).transpose();
    let filter = Filter {
        mode: query.mode.map(Mode::from),
        after: after.map_err(|_| Problem::invalid("after"))?,
        limit: limit.into(),
    };
    let mut conn = state.store.acquire().await?;
    let chats = chats::list(&mut conn, principal.tenant, &filter).await?;
    let full = chats.len() == usize::from(limit);
    let next = chats.last().filter(|_| full);
    let next = next.map(|chat| chat.cursor.to_string());
    Ok(Body(Chats {
        chats: chats.into_iter().map(ChatSummary::from).collect(),
        next,
    }))
}

/// A chat and what was said in it
#[utoipa::path(get, path = "/owner/chats/{id}", tag = "owner", operation_id = "get_chat",
    params(("id" = Uuid, Path, description = "The chat."), ThreadQuery),
    responses((status = 200, description = "A part of it.", body = Thread)))]
async fn get_chat(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Query(query): Query<ThreadQuery>,
) -> Result<Body<Thread>, Problem> {
    let limit = limit(query.limit)?;
    let (chat, before) = (ConversationId::from(id), query.before.map(MessageId::from));
    let missing = || Problem::not_found("chat");
    let mut conn = state.store.acquire().await?;
    let summary = chats::one(&mut conn, principal.tenant, chat)
        .await?
        .ok_or_else(missing)?;
    let page = chats::thread(&mut conn, principal.tenant, chat, before, limit)
        .await?
        .ok_or_else(missing)?;
    Ok(Body(Thread {
        chat: summary.into(),
        messages: page.messages.into_iter().map(Message::from).collect(),
        earlier: page.earlier.map(MessageId::uuid),
    }))
}

/// Answer in person; the bot is silent from then on
#[utoipa::path(post, path = "/owner/chats/{id}/reply", tag = "owner", operation_id = "reply_chat",
    params(("id" = Uuid, Path, description = "The chat."),
           ("Idempotency-Key" = String, Header, description = "The same key sends one message, however often.")),
    request_body = ReplyBody,
    responses((status = 202, description = "It is in the outbox; it goes out within a second.", body = Replied),
              (status = 409, description = "The guest last wrote more than 24 hours ago: no free text can be sent; with `template` it can.")))]
async fn reply_chat(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    key: IdempotencyKey,
    Body(body): Body<ReplyBody>,
) -> Result<(StatusCode, Body<Replied>), Problem> {
    let words = body.text.trim();
    if words.is_empty() || words.contains('\0') {
        return Err(Problem::invalid("text"));
    }
    let message = Outgoing::text(words).map_err(|_| Problem::invalid("text"))?;
    let payload = serde_json::to_value(&message).map_err(|_| Problem::internal())?;
    let new = NewReply {
        payload,
        body: message.plain_text().to_owned(),
        late: body.template.then(|| late(words)).transpose()?,
        key: format!("{}:{}", principal.actor, key.0),
    };
    let replied = chats::reply(&state.store, &principal.by(), id.into(), &new).await?;
    Ok((
        StatusCode::ACCEPTED,
        Body(Replied {
            outbox: replied.outbox.uuid(),
            mode: ChatMode::Human,
        }),
    ))
}

/// The same words for after the 24 hours.
fn late(words: &str) -> Result<Late, Problem> {
    let template = templates::one("person_reply").ok_or_else(Problem::internal)?;
    // A gap takes no line break and no row of spaces.
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let body = template.render(&[line.as_str()]);
    if units(&body) > SHORT_BODY {
        return Err(Problem::invalid("text"));
    }
    let message = Template::new(&template.name, &template.language, [line])
        .map_err(|_| Problem::invalid("text"))?;
    let payload =
        serde_json::to_value(Outgoing::Template(message)).map_err(|_| Problem::internal())?;
    Ok(Late { payload, body })
}
