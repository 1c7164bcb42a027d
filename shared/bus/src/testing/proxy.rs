//! A TCP proxy that cuts, refuses and stalls on demand.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Ports tried. Below the ephemeral range: a client that reconnects to a free ephemeral port on the loopback can
/// end up connected to itself.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Pass,
    Refuse,
    Stall,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    mode: Mode,
    /// Connections of an earlier generation are cut.
    generation: u64,
}

/// Stands in front of a server. Ends when dropped.
pub struct Proxy {
    port: u16,
    state: Arc<watch::Sender<State>>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// Passes everything on to `upstream` (`host:port`).
    pub async fn start(upstream: &str) -> io::Result<Self> {
        let listener = listen().await?;
        let port = listener.local_addr()?.port();
        let (state, _) = watch::channel(State {
            mode: Mode::Pass,
            generation: 0,
        });
        let state = Arc::new(state);
        let accepting = tokio::spawn(accept(listener, upstream.to_owned(), Arc::clone(&state)));
        Ok(Self {
            port,
            state,
            accepting,
        })
    }

    /// Where it listens, on the loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Cuts every connection there is. New ones pass.
    pub fn cut(&self) {
        self.state.send_modify(|state| state.generation += 1);
    }

    /// Cuts every connection, and new ones as soon as they come.
    pub fn refuse(&self) {
        self.state.send_modify(|state| {
            state.mode = Mode::Refuse;
            state.generation += 1;
        });
    }

    /// Keeps connections open and passes nothing on: a black hole.
    pub fn stall(&self) {
        self.state.send_modify(|state| state.mode = Mode::Stall);
    }

    /// Passes everything again, also what was held back.
    pub fn resume(&self) {
        self.state.send_modify(|state| state.mode = Mode::Pass);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.refuse();
    }
}

async fn listen() -> io::Result<TcpListener> {
    let mut result = Err(io::Error::other("no port tried"));
    for _ in 0..50 {
        let port = rand::Rng::random_range(&mut rand::rng(), PORTS);
        result = TcpListener::bind(("127.0.0.1", port)).await;
        if result.is_ok() {
            break;
        }
    }
    result
}

async fn accept(listener: TcpListener, upstream: String, state: Arc<watch::Sender<State>>) {
    while let Ok((client, _)) = listener.accept().await {
        if state.borrow().mode == Mode::Refuse {
            continue;
        }
        let (upstream, watching) = (upstream.clone(), state.subscribe());
        tokio::spawn(async move {
            if let Ok(server) = TcpStream::connect(&upstream).await {
                join(client, server, watching).await;
            }
        });
    }
}

/// Until either side ends or the connection is cut.
async fn join(client: TcpStream, server: TcpStream, mut state: watch::Receiver<State>) {
    let born = state.borrow().generation;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        _ = pass(from_client, to_server, state.clone()) => {}
        _ = pass(from_server, to_client, state.clone()) => {}
        _ = state.wait_for(|state| state.generation != born) => {}
    }
}

async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut state: watch::Receiver<State>,
) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        state
            .wait_for(|state| state.mode != Mode::Stall)
            .await
            .map_err(io::Error::other)?;
        to.write_all(&buffer[..count]).await?;
    }
}
