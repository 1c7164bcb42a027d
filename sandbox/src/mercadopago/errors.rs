//! Errors as Mercado Pago answers them: the envelope, and the cases that were captured or documented.

use axum::Json;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use rand::Rng;
use serde_json::{Value, json};

use super::ids;

/// What `cause` looks like; clients meet all of these.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cause {
    Null,
    Empty,
    Code(i64),
    /// With a date and an id in `data`.
    Stamped(i64),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    error: &'static str,
    message: String,
    cause: Cause,
    retry_after: Option<u64>,
}

impl ApiError {
    /// A refused preference: these have no cause at all.
    pub(crate) fn preference(error: &'static str, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            error,
            message: message.into(),
            cause: Cause::Null,
            retry_after: None,
        }
    }

    /// A refusal by rule, told by its code.
    pub(crate) fn rule(code: i64) -> Self {
        Self {
            status: 400,
            error: "bad_request",
            message: describe(code).to_owned(),
            cause: Cause::Code(code),
            retry_after: None,
        }
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self {
            status: 404,
            error: "not_found",
            message: format!("{what} not found"),
            cause: Cause::Stamped(2000),
            retry_after: None,
        }
    }

    pub(crate) fn invalid_token() -> Self {
        Self {
            status: 401,
            error: "unauthorized",
            message: "Invalid access token".to_owned(),
            cause: Cause::Empty,
            retry_after: None,
        }
    }

    /// An answer a fault asks for: with a code, a refusal by rule; without, the status' own.
    pub(crate) fn fault(status: Option<u16>, code: Option<i64>, retry_after: Option<u64>) -> Self {
        let mut error = match code {
            Some(code) => Self::rule(code),
            None => Self::plain(status.unwrap_or(500)),
        };
        error.status = status.unwrap_or(error.status);
        error.retry_after = retry_after;
        error
    }

    /// The code of its cause.
    pub(crate) fn code(&self) -> Option<i64> {
        match self.cause {
            Cause::Code(code) | Cause::Stamped(code) => Some(code),
            Cause::Null | Cause::Empty => None,
        }
    }

    fn plain(status: u16) -> Self {
        let (error, message) = match status {
            401 => ("unauthorized", "Invalid access token"),
            403 => (
                "forbidden",
                "The caller is not authorized to access this resource",
            ),
            423 => ("locked", "Idempotency key locked"),
            429 => (
                "too_many_requests",
                "Rate limit exceeded. Retry after the indicated number of seconds.",
            ),
            502..=504 => ("service_unavailable", "Service unavailable"),
            500.. => ("internal_server_error", "Internal server error"),
            _ => ("bad_request", "Bad request"),
        };
        Self {
            status,
            error,
            message: message.to_owned(),
            cause: Cause::Empty,
            retry_after: None,
        }
    }

    pub(crate) fn body(&self, now: DateTime<Utc>, rng: &mut impl Rng) -> Value {
        let cause = match self.cause {
            Cause::Null => Value::Null,
            Cause::Empty => json!([]),
            Cause::Code(code) => {
                json!([{ "code": code, "description": self.message, "data": null }])
            }
            Cause::Stamped(code) => {
                let stamp = format!("{};{}", now.format("%d-%m-%YT%H:%M:%SUTC"), ids::uuid(rng));
                json!([{ "code": code, "description": self.message, "data": stamp }])
            }
        };
        json!({ "message": self.message, "error": self.error, "status": self.status, "cause": cause })
    }

    pub(crate) fn into_response(self, now: DateTime<Utc>, rng: &mut impl Rng) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.body(now, rng))).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert("retry-after", HeaderValue::from(seconds));
        }
        response
    }
}

fn describe(code: i64) -> &'static str {
    match code {
        1001 => "Date format must be yyyy-MM-dd'T'HH:mm:ss.SSSZ",
        2000 => "Payment not found",
        2017 => "Invalid transaction_amount for update",
        2018 | 2063 => "The action requested is not valid for the current payment state",
        2022 => "You have exceeded the max number of refunds for this payment",
        2024 => "Payment too old to be refunded",
        2025 => "Operation type not allows to be refunded",
        2029 => "The payment has no associated movements",
        2030 => "Collector hasn't enough money",
        2031 => "Collector hasn't enough available money",
        2084 => "The payment does not support to be refunded",
        3024 => "Partial refund unsupported for this transaction",
        4292 => "Header X-Idempotency-Key can't be null",
        15016 => "The payment is too old to be refunded",
        _ => "Bad request",
    }
}
