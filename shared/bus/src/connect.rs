//! One connection to the broker, made within a bound.
//!
//! The client library's own recovery is not used: with its retries exhausted it neither fails nor recovers.
//! Without it every failure is an error that a supervisor can act on. Nor does the library bound the
//! handshake: against a peer that accepts and says nothing it waits for ever, and its thread stays behind.

use std::str::FromStr;
use std::time::Duration;

use lapin::uri::{AMQPScheme, AMQPUri};
use lapin::{Connection, ConnectionProperties};
use secrecy::ExposeSecret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::config::BusConfig;
use crate::topology::Topology;

/// Bound on closing politely.
const CLOSE: Duration = Duration::from_secs(1);

/// A broker that could not be reached or used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL itself is wrong: trying again is no use.
    #[error("AMQP_URL is not an AMQP address: {0}")]
    Url(String),
    /// Refused, reset, wrong password, …
    #[error("could not connect to the broker")]
    Connect(#[source] lapin::Error),
    /// Nothing answered.
    #[error("the broker did not answer within {0:?}")]
    Silent(Duration),
    /// Exchanges and queues could not be declared.
    #[error("could not declare exchanges and queues on the broker")]
    Declare(#[source] lapin::Error),
}

/// The library keeps 64 frames of buffer per connection: with the broker's 128 KiB that is 8 MiB for each of a
/// worker's connections, idle or not. Ours are 2 MiB, and larger bodies take more frames.
const FRAME_MAX: u32 = 32 * 1024;

/// Makes connections for one role, and remembers how the last attempt went.
pub(crate) struct Connector {
    uri: AMQPUri,
    name: String,
    topology: Topology,
    bound: Duration,
    was_silent: bool,
}

impl Connector {
    pub(crate) fn new(config: &BusConfig, role: &str) -> Result<Self, ConnectError> {
        let mut uri = AMQPUri::from_str(config.url.expose_secret()).map_err(ConnectError::Url)?;
        uri.query.heartbeat.get_or_insert(config.heartbeat_seconds);
        uri.query.frame_max.get_or_insert(FRAME_MAX);
        Ok(Self {
            uri,
            name: format!("{}/{role}", config.connection_name),
            topology: Topology::of(config),
            bound: config.connect_timeout,
            was_silent: false,
        })
    }

    /// Connects and declares everything.
    pub(crate) async fn open(&mut self) -> Result<Connection, ConnectError> {
        if self.was_silent {
            self.knock().await?;
        }
        let result = self.try_open().await;
        self.was_silent = matches!(result, Err(ConnectError::Silent(_)));
        result
    }

    async fn try_open(&self) -> Result<Connection, ConnectError> {
        let silent = |_| ConnectError::Silent(self.bound);
        let properties =
            ConnectionProperties::default().with_connection_name(self.name.as_str().into());
        let connecting = Connection::connect_uri(self.uri.clone(), properties);
        let connection = timeout(self.bound, connecting)
            .await
            .map_err(silent)?
            .map_err(ConnectError::Connect)?;
        // Creating quorum queues for the first time takes a while on a busy broker.
        let declaring = timeout(self.bound * 6, self.topology.declare(&connection));
        declaring
            .await
            .map_err(silent)?
            .map_err(ConnectError::Declare)?;
        Ok(connection)
    }

    /// Asks the peer for its first bytes over a socket of ours. A handshake that was given up on leaves a
    /// thread of the client library waiting; after one such, no other is begun before the peer speaks again.
    async fn knock(&self) -> Result<(), ConnectError> {
        if self.uri.scheme == AMQPScheme::AMQPS {
            return Ok(());
        }
        let address = (self.uri.authority.host.as_str(), self.uri.authority.port);
        let exchange = async {
            let mut socket = TcpStream::connect(address).await?;
            socket.write_all(b"AMQP\x00\x00\x09\x01").await?;
            socket.read_u8().await
        };
        match timeout(self.bound, exchange).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(ConnectError::Connect(error.into())),
            Err(_) => Err(ConnectError::Silent(self.bound)),
        }
    }
}

/// Says goodbye, if the broker still listens.
pub(crate) async fn close(connection: &Connection) {
    match timeout(CLOSE, connection.close(200, "done".into())).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(
            error = &error as &dyn std::error::Error,
            "connection closed with an error"
        ),
        Err(_) => tracing::debug!("the broker did not answer our goodbye"),
    }
}
