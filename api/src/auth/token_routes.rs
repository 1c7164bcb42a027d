//! `GET /tokens`, `POST /tokens`, `DELETE /tokens/{id}`: the owner's.

use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use posta_store::access::{
    Role,
    tokens::{self, NewToken, Token},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Means, Owner, principal::TOKEN_PREFIX, secret::Secret};
use crate::{
    extract::{Body, Path},
    problem::Problem,
    state::AppState,
};

/// Ten years: more is for ever, which is said by leaving it out.
const MOST_DAYS: u32 = 3650;
/// Longer is no name.
const NAME_MAX: usize = 100;

/// What a login may do.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RoleName {
    /// Looks at everything.
    Readonly,
    /// Works with bookings, money, blocks, chats.
    Staff,
    /// Configures.
    Owner,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Readonly => Self::Readonly,
            RoleName::Staff => Self::Staff,
            RoleName::Owner => Self::Owner,
        }
    }
}

impl From<Role> for RoleName {
    fn from(role: Role) -> Self {
        match role {
            Role::Readonly => Self::Readonly,
            Role::Staff => Self::Staff,
            Role::Owner => Self::Owner,
        }
    }
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct TokenWanted {
    /// What it is for.
    #[schema(min_length = 1, max_length = 100, example = "planilla")]
    name: String,
    /// What it may do at most.
    role: RoleName,
    /// It ends by itself after so many days; without this it does not.
    #[schema(minimum = 1, maximum = 3650)]
    days: Option<u32>,
}

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenView {
    /// Which.
    id: Uuid,
    /// Whose: it does no more than she may.
    user: Uuid,
    /// What it is for.
    name: String,
    /// What it may do at most.
    role: RoleName,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it ends by itself.
    expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    revoked_at: Option<DateTime<Utc>>,
}

/// A new token.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenMade {
    /// To be sent as `Authorization: Bearer …`. Told this once only.
    secret: String,
    /// What is kept of it.
    token: TokenView,
}

impl From<Token> for TokenView {
    fn from(token: Token) -> Self {
        Self {
            id: token.id.uuid(),
            user: token.user.uuid(),
            name: token.name,
            role: token.role.into(),
            created_at: token.created_at,
            expires_at: token.expires_at,
            revoked_at: token.revoked_at,
        }
    }
}

/// All tokens, newest first, also those that have ended.
#[utoipa::path(
    get, path = "/tokens", tag = "access", operation_id = "list_tokens",
    responses((status = 200, description = "The tokens.", body = Vec<TokenView>)),
)]
pub(super) async fn list(
    Owner(principal): Owner,
    State(state): State<AppState>,
) -> Result<Body<Vec<TokenView>>, Problem> {
    let mut conn = state.store.acquire().await?;
    let tokens = tokens::list(&mut conn, principal.tenant).await?;
    Ok(Body(tokens.into_iter().map(TokenView::from).collect()))
}

/// Makes a token for a machine.
///
/// Only a person makes one, with a session: a token that was stolen must not make others that outlive it (403).
#[utoipa::path(
    post, path = "/tokens", tag = "access", operation_id = "make_token",
    request_body = TokenWanted,
    responses((status = 201, description = "The token, and its secret for the only time.", body = TokenMade)),
)]
pub(super) async fn make(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Body(wanted): Body<TokenWanted>,
) -> Result<(StatusCode, Body<TokenMade>), Problem> {
    if matches!(principal.means, Means::Token(_)) {
        return Err(Problem::forbidden());
    }
    let name = wanted.name.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Problem::invalid("name"));
    }
    let lifetime = match wanted.days {
        Some(days) if !(1..=MOST_DAYS).contains(&days) => return Err(Problem::invalid("days")),
        days => days.map(|days| TimeDelta::days(days.into())),
    };
    let secret = Secret::random();
    let new = NewToken {
        user: principal.user,
        name: name.to_owned(),
        role: wanted.role.into(),
        hash: secret.hash(),
        lifetime,
    };
    let token = tokens::make(&state.store, &principal.by(), &new).await?;
    let made = TokenMade {
        secret: format!("{TOKEN_PREFIX}{}", secret.text()),
        token: token.into(),
    };
    Ok((StatusCode::CREATED, Body(made)))
}

/// Revokes a token, at once and for good.
#[utoipa::path(
    delete, path = "/tokens/{id}", tag = "access", operation_id = "revoke_token",
    params(("id" = Uuid, Path, description = "Which.")),
    responses((status = 204, description = "Revoked, now or before.")),
)]
pub(super) async fn revoke(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    if tokens::revoke(&state.store, &principal.by(), id.into()).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("token"))
    }
}
