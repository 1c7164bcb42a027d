//! Telling the delivery-worker that something is in the outbox.
//!
//! Best effort: many turns become one nudge, a nudge that cannot be published is dropped, and the delivery-worker and
//! the scheduler look for themselves. So no turn ever waits for the broker.

use std::sync::Arc;

use posta_bus::{Envelope, Publisher};
use posta_runtime::{clock::Clock, ids};
use serde_json::value::RawValue;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

const KIND: &str = "delivery.whatsapp";

/// Where turns leave word.
#[derive(Debug, Clone, Default)]
pub struct Nudge {
    wanted: Arc<Notify>,
}

impl Nudge {
    /// Something is in the outbox.
    pub fn send(&self) {
        self.wanted.notify_one();
    }

    /// Publishes nudges until told to stop.
    pub async fn run(self, publisher: Publisher, clock: Arc<dyn Clock>, token: CancellationToken) {
        loop {
            tokio::select! {
                () = token.cancelled() => return,
                () = self.wanted.notified() => {}
            }
            if let Err(error) = publish(&publisher, clock.as_ref()).await {
                tracing::debug!(
                    error = format!("{error:#}"),
                    "nudge not published; the outbox is looked through anyway"
                );
            }
        }
    }
}

async fn publish(publisher: &Publisher, clock: &dyn Clock) -> anyhow::Result<()> {
    let id = ids::v7(clock);
    let nothing = RawValue::from_string("{}".to_owned())?;
    let envelope = Envelope::internal(id, clock.now(), KIND, format!("nudge:{id}"), nothing);
    publisher.publish(envelope.into_outgoing()?).await?;
    Ok(())
}
