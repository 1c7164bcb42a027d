//! A channel with one consumer on it.

use std::time::Duration;

use futures_util::StreamExt;
use lapin::options::{BasicCancelOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, Consumer};
use tokio::time::timeout;

use crate::incoming::Received;

/// Bound on cancelling; after it the connection is taken to be gone.
const CANCEL: Duration = Duration::from_secs(2);

pub(super) struct Subscription {
    channel: Channel,
    consumer: Consumer,
}

impl Subscription {
    pub(super) async fn open(
        connection: &Connection,
        queue: &str,
        prefetch: u16,
    ) -> Result<Self, lapin::Error> {
        let channel = connection.create_channel().await?;
        // Before the consumer: without a limit the broker sends everything it has.
        channel
            .basic_qos(prefetch, BasicQosOptions::default())
            .await?;
        let options = BasicConsumeOptions::default();
        let consumer = channel
            .basic_consume(queue.into(), "".into(), options, FieldTable::default())
            .await?;
        Ok(Self { channel, consumer })
    }

    /// The next message that can still be acknowledged. Nothing when the subscription has ended: lost, or
    /// cancelled by the broker.
    pub(super) async fn next(&mut self) -> Option<Received> {
        loop {
            match self.consumer.next().await? {
                // What was buffered is still handed out after the connection died. Work on it would be done twice.
                Ok(delivery) if delivery.acker.usable() => return Some(Received::of(delivery)),
                Ok(_) => {}
                Err(error) => {
                    tracing::debug!(
                        error = &error as &dyn std::error::Error,
                        "consumer ended with an error"
                    );
                    return None;
                }
            }
        }
    }

    /// Stops new deliveries and returns those that had arrived already, still unacknowledged.
    pub(super) async fn cancel(&mut self) -> Vec<Received> {
        let mut rest = Vec::new();
        let cancelling = async {
            self.channel
                .basic_cancel(self.consumer.tag(), BasicCancelOptions::default())
                .await?;
            while let Some(delivery) = self.consumer.next().await {
                rest.push(Received::of(delivery?));
            }
            Ok::<_, lapin::Error>(())
        };
        match timeout(CANCEL, cancelling).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::debug!(error = &error as &dyn std::error::Error, "could not cancel");
            }
            Err(_) => tracing::debug!("the broker did not answer a cancel"),
        }
        rest.retain(|received| received.acker.usable());
        rest
    }
}
