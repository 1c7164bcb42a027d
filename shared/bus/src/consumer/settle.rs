//! Carries out a verdict on the broker.
//!
//! A retry is a copy in a retry queue, confirmed, and only then an acknowledgement of the original. A crash in
//! between leaves both, which the handler recognises. While a copy cannot be published the original stays
//! unacknowledged; if its connection ends, the broker delivers it again by itself.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use lapin::options::{BasicAckOptions, BasicNackOptions};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::dead_letter::{BoxError, DeadLetter, DeadLetters, Origin};
use crate::headers;
use crate::incoming::Received;
use crate::outgoing::Outgoing;
use crate::pause::Pauses;
use crate::publisher::Publisher;
use crate::tiers::Tiers;
use crate::verdict::{Action, Verdict};

/// Bound on recording a dead letter.
const RECORD: Duration = Duration::from_secs(10);
/// Bound on handing an acknowledgement to the connection, which takes microseconds on a healthy one.
const ANSWER: Duration = Duration::from_secs(2);
/// Longest pause between two tries to publish a copy or to record a letter.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Where retries go.
pub(super) struct Retries {
    pub(super) publisher: Publisher,
    pub(super) tiers: Tiers,
    pub(super) queues: [String; 4],
    pub(super) max_attempts: u32,
}

pub(super) struct Settler {
    /// The queue a dead letter is replayed to.
    pub(super) queue: String,
    pub(super) origin: Origin,
    /// Nothing for a drain: there is no later for what is at the end of the line.
    pub(super) retries: Option<Retries>,
    pub(super) dead: Arc<dyn DeadLetters>,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settled {
    /// The broker was told that we are done with it.
    Acked,
    /// It went back to its queue.
    Requeued,
    /// Its channel is gone; the broker delivers it again.
    Lost,
}

impl Settler {
    /// Carries out the verdict. Gives up waiting for broker or store when `stop` is cancelled.
    pub(super) async fn settle(
        &self,
        received: &Received,
        verdict: &Verdict,
        stop: &CancellationToken,
    ) -> Settled {
        let work = std::panic::AssertUnwindSafe(self.carry_out(received, verdict, stop));
        match work.catch_unwind().await {
            Ok(settled) => settled,
            // The store of dead letters is foreign code, too. Without this the message would stay taken.
            Err(_) => requeue(received).await,
        }
    }

    /// What the verdict means for this message.
    pub(super) fn action(&self, received: &Received, verdict: &Verdict) -> Action {
        match &self.retries {
            Some(retries) => verdict.action(received.attempt, retries.max_attempts, &retries.tiers),
            None => verdict.action(received.attempt, u32::MAX, &Tiers::default()),
        }
    }

    async fn carry_out(
        &self,
        received: &Received,
        verdict: &Verdict,
        stop: &CancellationToken,
    ) -> Settled {
        let done = match self.action(received, verdict) {
            Action::Ack => true,
            Action::Copy { tier, attempt } => self.copy(received, tier, attempt, stop).await,
            Action::Bury { error } => self.bury(received, error, stop).await,
        };
        match done {
            true => ack(received, false).await,
            false if received.acker.usable() => requeue(received).await,
            false => Settled::Lost,
        }
    }

    /// Whether a copy is safely in the retry queue.
    async fn copy(
        &self,
        received: &Received,
        tier: usize,
        attempt: u32,
        stop: &CancellationToken,
    ) -> bool {
        let Some(retries) = &self.retries else {
            return false;
        };
        let headers = headers::for_copy(&received.headers(), attempt, &received.routing_key);
        let copy = Outgoing::assemble(
            &received.routing_key,
            received.body.clone(),
            received.properties.clone(),
            headers,
        );
        let copy = match copy {
            Ok(copy) => copy,
            Err(error) => {
                let letter = self.letter(
                    received,
                    format!("could not be copied for a retry: {error}"),
                );
                return self.record(letter).await.is_ok();
            }
        };
        let mut pauses = Pauses::up_to(LONGEST_PAUSE);
        while received.acker.usable() {
            let Err(error) = retries
                .publisher
                .publish_to_queue(&retries.queues[tier], copy.clone())
                .await
            else {
                return true;
            };
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                queue = self.queue,
                "could not publish a retry"
            );
            tokio::select! {
                () = tokio::time::sleep(pauses.next()) => {}
                () = stop.cancelled() => return false,
            }
        }
        false
    }

    /// Whether the letter is recorded, or is to be buried again later.
    async fn bury(&self, received: &Received, error: String, stop: &CancellationToken) -> bool {
        tracing::error!(
            queue = self.queue,
            message.id = received.message_id(),
            error,
            "dead letter"
        );
        let letter = self.letter(received, error);
        let mut pauses = Pauses::up_to(LONGEST_PAUSE);
        while received.acker.usable() {
            let Err(error) = self.record(letter.clone()).await else {
                return true;
            };
            tracing::error!(
                error = &*error,
                queue = self.queue,
                "could not record a dead letter"
            );
            if self.retries.is_some() {
                return self.copy(received, 0, received.attempt, stop).await;
            }
            tokio::select! {
                () = tokio::time::sleep(pauses.next()) => {}
                () = stop.cancelled() => return false,
            }
        }
        false
    }

    async fn record(&self, letter: DeadLetter) -> Result<(), BoxError> {
        timeout(RECORD, self.dead.record(letter))
            .await
            .unwrap_or_else(|elapsed| Err(elapsed.into()))
    }

    fn letter(&self, received: &Received, error: String) -> DeadLetter {
        DeadLetter::of(received, &self.queue, self.origin, error)
    }
}

/// Acknowledges, with `multiple` also everything before it on its channel.
pub(super) async fn ack(received: &Received, multiple: bool) -> Settled {
    let acking = received.acker.ack(BasicAckOptions { multiple });
    answered(acking, Settled::Acked).await
}

/// Sends it back to its queue. `nack`, because `reject` counts as a failed delivery on newer brokers.
pub(super) async fn requeue(received: &Received) -> Settled {
    let nacking = received.acker.nack(BasicNackOptions {
        requeue: true,
        multiple: false,
    });
    answered(nacking, Settled::Requeued).await
}

/// Sends all of them back, as long as anybody listens.
pub(super) async fn requeue_all(rest: &[Received]) {
    for received in rest {
        if requeue(received).await == Settled::Lost {
            break;
        }
    }
}

/// `Ok(false)` is the library's way to say that nothing was sent. An acknowledgement that was under way when the
/// connection was cut may never be resolved at all, hence the bound.
async fn answered(
    sending: impl Future<Output = Result<bool, lapin::Error>>,
    sent: Settled,
) -> Settled {
    match timeout(ANSWER, sending).await {
        Ok(Ok(true)) => sent,
        Ok(Ok(false) | Err(_)) | Err(_) => Settled::Lost,
    }
}
