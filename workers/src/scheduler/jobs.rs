//! The jobs, as data, and what each does.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use posta_store::{
    Store, StoreError, booking, books, jobs, reminders, retention, statuses, upkeep,
};
use tokio::sync::Mutex;

use super::{
    metrics::SchedulerMetrics,
    nudge::{Nudge, Nudger},
    payments,
};

/// Something that is done again and again.
#[derive(Debug, Clone, Copy)]
pub struct Job {
    /// Its name in `job_runs` and metrics.
    pub name: &'static str,
    /// How often.
    pub period: Duration,
    /// What.
    pub kind: Kind,
}

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Holds whose time is over: nobody waits for it to have their nights, but their guests' money is owed back.
    ExpireHolds,
    /// Guests whose hold ends soon and is not paid hear of it.
    RemindHolds,
    /// Replies a lost nudge left behind.
    OutboxSweep,
    /// Turns a lost nudge left behind.
    OverdueTurns,
    /// Statuses that came before their reply knew its message id.
    StatusSweep,
    /// Show the residues.
    BooksAudit,
    /// Open holds are asked about at Mercado Pago before they end; those that could not be are given more time.
    PollPayments,
    /// Links that are not as their requests want them, and guests who wait for one.
    LinksSweep,
    /// The balance is asked for before the guests arrive.
    ChaseBalance,
    /// Days to be compared with Mercado Pago's.
    Reconcile,
    /// Credits nobody used in time.
    ExpireCredits,
    /// Chats a person has left go back to the bot.
    HandBack,
    /// Partitions ahead, and what is kept no longer.
    Purge,
}

/// The schedule.
pub const SCHEDULE: &[Job] = &[
    Job {
        name: "expire_holds",
        period: Duration::from_secs(5),
        kind: Kind::ExpireHolds,
    },
    Job {
        name: "remind_holds",
        period: Duration::from_secs(15),
        kind: Kind::RemindHolds,
    },
    Job {
        name: "outbox_sweep",
        period: Duration::from_secs(10),
        kind: Kind::OutboxSweep,
    },
    Job {
        name: "overdue_turns",
        period: Duration::from_secs(5),
        kind: Kind::OverdueTurns,
    },
    Job {
        name: "status_sweep",
        period: Duration::from_mins(1),
        kind: Kind::StatusSweep,
    },
    Job {
        name: "books_audit",
        period: Duration::from_secs(30),
        kind: Kind::BooksAudit,
    },
    Job {
        name: "poll_payments",
        period: Duration::from_secs(15),
        kind: Kind::PollPayments,
    },
    Job {
        name: "links_sweep",
        period: Duration::from_secs(30),
        kind: Kind::LinksSweep,
    },
    Job {
        name: "chase_balance",
        period: Duration::from_mins(15),
        kind: Kind::ChaseBalance,
    },
    Job {
        name: "reconcile",
        period: Duration::from_hours(1),
        kind: Kind::Reconcile,
    },
    Job {
        name: "expire_credits",
        period: Duration::from_hours(1),
        kind: Kind::ExpireCredits,
    },
    Job {
        name: "hand_back",
        period: Duration::from_mins(1),
        kind: Kind::HandBack,
    },
    Job {
        name: "purge",
        period: Duration::from_hours(6),
        kind: Kind::Purge,
    },
];

/// How old work must be before it counts as left behind: its nudge has had its chance.
const LEFT_BEHIND: Duration = Duration::from_secs(2);
/// Holds ended in one sweep; the next comes in seconds.
const HOLDS: u32 = 200;
/// Reminders in one sweep, likewise.
const REMINDERS: u32 = 200;
/// Nudges for turns in one sweep. The workers find the rest by themselves; this is a second pair of eyes.
const TURNS: i64 = 100;

/// Runs jobs.
pub struct Jobs {
    store: Store,
    nudger: Arc<Nudger>,
    handback_after: Duration,
    inbox_days: u32,
    metrics: SchedulerMetrics,
    /// What this process has run or seen run, so that it asks the database once per time.
    seen: Mutex<HashMap<&'static str, DateTime<Utc>>>,
}

impl Jobs {
    /// Over `store`, nudging through `nudger`.
    #[must_use]
    pub fn new(
        store: Store,
        nudger: Arc<Nudger>,
        handback_after: Duration,
        inbox_days: u32,
        metrics: SchedulerMetrics,
    ) -> Self {
        Self {
            store,
            nudger,
            handback_after,
            inbox_days,
            metrics,
            seen: Mutex::default(),
        }
    }

    /// Runs `job` for its time, unless somebody did. Failures are logged and counted: the next time comes anyway.
    pub async fn run_due(&self, job: &Job, scheduled_at: DateTime<Utc>) {
        if self.seen.lock().await.get(job.name) == Some(&scheduled_at) {
            return;
        }
        match jobs::start(&self.store, job.name, scheduled_at).await {
            Ok(true) => {}
            Ok(false) => {
                self.seen.lock().await.insert(job.name, scheduled_at);
                return;
            }
            Err(error) => {
                tracing::warn!(
                    job = job.name,
                    error = &error as &dyn std::error::Error,
                    "could not start a job"
                );
                return;
            }
        }
        self.seen.lock().await.insert(job.name, scheduled_at);
        let outcome = self.run(job.kind).await;
        let result = if outcome.is_ok() { "done" } else { "failed" };
        self.metrics
            .runs
            .with_label_values(&[job.name, result])
            .inc();
        let words = match &outcome {
            Ok(words) => words.clone(),
            Err(error) => {
                tracing::warn!(
                    job = job.name,
                    error = error as &dyn std::error::Error,
                    "a job failed"
                );
                format!("failed: {error}")
            }
        };
        if let Err(error) = jobs::finish(&self.store, job.name, scheduled_at, &words).await {
            tracing::warn!(
                job = job.name,
                error = &error as &dyn std::error::Error,
                "could not note a job's end"
            );
        }
    }

    /// Does it now; says in words what came of it.
    pub async fn run(&self, kind: Kind) -> Result<String, StoreError> {
        match kind {
            Kind::ExpireHolds => Ok(format!(
                "{} holds ended",
                booking::expire_due(&self.store, HOLDS).await?
            )),
            Kind::RemindHolds => Ok(format!(
                "{} guests reminded",
                reminders::remind_due(&self.store, REMINDERS).await?
            )),
            Kind::PollPayments => payments::poll(&self.store).await,
            Kind::LinksSweep => payments::links(&self.store).await,
            Kind::ChaseBalance => payments::chase(&self.store).await,
            Kind::Reconcile => payments::reconcile(&self.store).await,
            Kind::ExpireCredits => payments::credits(&self.store).await,
            Kind::OutboxSweep => {
                let waiting = upkeep::replies_left_behind(&self.store, LEFT_BEHIND).await?;
                if waiting > 0 {
                    self.nudger.send(&Nudge::Deliveries).await;
                }
                Ok(format!("{waiting} replies waiting"))
            }
            Kind::OverdueTurns => {
                let chats = upkeep::turns_left_behind(&self.store, LEFT_BEHIND, TURNS).await?;
                for chat in &chats {
                    self.nudger.send(&Nudge::Turn(*chat)).await;
                }
                Ok(format!("{} turns waiting", chats.len()))
            }
            Kind::StatusSweep => Ok(format!(
                "{} replies moved",
                statuses::sweep(&self.store).await?
            )),
            Kind::BooksAudit => {
                let audited = books::audit(&self.store, None).await?;
                for page in &audited.pages {
                    self.metrics
                        .books
                        .with_label_values(&[page.kind.name()])
                        .set(page.count);
                }
                self.metrics.residue.set(audited.residue());
                Ok(format!("residue {}", audited.residue()))
            }
            Kind::HandBack => {
                let chats = upkeep::hand_back(&self.store, self.handback_after).await?;
                Ok(format!("{chats} chats handed back"))
            }
            Kind::Purge => {
                let purged = retention::purge(&self.store, self.inbox_days).await?;
                let dropped = purged.dropped.len();
                Ok(format!(
                    "{} partitions made, {dropped} dropped, {} rows purged",
                    purged.prepared, purged.rows
                ))
            }
        }
    }
}
