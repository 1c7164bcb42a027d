//! The delivery-worker: takes the outbox to the Graph API, and learns from statuses what became of it.
//!
//! Actors: [`rounds`] claims due rows whenever a nudge, a finished send or the clock says so; [`send`] takes one row
//! through breaker, limits and the last look at the database to the network, and records the outcome; [`statuses`]
//! stores what the provider reports, in batches. Any number of these workers may run.
//!
//! Guaranteed: in order per chat; never two senders for a row; a row goes out again only if its first attempt got no
//! clear answer, and then once. Not guaranteed: that a row which went out without an answer arrived; it is `unknown`
//! until a status says more. A nudge that is lost costs half a second.

mod graph;
mod metrics;
mod nudges;
mod outcome;
mod policy;
mod rounds;
mod send;
mod statuses;

use std::sync::Arc;

use posta_bus::Queue;
use posta_runtime::{
    clock::SystemClock,
    config::{DeliveryConfig, WhatsAppApiConfig},
    lifecycle::Shutdown,
};
use tokio::sync::Notify;

pub use graph::Graph;
pub use metrics::DeliveryMetrics;
pub use nudges::Nudges;
pub use outcome::{Outcome, Transport};
pub use rounds::{Rounds, RoundsConfig};
pub use send::{Sender, SenderConfig};
pub use statuses::Statuses;

use crate::compose::{Core, CoreConfig};

/// What the delivery-worker reads.
pub type Config = (CoreConfig, DeliveryConfig, WhatsAppApiConfig);

/// The whole worker.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let (core, delivery, api) = config;
    let core = Core::start("delivery-worker", core, &shutdown)?;
    let metrics = DeliveryMetrics::register(core.registry())?;
    let graph = Arc::new(Graph::new(&api)?);
    let clock = Arc::new(SystemClock);
    let sender_config = SenderConfig::new(delivery.lease, api.messages_per_second);
    let sender = Arc::new(Sender::new(
        core.store().clone(),
        graph,
        &sender_config,
        clock,
        metrics,
    ));
    let wake = Arc::new(Notify::new());
    let rounds_config = RoundsConfig {
        concurrency: core.worker().concurrency,
        lease: delivery.lease,
        grace: delivery.unknown_grace,
    };
    let rounds = Rounds::new(
        core.store().clone(),
        Arc::clone(&sender),
        Arc::clone(&wake),
        rounds_config,
    );
    let token = shutdown.token();
    shutdown.spawn("sending", async move {
        rounds.run(token).await;
        Ok(())
    });
    let token = shutdown.token();
    shutdown.spawn("limits", async move {
        sender.keep_small(token).await;
        Ok(())
    });
    let statuses = Arc::new(Statuses::new(core.store().clone()));
    core.consume(Queue::Deliveries, Arc::new(Nudges::new(wake)))
        .consume_batches(Queue::Statuses, statuses)
        .run()
        .await
}
