//! The guests: each in a task of its own, knowing nothing but what is on the phone.

use std::time::Duration;

use anyhow::{Context as _, bail};
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::time::Instant;

use crate::drill::load;
use crate::script::player::words;
use crate::script::stay::{Calendar, Stay};
use crate::stack::Stack;
use crate::whatsapp::{ChoiceKind, Say, Simulator};

/// How many there are.
pub(super) const GUESTS: usize = 100;
/// So many want the same nights, and there are six cabins.
const RIVALS: usize = 8;
const NIGHTS: u64 = 3;
/// The last one begins so long after the first.
const SPREAD: Duration = Duration::from_secs(45);
/// Everything is down again and again: but nobody waits longer.
const PATIENCE: Duration = Duration::from_secs(150);
/// So often somebody takes what is offered instead.
const TRIES: usize = 6;

/// What the guests were told.
#[derive(Debug, Default)]
pub(super) struct Talked {
    /// So many that their nights are held.
    pub(super) booked: usize,
    /// So many of them that the first ones were not to be had.
    pub(super) lost: usize,
    pub(super) failures: Vec<String>,
}

/// The nights each wants.
pub(super) async fn prepare(stack: &Stack) -> anyhow::Result<Vec<Stay>> {
    let calendar = Calendar::default();
    let mut wants = Vec::new();
    while wants.len() < GUESTS {
        let stay = calendar.next(stack, NIGHTS, 2).await?;
        wants.extend(std::iter::repeat_n(stay, RIVALS));
    }
    wants.truncate(GUESTS);
    Ok(wants)
}

/// All of them talk.
pub(super) async fn talk(simulator: Simulator, wants: Vec<Stay>, seed: u64) -> Talked {
    let all = u32::try_from(wants.len()).unwrap_or(1);
    let guests = wants.into_iter().enumerate().map(|(n, stay)| {
        let simulator = simulator.clone();
        async move {
            let mut rng = StdRng::seed_from_u64(seed.wrapping_add(u64::try_from(n).unwrap_or(0)));
            tokio::time::sleep(SPREAD.mul_f64(rng.random::<f64>()).max(SPREAD / all)).await;
            let guest = Guest {
                simulator,
                phone: load::phone(n),
                name: format!("Huésped {n}"),
            };
            guest.books(stay).await.map_err(|error| {
                let last = guest.last_words();
                format!("guest {n}: {error:#}; last heard: {last}")
            })
        }
    });
    let mut talked = Talked::default();
    for outcome in join_all(guests).await {
        match outcome {
            Ok(tries) => {
                talked.booked += 1;
                talked.lost += usize::from(tries > 1);
            }
            Err(failure) => talked.failures.push(failure),
        }
    }
    talked
}

struct Guest {
    simulator: Simulator,
    phone: String,
    name: String,
}

impl Guest {
    /// After how many yeses the nights were hers.
    async fn books(&self, stay: Stay) -> anyhow::Result<usize> {
        let text = stay.write("hola! {range} para 2 personas, hay lugar?");
        self.says(&Say::text(&self.phone, &self.name, &text))?;
        self.hears(0).await?;
        for tries in 1..=TRIES {
            if !self.chooses().await? {
                continue;
            }
            let before = self.heard();
            // An impatient thumb.
            let tap = self.button("hold:")?;
            self.says(&tap.clone())?;
            self.says(&tap)?;
            self.hears(before).await?;
            if self.is_booked() {
                return Ok(tries);
            }
        }
        bail!("no nights after {TRIES} tries")
    }

    /// Whether a price is shown, after the first of what was offered was tapped where none was.
    async fn chooses(&self) -> anyhow::Result<bool> {
        if self.is_priced() {
            return Ok(true);
        }
        let before = self.heard();
        self.says(&self.button("option:")?)?;
        self.hears(before).await?;
        Ok(self.is_priced())
    }

    fn is_priced(&self) -> bool {
        let chat = self.simulator.chat(&self.phone);
        let shown = chat.replies().last();
        shown.is_some_and(|it| it.choices.iter().any(|it| it.id.starts_with("hold:")))
    }

    fn button(&self, part: &str) -> anyhow::Result<Say> {
        let chat = self.simulator.chat(&self.phone);
        let offered = chat.messages.iter().flat_map(|entry| {
            let here = entry.choices.iter().filter(|it| it.id.starts_with(part));
            here.take(1)
        });
        let choice = offered
            .last()
            .with_context(|| format!("no message offers `{part}`"))?;
        let id = Some(choice.id.clone());
        let from = Say {
            from: self.phone.clone(),
            name: Some(self.name.clone()),
            ..Say::default()
        };
        Ok(match choice.kind {
            ChoiceKind::Button => Say {
                button_id: id,
                ..from
            },
            ChoiceKind::Row => Say {
                list_id: id,
                ..from
            },
        })
    }

    /// It is delivered by itself, until it gets its 200.
    fn says(&self, say: &Say) -> anyhow::Result<()> {
        drop(self.simulator.say(say)?.delivered);
        Ok(())
    }

    fn heard(&self) -> usize {
        self.simulator.chat(&self.phone).replies().count()
    }

    async fn hears(&self, before: usize) -> anyhow::Result<()> {
        let asked = Instant::now();
        while self.heard() <= before {
            if asked.elapsed() > PATIENCE {
                bail!("no answer within {PATIENCE:?}");
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    fn is_booked(&self) -> bool {
        let chat = self.simulator.chat(&self.phone);
        chat.replies()
            .any(|entry| words(entry).to_lowercase().contains("tu código es"))
    }

    fn last_words(&self) -> String {
        let chat = self.simulator.chat(&self.phone);
        chat.replies().last().map(words).unwrap_or_default()
    }
}
