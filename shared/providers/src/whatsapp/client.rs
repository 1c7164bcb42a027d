//! Calling the Graph API.
//!
//! One call is one attempt: retries, rates and order are the worker's part. The access token goes into the
//! `Authorization` header of this API, and of media hosts that are allowed to have it ([`super::media`]), nowhere else.

mod send;

use std::fmt;

use reqwest::{Client, Response, header};
use secrecy::SecretString;
use url::Url;

pub use send::Sent;

use crate::http::{self, ClientError, Timeouts, client, read_capped, retry_after};

use super::errors::{GraphError, SendError};

/// Answers are a few hundred bytes.
const MAX_ANSWER: usize = 256 * 1024;

/// The id (not the number) of a number of ours.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumberId(String);

impl PhoneNumberId {
    /// Digits only, since it becomes part of a path.
    pub fn parse(id: &str) -> Option<Self> {
        let valid = (1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit());
        valid.then(|| Self(id.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PhoneNumberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The Graph API at one base URL and version. Clones share their connections.
#[derive(Debug, Clone)]
pub struct GraphClient {
    pub(super) http: Client,
    pub(super) base: Url,
    version: String,
    pub(super) media_hosts: Vec<String>,
}

impl GraphClient {
    /// `media_hosts` may receive the token besides the API itself.
    pub fn new(
        base: Url,
        version: impl Into<String>,
        media_hosts: Vec<String>,
        timeouts: Timeouts,
    ) -> Result<Self, ClientError> {
        Ok(Self {
            http: client(timeouts)?,
            base,
            version: version.into(),
            media_hosts,
        })
    }

    /// `<base>/<version>/<segments…>`; segments are escaped.
    pub(super) fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        // Fails only for URLs that cannot be a base, which configuration refuses.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().push(&self.version).extend(segments);
        }
        url
    }
}

/// An answer that is no success, as an error.
pub(super) async fn refusal(response: Response) -> SendError {
    let status = response.status().as_u16();
    let retry_after = retry_after(&response);
    match read_capped(response, MAX_ANSWER)
        .await
        .ok()
        .and_then(|body| GraphError::from_body(status, &body))
    {
        Some(error) => SendError::Refused {
            status,
            retry_after,
            error,
        },
        None => SendError::Unexplained {
            status,
            retry_after,
        },
    }
}

/// The header, marked so that it is never shown.
pub(super) fn bearer(token: &SecretString) -> Result<header::HeaderValue, SendError> {
    http::bearer(token).map_err(|error| SendError::NotBuilt(Box::new(error)))
}

#[cfg(test)]
mod tests;
