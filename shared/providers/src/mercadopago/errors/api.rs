//! An error as the provider writes it: `{"message", "error", "status", "cause": [{"code", "description"}]}`, where
//! `cause` may be `[]`, `null`, one object or absent, and some endpoints write `errors` instead.

use std::{fmt, time::Duration};

use super::{AuthProblem, Disposition, Meaning};
use crate::{
    mercadopago::field::{inner, list, word},
    shallow::Fields,
};

/// Codes: an unknown payment; a payment of somebody else; test credentials.
const NOT_FOUND: i64 = 2000;
const FOREIGN: i64 = 4;
const TEST_TOKEN: [i64; 2] = [3, 7];

/// What the provider said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    code: Option<i64>,
    key: Option<String>,
    text: String,
}

impl ApiError {
    /// From the body of an answer; `None` if it explains nothing.
    pub fn from_body(body: &[u8]) -> Option<Self> {
        let fields = Fields::parse(std::str::from_utf8(body).ok()?)?;
        let first = |name: &str| {
            let one = list(&fields, name).first().map(|raw| raw.get());
            one.and_then(Fields::parse).or_else(|| inner(&fields, name))
        };
        let cause = first("cause").or_else(|| first("errors"));
        let of_cause = |name: &str| cause.as_ref().and_then(|cause| word(cause, name));
        let code = of_cause("code").or_else(|| word(&fields, "code"));
        let text = of_cause("description")
            .or_else(|| of_cause("message"))
            .or_else(|| word(&fields, "message"));
        let key = word(&fields, "error");
        if code.is_none() && text.is_none() && key.is_none() {
            return None;
        }
        let number = code.as_deref().and_then(|code| code.trim().parse().ok());
        Some(Self {
            code: number,
            key: code.filter(|_| number.is_none()).or(key),
            text: text.unwrap_or_default(),
        })
    }

    /// The code to build on.
    pub fn code(&self) -> Option<i64> {
        self.code
    }

    /// The word that stands for the kind of error: `bad_request`, `invalid_auto_return`, …
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The provider's own words.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What may be done about it, by status first: a fault of the provider's is one whatever it says of it.
    pub(super) fn disposition(&self, status: u16, after: Option<Duration>) -> Disposition {
        match (status, self.code) {
            // 423, 424: an idempotency key that is still in use, something of theirs that is down. 409: two calls at once.
            (300..=399 | 408 | 409 | 423 | 424 | 429 | 500.., _) => Disposition::Retry { after },
            (401, code) => Disposition::Auth(self.unauthorised(code)),
            (403, Some(FOREIGN)) => Disposition::Auth(AuthProblem::Foreign),
            (403, _) => Disposition::Auth(AuthProblem::Permission),
            (404, _) | (_, Some(NOT_FOUND)) => Disposition::NotFound,
            (400, Some(code)) if TEST_TOKEN.contains(&code) => {
                Disposition::Auth(AuthProblem::TestCredentials)
            }
            (_, code) => Disposition::Refused {
                code,
                meaning: self.meaning(status),
            },
        }
    }

    fn unauthorised(&self, code: Option<i64>) -> AuthProblem {
        let live = self.text.to_ascii_lowercase().contains("live credentials");
        if live || code.is_some_and(|code| TEST_TOKEN.contains(&code)) {
            AuthProblem::TestCredentials
        } else {
            AuthProblem::Token
        }
    }

    fn meaning(&self, status: u16) -> Meaning {
        let known = self.code.map_or(Meaning::Unknown, Meaning::of_code);
        let says = |words: &str| {
            let key = self.key.as_deref().unwrap_or_default();
            key.contains(words) || self.text.contains(words)
        };
        match known {
            Meaning::Unknown if says("comply_with_current_regulation") => Meaning::Regulation,
            // Without a code, it is the form that was refused.
            Meaning::Unknown if self.code.is_none() && matches!(status, 400 | 422) => {
                Meaning::BadRequest
            }
            meaning => meaning,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code, self.key.as_deref()) {
            (Some(code), _) => write!(f, "code {code}: {}", self.text),
            (None, Some(key)) => write!(f, "{key}: {}", self.text),
            (None, None) => write!(f, "no code: {}", self.text),
        }
    }
}

impl std::error::Error for ApiError {}
