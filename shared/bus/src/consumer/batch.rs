//! Several messages at a time, on a channel of their own: one acknowledgement then covers a whole batch.
//!
//! Messages are decoded one by one, and a batch that panics or hangs is handled again one by one, so that one
//! poisonous message costs its neighbours nothing.

use std::sync::Arc;
use std::time::Instant;

use tokio::time::sleep_until;
use tokio_util::sync::CancellationToken;

use super::guard::guarded;
use super::settle::{Settled, Settler, ack, requeue_all};
use super::single::{report, undecodable};
use super::subscription::Subscription;
use super::supervisor::{End, Pump};
use super::{BatchConfig, BatchHandler};
use crate::config::BusConfig;
use crate::incoming::{Incoming, Received};
use crate::observer::Observer;
use crate::verdict::{Action, Verdict};

pub(super) struct BatchPump {
    config: BatchConfig,
    handler: Arc<dyn BatchHandler>,
    settler: Settler,
    observer: Arc<dyn Observer>,
    queue: String,
}

/// What collecting ended with.
enum Collected {
    Batch(Vec<Received>),
    Stopped(Vec<Received>),
    Lost,
}

impl BatchPump {
    pub(super) fn new(
        config: BatchConfig,
        handler: Arc<dyn BatchHandler>,
        settler: Settler,
        bus: &BusConfig,
    ) -> Self {
        let queue = config.queue.name(&bus.namespace);
        Self {
            config,
            handler,
            settler,
            observer: Arc::clone(&bus.observer),
            queue,
        }
    }

    async fn collect(
        &self,
        subscription: &mut Subscription,
        size: usize,
        stop: &CancellationToken,
    ) -> Collected {
        let mut batch = Vec::new();
        let mut deadline = None;
        while batch.len() < size {
            tokio::select! {
                biased;
                () = stop.cancelled() => return Collected::Stopped(batch),
                received = subscription.next() => match received {
                    Some(received) => {
                        batch.push(received);
                        deadline.get_or_insert_with(|| tokio::time::Instant::now() + self.config.linger);
                    }
                    None => return Collected::Lost,
                },
                () = async { sleep_until(deadline.unwrap_or_else(tokio::time::Instant::now)).await },
                    if deadline.is_some() => break,
            }
        }
        Collected::Batch(batch)
    }

    /// Judges and settles. Whether one of them was lost, and what turned out to be away.
    async fn handle(
        &self,
        batch: &[Received],
        stop: &CancellationToken,
    ) -> (Settled, Option<String>) {
        let Some(last) = batch.last() else {
            return (Settled::Acked, None);
        };
        let started = Instant::now();
        let verdicts = self.judge(batch).await;
        let took = started.elapsed();
        for (received, verdict) in batch.iter().zip(&verdicts) {
            self.observer.handled(&self.queue, verdict.label(), took);
            report(&self.queue, received, verdict);
        }
        let away = verdicts.iter().find_map(|verdict| match verdict {
            Verdict::Unavailable { dependency, .. } => Some(dependency.clone()),
            _ => None,
        });
        let all_acks = batch
            .iter()
            .zip(&verdicts)
            .all(|(received, verdict)| self.settler.action(received, verdict) == Action::Ack);
        if all_acks {
            // Everything earlier on this channel is settled, so "up to here" is this batch.
            return (ack(last, true).await, None);
        }
        let mut settled = Settled::Acked;
        for (received, verdict) in batch.iter().zip(&verdicts) {
            if self.settler.settle(received, verdict, stop).await == Settled::Lost {
                settled = Settled::Lost;
            }
        }
        (settled, away)
    }

    /// One verdict per message, whatever the handler does.
    async fn judge(&self, batch: &[Received]) -> Vec<Verdict> {
        let decoded: Vec<_> = batch
            .iter()
            .map(|received| received.decode().map_err(|error| undecodable(&error)))
            .collect();
        let good: Vec<Incoming> = decoded
            .iter()
            .filter_map(|result| result.as_ref().ok().cloned())
            .collect();
        let mut judged = self.ask(&good).await.into_iter();
        let missing = || Verdict::retry("the handler gave no verdict");
        decoded
            .into_iter()
            .map(|result| result.map_or_else(|bad| bad, |_| judged.next().unwrap_or_else(missing)))
            .collect()
    }

    async fn ask(&self, batch: &[Incoming]) -> Vec<Verdict> {
        if batch.is_empty() {
            return Vec::new();
        }
        match self.ask_once(batch).await {
            Ok(verdicts) => verdicts,
            Err(error) if batch.len() == 1 => vec![Verdict::retry(error)],
            Err(error) => {
                tracing::error!(
                    queue = self.queue,
                    error,
                    "a batch failed as a whole, handling it one by one"
                );
                self.ask_each(batch).await
            }
        }
    }

    /// Together within the time of one batch: whatever hangs must not hold the channel for long.
    async fn ask_each(&self, batch: &[Incoming]) -> Vec<Verdict> {
        let started = Instant::now();
        let mut verdicts = Vec::with_capacity(batch.len());
        for one in batch {
            let asked = if started.elapsed() < self.config.handler_timeout {
                self.ask_once(std::slice::from_ref(one)).await
            } else {
                Err("no time was left after its neighbours".to_owned())
            };
            verdicts.push(asked.map_or_else(Verdict::retry, |mut one| one.remove(0)));
        }
        verdicts
    }

    /// As many verdicts as messages, or why not.
    async fn ask_once(&self, batch: &[Incoming]) -> Result<Vec<Verdict>, String> {
        let verdicts = guarded(self.config.handler_timeout, self.handler.handle(batch)).await?;
        if verdicts.len() != batch.len() {
            return Err(format!(
                "the handler gave {} verdicts for {} messages",
                verdicts.len(),
                batch.len()
            ));
        }
        Ok(verdicts)
    }
}

impl Pump for BatchPump {
    /// Two batches: the next one gathers while one is being handled.
    fn prefetch(&self) -> u16 {
        self.config.size.saturating_mul(2).max(1)
    }

    async fn pump(
        &mut self,
        subscription: &mut Subscription,
        probing: bool,
        stop: &CancellationToken,
    ) -> End {
        let size = if probing {
            1
        } else {
            usize::from(self.config.size.max(1))
        };
        loop {
            let (batch, stopped) = match self.collect(subscription, size, stop).await {
                Collected::Batch(batch) => (batch, false),
                Collected::Stopped(batch) => (batch, true),
                Collected::Lost => return End::Lost,
            };
            let (settled, away) = self.handle(&batch, stop).await;
            if stopped {
                requeue_all(&subscription.cancel().await).await;
                return End::Stopped;
            }
            if let Some(dependency) = away {
                for received in subscription.cancel().await {
                    let (dependency, error) =
                        (dependency.clone(), "taken while it was away".to_owned());
                    self.settler
                        .settle(&received, &Verdict::Unavailable { dependency, error }, stop)
                        .await;
                }
                return End::Away(dependency);
            }
            if settled == Settled::Lost {
                return End::Lost;
            }
            if probing {
                let rest = subscription.cancel().await;
                self.handle(&rest, stop).await;
                return End::Back;
            }
        }
    }

    async fn finish(&mut self) {}
}
