//! A provider for tests: real HTTP/1.1 over a real socket, including the ways in which an answer can go wrong.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) target: String,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What the provider does with it.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// Answers; headers are whole lines.
    Http(u16, Vec<String>, Vec<u8>),
    /// Reads the request and hangs up.
    HangUp,
    /// Reads the request and says nothing.
    Silence,
    /// Announces more bytes than it sends.
    BreaksOff,
    /// Sends this many bytes without saying how many there will be.
    Chunked(usize),
}

impl Reply {
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::Http(
            status,
            vec!["content-type: application/json".to_owned()],
            body.to_string().into_bytes(),
        )
    }
}

/// Listens on loopback until dropped.
pub(crate) struct Provider {
    pub(crate) addr: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    _serving: JoinSet<()>,
}

impl Provider {
    pub(crate) async fn start(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, reply) = (Arc::clone(&seen), Arc::new(reply));
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (log, reply) = (Arc::clone(&log), Arc::clone(&reply));
                connections.spawn(async move { serve(stream, &log, &*reply).await });
            }
        });
        Self {
            addr,
            seen,
            _serving: serving,
        }
    }

    pub(crate) fn url(&self, path: &str) -> url::Url {
        format!("http://{}{path}", self.addr).parse().unwrap()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

/// One request per connection is enough.
async fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<Request>>,
    reply: &(dyn Fn(&Request) -> Reply + Send + Sync),
) {
    let Some(request) = read_request(&mut stream).await else {
        return;
    };
    log.lock().unwrap().push(request.clone());
    let written = match reply(&request) {
        Reply::Http(status, headers, body) => {
            let headers: Vec<String> = headers.iter().map(|line| format!("{line}\r\n")).collect();
            let headers = headers.concat();
            let head = format!(
                "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n",
                body.len()
            );
            stream.write_all(&[head.as_bytes(), &body].concat()).await
        }
        Reply::HangUp => Ok(()),
        Reply::Silence => {
            // Until the other side gives up.
            drop(stream.read(&mut [0; 1]).await);
            Ok(())
        }
        Reply::BreaksOff => {
            stream
                .write_all(b"HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\n{\"messages\":")
                .await
        }
        Reply::Chunked(bytes) => {
            let head = "HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n";
            let chunk = format!("400\r\n{}\r\n", "x".repeat(0x400));
            let body = format!("{head}{}0\r\n\r\n", chunk.repeat(bytes / 0x400));
            stream.write_all(body.as_bytes()).await
        }
    };
    // The other side may have gone by now, which is what some tests are about.
    drop(written);
}

async fn read_request(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let target = head.split(' ').nth(1)?.to_owned();
            let mut request = Request {
                target,
                head,
                body: bytes[end + 4..].to_vec(),
            };
            let length: usize = request
                .header("content-length")
                .map_or(0, |length| length.parse().unwrap());
            while request.body.len() < length {
                if stream.read_buf(&mut request.body).await.ok()? == 0 {
                    return None;
                }
            }
            return Some(request);
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}
