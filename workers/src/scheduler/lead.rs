//! Leading: hold the lock, look at the clock, run what is due; when the lock is gone, try to get it back.

use std::time::Duration;

use chrono::{DateTime, Utc};
use posta_store::{Store, StoreError, jobs::Leadership};
use tokio_util::sync::CancellationToken;

use super::{
    jobs::{Jobs, SCHEDULE},
    metrics::SchedulerMetrics,
};

/// How long the database may take to say that we still lead.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// Runs the schedule while it leads.
pub struct Leader {
    store: Store,
    jobs: Jobs,
    metrics: SchedulerMetrics,
    tick: Duration,
}

impl Leader {
    /// Looks every `tick`.
    #[must_use]
    pub const fn new(store: Store, jobs: Jobs, metrics: SchedulerMetrics, tick: Duration) -> Self {
        Self {
            store,
            jobs,
            metrics,
            tick,
        }
    }

    /// Until `stop` is cancelled.
    pub async fn run(&self, stop: CancellationToken) {
        let mut leading: Option<Leadership> = None;
        while !stop.is_cancelled() {
            leading = match self.step(leading.take()).await {
                Ok(leading) => leading,
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "not leading: the database is away"
                    );
                    None
                }
            };
            self.metrics.leading.set(i64::from(leading.is_some()));
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(self.tick) => {}
            }
        }
        if let Some(leading) = leading
            && let Err(error) = leading.resign().await
        {
            tracing::debug!(
                error = &error as &dyn std::error::Error,
                "could not resign; the lock ends with us"
            );
        }
    }

    /// One look. Returns the leadership while it lasts.
    async fn step(&self, leading: Option<Leadership>) -> Result<Option<Leadership>, StoreError> {
        let mut leading = match leading {
            Some(leading) => leading,
            None => match Leadership::try_acquire(&self.store).await? {
                Some(leading) => {
                    tracing::info!("leading: this scheduler runs the jobs");
                    leading
                }
                None => return Ok(None),
            },
        };
        // A connection that has silently died would leave nobody leading.
        let now = tokio::time::timeout(ANSWERS_WITHIN, leading.check())
            .await
            .unwrap_or(Err(StoreError::Conflict("the database does not answer")))?;
        for job in SCHEDULE {
            self.jobs.run_due(job, due_at(now, job.period)).await;
        }
        Ok(Some(leading))
    }
}

/// The latest scheduled time that is not ahead of `now`: multiples of the period since 1970. Times missed before it
/// are not made good one by one.
#[must_use]
pub fn due_at(now: DateTime<Utc>, period: Duration) -> DateTime<Utc> {
    let period = i64::try_from(period.as_secs()).unwrap_or(i64::MAX).max(1);
    let due = now.timestamp().div_euclid(period) * period;
    DateTime::from_timestamp(due, 0).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{DateTime, Utc};

    use super::due_at;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_latest_time_is_due_and_missed_ones_are_not() {
        let minute = Duration::from_mins(1);
        assert_eq!(
            due_at(at("2026-11-22T10:00:59Z"), minute),
            at("2026-11-22T10:00:00Z")
        );
        assert_eq!(
            due_at(at("2026-11-22T10:01:00Z"), minute),
            at("2026-11-22T10:01:00Z")
        );
        assert_eq!(
            due_at(at("2026-11-22T15:10:00Z"), Duration::from_hours(6)),
            at("2026-11-22T12:00:00Z")
        );
    }
}
