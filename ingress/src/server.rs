//! Accepts connections, and lets them finish.
//!
//! Guaranteed: when the token is cancelled no connection is accepted any more, requests in hand are
//! answered, idle connections are closed. A connection on which a request has not yet arrived whole is
//! not waited for: nobody was told 200, so it will be sent again.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::stack;

/// Request line and headers together; more is answered 431.
const MAX_HEAD: usize = 64 * 1024;
/// After an accept that failed, usually for want of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// While draining: how often to look whether requests are still in hand.
const DRAIN_LOOK: Duration = Duration::from_millis(50);

/// Serves until `token` is cancelled, then drains.
pub(crate) async fn serve(listener: TcpListener, app: Arc<App>, token: CancellationToken) {
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = token.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => connection(stream, Arc::clone(&app), &graceful),
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
    tokio::select! {
        () = graceful.shutdown() => {}
        () = nothing_in_hand(&app) => {}
    }
}

fn connection(stream: TcpStream, app: Arc<App>, graceful: &GracefulShutdown) {
    // An answer is one small packet: waiting for more to send with it only delays it.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(
            error = &error as &dyn std::error::Error,
            "could not set TCP_NODELAY"
        );
    }
    app.metrics.connections.inc();
    let served = Arc::clone(&app);
    let service = service_fn(move |request| {
        let app = Arc::clone(&served);
        async move {
            app.metrics.in_flight.inc();
            let gauge = app.metrics.in_flight.clone();
            let _in_flight = Undo(gauge);
            Ok::<_, Infallible>(stack::serve(app, request).await)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // A head that is sent slowly, and a connection left idle, end after the time a body has.
        .header_read_timeout(app.limits.body_timeout)
        .max_header_size(MAX_HEAD)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        let _open = Undo(app.metrics.connections.clone());
        if let Err(error) = connection.await {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "a connection ended early"
            );
        }
    });
}

/// Connections that have never sent a request would be waited for until their head's time is over.
async fn nothing_in_hand(app: &App) {
    loop {
        tokio::time::sleep(DRAIN_LOOK).await;
        if app.admission.in_flight() == 0 {
            return;
        }
    }
}

/// Takes a gauge back when it goes, whichever way.
struct Undo(prometheus::IntGauge);

impl Drop for Undo {
    fn drop(&mut self) {
        self.0.dec();
    }
}
