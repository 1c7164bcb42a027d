//! What needs a person, and doing something about it ([`act`]).
//!
//! Each matter comes with what it is about, so that one tap opens the list and the next one settles a receipt.

mod about;
mod act;

use axum::extract::State;
use chrono::{DateTime, Utc};
use posta_store::{
    ids::AttentionId,
    matters::{self, Filter, Matter},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use about::AboutView;

use super::field::limit;
use crate::{
    auth::{Principal, Readonly},
    dto::words_or_none,
    extract::{Body, Path, Query},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list_attention))
        .routes(routes!(get_attention, act::act_attention))
}

/// Which matters.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AttentionQuery {
    /// Those that are over, instead of those that are not.
    #[serde(default)]
    done: bool,
    /// Only this kind.
    #[param(max_length = 100)]
    kind: Option<String>,
    /// Go on after this one in the list: the last page's `next`.
    after: Option<Uuid>,
    /// So many at most; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// A page of matters.
#[derive(Debug, Serialize, ToSchema)]
struct AttentionList {
    /// By deadline; those that are over newest first.
    matters: Vec<MatterView>,
    /// There may be more: ask with `after`.
    next: Option<Uuid>,
}

/// One matter.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Matter)]
struct MatterView {
    /// Which.
    id: Uuid,
    /// `guest_waiting`, receipt, collision, `refund_due`, `payment_orphan`, …
    kind: String,
    /// What it is about: `conversation:…`, `reservation:…`, `stay:…`, `refund:…`, `payment:…`.
    subject: String,
    /// What one needs to know to act.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
    /// The booking, chat, payment or refund it is about, as it is now; null where it is about none of them.
    about: Option<AboutView>,
    /// By when.
    deadline: Option<DateTime<Utc>>,
    /// How far it is.
    state: MatterState,
    /// What can be done beside `seen` and `done`.
    actions: Vec<String>,
    /// How often it was reported again.
    repeats: i32,
    /// Since when.
    created_at: DateTime<Utc>,
    /// When it was over.
    done_at: Option<DateTime<Utc>>,
}

/// How far a matter is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum MatterState {
    Open,
    Seen,
    Done,
}

/// What needs a person
#[utoipa::path(get, path = "/owner/attention", tag = "owner", operation_id = "list_attention", params(AttentionQuery),
    responses((status = 200, description = "A page of matters.", body = AttentionList)))]
async fn list_attention(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Query(query): Query<AttentionQuery>,
) -> Result<Body<AttentionList>, Problem> {
    let limit = limit(query.limit)?;
    let filter = Filter {
        done: query.done,
        kind: words_or_none("kind", query.kind.as_deref(), 100)?,
        after: query.after.map(AttentionId::from),
        limit: limit.into(),
    };
    let mut conn = state.store.acquire().await?;
    let found = matters::list(&mut conn, principal.tenant, &filter).await?;
    let full = found.len() == usize::from(limit);
    let next = found.last().filter(|_| full).map(|last| last.id.uuid());
    let mut about = matters::about(&mut conn, principal.tenant, &found).await?;
    let views = found.into_iter().map(|matter| {
        let about = about.remove(&matter.id);
        MatterView::of(matter, about)
    });
    Ok(Body(AttentionList {
        matters: views.collect(),
        next,
    }))
}

/// One matter
#[utoipa::path(get, path = "/owner/attention/{id}", tag = "owner", operation_id = "get_attention",
    params(("id" = Uuid, Path, description = "The matter.")),
    responses((status = 200, description = "As it is now.", body = MatterView)))]
async fn get_attention(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<MatterView>, Problem> {
    show(&state, &principal, id).await
}

async fn show(
    state: &AppState,
    principal: &Principal,
    id: Uuid,
) -> Result<Body<MatterView>, Problem> {
    let matter = matter(state, principal, id).await?;
    let mut conn = state.store.acquire().await?;
    let about = matters::about(&mut conn, principal.tenant, std::slice::from_ref(&matter)).await?;
    let about = about.into_values().next();
    Ok(Body(MatterView::of(matter, about)))
}

async fn matter(state: &AppState, principal: &Principal, id: Uuid) -> Result<Matter, Problem> {
    let mut conn = state.store.acquire().await?;
    matters::one(&mut conn, principal.tenant, id.into())
        .await?
        .ok_or_else(|| Problem::not_found("attention"))
}

impl MatterView {
    fn of(matter: Matter, about: Option<matters::About>) -> Self {
        Self {
            about: about.map(AboutView::from),
            id: matter.id.uuid(),
            kind: matter.kind,
            subject: matter.subject,
            detail: matter.detail,
            deadline: matter.deadline,
            state: match matter.state {
                matters::State::Open => MatterState::Open,
                matters::State::Seen => MatterState::Seen,
                matters::State::Done => MatterState::Done,
            },
            actions: matter.actions,
            repeats: matter.repeats,
            created_at: matter.created_at,
            done_at: matter.done_at,
        }
    }
}
