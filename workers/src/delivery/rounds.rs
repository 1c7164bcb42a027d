//! Rounds: claim what is due, hand each row to a sender, wait for a reason to look again.
//!
//! A row whose lease ran out is sent again only when the statuses had their time of grace to prevent it. Nobody reads
//! statuses while this worker or the database is away, so the grace begins again when both are back.

use std::{sync::Arc, time::Duration};

use posta_store::{
    Store,
    outbox::claim::{Claims, Terms, claim},
};
use tokio::{
    sync::{Notify, Semaphore},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::send::Sender;

/// How long a lost nudge can delay a reply.
const IDLE: Duration = Duration::from_millis(500);
/// A grace that is never over.
const NOT_YET: Duration = Duration::MAX;
/// How long sends in hand may take when we are told to stop. What takes longer ends with its lease, as after a crash.
const LAST_SENDS: Duration = Duration::from_secs(5);
/// Between attempts at a database that is away.
const AWAY: Duration = Duration::from_secs(1);

/// How rounds go.
#[derive(Debug, Clone, Copy)]
pub struct RoundsConfig {
    /// Sends at once.
    pub concurrency: u16,
    /// How long a send and its record may take.
    pub lease: Duration,
    /// How long after a lost lease a status may still settle the row.
    pub grace: Duration,
}

/// The loop.
pub struct Rounds {
    store: Store,
    sender: Arc<Sender>,
    wake: Arc<Notify>,
    config: RoundsConfig,
}

impl Rounds {
    /// Claims from `store` for `sender`, looking again whenever `wake` says so.
    #[must_use]
    pub const fn new(
        store: Store,
        sender: Arc<Sender>,
        wake: Arc<Notify>,
        config: RoundsConfig,
    ) -> Self {
        Self {
            store,
            sender,
            wake,
            config,
        }
    }

    /// Until `stop` is cancelled; then finishes the sends that have begun, if they do not take too long. Every claimed
    /// row has begun: a row is claimed only for a permit that is free.
    pub async fn run(&self, stop: CancellationToken) {
        let permits = Arc::new(Semaphore::new(usize::from(self.config.concurrency)));
        let sends = TaskTracker::new();
        let mut back_since = Instant::now();
        while !stop.is_cancelled() {
            let pause = match self.round(&permits, &sends, back_since).await {
                Ok(0) => IDLE,
                Ok(_) => continue,
                Err(error) => {
                    tracing::warn!(
                        error = format!("{error:#}"),
                        "could not claim replies; trying again"
                    );
                    back_since = Instant::now();
                    AWAY
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        sends.close();
        if tokio::time::timeout(LAST_SENDS, sends.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                sends = sends.len(),
                "stopping before the provider has answered"
            );
        }
    }

    /// One round; how many rows it dealt with.
    async fn round(
        &self,
        permits: &Arc<Semaphore>,
        sends: &TaskTracker,
        back_since: Instant,
    ) -> anyhow::Result<usize> {
        let free = permits.available_permits();
        if free == 0 {
            // A finished send wakes us.
            return Ok(0);
        }
        let terms = Terms {
            limit: i64::try_from(free).unwrap_or(i64::MAX),
            lease: self.config.lease,
            grace: if back_since.elapsed() >= self.config.grace {
                self.config.grace
            } else {
                NOT_YET
            },
            skip: self.sender.closed_accounts(),
        };
        let Claims { send, settled } = claim(&self.store, &terms).await?;
        for (id, state) in &settled {
            tracing::info!(outbox.id = %id, state = state.as_str(), "reply settled without sending");
        }
        let dealt_with = send.len() + settled.len();
        for row in send {
            // Only this loop takes permits, so there is one for each row.
            let permit = Arc::clone(permits).acquire_owned().await?;
            let (sender, wake) = (Arc::clone(&self.sender), Arc::clone(&self.wake));
            sends.spawn(async move {
                sender.deliver(&row).await;
                drop(permit);
                // The guest's next row may go now.
                wake.notify_one();
            });
        }
        Ok(dealt_with)
    }
}
