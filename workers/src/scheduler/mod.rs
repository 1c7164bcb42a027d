//! The scheduler: one leader runs what is due.
//!
//! Actors: [`lead`] holds the leadership and asks [`jobs`] what is due by the database's clock; [`run`](jobs) does
//! pure-SQL jobs itself and publishes nudges for the rest. Guaranteed: a job runs at most once per scheduled time,
//! whoever believes to lead; a time that was missed is made good once, not as often as it was missed. Not guaranteed:
//! that a job which began was finished: each is harmless to run again.

mod jobs;
mod lead;
mod metrics;
mod nudge;
mod payments;

use std::{sync::Arc, time::Duration};

use posta_bus::{DeadSource, Queue};
use posta_runtime::{
    clock::SystemClock,
    config::{DialogueConfig, RetentionConfig},
    lifecycle::Shutdown,
};

pub use jobs::{Job, Jobs, Kind, SCHEDULE};
pub use lead::{Leader, due_at};
pub use metrics::SchedulerMetrics;
pub use nudge::{Nudge, Nudger};

use crate::compose::{Core, CoreConfig};

/// What the scheduler reads.
pub type Config = (CoreConfig, DialogueConfig, RetentionConfig);

/// Between two looks at the schedule: shorter than the shortest period.
const TICK: Duration = Duration::from_secs(1);

/// The whole scheduler.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let (core, dialogue, retention) = config;
    let core = Core::start("scheduler", core, &shutdown)?;
    let metrics = SchedulerMetrics::register(core.registry())?;
    let nudger = Arc::new(Nudger::new(core.publisher().clone(), Arc::new(SystemClock)));
    let jobs = Jobs::new(
        core.store().clone(),
        nudger,
        dialogue.handback_after,
        retention.inbox_days,
        metrics.clone(),
    );
    let leader = Leader::new(core.store().clone(), jobs, metrics, TICK);
    let token = shutdown.token();
    shutdown.spawn("schedule", async move {
        leader.run(token).await;
        Ok(())
    });
    // The dead queues of workers that do not exist yet, so that nothing is forgotten there.
    core.drain(DeadSource::Unrouted)
        .drain(DeadSource::Queue(Queue::Transcriptions))
        .drain(DeadSource::Queue(Queue::Calendars))
        .run()
        .await
}
