//! A message as it came from the broker, and as a handler sees it.

use bytes::Bytes;
use lapin::Acker;
use lapin::BasicProperties;
use lapin::message::Delivery;
use lapin::types::FieldTable;

use crate::envelope::{DecodeError, Envelope};
use crate::headers;

/// What a handler is given.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The event.
    pub envelope: Envelope,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// The broker delivered it before. A hint, no more: a first delivery may be a copy, too.
    pub redelivered: bool,
    /// Stable over all copies and retries.
    pub message_id: String,
    /// The routing key it was published with.
    pub routing_key: String,
    /// W3C trace context, if it carries one.
    pub traceparent: Option<String>,
    /// The envelope's bytes.
    pub body: Bytes,
}

/// A delivery and the means to acknowledge it.
pub(crate) struct Received {
    pub(crate) acker: Acker,
    pub(crate) body: Bytes,
    pub(crate) properties: BasicProperties,
    pub(crate) routing_key: String,
    pub(crate) attempt: u32,
    redelivered: bool,
}

impl Received {
    pub(crate) fn of(delivery: Delivery) -> Self {
        let headers = delivery.properties.headers().as_ref();
        let original = headers.and_then(|headers| headers::text(headers, headers::ROUTING_KEY));
        Self {
            acker: delivery.acker,
            body: delivery.data.into(),
            attempt: headers.map_or(1, headers::attempt),
            routing_key: original.unwrap_or_else(|| delivery.routing_key.to_string()),
            redelivered: delivery.redelivered,
            properties: delivery.properties,
        }
    }

    pub(crate) fn decode(&self) -> Result<Incoming, DecodeError> {
        Ok(Incoming {
            envelope: Envelope::decode(&self.body)?,
            attempt: self.attempt,
            redelivered: self.redelivered,
            message_id: self.message_id(),
            routing_key: self.routing_key.clone(),
            traceparent: headers::text(&self.headers(), headers::TRACEPARENT),
            body: self.body.clone(),
        })
    }

    pub(crate) fn message_id(&self) -> String {
        self.properties
            .message_id()
            .as_ref()
            .map_or_else(String::new, ToString::to_string)
    }

    pub(crate) fn headers(&self) -> FieldTable {
        self.properties.headers().clone().unwrap_or_default()
    }
}
