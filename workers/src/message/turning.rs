//! Making turns: a few tasks that take chats whose turn is due, decide, and commit.
//!
//! They are woken when something was stored here, nudged over the bus for what was stored elsewhere, and look for
//! themselves four times a second: a turn that nobody announced is a quarter of a second late, never lost. One
//! more task announces what happened to bookings ([`turns::announce`]), so that it becomes a turn.
//!
//! A turn that fails, or panics, leaves nothing behind: what it did in the world is on its own transaction.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use anyhow::Context as _;
use futures_util::FutureExt as _;
use posta_domain::dialogue::{Decision, Reply, Rules};
use posta_runtime::metrics::{MetricsError, Registry};
use posta_store::{
    Store, StoreError,
    ids::ConversationId,
    turns::{self, Said, Taken, Turn},
};
use posta_texts::{Renderer, Texts};
use prometheus::{Histogram, IntCounter, IntCounterVec};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{nudge::Nudge, render::render};

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
    failures: IntCounter,
    shortened: IntCounter,
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
            failures: registry.counter(
                "posta_turn_failures_total",
                "Turns that failed and were put off.",
            )?,
            shortened: registry.counter(
                "posta_replies_shortened_total",
                "Replies in which the owner's words had to be cut to fit.",
            )?,
        })
    }
}

/// Why there is no decision.
enum Failure {
    Store(StoreError),
    Words(anyhow::Error),
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
        let (announcing, token) = (Arc::clone(&turns), token.clone());
        set.spawn(async move { announcing.announce(&token).await });
        set.join_all().await;
    }

    /// Turns what happened to bookings into turns.
    async fn announce(&self, token: &CancellationToken) {
        let mut away = false;
        while !token.is_cancelled() {
            let pause = match turns::announce(&self.store).await {
                Ok(announced) => {
                    away = false;
                    if announced > 0 {
                        self.wake.notify_one();
                    }
                    LOOK_EVERY
                }
                Err(error) => {
                    if !away {
                        tracing::warn!(
                            error = format!("{:#}", anyhow::Error::new(error)),
                            "events are not announced"
                        );
                    }
                    away = true;
                    BREATHER
                }
            };
            tokio::select! {
                () = token.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
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

    async fn make(&self, mut turn: Turn) -> Result<(), StoreError> {
        let conversation = turn.conversation;
        let waited = turn
            .entries
            .iter()
            .filter(|entry| !entry.content.is_ours())
            .map(|entry| entry.at)
            .max()
            .map(|at| turn.now - at);
        let decided = AssertUnwindSafe(self.decide(&mut turn))
            .catch_unwind()
            .await;
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
                Err(error) => {
                    let failure = format!("{:#}", anyhow::Error::new(error));
                    self.failed(conversation, &failure);
                    return turns::postpone(&self.store, conversation, &failure).await;
                }
            },
            Ok(Err(Failure::Store(error))) if error.is_unavailable() => return Err(error),
            Ok(Err(Failure::Store(error))) => format!("{:#}", anyhow::Error::new(error)),
            Ok(Err(Failure::Words(error))) => format!("{error:#}"),
            Err(_) => "the decision panicked".to_owned(),
        };
        self.failed(conversation, &failure);
        // The turn still holds its chat: it has to let go before the chat can be put off.
        turn.give_up(&self.store, &failure).await
    }

    async fn decide(&self, turn: &mut Turn) -> Result<(Decision, Option<Said>), Failure> {
        let decision = turn.decide(&self.rules).await.map_err(Failure::Store)?;
        let said = match &decision.reply {
            None => None,
            Some(reply) => Some(self.said(reply, turn).map_err(Failure::Words)?),
        };
        Ok((decision, said))
    }

    fn said(&self, reply: &Reply, turn: &Turn) -> anyhow::Result<Said> {
        let words = Renderer::new(&self.texts, turn.desk.hours.zone, turn.now);
        let rendered = render(reply, &words).context("could not put the reply into words")?;
        if rendered.shortened {
            self.metrics.shortened.inc();
            tracing::warn!(conversation = %turn.conversation, "the owner's words were cut to fit into a message");
        }
        Ok(Said {
            payload: serde_json::to_value(&rendered.message)
                .context("could not write the reply down")?,
            body: rendered.thread,
            kind: rendered.kind,
        })
    }

    fn failed(&self, conversation: ConversationId, failure: &str) {
        self.metrics.failures.inc();
        tracing::error!(%conversation, error = failure, "a turn failed and is put off");
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
