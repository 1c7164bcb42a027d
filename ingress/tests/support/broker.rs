//! What has reached the broker under a namespace of one's own.

use posta_bus::Queue;
use posta_bus::testing::TestBus;
use serde_json::Value;

/// One message taken from a queue.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) routing_key: String,
    pub(crate) id: String,
    pub(crate) raw: Vec<u8>,
    pub(crate) envelope: Value,
}

/// Reads what was published.
pub(crate) struct Broker(TestBus);

impl Broker {
    /// A namespace nobody else uses.
    pub(crate) async fn new() -> Self {
        Self(TestBus::start(&Queue::ALL).await)
    }

    pub(crate) fn namespace(&self) -> String {
        self.0.namespace().to_string()
    }

    /// Takes everything out of a queue.
    pub(crate) async fn take(&self, queue: Queue) -> Vec<Message> {
        self.take_from(&self.0.name(queue)).await
    }

    /// Takes everything that no queue was bound to.
    pub(crate) async fn take_unrouted(&self) -> Vec<Message> {
        self.take_from(&self.0.namespace().unrouted()).await
    }

    async fn take_from(&self, queue: &str) -> Vec<Message> {
        let mut messages = Vec::new();
        while let Some(taken) = self.0.take(queue).await.unwrap() {
            messages.push(Message {
                routing_key: taken.routing_key,
                id: taken.message_id,
                envelope: serde_json::from_slice(&taken.body).unwrap(),
                raw: taken.body,
            });
        }
        messages
    }

    /// Takes everything of the four queues that webhooks lead to, and what led to none.
    pub(crate) async fn take_all(&self) -> Vec<Message> {
        let mut all = self.take_unrouted().await;
        for queue in [
            Queue::Messages,
            Queue::Media,
            Queue::Statuses,
            Queue::Payments,
        ] {
            all.extend(self.take(queue).await);
        }
        all
    }

    /// Leaves nothing behind.
    pub(crate) async fn clean(self) {
        self.0.delete().await.unwrap();
    }
}
