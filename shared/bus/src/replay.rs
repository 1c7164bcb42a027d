//! Sending a dead letter again: as a first attempt, under its own message id, to the queue it died in.

use bytes::Bytes;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable};

use crate::headers;
use crate::outgoing::{Outgoing, short};
use crate::publisher::{PublishError, Publisher};

/// What is needed to send a dead letter again.
#[derive(Debug, Clone)]
pub struct Replay {
    /// The message id it had.
    pub message_id: String,
    /// The routing key it had.
    pub routing_key: String,
    /// Its bytes.
    pub body: Bytes,
    /// W3C trace context.
    pub traceparent: Option<String>,
}

/// Publishes the letter to `queue`. None of the headers it died with go along, so that it may fail and be
/// retried like any other.
pub async fn replay(
    publisher: &Publisher,
    queue: &str,
    letter: Replay,
) -> Result<(), PublishError> {
    publisher.publish_to_queue(queue, message(letter)?).await
}

/// Publishes the letter to the events exchange again: for one that no queue was bound to at the time.
pub async fn replay_routed(publisher: &Publisher, letter: Replay) -> Result<(), PublishError> {
    publisher.publish(message(letter)?).await
}

fn message(letter: Replay) -> Result<Outgoing, PublishError> {
    let mut headers = headers::for_copy(&FieldTable::default(), 1, &letter.routing_key);
    if let Some(traceparent) = &letter.traceparent {
        headers.insert(
            headers::TRACEPARENT.into(),
            AMQPValue::LongString(traceparent.as_str().into()),
        );
    }
    let message_id = short(letter.message_id, "the message id").map_err(PublishError::Refused)?;
    let properties = BasicProperties::default()
        .with_message_id(message_id)
        .with_content_type("application/json".into());
    Outgoing::assemble(&letter.routing_key, letter.body, properties, headers)
        .map_err(PublishError::Refused)
}
