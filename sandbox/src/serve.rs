//! Serves an axum router on a listener, and can do what a framework never does: hang up without an answer.
//!
//! A handler that wants its connection cut returns [`hang_up`]: the peer then sees the connection close after its
//! request was taken, which is the ambiguous case every sender must survive.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[derive(Debug, Clone, Copy)]
struct HangUp;

#[derive(Debug, thiserror::Error)]
#[error("the connection was cut on purpose")]
struct Cut;

/// A response that is never sent: the connection is closed instead.
pub(crate) fn hang_up() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(HangUp);
    response
}

/// Accepts and serves until the token is cancelled; open connections are then dropped.
pub(crate) async fn serve(listener: TcpListener, router: Router, token: CancellationToken) {
    let connections = TaskTracker::new();
    loop {
        let stream = tokio::select! {
            () = token.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "could not accept a connection");
                    tokio::task::yield_now().await;
                    continue;
                }
            },
        };
        let service = TowerToHyperService::new(router.clone());
        let answer = service_fn(move |request: hyper::Request<Incoming>| {
            let answered = service.call(request);
            async move { refuse_to_answer(answered.await) }
        });
        let closing = token.clone();
        connections.spawn(async move {
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), answer);
            tokio::select! {
                () = closing.cancelled() => {}
                result = connection => if let Err(error) = result {
                    tracing::debug!(%error, "a connection ended early");
                },
            }
        });
    }
    connections.close();
    connections.wait().await;
}

fn refuse_to_answer(answered: Result<Response, Infallible>) -> Result<Response, Cut> {
    match answered {
        Ok(response) if response.extensions().get::<HangUp>().is_some() => Err(Cut),
        Ok(response) => Ok(response),
    }
}
