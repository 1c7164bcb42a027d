//! Accepts connections, and lets them finish.
//!
//! Guaranteed: when the token is cancelled no connection is accepted any more, requests in hand are
//! answered, idle connections are closed. A request that does not arrive whole within a moment is not
//! waited for, or one slow sender could keep us until we are killed: nobody was told 200, so it will be
//! sent again.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
/// While draining: how long a request may still take to arrive. With the bounds on publishing and on
/// closing what is ours, this stays below the deadline for shutting down (8 s).
const DRAIN_GRACE: Duration = Duration::from_millis(1_500);

/// Serves until `token` is cancelled, then drains.
pub(crate) async fn serve(listener: TcpListener, app: Arc<App>, token: CancellationToken) {
    let graceful = GracefulShutdown::new();
    let grace_over = CancellationToken::new();
    loop {
        let accepted = tokio::select! {
            () = token.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                connection(stream, Arc::clone(&app), &graceful, grace_over.clone());
            }
            Err(error) => {
                if let Some(held_back) = app.outages.pass(app.clock.monotonic()) {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        others = held_back,
                        "could not accept a connection"
                    );
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    let mut drained = pin!(graceful.shutdown());
    if tokio::time::timeout(DRAIN_GRACE, &mut drained)
        .await
        .is_ok()
    {
        return;
    }
    grace_over.cancel();
    app.admission.close();
    drained.await;
}

fn connection(
    stream: TcpStream,
    app: Arc<App>,
    graceful: &GracefulShutdown,
    grace_over: CancellationToken,
) {
    // An answer is one small packet: waiting for more to send with it only delays it.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(
            error = &error as &dyn std::error::Error,
            "could not set TCP_NODELAY"
        );
    }
    app.metrics.connections.inc();
    let served = Arc::clone(&app);
    let asked = Arc::new(AtomicBool::new(false));
    let asking = Arc::clone(&asked);
    let service = service_fn(move |request| {
        asking.store(true, Ordering::Relaxed);
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
        // A sender that stops waiting does not stop the publishing: what is confirmed is remembered, and
        // his next attempt is known.
        .half_close(true)
        // A head that is sent slowly, and a connection left idle, end after the time a body has.
        .header_read_timeout(app.limits.body_timeout)
        .max_header_size(MAX_HEAD)
        .max_buf_size(MAX_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        let _open = Undo(app.metrics.connections.clone());
        let ended = tokio::select! {
            ended = connection => ended,
            () = never_asked(&asked, &grace_over) => return,
        };
        if let Err(error) = ended {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "a connection ended early"
            );
        }
    });
}

/// Resolves when the grace is over and no request has ever arrived. A connection that had one ends by
/// itself, with the answer.
async fn never_asked(asked: &AtomicBool, grace_over: &CancellationToken) {
    grace_over.cancelled().await;
    if asked.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
}

/// Takes a gauge back when it goes, whichever way.
struct Undo(prometheus::IntGauge);

impl Drop for Undo {
    fn drop(&mut self) {
        self.0.dec();
    }
}
