//! How a process reaches the broker. Parsed elsewhere; here are the defaults and their reasons.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::names::{Namespace, Queue};
use crate::observer::{Nobody, Observer};
use crate::tiers::Tiers;

/// Everything a publisher or a consumer needs to know about the broker.
#[derive(Clone)]
pub struct BusConfig {
    /// `amqp://user:password@host:port/vhost` (or `amqps`). Secret, since it holds the password.
    pub url: SecretString,
    /// Prefix of all names.
    pub namespace: Namespace,
    /// Delays of the retry queues.
    pub tiers: Tiers,
    /// The work queues to declare, with their tiers. All by default, whoever starts first.
    pub queues: Vec<Queue>,
    /// Confirm channels of a publisher. A few are enough: measured, more in flight on fewer channels is
    /// faster than one in flight on each of many.
    pub publish_channels: usize,
    /// Bound on connecting, handshake included. The client library has none for the handshake.
    pub connect_timeout: Duration,
    /// Bound on one confirm. WhatsApp waits 5 to 10 s for an answer.
    pub confirm_timeout: Duration,
    /// Heartbeat in seconds. A silent peer is noticed within twice this.
    pub heartbeat_seconds: u16,
    /// Longest pause between two attempts to connect.
    pub reconnect_max: Duration,
    /// Shown in the broker's list of connections.
    pub connection_name: String,
    /// Told what happens, for metrics.
    pub observer: Arc<dyn Observer>,
}

impl BusConfig {
    /// Defaults for the broker at `url`.
    pub fn new(url: SecretString) -> Self {
        Self {
            url,
            namespace: Namespace::default(),
            tiers: Tiers::default(),
            queues: Queue::ALL.to_vec(),
            publish_channels: 6,
            connect_timeout: Duration::from_secs(5),
            confirm_timeout: Duration::from_secs(5),
            heartbeat_seconds: 10,
            reconnect_max: Duration::from_secs(5),
            connection_name: "posta".to_owned(),
            observer: Arc::new(Nobody),
        }
    }
}

impl fmt::Debug for BusConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BusConfig")
            .field("namespace", &self.namespace)
            .field("tiers", &self.tiers)
            .field("queues", &self.queues)
            .field("connection_name", &self.connection_name)
            .finish_non_exhaustive()
    }
}
