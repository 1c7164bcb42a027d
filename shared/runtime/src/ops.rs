//! The second port: `/healthz`, `/readyz` and `/metrics` over hyper.
//!
//! `/healthz` says whether restarting this process would help: it fails only when a liveness check says that the
//! process itself is stuck, never because a dependency is away. `/readyz` says whether it should be given work, with
//! one line per dependency in words; it fails while shutting down. Each check gets two seconds.
//!
//! Nothing here is secret, and nothing is authenticated: bind it to a private address.

mod serve;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::metrics::Registry;

/// A future of our own naming, so that callers need no crate for it.
pub type BoxFuture<T> = std::pin::Pin<Box<dyn Future<Output = T> + Send>>;

type CheckFn = Box<dyn Fn() -> BoxFuture<Result<(), String>> + Send + Sync>;

/// A check slower than this has failed: probes have short time-outs of their own.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// The ops port could not be opened.
#[derive(Debug, thiserror::Error)]
#[error("could not listen on {addr} for health and metrics (OPS_ADDR)")]
pub struct OpsError {
    addr: SocketAddr,
    #[source]
    source: std::io::Error,
}

struct Check {
    name: &'static str,
    run: CheckFn,
}

/// What the ops port will say.
pub struct Ops {
    addr: SocketAddr,
    registry: Registry,
    live: Vec<Check>,
    ready: Vec<Check>,
}

impl Ops {
    /// Metrics from `registry`, on `addr` (port 0 takes a free one).
    pub fn new(addr: SocketAddr, registry: Registry) -> Self {
        Self {
            addr,
            registry,
            live: Vec::new(),
            ready: Vec::new(),
        }
    }

    /// Adds a dependency to `/readyz`. The error says in words what is missing.
    #[must_use]
    pub fn ready_check<F, Fut>(mut self, name: &'static str, check: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.ready.push(Check {
            name,
            run: Box::new(move || Box::pin(check())),
        });
        self
    }

    /// Adds a condition to `/healthz`. Only what a restart repairs belongs here.
    #[must_use]
    pub fn live_check<F, Fut>(mut self, name: &'static str, check: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.live.push(Check {
            name,
            run: Box::new(move || Box::pin(check())),
        });
        self
    }

    /// Opens the port and logs its address.
    pub async fn bind(self) -> Result<OpsServer, OpsError> {
        let failed = |source| OpsError {
            addr: self.addr,
            source,
        };
        let listener = TcpListener::bind(self.addr).await.map_err(failed)?;
        let addr = listener.local_addr().map_err(failed)?;
        tracing::info!(listener = "ops", addr = %addr, "listening");
        Ok(OpsServer {
            listener,
            addr,
            ops: Arc::new(self),
        })
    }

    /// Opens the port and serves until `token` is cancelled.
    pub async fn serve(self, token: CancellationToken) -> Result<(), OpsError> {
        self.bind().await?.serve(token).await;
        Ok(())
    }
}

/// An open ops port.
pub struct OpsServer {
    listener: TcpListener,
    addr: SocketAddr,
    ops: Arc<Ops>,
}

impl OpsServer {
    /// The address that was bound.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

#[cfg(test)]
mod tests;
