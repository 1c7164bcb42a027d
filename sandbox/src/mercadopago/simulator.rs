//! The simulated Mercado Pago: started on a listener, driven over HTTP or, by drills, in process.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde::Serialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::config::MercadoPagoConfig;
use super::delivery::{self, Manner};
use super::faults::{Fault, Gone, Outage};
use super::money::Amount;
use super::notice::{self, Channel, Notice, Subject};
use super::pay::{self, Paid, Pay};
use super::routes;
use super::till::{self, Refusal, Update};
use super::view::{Booked, Link, State};
use super::world::World;
use crate::clock::SimClock;
use crate::lock::lock;
use crate::serve;

/// Deliveries at the same time; the provider's own concurrency is not published.
const CONCURRENT_DELIVERIES: usize = 64;

/// What the parts of the simulator share.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) config: MercadoPagoConfig,
    /// `http://host:port/mercadopago`
    pub(crate) base: String,
    pub(crate) clock: SimClock,
    pub(crate) world: Mutex<World>,
    /// Held through one refund call.
    pub(crate) refunding: Mutex<()>,
    pub(crate) client: reqwest::Client,
    pub(crate) permits: Semaphore,
    pub(crate) tasks: TaskTracker,
    pub(crate) token: CancellationToken,
}

/// A running simulator. Dropping it leaves it running; [`MercadoPago::stop`] ends it.
#[derive(Debug, Clone)]
pub struct MercadoPago {
    pub(crate) inner: Arc<Inner>,
    addr: SocketAddr,
}

/// Where to find it.
#[derive(Debug, Clone, Serialize)]
pub struct Addresses {
    /// `MERCADOPAGO_API_URL`
    pub mercadopago_api_url: String,
    /// The page where a person pays; a preference's id is appended.
    pub checkout_page: String,
    /// Prefix of the control API.
    pub mercadopago_control: String,
    /// `MERCADOPAGO_USER_ID`
    pub mercadopago_user_id: String,
}

impl MercadoPago {
    /// Listens on `addr` (port 0: any; loopback only) and starts to answer.
    pub async fn start(config: MercadoPagoConfig, addr: SocketAddr) -> anyhow::Result<Self> {
        ensure!(
            addr.ip().is_loopback(),
            "anybody who reaches the simulator can pay: {addr} is not a loopback address"
        );
        let listener = TcpListener::bind(addr)
            .await
            .with_context(|| format!("could not listen on {addr}"))?;
        let addr = listener
            .local_addr()
            .context("could not read the listener's address")?;
        let client = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(2))
            .build()
            .context("could not build the HTTP client")?;
        let inner = Arc::new(Inner {
            world: Mutex::new(World::new(config.seed)),
            refunding: Mutex::new(()),
            config,
            base: format!("http://{addr}/mercadopago"),
            clock: SimClock::default(),
            client,
            permits: Semaphore::new(CONCURRENT_DELIVERIES),
            tasks: TaskTracker::new(),
            token: CancellationToken::new(),
        });
        let token = inner.token.clone();
        let simulator = Self { inner, addr };
        let router = routes::router(simulator.clone());
        // Not tracked with the deliveries: `settled` waits for those alone.
        tokio::spawn(serve::serve(listener, router, token));
        Ok(simulator)
    }

    /// The listener's address.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where to find what.
    pub fn addresses(&self) -> Addresses {
        let base = &self.inner.base;
        Addresses {
            mercadopago_api_url: base.clone(),
            checkout_page: format!("{base}/checkout/v1/redirect?pref_id="),
            mercadopago_control: format!("http://{}/control", self.addr),
            mercadopago_user_id: self.inner.config.collector_id.to_string(),
        }
    }

    /// What it was set up with.
    pub fn config(&self) -> &MercadoPagoConfig {
        &self.inner.config
    }

    /// The simulated clock.
    pub fn clock(&self) -> &SimClock {
        &self.inner.clock
    }

    /// Somebody pays.
    pub fn pay(&self, pay: &Pay) -> Result<Paid, Refusal> {
        pay::pay(&self.inner, pay)
    }

    /// A payment's state changes: a review ends, cash is handed in (late, if one likes), a mediation opens.
    pub fn update(&self, update: &Update) -> Result<(), Refusal> {
        till::update(&self.inner, update)
    }

    /// The owner refunds in the panel; `None` is all that is left. The refund's id.
    pub fn refund(&self, payment_id: u64, amount: Option<Amount>) -> Result<u64, Refusal> {
        till::refund(&self.inner, payment_id, amount)
            .map(|refund| refund.id)
            .map_err(|error| Refusal::of(&error))
    }

    /// From now on refunds begin as `in_process` and wait for [`MercadoPago::decide_refund`], or are done at once again.
    pub fn let_refunds_wait(&self, wait: bool) {
        lock(&self.inner.world).refunds_wait = wait;
    }

    /// A refund that waits is done, or refused.
    pub fn decide_refund(&self, refund_id: u64, done: bool) -> Result<(), Refusal> {
        till::decide(&self.inner, refund_id, done)
    }

    /// The payer's bank takes the money back. The chargeback's id.
    pub fn charge_back(&self, payment_id: u64) -> Result<u64, Refusal> {
        till::charge_back(&self.inner, payment_id)
    }

    /// The dispute ends: won, the money is the seller's again; lost, it is gone.
    pub fn resolve(&self, payment_id: u64, won: bool) -> Result<(), Refusal> {
        till::resolve(&self.inner, payment_id, won)
    }

    /// Tells of a payment again, so many times at once, so much later; each freshly signed.
    pub fn notify(&self, payment_id: u64, times: u32, late: Duration) -> Result<(), Refusal> {
        let (subject, address) = self.subject(payment_id)?;
        for _ in 0..times {
            let manner = Manner { late, again: true };
            delivery::announce(&self.inner, &subject, address.as_deref(), manner);
        }
        Ok(())
    }

    /// One signed notification of a payment, as it would be posted to `address`: to be captured, altered, replayed.
    pub fn notice(&self, payment_id: u64, address: &url::Url) -> Result<Notice, Refusal> {
        let (subject, _) = self.subject(payment_id)?;
        Ok(notice::make(
            &self.inner,
            &subject,
            Channel::Webhook,
            address,
            0,
        ))
    }

    fn subject(&self, payment_id: u64) -> Result<(Subject, Option<String>), Refusal> {
        let world = lock(&self.inner.world);
        let payment = world
            .payments
            .get(&payment_id)
            .ok_or(Refusal::UnknownPayment)?;
        let subject = Subject::Payment {
            id: payment_id,
            new: false,
            made: payment.created,
        };
        Ok((subject, payment.notification_url.clone()))
    }

    /// Posts it once; the HTTP status of the answer, if one came.
    pub async fn post(&self, notice: &Notice) -> Option<u16> {
        delivery::post(&self.inner, notice).await
    }

    /// From now on nobody is told of anything, or again of everything.
    pub fn silence(&self, silent: bool) {
        lock(&self.inner.world).silent = silent;
    }

    /// Sets a fault.
    pub fn fault(&self, fault: Fault) {
        lock(&self.inner.world).faults.add(fault);
    }

    /// Clears all faults.
    pub fn clear_faults(&self) {
        lock(&self.inner.world).faults.clear();
    }

    /// The API is gone, for so long or until [`MercadoPago::up`]; people can still pay, and are told of.
    pub fn down(&self, how: Gone, lasting: Option<Duration>) {
        lock(&self.inner.world).outage = Some(Outage::begin(how, lasting));
    }

    /// The API is back.
    pub fn up(&self) {
        lock(&self.inner.world).outage = None;
    }

    /// All payment links, oldest first.
    pub fn links(&self) -> Vec<Link> {
        lock(&self.inner.world).links(&self.inner.base, self.inner.clock.now())
    }

    /// The links of this reference, oldest first.
    pub fn links_of(&self, reference: &str) -> Vec<Link> {
        let mut links = self.links();
        links.retain(|link| link.reference.as_deref() == Some(reference));
        links
    }

    /// All payments, oldest first.
    pub fn payments(&self) -> Vec<Booked> {
        lock(&self.inner.world).booked()
    }

    /// A payment as the API answers it.
    pub fn payment(&self, payment_id: u64) -> Option<Value> {
        let world = lock(&self.inner.world);
        world
            .payments
            .get(&payment_id)
            .map(super::payment::Payment::body)
    }

    /// How often a payment was read through the API.
    pub fn reads_of(&self, payment_id: u64) -> u64 {
        let world = lock(&self.inner.world);
        world.reads.get(&payment_id).copied().unwrap_or(0)
    }

    /// What happened so far.
    pub fn state(&self) -> State {
        lock(&self.inner.world).state(self.inner.clock.offset_seconds())
    }

    /// Waits until no notification is on its way, or the time is over. True when settled.
    pub async fn settled(&self, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        while self.state().notices_pending > 0 {
            if Instant::now() > deadline {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        true
    }

    /// Stops answering and gives up what was on its way.
    pub async fn stop(&self) {
        self.inner.token.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }
}
