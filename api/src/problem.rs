//! Everything that is not as asked: RFC 9457 `application/problem+json`, with a code for programs, words for people,
//! and the request's id as its instance.
//!
//! A handler answers a [`Problem`]; the words are put in by the outermost layer, which has the catalogue and the id.
//! Whatever the cause, no detail of ours (queries, hosts, paths) is told: it is logged here, once, with its chain.

mod from;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use posta_domain::refusal::Refusal;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::texts::{self, Texts, Values};

/// The content type of every error.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Why the answer is not what was asked for. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Problem {
    inner: Arc<Inner>,
}

#[derive(Debug, Clone)]
struct Inner {
    status: StatusCode,
    code: &'static str,
    words: Words,
    /// Further members of the object.
    members: Map<String, Value>,
    /// Seconds.
    retry_after: Option<u64>,
}

#[derive(Debug, Clone)]
enum Words {
    /// `title-<code>` and `detail-<code>` of the catalogue, with values for the detail.
    Of(Values),
    /// The domain's no.
    Refusal(Refusal),
}

impl Problem {
    /// A problem whose words are `title-<code>` and `detail-<code>` in `locales/es-AR/api.ftl` (dashes for
    /// underscores).
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self {
            inner: Arc::new(Inner {
                status,
                code,
                words: Words::Of(Values::new()),
                members: Map::new(),
                retry_after: None,
            }),
        }
    }

    /// The domain's no, with the status it has on the wire.
    #[must_use]
    pub fn refused(refusal: Refusal) -> Self {
        let status = match refusal {
            Refusal::Taken { .. }
            | Refusal::QuoteUsed
            | Refusal::StaleQuote { .. }
            | Refusal::ReceiptWaiting => StatusCode::CONFLICT,
            Refusal::Unknown { .. } => StatusCode::NOT_FOUND,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        // What the words say, for programs: the refusal's own fields.
        let facts = serde_json::to_value(&refusal).unwrap_or_default();
        let mut problem = Self::new(status, refusal.code());
        Arc::make_mut(&mut problem.inner).words = Words::Refusal(refusal);
        problem.with("refusal", facts)
    }

    /// There is no such thing, or it is not the asker's to know.
    #[must_use]
    pub fn not_found(what: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found").with("what", what.into())
    }

    /// Well-formed JSON, a well-formed query, but a value that is not possible here.
    #[must_use]
    pub fn invalid(field: &'static str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid")
            .value("field", field)
            .with("field", field.into())
    }

    /// It cannot be paid that way here.
    #[must_use]
    pub fn no_such_way() -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "no_such_way")
    }

    /// Nobody known asks.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized")
    }

    /// Somebody known asks for what is not theirs to do.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden")
    }

    /// Too often.
    #[must_use]
    pub fn too_many(retry_after: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests").retry_after(retry_after)
    }

    /// We cannot now.
    #[must_use]
    pub fn unavailable(retry_after: u64) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable").retry_after(retry_after)
    }

    /// Our fault; logged by whoever found it.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    /// The path is right, the method is not.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
    }

    /// Adds a member for programs.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        Arc::make_mut(&mut self.inner)
            .members
            .insert(name.to_owned(), value);
        self
    }

    /// Adds a value for the words.
    #[must_use]
    pub fn value(mut self, name: &'static str, value: impl Into<texts::Value>) -> Self {
        if let Words::Of(values) = &mut Arc::make_mut(&mut self.inner).words {
            values.push((name, value.into()));
        }
        self
    }

    /// Says when to ask again, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        Arc::make_mut(&mut self.inner).retry_after = Some(seconds.max(1));
        self
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.inner.status
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.inner.code
    }

    /// Puts the words in. `response` carries the headers that layers have set meanwhile.
    pub(crate) fn render(&self, texts: &Texts, request: Uuid, response: Response) -> Response {
        let key = self.inner.code.replace('_', "-");
        let (title, detail) = match &self.inner.words {
            Words::Of(values) => (
                texts.say(&format!("title-{key}")),
                texts.say_with(&format!("detail-{key}"), values),
            ),
            Words::Refusal(refusal) => (texts.say("title-refusal"), texts.refusal(refusal)),
        };
        let mut body = Map::new();
        let own = [
            ("type", format!("urn:posta:problem:{}", self.inner.code)),
            ("title", title),
            ("detail", detail),
            ("instance", format!("urn:uuid:{request}")),
            ("code", self.inner.code.to_owned()),
        ];
        for (name, value) in own {
            body.insert(name.to_owned(), value.into());
        }
        body.insert("status".to_owned(), json!(self.inner.status.as_u16()));
        body.extend(self.inner.members.clone());
        let (mut parts, _) = response.into_parts();
        parts.headers.remove(header::CONTENT_LENGTH);
        parts
            .headers
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        Response::from_parts(parts, Value::Object(body).to_string().into())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.inner.status.into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.inner.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.inner.status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"posta\""),
            );
        }
        response.extensions_mut().insert(self);
        response
    }
}
