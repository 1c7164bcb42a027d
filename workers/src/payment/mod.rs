//! The payment-worker: takes in notices, reads what they hint at, makes links, gives money back.
//!
//! Actors: [`consume`] stores each notice with what is to be read because of it; three loops of one shape ([`rounds`])
//! take [`reads`], [`links`] and [`refunds`] from their tables, with leases, and ask Mercado Pago through one [`gate`]
//! that keeps tokens, limits and breakers. Any number of these workers may run.
//!
//! Guaranteed: a notice that was acknowledged is read, also after a crash, and as often as there is something new rather
//! than as often as it comes; while Mercado Pago is away nothing is lost and no attempt is used up; every step may be cut
//! off and begun again. Not guaranteed: that a notice comes; the scheduler's polling does not need one.

mod account;
mod consume;
mod day;
mod gate;
mod links;
mod metrics;
mod notice;
mod page;
mod policy;
mod read;
mod reads;
mod refunds;
mod rounds;
mod wakes;

use std::sync::Arc;

use posta_bus::Queue;
use posta_runtime::{
    clock::SystemClock,
    config::{MercadoPagoApiConfig, PaymentLinkConfig},
    lifecycle::Shutdown,
};
use posta_texts::Texts;

pub use account::Account;
pub use consume::Notices;
pub use gate::{Failure, Gate};
pub use links::Links;
pub use metrics::PaymentMetrics;
pub use page::Pages;
pub use reads::Reads;
pub use refunds::Refunds;
pub use rounds::{Rounds, Work};
pub use wakes::Wakes;

use crate::compose::{Core, CoreConfig};

/// What the payment-worker reads.
pub type Config = (CoreConfig, MercadoPagoApiConfig, PaymentLinkConfig);

/// At once, of each kind. Most of an attempt is waiting for Mercado Pago; its database part is a few milliseconds, of a
/// pool of eight.
const READS: u16 = 8;
const LINKS: u16 = 4;
const REFUNDS: u16 = 2;

/// The whole worker.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let (core, api, link) = config;
    let core = Core::start("payment-worker", core, &shutdown)?;
    let metrics = PaymentMetrics::register(core.registry())?;
    let store = core.store().clone();
    let clock = Arc::new(SystemClock);
    let gate = Arc::new(Gate::new(store.clone(), &api, clock, metrics.clone())?);
    let wakes = Wakes::default();
    let reads = Reads::new(store.clone(), Arc::clone(&gate), wakes.clone());
    let links = Links::new(
        store.clone(),
        Arc::clone(&gate),
        Pages::new(Texts::es_ar()?, &link),
    );
    let refunds = Refunds::new(store.clone(), Arc::clone(&gate), wakes.clone());
    let start = Starting {
        gate,
        metrics,
        shutdown: &shutdown,
    };
    start.rounds("reading payments", reads, &wakes.reads, READS);
    start.rounds("links to pay", links, &wakes.links, LINKS);
    start.rounds("refunds", refunds, &wakes.refunds, REFUNDS);
    core.consume(
        Queue::Payments,
        Arc::new(Notices::new(store, Arc::clone(&wakes.reads))),
    )
    .run()
    .await
}

/// What the loops have in common.
struct Starting<'s> {
    gate: Arc<Gate>,
    metrics: PaymentMetrics,
    shutdown: &'s Shutdown,
}

impl Starting<'_> {
    fn rounds<W: Work>(
        &self,
        name: &'static str,
        work: W,
        wake: &Arc<tokio::sync::Notify>,
        concurrency: u16,
    ) {
        let rounds = Rounds::new(
            work,
            Arc::clone(&self.gate),
            Arc::clone(wake),
            self.metrics.clone(),
            concurrency,
        );
        let token = self.shutdown.token();
        self.shutdown.spawn(name, async move {
            rounds.run(token).await;
            Ok(())
        });
    }
}
