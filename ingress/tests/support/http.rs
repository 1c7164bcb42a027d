//! A client that can misbehave: it writes the bytes it is told to.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::DEADLINE;

/// A request, byte for byte.
#[derive(Clone)]
pub(crate) struct Request {
    line: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            line: format!("{method} {path} HTTP/1.1"),
            headers: Vec::new(),
            body: Vec::new(),
        }
        .header("host", "localhost")
        .header("connection", "close")
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn post(path: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut request = Self::new("POST", path);
        request.body = body.into();
        request
    }

    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers
            .push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The head with a length of one's choice.
    pub(crate) fn head(&self, length: usize) -> Vec<u8> {
        let mut bytes = format!("{}\r\n", self.line).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(format!("{name}: ").as_bytes());
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(format!("content-length: {length}\r\n\r\n").as_bytes());
        bytes
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head(self.body.len());
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// The same with a chunked body, of no declared length.
    pub(crate) fn chunked(&self) -> Vec<u8> {
        let head = String::from_utf8(self.head(0)).unwrap();
        let mut bytes = head
            .replace("content-length: 0", "transfer-encoding: chunked")
            .into_bytes();
        for chunk in self.body.chunks(60_000) {
            bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
        bytes
    }

    pub(crate) async fn send(&self, to: SocketAddr) -> Reply {
        exchange(to, &self.bytes()).await.expect("no answer")
    }
}

impl Request {
    /// `None` when there is nobody, or no answer.
    pub(crate) async fn try_send(&self, to: SocketAddr) -> Option<Reply> {
        let stream = TcpStream::connect(to).await.ok()?;
        let (mut read, mut write) = stream.into_split();
        write.write_all(&self.bytes()).await.ok()?;
        answer(&mut read).await
    }
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// Sends bytes, and reads the answer; `None` when the connection ended without one.
pub(crate) async fn exchange(to: SocketAddr, bytes: &[u8]) -> Option<Reply> {
    let stream = TcpStream::connect(to).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    // Answers may come before everything is sent, and then the rest cannot be sent.
    let sending = async { write.write_all(bytes).await.is_ok() };
    let (_, reply) = tokio::join!(sending, answer(&mut read));
    reply
}

/// Reads one answer, to the end of the connection.
pub(crate) async fn answer(read: &mut (impl tokio::io::AsyncRead + Unpin)) -> Option<Reply> {
    let mut bytes = Vec::new();
    let reading = async {
        let mut buffer = [0; 4096];
        while let Ok(count) = read.read(&mut buffer).await {
            if count == 0 {
                break;
            }
            bytes.extend_from_slice(&buffer[..count]);
        }
    };
    tokio::time::timeout(DEADLINE, reading)
        .await
        .expect("the connection did not end");
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1)?.parse().unwrap();
    Some(Reply {
        status,
        head,
        body: bytes[end + 4..].to_vec(),
    })
}
