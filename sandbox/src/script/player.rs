//! Plays a script against the running stack: each step waits for what must follow, with a deadline.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use serde_json::json;
use tokio::time::Instant;

use super::{End, Script, Stay, Step, owner::Owner, past, pay};
use crate::mercadopago::{Pay, Update};
use crate::stack::Stack;
use crate::whatsapp::{ChoiceKind, Entry, Say, Simulator};

/// How long a chat must stay silent before we believe it: longer than a turn takes.
const SILENCE: Duration = Duration::from_secs(4);

/// Who is told what is said: a person who watches, or nobody.
pub(crate) trait Voice {
    /// Somebody says something.
    fn says(&self, who: &str, words: &str);
    /// Something that is not said.
    fn notes(&self, words: &str);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Silent;

impl Voice for Silent {
    fn says(&self, _who: &str, _words: &str) {}
    fn notes(&self, _words: &str) {}
}

/// One guest who plays a script.
pub(crate) struct Player<'a, V> {
    pub(crate) stack: &'a Stack,
    pub(crate) owner: &'a Owner,
    pub(crate) script: &'a Script,
    pub(crate) phone: String,
    pub(crate) stay: Option<Stay>,
    pub(crate) voice: V,
    /// A reply must come within this; a turn waits for more text first.
    pub(crate) patience: Duration,
}

impl<V: Voice> Player<'_, V> {
    /// Plays it to the end, or says which step went wrong.
    pub(crate) async fn play(&self) -> anyhow::Result<()> {
        for (n, step) in self.script.steps.iter().enumerate() {
            self.take(*step).await.with_context(|| {
                format!(
                    "scenario {}, step {}: {step:?} did not go as it should",
                    self.script.name,
                    n + 1
                )
            })?;
        }
        for end in self.script.ends {
            end.holds(&self.stack.database, &self.phone)
                .await
                .with_context(|| format!("scenario {}", self.script.name))?;
        }
        Ok(())
    }

    async fn take(&self, step: Step) -> anyhow::Result<()> {
        let before = self.replies();
        match step {
            Step::Writes(text) => {
                self.writes(text).await?;
                self.answered(before).await
            }
            Step::WritesInBits(texts) => {
                for text in texts {
                    self.writes(text).await?;
                }
                self.answered(before).await
            }
            Step::Taps(part) => self.taps(part, false, before).await,
            Step::TapsOld(part) => self.taps(part, true, before).await,
            Step::SendsPhoto(caption) => {
                self.voice
                    .says(self.script.guest, &format!("[foto] {caption}"));
                let photo = Say {
                    image_file: Some("sample".into()),
                    caption: (!caption.is_empty()).then(|| caption.into()),
                    ..self.from()
                };
                self.say(&photo).await?;
                self.answered(before).await
            }
            Step::SendsVoice => {
                self.voice.says(self.script.guest, "[audio]");
                let note = Say {
                    audio_file: Some("sample".into()),
                    ..self.from()
                };
                self.say(&note).await?;
                self.answered(before).await
            }
            Step::IsTold(part) => self.is_told(part).await,
            Step::Reads(part) => self.reads(part),
            Step::OwnerWrites(text) => self.owner_writes(text).await,
            Step::WritesToThePerson(text) => {
                self.writes(text).await?;
                tokio::time::sleep(SILENCE).await;
                ensure!(
                    self.replies() == before,
                    "the desk answered although a person has the chat"
                );
                self.voice
                    .notes("nobody answers by machine: the owner has this chat");
                Ok(())
            }
            Step::OwnerAccepts => self.owner_accepts(before).await,
            Step::OwnerOffers(pesos) => self.owner_offers(pesos, before).await,
            Step::OthersBook(adults) => self.others_book(adults).await,
            Step::DaysPass(days) => {
                past::days_pass(&self.stack.database, &self.phone, days).await?;
                self.voice.notes(&format!("{days} days go by"));
                Ok(())
            }
            Step::HoldEnds => {
                let held = past::hold_ends(&self.stack.database, &self.phone).await?;
                ensure!(held > 0, "there is no hold that could end");
                self.voice.notes("the hold's time is over");
                Ok(())
            }
            Step::OpensLink => pay::sent(self.stack, &self.phone, None, self.patience)
                .await
                .map(|_| ()),
            Step::Pays(outcome, told) => self.pays(outcome, told).await,
            Step::PaysLate(outcome, told) => self.pays_late(outcome, told).await,
            Step::ReviewEnds(outcome, told) => self.review_ends(outcome, told).await,
        }
    }

    async fn pays(&self, outcome: &str, told: &str) -> anyhow::Result<()> {
        let link = pay::sent(self.stack, &self.phone, None, self.patience).await?;
        self.voice.says(
            self.script.guest,
            &format!("(abre {link} y paga: {outcome})"),
        );
        let before = self.replies();
        let began = Instant::now();
        pay::click(self.stack, &link, outcome).await?;
        self.is_told_after(before, told).await?;
        let took = began.elapsed().as_secs_f64();
        self.voice.notes(&format!(
            "{took:.1} s from the click to the guest's message"
        ));
        Ok(())
    }

    async fn pays_late(&self, outcome: &str, told: &str) -> anyhow::Result<()> {
        let link = pay::sent(self.stack, &self.phone, None, self.patience).await?;
        let before = self.replies();
        let late = Pay {
            even_expired: true,
            ..Pay::link(pay::preference(&link)?).turning_out(outcome)
        };
        self.stack.mercadopago.pay(&late)?;
        self.voice.notes("she had the link open, and pays now");
        self.is_told_after(before, told).await
    }

    async fn review_ends(&self, outcome: &str, told: &str) -> anyhow::Result<()> {
        let newest: Option<String> = sqlx::query_scalar(
            "SELECT p.provider_id FROM payments p JOIN reservations r ON r.id = p.reservation_id
             WHERE r.guest_id IN (SELECT guest_id FROM guest_aliases WHERE value = $1)
             ORDER BY p.created_at DESC, p.provider_id DESC LIMIT 1",
        )
        .bind(&self.phone)
        .fetch_optional(&self.stack.database)
        .await
        .context("could not find the payment")?;
        let id = newest.context("the guest has paid nothing")?.parse()?;
        let before = self.replies();
        self.stack.mercadopago.update(&Update::to(id, outcome))?;
        self.voice
            .notes(&format!("Mercado Pago decides: {outcome}"));
        self.is_told_after(before, told).await
    }

    async fn writes(&self, text: &str) -> anyhow::Result<()> {
        let text = self.words(text);
        self.voice.says(self.script.guest, &text);
        self.say(&Say::text(&self.phone, self.script.guest, &text))
            .await
    }

    fn words(&self, text: &str) -> String {
        match &self.stay {
            Some(stay) => stay.write(text),
            None => text.to_owned(),
        }
    }

    async fn taps(&self, part: &str, old: bool, before: usize) -> anyhow::Result<()> {
        let (title, tap) = self.button(part, old)?;
        self.voice.says(self.script.guest, &format!("[{title}]"));
        self.say(&tap).await?;
        self.answered(before).await
    }

    /// The newest message that offers it, or the oldest.
    fn button(&self, part: &str, old: bool) -> anyhow::Result<(String, Say)> {
        let chat = self.simulator().chat(&self.phone);
        let mut choices = chat.messages.iter().flat_map(|entry| {
            let here = entry.choices.iter();
            here.filter(|it| it.id.contains(part) || it.title.contains(part))
                .take(1)
        });
        let choice = if old { choices.next() } else { choices.last() };
        let choice = choice.with_context(|| format!("no message offers a choice with `{part}`"))?;
        let id = Some(choice.id.clone());
        let tap = match choice.kind {
            ChoiceKind::Button => Say {
                button_id: id,
                ..self.from()
            },
            ChoiceKind::Row => Say {
                list_id: id,
                ..self.from()
            },
        };
        Ok((choice.title.clone(), tap))
    }

    async fn owner_writes(&self, text: &str) -> anyhow::Result<()> {
        self.voice.says("dueña (su teléfono)", text);
        let said = self.simulator().echo(&self.phone, text)?;
        delivered(said.delivered, self.patience).await?;
        End::Mode("human")
            .holds(&self.stack.database, &self.phone)
            .await
            .context("the chat did not become the owner's")
    }

    async fn owner_accepts(&self, before: usize) -> anyhow::Result<()> {
        let matter = self
            .owner
            .matter_of(self.stack, &self.phone, "receipt")
            .await?;
        let id = matter["id"].as_str().context("the matter has no id")?;
        let taps = self.owner.taps();
        self.owner.act(id, &json!({"action": "accepted"})).await?;
        self.voice.notes(&format!(
            "the owner looks into her account and taps «acreditado» ({} taps)",
            self.owner.taps() - taps
        ));
        self.answered(before).await
    }

    async fn owner_offers(&self, pesos: u32, before: usize) -> anyhow::Result<()> {
        let matter = self
            .owner
            .matter_of(self.stack, &self.phone, "discount_requested")
            .await?;
        let id = matter["id"].as_str().context("the matter has no id")?;
        let amount = json!({"amount_minor": i64::from(pesos) * 100, "currency": "ARS"});
        self.owner
            .act(id, &json!({"action": "offer", "amount": amount}))
            .await?;
        self.voice
            .notes(&format!("the owner takes $ {pesos} off the price"));
        self.answered(before).await
    }

    async fn others_book(&self, adults: u32) -> anyhow::Result<()> {
        let stay = self.stay.context("the script has no nights")?;
        let mut n = 0;
        while self.owner.books(stay, adults, n).await? {
            n += 1;
        }
        ensure!(n > 0, "nothing was free to begin with");
        self.voice.notes(&format!(
            "others have booked all {n} cabins of these nights"
        ));
        Ok(())
    }

    /// Waits until somebody is told what she did not ask for.
    async fn is_told(&self, part: &str) -> anyhow::Result<()> {
        let asked = Instant::now();
        loop {
            let chat = self.simulator().chat(&self.phone);
            if let Some(entry) = chat.replies().last()
                && has(&words(entry), part)
            {
                self.voice.says("Posta", &words(entry));
                return Ok(());
            }
            if asked.elapsed() > self.patience {
                bail!("nobody said «{part}» within {:?}", self.patience);
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Waits until one of the replies after the first so many contains this.
    async fn is_told_after(&self, before: usize, part: &str) -> anyhow::Result<()> {
        let asked = Instant::now();
        loop {
            let chat = self.simulator().chat(&self.phone);
            let told = chat.replies().skip(before).find(|it| has(&words(it), part));
            if let Some(entry) = told {
                self.voice.says("Posta", &words(entry));
                return Ok(());
            }
            if asked.elapsed() > self.patience {
                bail!("nobody said «{part}» within {:?}", self.patience);
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    fn reads(&self, part: &str) -> anyhow::Result<()> {
        let part = self.words(part);
        let chat = self.simulator().chat(&self.phone);
        let last = chat.replies().last().map(words).unwrap_or_default();
        ensure!(has(&last, &part), "«{part}» is not in «{last}»");
        Ok(())
    }

    fn from(&self) -> Say {
        Say {
            from: self.phone.clone(),
            name: Some(self.script.guest.into()),
            ..Say::default()
        }
    }

    /// What the guest heard last.
    pub(crate) fn last_words(&self) -> String {
        let chat = self.simulator().chat(&self.phone);
        chat.replies().last().map(words).unwrap_or_default()
    }

    const fn simulator(&self) -> &Simulator {
        &self.stack.simulator
    }

    fn replies(&self) -> usize {
        self.simulator().chat(&self.phone).replies().count()
    }

    async fn say(&self, say: &Say) -> anyhow::Result<()> {
        delivered(self.simulator().say(say)?.delivered, self.patience).await
    }

    /// Waits until there is more than before, and what came was read.
    async fn answered(&self, before: usize) -> anyhow::Result<()> {
        let asked = Instant::now();
        loop {
            let chat = self.simulator().chat(&self.phone);
            let new: Vec<&Entry> = chat.replies().skip(before).collect();
            let read = |entry: &&Entry| entry.statuses.iter().any(|mark| mark.status == "read");
            if !new.is_empty() && new.iter().all(read) {
                for entry in new {
                    self.voice.says("Posta", &words(entry));
                }
                return Ok(());
            }
            if asked.elapsed() > self.patience {
                bail!("no answer within {:?}", self.patience);
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
}

async fn delivered(
    receiver: tokio::sync::oneshot::Receiver<bool>,
    patience: Duration,
) -> anyhow::Result<()> {
    match tokio::time::timeout(patience, receiver).await {
        Ok(Ok(true)) => Ok(()),
        _ => bail!("ingress did not take the webhook"),
    }
}

fn has(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}

/// What a person sees of a reply: text, link, buttons and rows.
pub(crate) fn words(entry: &Entry) -> String {
    let mut words = entry.text.clone();
    if let Some(link) = &entry.link {
        words.push_str("  ");
        words.push_str(link);
    }
    for choice in &entry.choices {
        if choice.kind == ChoiceKind::Row {
            words.push_str("\n  · ");
            words.push_str(&choice.title);
            if let Some(description) = &choice.description {
                words.push_str(" — ");
                words.push_str(description);
            }
        } else {
            words.push_str("  [");
            words.push_str(&choice.title);
            words.push(']');
        }
    }
    words
}
