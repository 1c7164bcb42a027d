//! A lane: one confirm channel and the one task that publishes on it.
//!
//! A channel with a publish whose answer did not come is given up, and every other message in flight on it is
//! answered as timed out: its tags can no longer be trusted to mean what we think.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use lapin::options::ConfirmSelectOptions;
use lapin::{Channel, Connection};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::error::PublishError;
use super::job::Job;
use super::supervisor::Link;
use crate::config::BusConfig;
use crate::health::PublisherHealth;

/// How a lane publishes.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// Messages in flight at once.
    pub(super) window: usize,
    /// Whether the broker shall return what no queue takes. Only with a window of one.
    pub(super) mandatory: bool,
}

/// What callers hold of a lane.
pub(super) struct LaneHandle {
    jobs: mpsc::UnboundedSender<Job>,
    ready: Arc<AtomicBool>,
}

pub(super) struct Lane {
    rules: Rules,
    jobs: mpsc::UnboundedReceiver<Job>,
    ready: Arc<AtomicBool>,
    links: watch::Receiver<Link>,
    health: Arc<PublisherHealth>,
    complaints: mpsc::UnboundedSender<u64>,
    bound: Duration,
    stop: CancellationToken,
}

enum End {
    /// Told to, with nothing left in flight.
    Stopped,
    /// The channel cannot be used any more.
    Discarded,
    /// A queue that ought to exist does not: the topology has to be declared again.
    Incomplete,
}

impl LaneHandle {
    pub(super) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    /// Unbounded, yet bounded: each job is a caller that waits.
    pub(super) fn submit(&self, job: Job) {
        if let Err(mpsc::error::SendError(job)) = self.jobs.send(job) {
            job.answer(Err(PublishError::Unavailable(
                "the publisher has ended".to_owned(),
            )));
        }
    }
}

impl Lane {
    pub(super) fn new(
        rules: Rules,
        config: &BusConfig,
        links: watch::Receiver<Link>,
        health: &Arc<PublisherHealth>,
        complaints: mpsc::UnboundedSender<u64>,
        stop: &CancellationToken,
    ) -> (Self, LaneHandle) {
        let (sender, jobs) = mpsc::unbounded_channel();
        let ready = Arc::new(AtomicBool::new(false));
        let handle = LaneHandle {
            jobs: sender,
            ready: Arc::clone(&ready),
        };
        let (health, bound, stop) = (Arc::clone(health), config.confirm_timeout, stop.clone());
        (
            Self {
                rules,
                jobs,
                ready,
                links,
                health,
                complaints,
                bound,
                stop,
            },
            handle,
        )
    }

    pub(super) async fn run(mut self) {
        while let Some((generation, connection)) = self.next_connection().await {
            let opening = timeout(self.bound, open(&connection));
            let Some(Ok(Ok(channel))) = self.refusing(opening).await else {
                self.complain(generation).await;
                continue;
            };
            drop(connection);
            self.set_ready(true);
            let end = self.serve(&channel, generation).await;
            self.set_ready(false);
            match end {
                End::Stopped => break,
                End::Discarded => {}
                End::Incomplete => self.complain(generation).await,
            }
        }
        self.jobs.close();
        self.refuse_queued();
    }

    /// Publishes until told to stop or the channel is of no more use.
    async fn serve(&mut self, channel: &Channel, generation: u64) -> End {
        let mandatory = self.rules.mandatory;
        let mut batch = Vec::with_capacity(self.rules.window);
        let mut in_flight: FuturesUnordered<_> = batch
            .drain(..)
            .map(|job: Job| job.publish(channel, mandatory))
            .collect();
        // Without this a lane that had nothing in flight would offer a dead channel to its next message.
        let mut links = self.links.clone();
        let mut replaced = pin!(async move {
            links
                .wait_for(|link| link.generation != generation)
                .await
                .is_ok()
        });
        let (mut closing, mut open) = (false, true);
        let end = loop {
            if !open && in_flight.is_empty() {
                break End::Stopped;
            }
            let room = self.rules.window - in_flight.len();
            tokio::select! {
                biased;
                Some((job, result)) = in_flight.next() => {
                    let end = verdict(&result);
                    job.answer(result);
                    if let Some(end) = end {
                        break end;
                    }
                }
                count = self.jobs.recv_many(&mut batch, room), if open && room > 0 => {
                    // None: closed, by us or because nobody is left to publish, and empty.
                    open = count > 0;
                    in_flight.extend(batch.drain(..).map(|job| job.publish(channel, mandatory)));
                }
                () = self.stop.cancelled(), if !closing => {
                    closing = true;
                    self.jobs.close();
                }
                _ = &mut replaced => break End::Discarded,
            }
        };
        if !matches!(end, End::Stopped) {
            // Refuse first, so that nobody queues behind a channel that is gone.
            self.ready.store(false, Ordering::Release);
            self.refuse_queued();
        }
        // What is still in flight is dropped here, and its callers learn that nothing is known.
        end
    }

    /// The connection to use, once there is one that is not blocked. Nothing when told to stop.
    async fn next_connection(&mut self) -> Option<(u64, Arc<Connection>)> {
        let mut links = self.links.clone();
        let usable = async move {
            let link = links.wait_for(Link::is_usable).await.ok()?;
            link.connection
                .clone()
                .map(|connection| (link.generation, connection))
        };
        self.refusing(usable).await.flatten()
    }

    /// Reports the connection as useless and waits until it has been replaced.
    async fn complain(&mut self, generation: u64) {
        if self.complaints.send(generation).is_err() {
            // The supervisor is gone, and the lane ends with it.
            self.stop.cancel();
        }
        let mut links = self.links.clone();
        let replaced = async move {
            links
                .wait_for(|link| link.generation != generation)
                .await
                .is_ok()
        };
        self.refusing(replaced).await;
    }

    /// Waits for `work` and answers at once whoever comes meanwhile. Nothing when told to stop.
    async fn refusing<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return None,
                result = &mut work => return Some(result),
                job = self.jobs.recv() => self.refuse(job?),
            }
        }
    }

    fn refuse_queued(&mut self) {
        while let Ok(job) = self.jobs.try_recv() {
            self.refuse(job);
        }
    }

    fn refuse(&self, job: Job) {
        job.answer(Err(PublishError::Unavailable(self.health.describe())));
    }

    fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Release);
        if self.rules.mandatory {
            // Readiness is about publishing events.
            return;
        }
        if ready {
            self.health.lane_opened();
        } else {
            self.health.lane_closed();
        }
    }
}

async fn open(connection: &Connection) -> Result<Channel, lapin::Error> {
    let channel = connection.create_channel().await?;
    channel
        .confirm_select(ConfirmSelectOptions::default())
        .await?;
    Ok(channel)
}

/// What an answer means for the channel. A nack is an answer like any other.
fn verdict(result: &Result<(), PublishError>) -> Option<End> {
    match result {
        Ok(())
        | Err(PublishError::Nacked | PublishError::Unavailable(_) | PublishError::Refused(_)) => {
            None
        }
        Err(PublishError::Returned(_)) => Some(End::Incomplete),
        Err(
            PublishError::TimedOut
            | PublishError::NotConfirming
            | PublishError::Discarded
            | PublishError::Lost(_),
        ) => Some(End::Discarded),
    }
}
