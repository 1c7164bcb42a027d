//! An error as Meta writes it.

use std::fmt;

use serde_json::Value;

use super::{Disposition, GiveUp, StopReason, of_code};

/// Longer texts are no longer read by anybody.
const MAX_TEXT: usize = 500;

/// What Meta said.
#[derive(Clone, PartialEq, Eq)]
pub struct GraphError {
    code: Option<i64>,
    status: Option<u16>,
    transient: bool,
    text: String,
    trace: Option<String>,
}

impl GraphError {
    /// From the body of an answer; `None` if it is not an error of the Graph API.
    pub fn from_body(status: u16, body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let error = body.get("error")?;
        error
            .is_object()
            .then(|| Self::from_object(Some(status), error))
    }

    /// From an element of the `errors` of a status webhook, where the same codes come without an HTTP answer.
    pub fn from_status(error: &Value) -> Self {
        Self::from_object(None, error)
    }

    fn from_object(status: Option<u16>, error: &Value) -> Self {
        let text = ["/error_data/details", "/message", "/title"]
            .iter()
            .filter_map(|path| error.pointer(path)?.as_str())
            .find(|text| !text.is_empty())
            .unwrap_or_default();
        Self {
            code: error.get("code").and_then(whole_number),
            status,
            transient: error
                .get("is_transient")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            text: super::super::outgoing::fit(text, MAX_TEXT),
            trace: error
                .get("fbtrace_id")
                .and_then(Value::as_str)
                .map(|id| super::super::outgoing::fit(id, 64)),
        }
    }

    /// The code to build on.
    pub fn code(&self) -> Option<i64> {
        self.code
    }

    /// Meta's own words.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What Meta's support asks for.
    pub fn trace(&self) -> Option<&str> {
        self.trace.as_deref()
    }

    /// What may be done about it. For a code in no list, by what little else is known.
    pub fn disposition(&self) -> Disposition {
        if let Some(known) = self.code.and_then(of_code) {
            return known;
        }
        match self.status {
            _ if self.transient => Disposition::RetryLater,
            Some(401) => Disposition::StopAccount(StopReason::Token),
            Some(429) => Disposition::RetryNumber,
            Some(500..) => Disposition::RetryFew(3),
            _ => Disposition::GiveUp(GiveUp::Unknown),
        }
    }
}

/// Codes have been seen as numbers and as texts.
fn whole_number(value: &Value) -> Option<i64> {
    value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(f, "code {code}: {}", self.text),
            None => write!(f, "no code: {}", self.text),
        }
    }
}

impl fmt::Debug for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GraphError")
            .field("code", &self.code)
            .field("status", &self.status)
            .field("text", &self.text)
            .field("trace", &self.trace)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for GraphError {}
