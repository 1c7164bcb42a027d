//! Dead letters go into the database.

use async_trait::async_trait;
use posta_bus::{BoxError, DeadLetter, DeadLetters, Envelope, Origin};
use posta_store::{
    Store,
    dead_letters::{self, NewDeadLetter},
};

/// Records what the bus gives up on. An error leaves the message with the broker, so nothing is lost meanwhile.
#[derive(Debug, Clone)]
pub struct StoredDeadLetters {
    store: Store,
}

impl StoredDeadLetters {
    /// Into this database.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self { store }
    }
}

#[async_trait]
impl DeadLetters for StoredDeadLetters {
    async fn record(&self, letter: DeadLetter) -> Result<(), BoxError> {
        tracing::error!(
            queue = letter.queue,
            message.id = letter.message_id,
            attempts = letter.attempts,
            error = letter.error,
            "message given up on: recorded as a dead letter"
        );
        let account = Envelope::decode(&letter.body)
            .ok()
            .and_then(|envelope| envelope.account);
        let new = NewDeadLetter {
            queue: letter.queue,
            message_id: Some(letter.message_id).filter(|id| !id.is_empty()),
            key: letter.key,
            account,
            routing_key: letter.routing_key,
            body: letter.body.to_vec(),
            headers: letter.headers,
            origin: match letter.origin {
                Origin::Handler => dead_letters::Origin::Handler,
                Origin::DeliveryLimit => dead_letters::Origin::DeliveryLimit,
                Origin::Unrouted => dead_letters::Origin::Unrouted,
            },
            error: letter.error,
            attempts: i32::try_from(letter.attempts).unwrap_or(i32::MAX),
        };
        Ok(dead_letters::record(&self.store, &new).await?)
    }
}
