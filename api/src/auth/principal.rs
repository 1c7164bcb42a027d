//! Somebody with a login: a person with a session, or a machine with a person's token.

use axum::extract::FromRequestParts;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Method, StatusCode, header, request::Parts};
use posta_domain::ids::{ApiTokenId, TenantId, UserId};
use posta_store::{
    access::{Role, SecretHash, sessions, tokens},
    audit::By,
};
use subtle::ConstantTimeEq as _;

use super::{cookies, secret::Secret};
use crate::{extract::RequestId, problem::Problem, state::AppState};

/// What a session's unsafe requests repeat the CSRF token in.
pub const CSRF_HEADER: &str = "x-csrf-token";
/// What tokens of machines begin with, so that they are recognised where they should not be.
pub(crate) const TOKEN_PREFIX: &str = "posta_";

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// A person at the pages.
    Session {
        /// When it ends.
        expires_at: DateTime<Utc>,
    },
    /// A machine.
    Token(ApiTokenId),
}

/// Somebody, and what they may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Whose data: every query of theirs is bounded by it.
    pub tenant: TenantId,
    /// Who, or whose token.
    pub user: UserId,
    /// What they may.
    pub role: Role,
    /// How they proved it.
    pub means: Means,
    /// `user:<uuid>` or `token:<uuid>`: also what their idempotency keys belong to.
    pub actor: String,
    /// As the answer's header says.
    pub request_id: Option<String>,
}

impl Principal {
    /// On whose behalf, for the audit.
    pub fn by(&self) -> By {
        By {
            tenant: self.tenant,
            actor: self.actor.clone(),
            request_id: self.request_id.clone(),
        }
    }

    fn at_least(self, role: Role) -> Result<Self, Problem> {
        if self.role >= role {
            Ok(self)
        } else {
            Err(Problem::forbidden())
        }
    }
}

/// Anybody with a login.
#[derive(Debug, Clone)]
pub struct Readonly(pub Principal);
/// Who works with bookings, money, blocks, chats and matters.
#[derive(Debug, Clone)]
pub struct Staff(pub Principal);
/// Who also configures.
#[derive(Debug, Clone)]
pub struct Owner(pub Principal);

impl FromRequestParts<AppState> for Readonly {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Ok(Self(
            authenticate(parts, state).await?.at_least(Role::Readonly)?,
        ))
    }
}

impl FromRequestParts<AppState> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Ok(Self(
            authenticate(parts, state).await?.at_least(Role::Staff)?,
        ))
    }
}

impl FromRequestParts<AppState> for Owner {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Ok(Self(
            authenticate(parts, state).await?.at_least(Role::Owner)?,
        ))
    }
}

/// A token where one is given, else the session: a wrong token is not made good by a cookie.
async fn authenticate(parts: &mut Parts, state: &AppState) -> Result<Principal, Problem> {
    let request = RequestId::from_request_parts(parts, state).await?;
    if parts.headers.contains_key(header::AUTHORIZATION) {
        let hash = bearer(&parts.headers).ok_or_else(Problem::unauthorized)?;
        return machine(state, hash, request).await;
    }
    let secret = cookies::read(&parts.headers, cookies::SESSION)
        .and_then(Secret::parse)
        .ok_or_else(Problem::unauthorized)?;
    person(parts, state, secret.hash(), request).await
}

async fn machine(
    state: &AppState,
    hash: SecretHash,
    request: RequestId,
) -> Result<Principal, Problem> {
    let mut conn = state.store.acquire().await?;
    let token = tokens::find(&mut conn, hash)
        .await?
        .ok_or_else(Problem::unauthorized)?;
    Ok(Principal {
        tenant: token.tenant,
        user: token.user,
        role: token.role,
        means: Means::Token(token.id),
        actor: format!("token:{}", token.id),
        request_id: request.text(),
    })
}

async fn person(
    parts: &Parts,
    state: &AppState,
    hash: SecretHash,
    request: RequestId,
) -> Result<Principal, Problem> {
    let mut conn = state.store.acquire().await?;
    let session = sessions::find(&mut conn, hash)
        .await?
        .ok_or_else(Problem::unauthorized)?;
    let safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && !repeats(&parts.headers, session.csrf) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "csrf"));
    }
    Ok(Principal {
        tenant: session.user.tenant,
        user: session.user.id,
        role: session.user.role,
        means: Means::Session {
            expires_at: session.expires_at,
        },
        actor: format!("user:{}", session.user.id),
        request_id: request.text(),
    })
}

/// `Authorization: Bearer posta_…`, given once.
fn bearer(headers: &HeaderMap) -> Option<SecretHash> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (given.next(), given.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let secret = Secret::parse(token.trim().strip_prefix(TOKEN_PREFIX)?)?;
    Some(secret.hash())
}

/// Whether the header carries the session's CSRF token.
fn repeats(headers: &HeaderMap, csrf: SecretHash) -> bool {
    headers
        .get(CSRF_HEADER)
        .and_then(|value| value.to_str().ok())
        .and_then(Secret::parse)
        .is_some_and(|given| given.hash().0.ct_eq(&csrf.0).into())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn with(values: &[String]) -> HeaderMap {
        values
            .iter()
            .map(|value| (header::AUTHORIZATION, HeaderValue::from_str(value).unwrap()))
            .collect()
    }

    #[test]
    fn a_token_is_read_in_one_form_and_once() {
        let secret = Secret::random();
        let token = format!("{TOKEN_PREFIX}{}", secret.text());
        let bearer_of = |value: String| bearer(&with(&[value]));
        assert_eq!(bearer_of(format!("Bearer {token}")), Some(secret.hash()));
        assert_eq!(bearer_of(format!("bearer {token}")), Some(secret.hash()));
        for wrong in [
            token.clone(),
            format!("Basic {token}"),
            format!("Bearer {}", secret.text()),
            "Bearer ".to_owned(),
        ] {
            assert_eq!(bearer_of(wrong.clone()), None, "{wrong}");
        }
        let twice = with(&[format!("Bearer {token}"), format!("Bearer {token}")]);
        assert_eq!(bearer(&twice), None);
    }
}
