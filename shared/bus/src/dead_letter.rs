//! Dead letters: what the bus gives up on, with everything needed to look at it and to send it again.

use async_trait::async_trait;
use bytes::Bytes;

use crate::envelope::Envelope;
use crate::headers;
use crate::incoming::Received;
use crate::names::{Namespace, Queue};

/// Any error of a store.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Who gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A handler, or the consumer on its behalf.
    Handler,
    /// The broker, after too many deliveries without an answer.
    DeliveryLimit,
    /// Nobody was bound to its routing key.
    Unrouted,
}

/// A message given up on.
#[derive(Debug, Clone)]
pub struct DeadLetter {
    /// The queue it would be replayed to (for unrouted ones the name of the unrouted queue).
    pub queue: String,
    /// Stable over all copies: recording the same one twice is to be one row.
    pub message_id: String,
    /// The envelope's key, if it is an envelope.
    pub key: Option<String>,
    /// As first published.
    pub routing_key: String,
    /// Its bytes.
    pub body: Bytes,
    /// Its headers, for people.
    pub headers: serde_json::Value,
    /// Who gave up.
    pub origin: Origin,
    /// Why.
    pub error: String,
    /// Attempts made.
    pub attempts: u32,
    /// W3C trace context.
    pub traceparent: Option<String>,
}

/// Where dead letters are kept.
#[async_trait]
pub trait DeadLetters: Send + Sync {
    /// Keeps the letter; it is acknowledged only after this returned `Ok`. May be called again for the same
    /// message id.
    async fn record(&self, letter: DeadLetter) -> Result<(), BoxError>;
}

/// Queues that hold what the broker gave up on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeadSource {
    /// `<queue>.dead`.
    Queue(Queue),
    /// Events nobody was bound to.
    Unrouted,
}

impl DeadSource {
    pub(crate) fn queue(self, namespace: &Namespace) -> String {
        match self {
            Self::Queue(queue) => queue.dead_name(namespace),
            Self::Unrouted => namespace.unrouted(),
        }
    }

    pub(crate) fn replay_queue(self, namespace: &Namespace) -> String {
        match self {
            Self::Queue(queue) => queue.name(namespace),
            Self::Unrouted => namespace.unrouted(),
        }
    }

    pub(crate) fn origin(self) -> Origin {
        match self {
            Self::Queue(_) => Origin::DeliveryLimit,
            Self::Unrouted => Origin::Unrouted,
        }
    }

    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Queue(_) => {
                "delivered too many times without an answer: it ends the process, or its workers crash"
            }
            Self::Unrouted => "no queue is bound to its routing key",
        }
    }
}

impl Origin {
    /// As stored.
    pub fn label(self) -> &'static str {
        match self {
            Self::Handler => "handler",
            Self::DeliveryLimit => "delivery_limit",
            Self::Unrouted => "unrouted",
        }
    }
}

impl DeadLetter {
    pub(crate) fn of(received: &Received, queue: &str, origin: Origin, error: String) -> Self {
        let headers = received.headers();
        Self {
            queue: queue.to_owned(),
            message_id: received.message_id(),
            key: Envelope::decode(&received.body)
                .ok()
                .map(|envelope| envelope.key),
            routing_key: received.routing_key.clone(),
            body: received.body.clone(),
            traceparent: headers::text(&headers, headers::TRACEPARENT),
            headers: headers::to_json(&headers),
            origin,
            error,
            attempts: received.attempt,
        }
    }
}
