//! Sending spans: OTLP protobuf over HTTP.

use std::time::Duration;

use bytes::Bytes;
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use tokio::runtime::Handle;
use url::Url;

use super::TelemetryError;

const TIMEOUT: Duration = Duration::from_secs(3);

/// An exporter to `<endpoint>/v1/traces`.
pub(super) fn exporter(endpoint: &Url) -> Result<SpanExporter, TelemetryError> {
    let client = reqwest::Client::builder()
        .timeout(TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| TelemetryError::Exporter(Box::new(error)))?;
    SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!(
            "{}/v1/traces",
            endpoint.as_str().trim_end_matches('/')
        ))
        .with_timeout(TIMEOUT)
        .with_http_client(OnRuntime {
            client,
            runtime: Handle::current(),
        })
        .build()
        .map_err(|error| TelemetryError::Exporter(Box::new(error)))
}

/// The batch processor runs on a thread of its own, where `reqwest` finds no runtime: requests are sent on ours.
#[derive(Debug)]
struct OnRuntime {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait::async_trait]
impl HttpClient for OnRuntime {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let response = client.execute(request.try_into()?).await?;
            let mut answer = Response::builder().status(response.status());
            if let Some(headers) = answer.headers_mut() {
                headers.clone_from(response.headers());
            }
            // A collector answers with a few bytes; nobody reads more here than it may say.
            let body = capped(response).await?;
            Ok::<_, HttpError>(answer.body(body)?)
        });
        sent.await?
    }
}

const MAX_ANSWER: usize = 64 * 1024;

async fn capped(mut response: reqwest::Response) -> Result<Bytes, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        let room = MAX_ANSWER - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == MAX_ANSWER {
            break;
        }
    }
    Ok(Bytes::from(body))
}
