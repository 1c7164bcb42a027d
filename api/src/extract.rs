//! Requests, parsed once at the edge. What cannot be parsed is a [`Problem`], never axum's plain text.

use std::time::Duration;

use axum::{
    Json,
    extract::{
        FromRequest, FromRequestParts, Request,
        rejection::{BytesRejection, FailedToBufferBody, JsonRejection},
    },
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, request::Parts};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{problem::Problem, state::AppState};

/// This request's id, as its answer's `X-Request-Id` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

impl RequestId {
    /// As the audit writes it.
    #[must_use]
    pub fn text(self) -> Option<String> {
        Some(self.0.to_string())
    }
}

impl FromRequestParts<AppState> for RequestId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        // Always there: the outermost layer puts it in.
        parts
            .extensions
            .get()
            .copied()
            .ok_or_else(Problem::internal)
    }
}

/// How long a body may take to arrive.
const LONGEST_BODY: Duration = Duration::from_secs(3);

/// A JSON body in; a JSON body out.
#[derive(Debug, Clone, Copy)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        // Whoever sends it byte by byte keeps a place that others wait for.
        let read = Json::<T>::from_request(request, state);
        match tokio::time::timeout(LONGEST_BODY, read).await {
            Ok(Ok(Json(value))) => Ok(Self(value)),
            Ok(Err(rejection)) => Err(body_problem(&rejection)),
            Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "too_slow")),
        }
    }
}

impl<T: Serialize> IntoResponse for Body<T> {
    fn into_response(self) -> Response {
        Json(self.0).into_response()
    }
}

fn body_problem(rejection: &JsonRejection) -> Problem {
    let (status, code) = match rejection {
        JsonRejection::JsonDataError(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_body"),
        JsonRejection::MissingJsonContentType(_) => {
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json")
        }
        JsonRejection::BytesRejection(BytesRejection::FailedToBufferBody(
            FailedToBufferBody::LengthLimitError(_),
        )) => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
        _ => (StatusCode::BAD_REQUEST, "malformed_body"),
    };
    Problem::new(status, code).with("error", rejection.body_text().into())
}

/// The query.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(Problem::new(StatusCode::BAD_REQUEST, "malformed_query")
                .with("error", rejection.body_text().into())),
        }
    }
}

/// What stands in the path. What is not an id is the id of nothing: 404.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<AppState> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Problem::not_found("path")),
        }
    }
}

/// The header of requests that may come twice and must be carried out once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub String);

/// Its name.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

impl FromRequestParts<AppState> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        Self::read(&parts.headers)
    }
}

impl IdempotencyKey {
    fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        let mut given = headers.get_all(IDEMPOTENCY_KEY).iter();
        let (Some(key), None) = (given.next(), given.next()) else {
            return Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "idempotency_key_missing",
            ));
        };
        match key.to_str() {
            Ok(key) if (1..=255).contains(&key.len()) && !key.trim().is_empty() => {
                Ok(Self(key.to_owned()))
            }
            _ => Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "idempotency_key_invalid",
            )),
        }
    }
}

/// What a request asks for, as a key remembers it: parsed, so that spaces and the order of members do not matter.
pub fn fingerprint(asked: &impl Serialize) -> Result<[u8; 32], Problem> {
    let bytes = serde_json::to_vec(asked).map_err(|error| {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "could not write a request down"
        );
        Problem::internal()
    })?;
    Ok(Sha256::digest(bytes).into())
}
