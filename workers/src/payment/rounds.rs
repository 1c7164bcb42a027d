//! Rounds: claim what is due, attempt each row, wait for a reason to look again. Reads, links and refunds each have
//! theirs.
//!
//! Every claimed row has a permit, so that nothing waits in this process with its lease running. A row whose attempt
//! was cut off (a crash, a stop, a time-out) comes back when its lease ends: every attempt is safe to begin again.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use posta_store::{StoreError, ids::AccountId};
use tokio::{
    sync::{Notify, Semaphore},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::Instrument as _;

use super::{gate::Gate, metrics::PaymentMetrics};
use crate::compose::chain;

/// How long a lost wake-up can delay anything.
const IDLE: Duration = Duration::from_millis(500);
/// How long attempts in hand may take when we are told to stop. What takes longer ends with its lease.
const LAST_ATTEMPTS: Duration = Duration::from_secs(5);
/// Between attempts at a database that is away.
const AWAY: Duration = Duration::from_secs(1);
/// How long a row is ours: several calls, each with its time-out, and the records.
const LEASE: Duration = Duration::from_mins(1);
/// What an attempt may take of it, so that nobody else has the row when it records.
const BUDGET: Duration = Duration::from_secs(50);

/// One kind of row, and what is done with it.
#[async_trait]
pub trait Work: Send + Sync + 'static {
    /// A claimed row.
    type Row: Send + Sync + 'static;

    /// For metrics and logs.
    fn name(&self) -> &'static str;

    /// Claims up to `limit` rows, none of the accounts in `except`.
    async fn claim(
        &self,
        limit: i64,
        lease: Duration,
        except: &[AccountId],
    ) -> Result<Vec<Self::Row>, StoreError>;

    /// Names the row in logs: an id, never its contents.
    fn subject(&self, row: &Self::Row) -> String;

    /// Takes one row as far as it goes now, and records how far that is. The outcome in one word, for metrics.
    async fn attempt(&self, row: &Self::Row) -> Result<&'static str, StoreError>;

    /// Records that an attempt took longer than it may. That counts: a row that always does would otherwise hold a place
    /// for ever.
    async fn cut_off(&self, row: &Self::Row) -> Result<(), StoreError>;
}

/// The loop of one kind of work.
pub struct Rounds<W> {
    work: Arc<W>,
    gate: Arc<Gate>,
    wake: Arc<Notify>,
    metrics: PaymentMetrics,
    concurrency: usize,
    budget: Duration,
}

impl<W: Work> Rounds<W> {
    /// Up to `concurrency` rows at once, looking again whenever `wake` says so.
    #[must_use]
    pub fn new(
        work: W,
        gate: Arc<Gate>,
        wake: Arc<Notify>,
        metrics: PaymentMetrics,
        concurrency: u16,
    ) -> Self {
        Self {
            work: Arc::new(work),
            gate,
            wake,
            metrics,
            concurrency: usize::from(concurrency.max(1)),
            budget: BUDGET,
        }
    }

    /// With less time for an attempt than usual.
    #[must_use]
    pub fn within(mut self, budget: Duration) -> Self {
        self.budget = budget.min(BUDGET);
        self
    }

    /// Until `stop` is cancelled; then finishes what has begun, if that does not take too long.
    pub async fn run(&self, stop: CancellationToken) {
        let permits = Arc::new(Semaphore::new(self.concurrency));
        let attempts = TaskTracker::new();
        while !stop.is_cancelled() {
            let pause = match self.round(&permits, &attempts).await {
                Ok(0) => IDLE,
                Ok(_) => continue,
                Err(error) => {
                    tracing::warn!(
                        work = self.work.name(),
                        error = chain(&error),
                        "could not claim what is due; trying again"
                    );
                    AWAY
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        attempts.close();
        if tokio::time::timeout(LAST_ATTEMPTS, attempts.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                work = self.work.name(),
                attempts = attempts.len(),
                "stopping before Mercado Pago has answered"
            );
        }
    }

    /// One round; how many rows it began.
    async fn round(
        &self,
        permits: &Arc<Semaphore>,
        attempts: &TaskTracker,
    ) -> Result<usize, StoreError> {
        let free = permits.available_permits();
        if free == 0 {
            // A finished attempt wakes us.
            return Ok(0);
        }
        let limit = i64::try_from(free).unwrap_or(i64::MAX);
        let except = self.gate.closed_accounts();
        let rows = self.work.claim(limit, LEASE, &except).await?;
        let begun = rows.len();
        for row in rows {
            // Only this loop takes permits, so there is one for each row.
            let Ok(permit) = Arc::clone(permits).try_acquire_owned() else {
                break;
            };
            let (work, wake) = (Arc::clone(&self.work), Arc::clone(&self.wake));
            let (metrics, budget) = (self.metrics.clone(), self.budget);
            attempts.spawn(async move {
                attempt(work.as_ref(), &row, budget, &metrics).await;
                drop(permit);
                wake.notify_one();
            });
        }
        Ok(begun)
    }
}

async fn attempt<W: Work>(work: &W, row: &W::Row, budget: Duration, metrics: &PaymentMetrics) {
    let began = Instant::now();
    let subject = work.subject(row);
    let span = tracing::info_span!("payment", work = work.name(), subject);
    let attempt = work.attempt(row).instrument(span);
    let outcome = match tokio::time::timeout(budget, attempt).await {
        Ok(Ok(outcome)) => outcome,
        // The lease runs out, and the row is looked at again.
        Ok(Err(error)) => {
            let error = chain(&error);
            tracing::warn!(
                work = work.name(),
                subject,
                error,
                "could not record an attempt"
            );
            "unrecorded"
        }
        Err(_) => {
            tracing::warn!(
                work = work.name(),
                subject,
                "an attempt took too long; it begins again"
            );
            if let Err(error) = work.cut_off(row).await {
                let error = chain(&error);
                tracing::warn!(work = work.name(), subject, error, "could not record that");
            }
            "too_long"
        }
    };
    let labels = [work.name(), outcome];
    metrics.attempts.with_label_values(&labels).inc();
    metrics
        .seconds
        .with_label_values(&labels[..1])
        .observe(began.elapsed().as_secs_f64());
}
