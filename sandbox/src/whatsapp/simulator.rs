//! The simulated `WhatsApp`: started on a listener, driven over HTTP or, by drills, in process.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::chat::Chat;
use super::config::WhatsappConfig;
use super::delivery::{self, Answer};
use super::faults::Fault;
use super::guest::{Said, Say, SayError};
use super::history::{Past, Sent};
use super::world::{State, World};
use super::{ids, routes};
use crate::clock::SimClock;
use crate::lock::lock;
use crate::serve;

/// Deliveries at the same time; Meta's own concurrency is not published.
const CONCURRENT_DELIVERIES: usize = 64;

/// What the parts of the simulator share.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) config: WhatsappConfig,
    /// `http://host:port` of this simulator.
    pub(crate) base: String,
    pub(crate) clock: SimClock,
    pub(crate) world: Mutex<World>,
    pub(crate) client: reqwest::Client,
    pub(crate) permits: Semaphore,
    pub(crate) tasks: TaskTracker,
    pub(crate) token: CancellationToken,
}

/// A running simulator. Dropping it leaves it running; [`Simulator::stop`] ends it.
#[derive(Debug, Clone)]
pub struct Simulator {
    pub(crate) inner: Arc<Inner>,
    addr: SocketAddr,
}

/// Where to find it.
#[derive(Debug, Clone, Serialize)]
pub struct Addresses {
    /// The page where a person plays the guest.
    pub chat_page: String,
    /// `WHATSAPP_API_URL`
    pub whatsapp_api_url: String,
    /// Prefix of the control API.
    pub control: String,
    /// Where webhooks go.
    pub webhook_url: String,
    /// The host media is downloaded from, with its port.
    pub media_host: String,
    /// The business number's id.
    pub phone_number_id: String,
}

impl Simulator {
    /// Listens on `addr` (port 0: any) and starts to answer.
    pub async fn start(config: WhatsappConfig, addr: SocketAddr) -> anyhow::Result<Self> {
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
            config,
            base: format!("http://{addr}"),
            clock: SimClock::default(),
            client,
            permits: Semaphore::new(CONCURRENT_DELIVERIES),
            tasks: TaskTracker::new(),
            token: CancellationToken::new(),
        });
        let router = routes::router(Arc::clone(&inner));
        // Not tracked with the deliveries: `settled` waits for those alone.
        tokio::spawn(serve::serve(listener, router, inner.token.clone()));
        Ok(Self { inner, addr })
    }

    /// The listener's address.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where to find what.
    pub fn addresses(&self) -> Addresses {
        let base = &self.inner.base;
        Addresses {
            chat_page: format!("{base}/"),
            whatsapp_api_url: format!("{base}/whatsapp"),
            control: format!("{base}/control"),
            webhook_url: self.inner.config.webhook_url.to_string(),
            media_host: self.addr.to_string(),
            phone_number_id: self.inner.config.phone_number_id.clone(),
        }
    }

    /// What it was set up with.
    pub fn config(&self) -> &WhatsappConfig {
        &self.inner.config
    }

    /// The simulated clock.
    pub fn clock(&self) -> &SimClock {
        &self.inner.clock
    }

    /// A guest writes, taps, or sends a file.
    pub fn say(&self, say: &Say) -> Result<Said, SayError> {
        super::guest::say(&self.inner, say)
    }

    /// The owner types on her own phone.
    pub fn echo(&self, to: &str, text: &str) -> Result<Said, SayError> {
        super::guest::echo(&self.inner, to, text)
    }

    /// Posts these bytes once, signed, and says how they were answered.
    pub async fn raw(&self, body: Vec<u8>) -> Answer {
        super::guest::meet(&self.inner, &body);
        delivery::post(&self.inner, body.into()).await
    }

    /// Delivers these bytes until they get their 200. The answer says whether they did.
    pub fn deliver(&self, body: Vec<u8>) -> tokio::sync::oneshot::Receiver<bool> {
        delivery::dispatch(&self.inner, body, None)
    }

    /// An old phone goes live: contacts and months of chats arrive.
    pub fn history(&self, past: &Past) -> Sent {
        super::history::send(&self.inner, past)
    }

    /// Sets a fault.
    pub fn fault(&self, fault: Fault) {
        lock(&self.inner.world).faults.add(fault);
    }

    /// Clears all faults.
    pub fn clear_faults(&self) {
        lock(&self.inner.world).faults.clear();
    }

    /// Everything said with this guest.
    pub fn chat(&self, phone: &str) -> Chat {
        lock(&self.inner.world)
            .chats
            .get(&ids::digits(phone))
            .cloned()
            .unwrap_or_default()
    }

    /// Everything said with everybody, by phone number.
    pub fn chats(&self) -> Vec<(String, Chat)> {
        let world = lock(&self.inner.world);
        let mut chats: Vec<_> = world
            .chats
            .iter()
            .map(|(phone, chat)| (phone.clone(), chat.clone()))
            .collect();
        chats.sort_by(|a, b| a.0.cmp(&b.0));
        chats
    }

    /// What happened so far.
    pub fn state(&self) -> State {
        lock(&self.inner.world).state(self.inner.clock.offset_seconds())
    }

    /// Waits until no webhook is on its way, or the time is over. True when settled.
    pub async fn settled(&self, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        while self.state().webhooks_pending > 0 {
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
