//! Calling the API.
//!
//! One call is one attempt: retries, rates and breakers are the worker's part. The access token goes into the
//! `Authorization` header of this API, nowhere else. The provider documents idempotency keys for refunds only; they are
//! sent when making preferences too, where they do no harm and promise nothing.

mod disputes;
mod payments;
mod preferences;

use bytes::Bytes;
use reqwest::{Client, Method, header};
use secrecy::SecretString;
use url::Url;
use uuid::Uuid;

pub use payments::RefundAnswer;

use super::{ApiError, MercadoPagoError, Unfit};
use crate::http::{ClientError, Timeouts, bearer, client, read_capped, retry_after};

/// A payment is some 5 KB, and a page of a search has 50.
const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// Makes a repeated call the same call.
const IDEMPOTENCY_KEY: &str = "X-Idempotency-Key";

/// The API at one base URL. Clones share their connections.
#[derive(Debug, Clone)]
pub struct MercadoPago {
    http: Client,
    base: Url,
}

/// An answer that is a success.
struct Answer {
    body: Bytes,
}

/// What is sent besides the address and the token.
#[derive(Default)]
struct Sending {
    body: Option<Vec<u8>>,
    key: Option<Uuid>,
}

// === impl MercadoPago ===

impl MercadoPago {
    /// `base` is `https://api.mercadopago.com`, or the sandbox's.
    pub fn new(base: Url, timeouts: Timeouts) -> Result<Self, ClientError> {
        Ok(Self {
            http: client(timeouts)?,
            base,
        })
    }

    /// `<base>/<segments…>`; segments are escaped.
    fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        // Fails only for URLs that cannot be a base, which configuration refuses.
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    async fn get(&self, url: Url, token: &SecretString) -> Result<Answer, MercadoPagoError> {
        self.call(Method::GET, url, token, Sending::default()).await
    }

    async fn call(
        &self,
        method: Method,
        url: Url,
        token: &SecretString,
        sending: Sending,
    ) -> Result<Answer, MercadoPagoError> {
        let token = bearer(token).map_err(|_| MercadoPagoError::Token)?;
        let mut request = self
            .http
            .request(method, url)
            .header(header::AUTHORIZATION, token)
            .header(header::ACCEPT, "application/json");
        if let Some(key) = sending.key {
            request = request.header(IDEMPOTENCY_KEY, key.to_string());
        }
        if let Some(body) = sending.body {
            request = request
                .header(header::CONTENT_TYPE, "application/json")
                .body(body);
        }
        let response = request
            .send()
            .await
            .map_err(MercadoPagoError::from_request)?;
        let status = response.status();
        let retry_after = retry_after(&response);
        let body = read_capped(response, MAX_ANSWER).await;
        if status.is_success() {
            let body = body.map_err(MercadoPagoError::Unreadable)?;
            return Ok(Answer { body });
        }
        let status = status.as_u16();
        Err(
            match body.ok().and_then(|body| ApiError::from_body(&body)) {
                Some(error) => MercadoPagoError::Refused {
                    status,
                    retry_after,
                    error,
                },
                None => MercadoPagoError::Unexplained {
                    status,
                    retry_after,
                },
            },
        )
    }
}

// === impl Answer ===

impl Answer {
    /// Reads its body.
    fn read<T>(&self, parse: impl FnOnce(&str) -> Result<T, Unfit>) -> Result<T, MercadoPagoError> {
        std::str::from_utf8(&self.body)
            .map_err(|_| Unfit::NotJson("text"))
            .and_then(parse)
            .map_err(MercadoPagoError::NotUnderstood)
    }

    /// Whether it says nothing at all.
    fn is_empty(&self) -> bool {
        self.body.iter().all(u8::is_ascii_whitespace)
    }
}

/// That an answer is about what was asked for: a payment read under another's id would move somebody else's money.
fn same<T: PartialEq>(asked: &T, answered: &T, what: &'static str) -> Result<(), Unfit> {
    if asked == answered {
        Ok(())
    } else {
        Err(Unfit::Another(what))
    }
}

#[cfg(test)]
mod tests;
