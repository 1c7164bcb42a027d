//! A message ready to be published: bytes, routing key and properties.

use bytes::Bytes;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable, LongString, ShortString};

use crate::envelope::Envelope;
use crate::headers;

/// Persistent: written to disk, and kept so by dead-lettering.
const PERSISTENT: u8 = 2;

/// An envelope that cannot be put on the wire.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// Could not be written as JSON.
    #[error("could not write the envelope")]
    Json(#[source] serde_json::Error),
    /// A name the protocol has no room for.
    #[error("{0} is longer than the 255 bytes AMQP has room for")]
    TooLong(&'static str),
}

/// What is handed to a publisher.
#[derive(Debug, Clone)]
pub struct Outgoing {
    pub(crate) routing_key: ShortString,
    pub(crate) body: Bytes,
    pub(crate) properties: BasicProperties,
}

impl Envelope {
    /// Writes the envelope out, as a first attempt.
    pub fn into_outgoing(self) -> Result<Outgoing, EncodeError> {
        let body = serde_json::to_vec(&self).map_err(EncodeError::Json)?;
        let routing_key = short(self.routing_key(), "the routing key")?;
        let kind = short(self.kind, "the kind")?;
        let seconds = u64::try_from(self.received_at.timestamp()).unwrap_or(0);
        let properties = BasicProperties::default()
            .with_message_id(short(self.id.to_string(), "the id")?)
            .with_type(kind)
            .with_timestamp(seconds)
            .with_content_type("application/json".into())
            .with_delivery_mode(PERSISTENT)
            .with_headers(headers::first_attempt());
        Ok(Outgoing {
            routing_key,
            body: body.into(),
            properties,
        })
    }
}

impl Outgoing {
    /// Carries the W3C trace context along. Opaque here.
    #[must_use]
    pub fn with_traceparent(mut self, traceparent: &str) -> Self {
        let mut headers = self.headers().clone();
        headers.insert(
            headers::TRACEPARENT.into(),
            AMQPValue::LongString(LongString::from(traceparent)),
        );
        self.properties = self.properties.with_headers(headers);
        self
    }

    /// Bytes of the body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Where an exchange will send it.
    pub fn routing_key(&self) -> &str {
        self.routing_key.as_str()
    }

    /// A message made of parts, for copies and replays.
    pub(crate) fn assemble(
        routing_key: &str,
        body: Bytes,
        properties: BasicProperties,
        headers: FieldTable,
    ) -> Result<Self, EncodeError> {
        let properties = properties
            .with_delivery_mode(PERSISTENT)
            .with_headers(headers);
        Ok(Self {
            routing_key: short(routing_key, "the routing key")?,
            body,
            properties,
        })
    }

    fn headers(&self) -> &FieldTable {
        static EMPTY: std::sync::LazyLock<FieldTable> =
            std::sync::LazyLock::new(FieldTable::default);
        self.properties.headers().as_ref().unwrap_or(&EMPTY)
    }
}

pub(crate) fn short(
    value: impl Into<String>,
    what: &'static str,
) -> Result<ShortString, EncodeError> {
    ShortString::try_new(value).map_err(|_| EncodeError::TooLong(what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use serde_json::value::RawValue;
    use uuid::Uuid;

    fn envelope(kind: &str) -> Envelope {
        let payload = RawValue::from_string("{}".to_owned()).unwrap();
        Envelope::internal(
            Uuid::nil(),
            DateTime::UNIX_EPOCH,
            kind,
            "k".to_owned(),
            payload,
        )
    }

    #[test]
    fn a_kind_too_long_for_the_protocol_is_an_error_and_not_a_panic() {
        assert!(matches!(
            envelope(&"x".repeat(256)).into_outgoing(),
            Err(EncodeError::TooLong(_))
        ));
        assert!(envelope(&"x".repeat(255)).into_outgoing().is_ok());
    }

    #[test]
    fn everything_published_is_persistent_and_identified() {
        let outgoing = envelope("conversation.turn")
            .into_outgoing()
            .unwrap()
            .with_traceparent("00-ab-cd-01");
        assert_eq!(*outgoing.properties.delivery_mode(), Some(2));
        assert_eq!(
            outgoing.properties.message_id().as_ref().unwrap().as_str(),
            Uuid::nil().to_string()
        );
        let headers = outgoing.properties.headers().as_ref().unwrap();
        assert_eq!(headers::attempt(headers), 1);
        assert_eq!(
            headers::text(headers, headers::TRACEPARENT).as_deref(),
            Some("00-ab-cd-01")
        );
    }
}
