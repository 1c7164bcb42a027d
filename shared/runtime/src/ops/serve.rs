//! Answering on the ops port.

use std::{convert::Infallible, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{CHECK_TIMEOUT, Check, Ops, OpsServer};

/// Probes and scrapers are few; more connections than this are somebody's mistake.
const MAX_CONNECTIONS: usize = 64;

impl OpsServer {
    /// Answers until `token` is cancelled; from then on `/readyz` fails, and this returns.
    pub async fn serve(self, token: CancellationToken) {
        let mut connections = JoinSet::new();
        loop {
            while connections.try_join_next().is_some() {}
            let accepted = tokio::select! {
                () = token.cancelled() => break,
                accepted = self.listener.accept(), if connections.len() < MAX_CONNECTIONS => accepted,
                Some(_) = connections.join_next(), if connections.len() >= MAX_CONNECTIONS => continue,
            };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of descriptors, usually: pause, so as not to spin.
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "could not accept a connection on the ops port"
                    );
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            };
            let ops = Arc::clone(&self.ops);
            let token = token.clone();
            connections.spawn(async move {
                let service = service_fn(move |request| {
                    let ops = Arc::clone(&ops);
                    let token = token.clone();
                    async move { Ok::<_, Infallible>(answer(&ops, &token, &request).await) }
                });
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(Duration::from_secs(5))
                    .max_buf_size(16 * 1024)
                    .serve_connection(TokioIo::new(stream), service);
                if let Err(error) = connection.await {
                    tracing::debug!(
                        error = &error as &dyn std::error::Error,
                        "a connection on the ops port ended"
                    );
                }
            });
        }
        // Answers on their way are short: let them out, then close what is idle.
        drop(
            tokio::time::timeout(Duration::from_millis(100), async {
                while connections.join_next().await.is_some() {}
            })
            .await,
        );
    }
}

async fn answer(
    ops: &Ops,
    token: &CancellationToken,
    request: &Request<Incoming>,
) -> Response<Full<Bytes>> {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return text(StatusCode::METHOD_NOT_ALLOWED, "only GET\n".to_owned());
    }
    match request.uri().path() {
        "/healthz" => health(&ops.live, None).await,
        "/readyz" => health(&ops.ready, token.is_cancelled().then_some("shutting down")).await,
        "/metrics" => text(StatusCode::OK, ops.registry.text()),
        _ => text(
            StatusCode::NOT_FOUND,
            "here are /healthz, /readyz and /metrics\n".to_owned(),
        ),
    }
}

async fn health(checks: &[Check], refusal: Option<&str>) -> Response<Full<Bytes>> {
    // All at once, each in a task of its own: a check that panics fails itself and nothing else.
    let running: Vec<_> = checks
        .iter()
        .map(|check| {
            (
                check.name,
                tokio::spawn(tokio::time::timeout(CHECK_TIMEOUT, (check.run)())),
            )
        })
        .collect();
    let mut results = serde_json::Map::new();
    let mut healthy = refusal.is_none();
    if let Some(refusal) = refusal {
        results.insert("process".to_owned(), refusal.into());
    }
    for (name, task) in running {
        let words = match task.await {
            Ok(Ok(Ok(()))) => "ok".to_owned(),
            Ok(Ok(Err(words))) => words,
            Ok(Err(_)) => format!("no answer within {CHECK_TIMEOUT:?}"),
            Err(_) => "the check itself failed".to_owned(),
        };
        healthy &= words == "ok";
        results.insert(name.to_owned(), words.into());
    }
    let status = if healthy {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = serde_json::json!({ "ok": healthy, "checks": results });
    respond(status, "application/json", format!("{body}\n"))
}

fn text(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    respond(status, "text/plain; version=0.0.4; charset=utf-8", body)
}

fn respond(status: StatusCode, content_type: &'static str, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        http::HeaderValue::from_static(content_type),
    );
    response
}
