//! A closed loop: so many keep-alive connections, each with one request in flight until the time is over.
//!
//! All of it runs on one thread of its own, which leaves the other cores to what is measured.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use super::body::Bodies;

/// After that, no answer comes any more; WhatsApp gives up then, too.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// Between attempts to connect.
const PAUSE: Duration = Duration::from_millis(50);

/// Whom to press, and how.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    pub(crate) target: SocketAddr,
    pub(crate) path: String,
    pub(crate) connections: usize,
    pub(crate) during: Duration,
    pub(crate) bodies: Bodies,
}

/// What came back.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// From the first byte sent to the last one read, of what was answered by 200; sorted.
    pub(crate) taken: Vec<Duration>,
    /// Answered by something else, or not at all.
    pub(crate) refused: usize,
    /// From the first request to the last answer.
    pub(crate) took: Duration,
}

/// Runs the loop. Every request that was begun is waited for.
pub(crate) async fn press(load: Load) -> anyhow::Result<Outcome> {
    let pressing = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("could not start the load's runtime")?;
        Ok(runtime.block_on(all(&load)))
    });
    pressing.await.context("the load broke down")?
}

async fn all(load: &Load) -> Outcome {
    let began = Instant::now();
    let until = began + load.during;
    let connections = (0..load.connections).map(|_| one(load, until));
    let mut sum = Outcome::default();
    for outcome in futures_util::future::join_all(connections).await {
        sum.taken.extend(outcome.taken);
        sum.refused += outcome.refused;
    }
    sum.took = began.elapsed();
    sum.taken.sort_unstable();
    sum
}

async fn one(load: &Load, until: Instant) -> Outcome {
    let mut outcome = Outcome::default();
    let mut connection = None;
    while Instant::now() < until {
        let Some(mut sender) = connected(connection.take(), load.target).await else {
            outcome.refused += 1;
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let Some(request) = request(load) else {
            outcome.refused += 1;
            break;
        };
        let sent = Instant::now();
        match timeout(ANSWER_TIMEOUT, exchange(&mut sender, request)).await {
            Ok(Ok(status)) => {
                if status == StatusCode::OK {
                    outcome.taken.push(sent.elapsed());
                } else {
                    outcome.refused += 1;
                }
                connection = Some(sender);
            }
            Ok(Err(error)) => {
                tracing::debug!(%error, "a request got no answer");
                outcome.refused += 1;
            }
            Err(_) => outcome.refused += 1,
        }
    }
    outcome
}

/// The connection if it still stands, else a new one.
async fn connected(
    kept: Option<SendRequest<Full<Bytes>>>,
    target: SocketAddr,
) -> Option<SendRequest<Full<Bytes>>> {
    if let Some(mut sender) = kept
        && sender.ready().await.is_ok()
    {
        return Some(sender);
    }
    let connecting = async {
        let socket = TcpStream::connect(target).await.ok()?;
        socket.set_nodelay(true).ok()?;
        let (sender, connection) = handshake(TokioIo::new(socket)).await.ok()?;
        // How it ends is seen by whoever sends next.
        tokio::spawn(async move { connection.await.ok() });
        Some(sender)
    };
    timeout(ANSWER_TIMEOUT, connecting).await.ok().flatten()
}

fn request(load: &Load) -> Option<Request<Full<Bytes>>> {
    let (body, signature) = load.bodies.next();
    Request::post(load.path.parse::<Uri>().ok()?)
        .header("host", load.target.to_string())
        .header("content-type", "application/json")
        .header("user-agent", "facebookexternalua")
        .header("x-hub-signature-256", signature)
        .body(Full::new(body))
        .ok()
}

/// Read to the end, so that the connection can be used again.
async fn exchange(
    sender: &mut SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
) -> Result<StatusCode, hyper::Error> {
    let answer = sender.send_request(request).await?;
    let status = answer.status();
    answer.into_body().collect().await?;
    Ok(status)
}
