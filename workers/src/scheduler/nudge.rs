//! Nudges on the bus: hints that cost nothing when they are lost.

use std::sync::Arc;

use posta_bus::{Envelope, Publisher};
use posta_runtime::{clock::Clock, ids};
use posta_store::ids::ConversationId;
use serde_json::value::RawValue;

/// A hint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nudge {
    /// Something is in the outbox.
    Deliveries,
    /// A chat's turn is due.
    Turn(ConversationId),
}

/// Publishes them, best effort.
pub struct Nudger {
    publisher: Publisher,
    clock: Arc<dyn Clock>,
}

impl Nudger {
    /// Through `publisher`.
    #[must_use]
    pub fn new(publisher: Publisher, clock: Arc<dyn Clock>) -> Self {
        Self { publisher, clock }
    }

    /// Sends it. A broker that is away is no failure: whoever is nudged looks by itself, too.
    pub async fn send(&self, nudge: &Nudge) {
        let (kind, key, payload) = match nudge {
            Nudge::Deliveries => (
                "delivery.whatsapp",
                "sweep".to_owned(),
                serde_json::json!({}),
            ),
            Nudge::Turn(chat) => (
                "conversation.turn",
                chat.to_string(),
                serde_json::json!({ "conversation": chat }),
            ),
        };
        let Ok(payload) = RawValue::from_string(payload.to_string()) else {
            return;
        };
        let id = ids::v7(&*self.clock);
        let outgoing = Envelope::internal(id, self.clock.now(), kind, key, payload).into_outgoing();
        let sent = match outgoing {
            Ok(outgoing) => self
                .publisher
                .publish(outgoing)
                .await
                .map_err(anyhow::Error::new),
            Err(error) => Err(error.into()),
        };
        if let Err(error) = sent {
            tracing::debug!(kind, error = format!("{error:#}"), "could not nudge");
        }
    }
}
