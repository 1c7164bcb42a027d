//! One message on its way, and the only reading of the broker's answer.

use lapin::options::BasicPublishOptions;
use lapin::types::ShortString;
use lapin::{Channel, Confirmation};
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::error::PublishError;
use crate::outgoing::Outgoing;

/// What a caller waits for.
pub(super) type Answer = oneshot::Receiver<Result<(), PublishError>>;

/// A message and the caller that waits for it.
pub(super) struct Job {
    exchange: ShortString,
    routing_key: ShortString,
    message: Outgoing,
    deadline: Instant,
    reply: oneshot::Sender<Result<(), PublishError>>,
}

impl Job {
    pub(super) fn new(
        exchange: ShortString,
        routing_key: ShortString,
        message: Outgoing,
        deadline: Instant,
    ) -> (Self, Answer) {
        let (reply, answer) = oneshot::channel();
        (
            Self {
                exchange,
                routing_key,
                message,
                deadline,
                reply,
            },
            answer,
        )
    }

    /// Tells the caller. One that has gone away needs no answer.
    pub(super) fn answer(self, result: Result<(), PublishError>) {
        drop(self.reply.send(result));
    }

    /// Publishes and waits for the confirm. Nothing is awaited before the frames are queued: the first poll
    /// takes the delivery tag and queues them, which is why the futures of one task cannot swap tags.
    pub(super) async fn publish(
        self,
        channel: &Channel,
        mandatory: bool,
    ) -> (Self, Result<(), PublishError>) {
        let options = BasicPublishOptions {
            mandatory,
            ..BasicPublishOptions::default()
        };
        let sending = async {
            let properties = self.message.properties.clone();
            let (exchange, routing_key) = (self.exchange.clone(), self.routing_key.clone());
            let body = &self.message.body;
            channel
                .basic_publish(exchange, routing_key, options, body, properties)
                .await?
                .await
        };
        let result = match timeout_at(self.deadline, sending).await {
            Err(_) => Err(PublishError::TimedOut),
            Ok(Err(error)) => Err(PublishError::Lost(error)),
            Ok(Ok(Confirmation::Ack(None))) => Ok(()),
            // An ack with a returned message inside is the confirm of a message nobody has.
            Ok(Ok(Confirmation::Ack(Some(_)))) => {
                Err(PublishError::Returned(self.routing_key.to_string()))
            }
            Ok(Ok(Confirmation::Nack(_))) => Err(PublishError::Nacked),
            Ok(Ok(Confirmation::NotRequested)) => Err(PublishError::NotConfirming),
        };
        (self, result)
    }
}
