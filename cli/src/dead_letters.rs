//! `posta dead-letters list|show|replay|resolve`.

use std::{process::ExitCode, time::Duration};

use anyhow::{Context as _, bail};
use posta_bus::{BusConfig, Publisher, replay};
use posta_runtime::config::{AmqpConfig, DatabaseConfig};
use posta_store::{
    Store,
    dead_letters::{self, DeadLetter},
    ids::DeadLetterId,
};
use tokio_util::sync::CancellationToken;

use crate::{
    output::{line, readable},
    setup,
};

/// How long the broker may take.
const BROKER: Duration = Duration::from_secs(10);

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Those nobody has dealt with, oldest first.
    List {
        /// How many at most.
        #[arg(long, default_value_t = 100)]
        limit: i64,
    },
    /// One, with its bytes.
    Show {
        /// Its id, as listed.
        id: DeadLetterId,
    },
    /// Send them again, as first attempts, to the queue they died in.
    Replay {
        /// Ids, as listed.
        #[arg(required_unless_present = "all")]
        ids: Vec<DeadLetterId>,
        /// All that are listed.
        #[arg(long, conflicts_with = "ids")]
        all: bool,
    },
    /// Nothing more is to be done about it.
    Resolve {
        /// Its id, as listed.
        id: DeadLetterId,
    },
}

pub(crate) async fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::List { limit } => {
            let store = setup::store(setup::load::<DatabaseConfig>()?)?;
            let letters = dead_letters::list(&store, *limit).await?;
            for letter in &letters {
                let error = readable(letter.error.as_bytes());
                line(&format!(
                    "{}  {}  {}  {}  {error}",
                    letter.id,
                    letter.created_at.format("%F %T"),
                    letter.queue,
                    letter.origin
                ))?;
            }
            if letters.is_empty() {
                line("no dead letters")?;
            }
        }
        Command::Show { id } => show(*id).await?,
        Command::Replay { ids, all } => return replay_all(ids, *all).await,
        Command::Resolve { id } => {
            let store = setup::store(setup::load::<DatabaseConfig>()?)?;
            if !dead_letters::resolve(&store, *id).await? {
                bail!("there is no dead letter {id} to resolve");
            }
            line(&format!("{id} resolved"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(id: DeadLetterId) -> anyhow::Result<()> {
    let store = setup::store(setup::load::<DatabaseConfig>()?)?;
    let letter = find(&store, id).await?;
    line(&format!("id           {}", letter.id))?;
    line(&format!("queue        {}", letter.queue))?;
    line(&format!("routing key  {}", letter.routing_key))?;
    line(&format!(
        "message id   {}",
        letter.message_id.as_deref().unwrap_or("none")
    ))?;
    line(&format!(
        "key          {}",
        readable(letter.key.as_deref().unwrap_or("none").as_bytes())
    ))?;
    line(&format!(
        "given up by  {} after {} attempts",
        letter.origin, letter.attempts
    ))?;
    line(&format!(
        "recorded     {}",
        letter.created_at.format("%F %T UTC")
    ))?;
    if let Some(at) = letter.replayed_at {
        line(&format!("replayed     {}", at.format("%F %T UTC")))?;
    }
    line(&format!(
        "error        {}",
        readable(letter.error.as_bytes())
    ))?;
    line(&format!(
        "headers      {}",
        readable(letter.headers.to_string().as_bytes())
    ))?;
    line(&format!("body         {}", readable(&letter.body)))
}

async fn find(store: &Store, id: DeadLetterId) -> anyhow::Result<DeadLetter> {
    dead_letters::find(store, id)
        .await?
        .with_context(|| format!("there is no dead letter {id}"))
}

async fn replay_all(ids: &[DeadLetterId], all: bool) -> anyhow::Result<ExitCode> {
    let (database, amqp) = setup::load::<(DatabaseConfig, AmqpConfig)>()?;
    let store = setup::store(database)?;
    let letters = if all {
        dead_letters::list(&store, i64::MAX).await?
    } else {
        let mut letters = Vec::new();
        for id in ids {
            letters.push(find(&store, *id).await?);
        }
        letters
    };
    // The queues a letter goes back to are there, or the broker says so: nothing is declared for it.
    let bus = BusConfig {
        queues: Vec::new(),
        ..setup::bus(amqp)?
    };
    let publisher = Publisher::start(bus, CancellationToken::new());
    if !publisher.wait_ready(BROKER).await {
        bail!(
            "could not reach the broker: {}",
            publisher.health().describe()
        );
    }
    for letter in &letters {
        send(&store, &publisher, letter)
            .await
            .with_context(|| format!("could not replay {}", letter.id))?;
        line(&format!("{} sent to {}", letter.id, letter.queue))?;
    }
    line(&format!("{} replayed", letters.len()))?;
    publisher.shutdown().await;
    store.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The event waits again first, else its worker would take the copy for a duplicate; a crash in between leaves it
/// pending, which the books show.
async fn send(store: &Store, publisher: &Publisher, letter: &DeadLetter) -> anyhow::Result<()> {
    dead_letters::reopen(store, letter).await?;
    let copy = replay::Replay {
        message_id: letter.message_id.clone().unwrap_or_default(),
        routing_key: letter.routing_key.clone(),
        body: letter.body.clone().into(),
        traceparent: letter
            .headers
            .get("traceparent")
            .and_then(|value| value.as_str())
            .map(str::to_owned),
    };
    if letter.origin == "unrouted" {
        replay::replay_routed(publisher, copy).await?;
    } else {
        replay::replay(publisher, &letter.queue, copy).await?;
    }
    Ok(dead_letters::mark_replayed(store, letter).await?)
}
