//! The message-worker: takes in what guests and people of ours write, and answers.
//!
//! Actors: [`Messages`] stores what comes over the bus, a due turn with it, and acknowledges; [`Turns`] takes chats
//! whose turn is due from the table and writes what the dialogue decided into the outbox; [`Nudge`] tells the
//! delivery-worker. Any number of these workers may run.
//!
//! Guaranteed: what was acknowledged is answered, also after a crash, since the turn is in the table; one turn at a
//! time in each chat, in the provider's order. Not guaranteed: that the bus delivers in order, or once; the mailbox
//! sorts, and the inbox knows copies.

pub(crate) mod arrive;
mod consume;
mod nudge;
pub(crate) mod payload;
mod render;
mod turning;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use posta_bus::Queue;
use posta_domain::{dialogue::Rules, quiet::Windows, understand};
use posta_runtime::{clock::SystemClock, config::DialogueConfig, lifecycle::Shutdown};
use posta_texts::Texts;
use tokio::sync::Notify;

pub use consume::Messages;
pub(crate) use consume::{failed, verdict};
pub use nudge::Nudge;
pub use render::{Rendered, render};
pub use turning::{TurnMetrics, Turns};

use crate::compose::{Core, CoreConfig};

/// What the message-worker reads.
pub type Config = (CoreConfig, DialogueConfig);

/// Turns at once: each holds a connection for a few milliseconds.
const TURN_TASKS: u16 = 4;

/// The whole worker.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let (core, dialogue) = config;
    // The first guest waits no longer than the second.
    understand::prepare();
    let core = Core::start("message-worker", core, &shutdown)?;
    let wake = Arc::new(Notify::new());
    let nudge = Nudge::default();
    let metrics = TurnMetrics::register(core.registry())?;
    let turns = Turns::new(
        core.store().clone(),
        Texts::es_ar()?,
        rules(&dialogue),
        Arc::clone(&wake),
        nudge.clone(),
        metrics,
    );
    let token = shutdown.token();
    shutdown.spawn("turns", async move {
        turns.run(TURN_TASKS, token).await;
        Ok(())
    });
    let (publisher, token) = (core.publisher().clone(), shutdown.token());
    shutdown.spawn("nudges", async move {
        nudge.run(publisher, Arc::new(SystemClock), token).await;
        Ok(())
    });
    let messages = Messages::new(core.store().clone(), windows(&dialogue), wake);
    core.consume(Queue::Messages, Arc::new(messages))
        .run()
        .await
}

/// The quiet windows of the configuration.
#[must_use]
pub fn windows(config: &DialogueConfig) -> Windows {
    Windows {
        quiet: delta(config.quiet_window),
        late_after: delta(config.late_after),
        late: delta(config.late_window),
    }
}

/// The dialogue's rules of the configuration.
#[must_use]
pub fn rules(config: &DialogueConfig) -> Rules {
    Rules {
        hand_back_after: delta(config.handback_after),
        ..Rules::default()
    }
}

/// The configuration's durations are bounded far below what does not fit.
fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
