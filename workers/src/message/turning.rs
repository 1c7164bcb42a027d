//! Making turns: a few tasks that take chats whose turn is due, decide, and commit.
//!
//! They are woken when something was stored here, nudged over the bus for what was stored elsewhere, and look for
//! themselves four times a second: a turn that nobody announced is a quarter of a second late, never lost.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use posta_domain::dialogue::{Decision, Rules, decide};
use posta_runtime::metrics::{MetricsError, Registry};
use posta_store::{
    Store, StoreError,
    turns::{self, Said, Taken, Turn},
};
use prometheus::{Histogram, IntCounterVec};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{nudge::Nudge, render::render, texts::Texts};

/// How long a turn that nobody announced may stay unnoticed.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// The tasks beside the first are woken by it; this often they look for themselves, should it hang.
const OTHERS_LOOK_EVERY: Duration = Duration::from_secs(5);
/// After a failure of the database.
const BREATHER: Duration = Duration::from_millis(500);

/// Makes turns.
pub struct Turns {
    store: Store,
    texts: Texts,
    rules: Rules,
    wake: Arc<Notify>,
    nudge: Nudge,
    metrics: TurnMetrics,
}

/// What is counted.
#[derive(Debug, Clone)]
pub struct TurnMetrics {
    turns: IntCounterVec,
    waits: Histogram,
}

impl TurnMetrics {
    /// Registers them.
    pub fn register(registry: &Registry) -> Result<Self, MetricsError> {
        Ok(Self {
            turns: registry.counter_vec(
                "posta_turns_total",
                "Turns by what was decided.",
                &["decision"],
            )?,
            waits: registry.histogram(
                "posta_turn_wait_seconds",
                "From the guest's newest message, by the provider's clock, to the committed turn.",
            )?,
        })
    }
}

enum Step {
    Worked,
    Idle(Option<Duration>),
}

impl Turns {
    /// `wake` is notified by whoever stores something.
    #[must_use]
    pub const fn new(
        store: Store,
        texts: Texts,
        rules: Rules,
        wake: Arc<Notify>,
        nudge: Nudge,
        metrics: TurnMetrics,
    ) -> Self {
        Self {
            store,
            texts,
            rules,
            wake,
            nudge,
            metrics,
        }
    }

    /// Makes turns in `tasks` tasks until told to stop; what is in hand is finished.
    pub async fn run(self, tasks: u16, token: CancellationToken) {
        let turns = Arc::new(self);
        let mut set = tokio::task::JoinSet::new();
        for number in 0..tasks.max(1) {
            let (turns, token) = (Arc::clone(&turns), token.clone());
            let look_every = if number == 0 {
                LOOK_EVERY
            } else {
                OTHERS_LOOK_EVERY
            };
            set.spawn(async move { turns.work(look_every, &token).await });
        }
        set.join_all().await;
    }

    async fn work(&self, look_every: Duration, token: &CancellationToken) {
        let mut away = false;
        while !token.is_cancelled() {
            let pause = match self.step().await {
                Ok(Step::Worked) => {
                    away = false;
                    continue;
                }
                Ok(Step::Idle(next)) => {
                    away = false;
                    next.map_or(look_every, |next| next.min(look_every))
                }
                Err(error) => {
                    // Once per outage.
                    if !away {
                        tracing::warn!(
                            error = format!("{:#}", anyhow::Error::new(error)),
                            "turns stand still"
                        );
                    }
                    away = true;
                    BREATHER
                }
            };
            tokio::select! {
                () = token.cancelled() => {}
                () = self.wake.notified(), if !away => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn step(&self) -> Result<Step, StoreError> {
        match turns::take(&self.store).await? {
            Taken::Nothing(next) => Ok(Step::Idle(next)),
            Taken::Again => Ok(Step::Worked),
            Taken::Turn(turn) => {
                // There may be more: somebody else looks while we decide.
                self.wake.notify_one();
                self.make(*turn).await?;
                Ok(Step::Worked)
            }
        }
    }

    async fn make(&self, turn: Turn) -> Result<(), StoreError> {
        let conversation = turn.conversation;
        let waited = turn
            .entries
            .iter()
            .map(|entry| entry.at)
            .max()
            .map(|at| turn.now - at);
        let decided = catch_unwind(AssertUnwindSafe(|| self.decide(&turn)));
        let failure = match decided {
            Ok(Ok((decision, said))) => match turn.commit(&decision, said).await {
                Ok(outbox) => {
                    self.note(&decision, waited);
                    if outbox.is_some() {
                        self.nudge.send();
                    }
                    return Ok(());
                }
                Err(error) if error.is_unavailable() => return Err(error),
                Err(error) => format!("{:#}", anyhow::Error::new(error)),
            },
            // The turn still holds its chat: it has to let go before the chat can be put off.
            Ok(Err(error)) => return Self::give_up(turn, &self.store, &format!("{error:#}")).await,
            Err(_) => return Self::give_up(turn, &self.store, "the decision panicked").await,
        };
        tracing::error!(%conversation, error = failure, "a turn failed and is put off");
        turns::postpone(&self.store, conversation, &failure).await
    }

    async fn give_up(turn: Turn, store: &Store, failure: &str) -> Result<(), StoreError> {
        tracing::error!(conversation = %turn.conversation, error = failure, "a turn failed and is put off");
        turn.give_up(store, failure).await
    }

    fn decide(&self, turn: &Turn) -> anyhow::Result<(Decision, Option<Said>)> {
        let decision = decide(&turn.chat, &turn.entries, &turn.desk, &self.rules, turn.now);
        let said = match &decision.reply {
            None => None,
            Some(reply) => {
                let message = render(reply, &self.texts)?;
                let payload = serde_json::to_value(&message)?;
                let kind = if reply.choices.is_empty() {
                    "text"
                } else {
                    "interactive"
                };
                Some(Said {
                    body: message.plain_text().to_owned(),
                    payload,
                    kind,
                })
            }
        };
        Ok((decision, said))
    }

    fn note(&self, decision: &Decision, waited: Option<chrono::TimeDelta>) {
        self.metrics
            .turns
            .with_label_values(&[decision.verdict.name()])
            .inc();
        if let Some(waited) = waited.and_then(|waited| waited.to_std().ok()) {
            self.metrics.waits.observe(waited.as_secs_f64());
        }
    }
}
