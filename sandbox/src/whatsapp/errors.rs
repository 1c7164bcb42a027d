//! Error bodies in the Graph API's documented shape.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// A refusal: code, words, and the HTTP status Meta pairs it with (which clients must not rely on).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GraphError {
    pub(crate) status: u16,
    pub(crate) code: i64,
    pub(crate) subcode: Option<i64>,
    pub(crate) message: String,
    pub(crate) details: String,
}

impl GraphError {
    /// The error with this code as the documentation words it.
    pub(crate) fn of(code: i64, details: impl Into<String>) -> Self {
        let (status, message) = describe(code);
        Self {
            status,
            code,
            subcode: None,
            message: format!("(#{code}) {message}"),
            details: details.into(),
        }
    }

    pub(crate) fn invalid(details: impl Into<String>) -> Self {
        Self::of(100, details)
    }

    pub(crate) fn unknown_object(id: &str) -> Self {
        Self {
            status: 400,
            code: 100,
            subcode: Some(33),
            message: format!(
                "Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
                 permissions, or does not support this operation"
            ),
            details: String::new(),
        }
    }

    /// As the answer to a request.
    pub(crate) fn body(&self, trace_id: &str) -> Value {
        let mut error = json!({
            "message": self.message,
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": trace_id,
        });
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        if !self.details.is_empty() {
            error["error_data"] =
                json!({ "messaging_product": "whatsapp", "details": self.details });
        }
        json!({ "error": error })
    }

    /// As one element of a failed status' `errors`.
    pub(crate) fn in_status(&self) -> Value {
        let (_, title) = describe(self.code);
        json!({
            "code": self.code,
            "title": title,
            "message": title,
            "error_data": { "details": self.details },
            "href": "/documentation/business-messaging/whatsapp/support/error-codes",
        })
    }

    pub(crate) fn into_response(self, trace_id: &str) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self.body(trace_id))).into_response();
        if self.code == 190 {
            response.headers_mut().insert(
                "www-authenticate",
                axum::http::HeaderValue::from_static(
                    "OAuth \"Facebook Platform\" \"invalid_token\"",
                ),
            );
        }
        response
    }
}

fn describe(code: i64) -> (u16, &'static str) {
    match code {
        0 => (401, "AuthException"),
        1 => (400, "API Unknown"),
        2 => (503, "API Service"),
        4 => (400, "API Too Many Calls"),
        10 => (403, "Permission Denied"),
        100 => (400, "Invalid parameter"),
        190 => (
            401,
            "Invalid OAuth access token - Cannot parse access token",
        ),
        368 => (403, "Temporarily blocked for policies violations"),
        80007 => (400, "Rate limit issues"),
        130429 => (400, "Rate limit hit"),
        131005 => (403, "Access denied"),
        131008 => (400, "Required parameter is missing"),
        131009 => (400, "Parameter value is not valid"),
        131016 => (500, "Service unavailable"),
        131021 => (400, "Recipient cannot be sender"),
        131026 => (400, "Message undeliverable"),
        131030 => (400, "Recipient phone number not in allowed list"),
        131031 => (403, "Account has been locked"),
        131042 => (400, "Business eligibility payment issue"),
        131047 => (400, "Re-engagement message"),
        131048 => (400, "Spam rate limit hit"),
        131051 => (400, "Unsupported message type"),
        132000 => (400, "Template Param Count Mismatch"),
        132001 => (404, "Template does not exist"),
        132005 => (400, "Template Hydrated Text Too Long"),
        132012 => (400, "Template Parameter Format Mismatch"),
        131056 => (
            400,
            "(Business Account, Consumer Account) pair rate limit hit",
        ),
        131057 => (500, "Account in maintenance mode"),
        _ => (500, "Something went wrong"),
    }
}
