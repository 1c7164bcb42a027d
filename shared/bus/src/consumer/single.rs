//! One task per message.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::Handler;
use super::guard::guarded;
use super::settle::{Settled, Settler, requeue_all};
use super::subscription::Subscription;
use super::supervisor::{End, Pump};
use crate::config::BusConfig;
use crate::dead_letter::DeadSource;
use crate::envelope::DecodeError;
use crate::incoming::{Incoming, Received};
use crate::observer::Observer;
use crate::verdict::Verdict;

/// Says what is to become of a message.
#[async_trait]
pub(super) trait Judge: Send + Sync {
    async fn judge(&self, received: &Received) -> Verdict;
}

/// Asks a handler.
pub(super) struct HandlerJudge {
    pub(super) handler: Arc<dyn Handler>,
    pub(super) timeout: Duration,
    pub(super) queue: String,
}

/// Buries everything.
pub(super) struct Drain(pub(super) DeadSource);

pub(super) struct SinglePump {
    work: Arc<Work>,
    concurrency: u16,
    /// Lives longer than a subscription, so that handlers which outlive their connection still count.
    tasks: JoinSet<Report>,
    /// Counts subscriptions, so that a message lost with an old one does not end the new one.
    subscription: u64,
}

struct Work {
    judge: Arc<dyn Judge>,
    settler: Settler,
    observer: Arc<dyn Observer>,
    queue: String,
}

/// How a message's task ended.
struct Report {
    subscription: u64,
    settled: Settled,
    away: Option<String>,
}

impl SinglePump {
    pub(super) fn new(
        judge: Arc<dyn Judge>,
        settler: Settler,
        bus: &BusConfig,
        queue: &str,
        concurrency: u16,
    ) -> Self {
        let observer = Arc::clone(&bus.observer);
        let work = Arc::new(Work {
            judge,
            settler,
            observer,
            queue: queue.to_owned(),
        });
        Self {
            work,
            concurrency: concurrency.max(1),
            tasks: JoinSet::new(),
            subscription: 0,
        }
    }

    fn handle(&mut self, received: Received, stop: &CancellationToken) {
        let (work, stop, subscription) = (Arc::clone(&self.work), stop.clone(), self.subscription);
        self.tasks.spawn(async move {
            let (settled, away) = work.handle(received, &stop).await;
            Report {
                subscription,
                settled,
                away,
            }
        });
    }

    fn hand_back(&mut self, received: Received, verdict: Verdict, stop: &CancellationToken) {
        let (work, stop, subscription) = (Arc::clone(&self.work), stop.clone(), self.subscription);
        self.tasks.spawn(async move {
            let settled = work.settler.settle(&received, &verdict, &stop).await;
            Report {
                subscription,
                settled,
                away: None,
            }
        });
    }

    async fn stop(&mut self, subscription: &mut Subscription) -> End {
        requeue_all(&subscription.cancel().await).await;
        self.finish().await;
        End::Stopped
    }

    async fn pause(
        &mut self,
        subscription: &mut Subscription,
        dependency: String,
        stop: &CancellationToken,
    ) -> End {
        for received in subscription.cancel().await {
            let (dependency, error) = (dependency.clone(), "taken while it was away".to_owned());
            self.hand_back(received, Verdict::Unavailable { dependency, error }, stop);
        }
        self.finish().await;
        End::Away(dependency)
    }
}

impl Pump for SinglePump {
    fn prefetch(&self) -> u16 {
        self.concurrency
    }

    async fn pump(
        &mut self,
        subscription: &mut Subscription,
        probing: bool,
        stop: &CancellationToken,
    ) -> End {
        // The broker hands out no more than this either; the permit is what holds over reconnects.
        self.subscription += 1;
        let permits = if probing {
            1
        } else {
            usize::from(self.concurrency)
        };
        loop {
            tokio::select! {
                biased;
                () = stop.cancelled() => return self.stop(subscription).await,
                Some(report) = self.tasks.join_next() => match report {
                    Ok(Report { away: Some(dependency), .. }) => {
                        return self.pause(subscription, dependency, stop).await;
                    }
                    // Unanswered on a connection that stands, it would stay taken: the connection has to go.
                    Ok(Report { settled: Settled::Lost, subscription, .. }) if subscription == self.subscription => {
                        return End::Lost;
                    }
                    Ok(Report { settled: Settled::Acked, .. }) if probing => {
                        for received in subscription.cancel().await {
                            self.handle(received, stop);
                        }
                        return End::Back;
                    }
                    Ok(_) => {}
                    Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "a message's task ended"),
                },
                received = subscription.next(), if self.tasks.len() < permits => match received {
                    Some(received) => self.handle(received, stop),
                    None => return End::Lost,
                },
            }
        }
    }

    async fn finish(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

impl Work {
    async fn handle(
        &self,
        received: Received,
        stop: &CancellationToken,
    ) -> (Settled, Option<String>) {
        let started = Instant::now();
        let verdict = self.judge.judge(&received).await;
        self.observer
            .handled(&self.queue, verdict.label(), started.elapsed());
        report(&self.queue, &received, &verdict);
        let settled = self.settler.settle(&received, &verdict, stop).await;
        let away = match verdict {
            Verdict::Unavailable { dependency, .. } => Some(dependency),
            _ => None,
        };
        (settled, away)
    }
}

#[async_trait]
impl Judge for HandlerJudge {
    async fn judge(&self, received: &Received) -> Verdict {
        let incoming = match received.decode() {
            Ok(incoming) => incoming,
            Err(error) => return undecodable(&error),
        };
        let span = span(&self.queue, &incoming);
        let handling = self.handler.handle(&incoming).instrument(span);
        guarded(self.timeout, handling)
            .await
            .unwrap_or_else(Verdict::retry)
    }
}

#[async_trait]
impl Judge for Drain {
    async fn judge(&self, _received: &Received) -> Verdict {
        Verdict::Dead(self.0.reason().to_owned())
    }
}

/// A newer process may read it; nobody will ever read garbage.
pub(super) fn undecodable(error: &DecodeError) -> Verdict {
    match error {
        DecodeError::Version(_) => Verdict::retry(error.to_string()),
        DecodeError::Malformed(cause) => Verdict::Dead(format!("{error}: {cause}")),
    }
}

/// Logs what did not go well, once. Texts of verdicts are the handlers', who keep personal data out of them.
pub(super) fn report(queue: &str, received: &Received, verdict: &Verdict) {
    let (attempt, id) = (received.attempt, received.message_id());
    match verdict {
        Verdict::Done | Verdict::Duplicate | Verdict::Dead(_) => {}
        Verdict::Rejected(reason) => {
            tracing::info!(queue, message.id = id, attempt, reason, "message rejected");
        }
        Verdict::Retry { error, .. } | Verdict::Postpone { error, .. } => {
            tracing::warn!(
                queue,
                message.id = id,
                attempt,
                error,
                verdict = verdict.label(),
                "message comes back later"
            );
        }
        Verdict::Unavailable { dependency, error } => {
            tracing::warn!(
                queue,
                message.id = id,
                attempt,
                dependency,
                error,
                "message handed back"
            );
        }
    }
}

pub(super) fn span(queue: &str, incoming: &Incoming) -> tracing::Span {
    tracing::info_span!(
        "message",
        queue,
        kind = incoming.envelope.kind,
        message.id = incoming.message_id,
        attempt = incoming.attempt,
        traceparent = incoming.traceparent.as_deref(),
    )
}
