//! The owner on a Saturday: looks at her list again and again, and does what it asks for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::clock::SimClock;
use crate::script::owner::Owner;
use crate::stack::Stack;

/// How long between two looks at her list.
const LOOKS_EVERY: Duration = Duration::from_secs(2);
/// What she takes off when she is asked, in pesos.
const DISCOUNT: i64 = 10_000;

/// See the module.
pub(super) struct Marta<'a> {
    stack: &'a Stack,
    owner: &'a Owner,
    day: Arc<Day>,
}

/// What time of the day it is for her.
#[derive(Debug, Default)]
pub(super) struct Day {
    /// She sees and answers nothing.
    pub(super) asleep: AtomicBool,
    /// The last guest has left.
    pub(super) over: AtomicBool,
}

/// What she did.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) receipts: u64,
    pub(super) receipt_taps: u64,
    /// Chats she answered from her phone: one tap each, to open it.
    pub(super) phoned: u64,
}

impl<'a> Marta<'a> {
    pub(super) const fn new(stack: &'a Stack, owner: &'a Owner, day: Arc<Day>) -> Self {
        Self { stack, owner, day }
    }

    /// Until the day is over and her list is empty.
    pub(super) async fn works(&self) -> anyhow::Result<Done> {
        let mut done = Done::default();
        loop {
            let last = self.day.over.load(Ordering::Relaxed);
            if !self.day.asleep.load(Ordering::Relaxed) {
                for matter in self.owner.matters().await? {
                    self.sees_to(&matter, &mut done).await?;
                }
            }
            if last {
                return Ok(done);
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    }

    async fn sees_to(&self, matter: &Value, done: &mut Done) -> anyhow::Result<()> {
        let word = |key: &str| matter.get(key).and_then(Value::as_str).unwrap_or_default();
        let id = word("id");
        match word("kind") {
            "receipt" => {
                let before = self.owner.taps();
                self.owner.act(id, &json!({"action": "accepted"})).await?;
                done.receipts += 1;
                done.receipt_taps += self.owner.taps() - before;
            }
            "discount_requested" => {
                let amount = json!({"amount_minor": DISCOUNT * 100, "currency": "ARS"});
                let offer = json!({"action": "offer", "amount": amount});
                self.owner.act(id, &offer).await?;
            }
            "guest_waiting" => {
                let phone = self.phone(word("subject")).await?;
                let text = "¡Hola! Soy Marta. Contame en qué te ayudo.";
                drop(self.stack.simulator.echo(&phone, text)?.delivered);
                done.phoned += 1;
            }
            _ => {}
        }
        Ok(())
    }

    async fn phone(&self, subject: &str) -> anyhow::Result<String> {
        sqlx::query_scalar(
            "SELECT a.value FROM conversations c JOIN guest_aliases a USING (guest_id)
             WHERE 'conversation:' || c.id = $1 AND a.kind = 'wa_id' LIMIT 1",
        )
        .bind(subject)
        .fetch_one(&self.stack.database)
        .await
        .context("could not ask whose chat it is")
    }
}

/// Whether somebody answers at this hour, until three hours from now. Guests are promised her by it.
pub(super) async fn is_up(owner: &Owner, up: bool) -> anyhow::Result<()> {
    let properties = owner.get("owner/properties").await?;
    let property = ["/properties/0/id", "/0/id"]
        .iter()
        .find_map(|at| properties.pointer(at).and_then(Value::as_str))
        .context("there is no property")?;
    // The zone of the property of drills has no summer time: three hours behind.
    let now = SimClock::default().now() - chrono::TimeDelta::hours(3);
    let clock = |hours: i64| {
        let at = now + chrono::TimeDelta::hours(hours);
        at.format("%H:%M").to_string()
    };
    let (from, until) = if up { (-1, 3) } else { (3, -1) };
    let hours = json!({"answers_from": clock(from), "answers_until": clock(until)});
    owner
        .patch(&format!("owner/properties/{property}"), &hours)
        .await
        .map(|_| ())
}
