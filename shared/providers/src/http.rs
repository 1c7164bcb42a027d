//! The HTTP client all providers share its making with.
//!
//! Guaranteed: every request ends (connecting, and the whole), redirects are answers rather than followed, and bodies
//! are read up to a cap. A TLS provider must have been installed in the process before [`client`] is called.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::{Client, Response, header, redirect};
use secrecy::{ExposeSecret as _, SecretString};

/// A provider that cannot be reached at all is noticed quickly.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Below the 15–20 s after which the providers' own front ends give up.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections idle for longer may have been closed at the other end.
const IDLE: Duration = Duration::from_secs(30);
/// Nobody waits longer than this because of a header.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(1);

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Until there is a connection.
    pub connect: Duration,
    /// Until there is an answer with its whole body.
    pub request: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: CONNECT_TIMEOUT,
            request: REQUEST_TIMEOUT,
        }
    }
}

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("could not build the HTTP client")]
pub struct ClientError(#[source] reqwest::Error);

/// A client with these time-outs.
pub fn client(timeouts: Timeouts) -> Result<Client, ClientError> {
    Client::builder()
        .user_agent(concat!("posta/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.request)
        .pool_idle_timeout(IDLE)
        .redirect(redirect::Policy::none())
        .build()
        .map_err(ClientError)
}

/// A body that was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// It is longer than anybody should send.
    #[error("the body is longer than {0} bytes")]
    TooLong(usize),
    /// The connection broke, or took too long.
    #[error("could not read the body")]
    Broken(#[source] reqwest::Error),
}

/// Reads a body of at most `cap` bytes; a longer one is refused as soon as that is known.
pub async fn read_capped(mut response: Response, cap: usize) -> Result<Bytes, BodyError> {
    if response
        .content_length()
        .is_some_and(|length| length > cap as u64)
    {
        return Err(BodyError::TooLong(cap));
    }
    let mut body = BytesMut::new();
    // URLs can carry tokens: they do not belong into error texts.
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| BodyError::Broken(error.without_url()))?
    {
        if body.len() + chunk.len() > cap {
            return Err(BodyError::TooLong(cap));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// `Authorization: Bearer …`, marked so that it is never shown.
pub(crate) fn bearer(
    token: &SecretString,
) -> Result<header::HeaderValue, header::InvalidHeaderValue> {
    let mut value = header::HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// `Retry-After` in seconds, the only form the providers send: dates need a clock.
pub(crate) fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response
        .headers()
        .get(header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds).min(MAX_RETRY_AFTER))
}
