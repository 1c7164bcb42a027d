//! Plays a scenario against the running stack: each step waits for what must follow, with a deadline.

use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::time::Instant;

use super::progress::Progress;
use super::scenario::{Scenario, Step};
use crate::stack::Stack;
use crate::whatsapp::{ChoiceKind, Entry, Say, Simulator};

/// A reply comes within seconds; a turn waits two of them for more text.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// How long a chat must stay silent before we believe it: longer than a turn takes.
const SILENCE: Duration = Duration::from_secs(5);

/// Plays it to the end, or says which step went wrong.
pub(crate) async fn play(stack: &Stack, scenario: &Scenario) -> anyhow::Result<()> {
    for step in scenario.steps {
        take(stack, scenario, *step).await.with_context(|| {
            format!(
                "scenario {}: {step:?} did not go as it should",
                scenario.name
            )
        })?;
    }
    Ok(())
}

async fn take(stack: &Stack, scenario: &Scenario, step: Step) -> anyhow::Result<()> {
    let simulator = &stack.simulator;
    let guest = scenario.guest;
    let before = replies(simulator, scenario.phone);
    match step {
        Step::Writes(text) => {
            Progress::says(guest, text);
            say(simulator, &Say::text(scenario.phone, guest, text)).await?;
            answered(simulator, scenario, before).await
        }
        Step::WritesInBits(texts) => {
            for text in texts {
                Progress::says(guest, text);
                say(simulator, &Say::text(scenario.phone, guest, text)).await?;
            }
            answered(simulator, scenario, before).await
        }
        Step::Taps(part) => {
            let (title, tap) = button(simulator, scenario, part)?;
            Progress::says(guest, &format!("[{title}]"));
            say(simulator, &tap).await?;
            answered(simulator, scenario, before).await
        }
        Step::SendsPhoto(caption) => {
            Progress::says(guest, &format!("[foto] {caption}"));
            let photo = Say {
                image_file: Some("sample".into()),
                caption: Some(caption.into()),
                ..from(scenario)
            };
            say(simulator, &photo).await?;
            answered(simulator, scenario, before).await
        }
        Step::SendsVoice => {
            Progress::says(guest, "[audio]");
            say(
                simulator,
                &Say {
                    audio_file: Some("sample".into()),
                    ..from(scenario)
                },
            )
            .await?;
            answered(simulator, scenario, before).await
        }
        Step::OwnerWrites(text) => {
            Progress::says("dueña (su teléfono)", text);
            let said = simulator.echo(scenario.phone, text)?;
            delivered(said.delivered).await?;
            taken_over(stack, scenario.phone).await
        }
        Step::WritesToThePerson(text) => {
            Progress::says(guest, text);
            say(simulator, &Say::text(scenario.phone, guest, text)).await?;
            tokio::time::sleep(SILENCE).await;
            if replies(simulator, scenario.phone) > before {
                bail!("the desk answered although a person has the chat");
            }
            Progress::notes("nobody answers by machine: the owner has this chat");
            Ok(())
        }
    }
}

fn from(scenario: &Scenario) -> Say {
    Say {
        from: scenario.phone.into(),
        name: Some(scenario.guest.into()),
        ..Say::default()
    }
}

fn button(simulator: &Simulator, scenario: &Scenario, part: &str) -> anyhow::Result<(String, Say)> {
    let chat = simulator.chat(scenario.phone);
    let choice = chat
        .messages
        .iter()
        .rev()
        .flat_map(|entry| &entry.choices)
        .find(|choice| choice.id.contains(part))
        .with_context(|| format!("no message offers a choice with `{part}`"))?;
    let id = Some(choice.id.clone());
    let tap = match choice.kind {
        ChoiceKind::Button => Say {
            button_id: id,
            ..from(scenario)
        },
        ChoiceKind::Row => Say {
            list_id: id,
            ..from(scenario)
        },
    };
    Ok((choice.title.clone(), tap))
}

async fn say(simulator: &Simulator, say: &Say) -> anyhow::Result<()> {
    delivered(simulator.say(say)?.delivered).await
}

async fn delivered(receiver: tokio::sync::oneshot::Receiver<bool>) -> anyhow::Result<()> {
    match tokio::time::timeout(ANSWER_WITHIN, receiver).await {
        Ok(Ok(true)) => Ok(()),
        _ => bail!("ingress did not take the webhook"),
    }
}

fn replies(simulator: &Simulator, phone: &str) -> usize {
    simulator.chat(phone).replies().count()
}

/// Waits until there is more than before, and what came was read.
async fn answered(simulator: &Simulator, scenario: &Scenario, before: usize) -> anyhow::Result<()> {
    let asked = Instant::now();
    loop {
        let chat = simulator.chat(scenario.phone);
        let new: Vec<&Entry> = chat.replies().skip(before).collect();
        if !new.is_empty()
            && new
                .iter()
                .all(|entry| entry.statuses.iter().any(|mark| mark.status == "read"))
        {
            for entry in new {
                Progress::says("Posta", &words(entry));
            }
            return Ok(());
        }
        if asked.elapsed() > ANSWER_WITHIN {
            bail!("no answer within {ANSWER_WITHIN:?}");
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}

/// What a person sees of a reply: text and buttons.
pub(crate) fn words(entry: &Entry) -> String {
    let mut words = entry.text.clone();
    for choice in &entry.choices {
        words.push_str("  [");
        words.push_str(&choice.title);
        words.push(']');
    }
    words
}

async fn taken_over(stack: &Stack, phone: &str) -> anyhow::Result<()> {
    let asked = Instant::now();
    loop {
        let human: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM conversations c JOIN guest_aliases a USING (guest_id)
              WHERE a.value = $1 AND c.mode = 'human'",
        )
        .bind(phone)
        .fetch_one(&stack.database)
        .await
        .context("could not ask who has the chat")?;
        if human > 0 {
            return Ok(());
        }
        if asked.elapsed() > ANSWER_WITHIN {
            bail!("the chat did not become the owner's");
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}
