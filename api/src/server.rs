//! Accepts connections, and lets them finish.
//!
//! Guaranteed: when the token is cancelled no connection is accepted any more, requests in hand are answered, idle
//! connections are closed. A request's head must arrive whole within a moment; what follows it is bounded by the
//! layers. Not guaranteed: an answer to a request that has not arrived whole when the grace is over.

use std::{convert::Infallible, net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// For a request's head; also how long a connection may stay idle.
const HEAD: Duration = Duration::from_secs(30);
/// Request line and headers together; more is answered 431.
const MAX_HEAD: usize = 64 * 1024;
/// After an accept that failed, usually for want of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// While draining: how long requests in hand may take. Below the process's deadline (8 s).
const DRAIN: Duration = Duration::from_secs(6);

/// Serves until `token` is cancelled, then drains.
pub(crate) async fn serve(listener: TcpListener, router: Router, token: CancellationToken) {
    let graceful = GracefulShutdown::new();
    let hard = CancellationToken::new();
    loop {
        let accepted = tokio::select! {
            () = token.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                connection(stream, peer, router.clone(), &graceful, hard.clone());
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "could not accept a connection"
                );
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    let mut drained = pin!(graceful.shutdown());
    if tokio::time::timeout(DRAIN, &mut drained).await.is_err() {
        tracing::warn!("requests had not ended when the grace was over");
        hard.cancel();
        drained.await;
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    graceful: &GracefulShutdown,
    hard: CancellationToken,
) {
    // An answer is one small packet: waiting for more to send with it only delays it.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(
            error = &error as &dyn std::error::Error,
            "could not set TCP_NODELAY"
        );
    }
    let service = service_fn(move |mut request: Request<Incoming>| {
        let router = router.clone();
        request.extensions_mut().insert(ConnectInfo(peer));
        async move {
            Ok::<_, Infallible>(match router.oneshot(request.map(Body::new)).await {
                Ok(response) => response,
                Err(never) => match never {},
            })
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_header_size(MAX_HEAD)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        let ended = tokio::select! {
            ended = connection => ended,
            () = hard.cancelled() => return,
        };
        if let Err(error) = ended {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "a connection ended early"
            );
        }
    });
}
