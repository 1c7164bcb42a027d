//! A look at the broker for people: which version, whether our names are as declared, how much waits.

use std::str::FromStr;
use std::time::Duration;

use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;
use lapin::uri::{AMQPScheme, AMQPUri};
use secrecy::ExposeSecret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::config::BusConfig;
use crate::connect::{ConnectError, Connector, close};
use crate::names::Queue;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// As the broker says, where it could be asked.
    pub version: Option<String>,
    /// The work queues, their dead queues and the unrouted queue.
    pub queues: Vec<QueueState>,
}

/// One queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueState {
    /// Its name.
    pub name: String,
    /// Messages ready.
    pub messages: u32,
    /// Who takes from it.
    pub consumers: u32,
}

/// Connects, declares everything (a queue of another type or with other arguments is an error here), and counts.
pub async fn inspect(config: &BusConfig) -> Result<Inspection, ConnectError> {
    let version = version(config).await;
    let connection = Connector::new(config, "inspect")?.open().await?;
    let mut queues = Vec::new();
    let names = Queue::ALL
        .iter()
        .flat_map(|queue| {
            [
                queue.name(&config.namespace),
                queue.dead_name(&config.namespace),
            ]
        })
        .chain([config.namespace.unrouted()]);
    let channel = connection
        .create_channel()
        .await
        .map_err(ConnectError::Connect)?;
    for name in names {
        let passive = QueueDeclareOptions {
            passive: true,
            ..QueueDeclareOptions::default()
        };
        let declared = channel.queue_declare(name.as_str().into(), passive, FieldTable::default());
        let queue = declared.await.map_err(ConnectError::Declare)?;
        queues.push(QueueState {
            messages: queue.message_count(),
            consumers: queue.consumer_count(),
            name,
        });
    }
    close(&connection).await;
    Ok(Inspection { version, queues })
}

/// From the first frame the broker sends, which the client library does not show.
async fn version(config: &BusConfig) -> Option<String> {
    let uri = AMQPUri::from_str(config.url.expose_secret()).ok()?;
    if uri.scheme == AMQPScheme::AMQPS {
        return None;
    }
    let ask = async {
        let mut socket = TcpStream::connect((uri.authority.host.as_str(), uri.authority.port))
            .await
            .ok()?;
        socket.write_all(b"AMQP\x00\x00\x09\x01").await.ok()?;
        // Frame header: type, channel, size.
        let mut head = [0; 7];
        socket.read_exact(&mut head).await.ok()?;
        let size = u32::from_be_bytes([head[3], head[4], head[5], head[6]]).min(64 * 1024);
        let mut body = vec![0; usize::try_from(size).ok()?];
        socket.read_exact(&mut body).await.ok()?;
        version_in(&body)
    };
    timeout(config.connect_timeout.min(Duration::from_secs(3)), ask)
        .await
        .ok()
        .flatten()
}

/// The server's properties hold `version` as a long string: `7 "version" 'S' length text`.
fn version_in(frame: &[u8]) -> Option<String> {
    const KEY: &[u8] = b"\x07versionS";
    let at = frame.windows(KEY.len()).position(|window| window == KEY)? + KEY.len();
    let length = frame.get(at..at + 4)?;
    let length = usize::try_from(u32::from_be_bytes(length.try_into().ok()?)).ok()?;
    let text = frame.get(at + 4..at + 4 + length.min(64))?;
    String::from_utf8(text.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_version_is_found_among_the_properties() {
        let frame = b"\x00\x0a\x00\x0a\x00\x09\x00\x00\x00\x1f\x07versionS\x00\x00\x00\x063.10.8\x08platformS";
        assert_eq!(version_in(frame).as_deref(), Some("3.10.8"));
        assert_eq!(version_in(b"\x07versionS\x00\x00\x00\x063.1"), None);
        assert_eq!(version_in(b""), None);
    }
}
