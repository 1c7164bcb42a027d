//! A guest on her phone: what she sends, and what she reads.

#![expect(
    clippy::unwrap_used,
    reason = "tests stop at the first thing that is not as it must be"
)]

use std::{
    collections::HashSet,
    sync::atomic::{AtomicUsize, Ordering},
};

use posta_bus::Verdict;
use posta_providers::whatsapp::outgoing::Outgoing;
use serde_json::{Value, json};

use crate::desk::{Desk, now, webhook};

/// Somebody with a phone.
pub(crate) struct Guest<'d> {
    pub(crate) desk: &'d Desk,
    pub(crate) phone: String,
    pub(crate) name: String,
    sent: AtomicUsize,
    read: AtomicUsize,
}

/// One message she reads.
#[derive(Debug, Clone)]
pub(crate) struct Bubble {
    pub(crate) text: String,
    /// Ids and titles of what can be tapped.
    pub(crate) choices: Vec<(String, String)>,
}

impl Bubble {
    /// The id of the first thing to tap that begins so.
    pub(crate) fn choice(&self, begins: &str) -> String {
        let found = self.choices.iter().find(|(id, _)| id.starts_with(begins));
        found.map_or_else(
            || panic!("nothing to tap begins with {begins:?}: {self:#?}"),
            |(id, _)| id.clone(),
        )
    }

    pub(crate) fn of(payload: &Value) -> Self {
        // What is in the outbox can be sent.
        let message: Outgoing = serde_json::from_value(payload.clone()).unwrap();
        let choices = match &message {
            Outgoing::Buttons(buttons) => buttons
                .buttons()
                .iter()
                .map(|button| (button.id().to_owned(), button.title().to_owned()))
                .collect(),
            Outgoing::List(list) => list
                .rows()
                .map(|row| (row.id().to_owned(), row.title().to_owned()))
                .collect(),
            _ => Vec::new(),
        };
        Self {
            text: message.plain_text().to_owned(),
            choices,
        }
    }
}

impl<'d> Guest<'d> {
    /// `number` tells her from others.
    pub(crate) fn new(desk: &'d Desk, name: &str, number: usize) -> Self {
        Self {
            desk,
            phone: format!("54929445{:05}", 60_000 + number),
            name: name.to_owned(),
            sent: AtomicUsize::new(0),
            read: AtomicUsize::new(0),
        }
    }

    /// Sends without waiting for the answer.
    pub(crate) async fn sends(&self, kind: &str, content: Value) {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        println!("{}: {content}", self.name);
        let mut item = json!({
            "from": self.phone,
            "id": format!("wamid.{}.{number}", self.phone),
            "timestamp": now().timestamp().to_string(),
            "type": kind,
        });
        item[kind] = content;
        let contacts = json!([{ "wa_id": self.phone, "profile": { "name": self.name } }]);
        let verdicts = self.desk.deliver(&webhook(&json!([item]), &contacts)).await;
        assert_eq!(verdicts, [Verdict::Done]);
    }

    pub(crate) async fn types(&self, text: &str) {
        self.sends("text", json!({ "body": text })).await;
    }

    pub(crate) async fn touches(&self, id: &str) {
        let reply = json!({ "type": "button_reply", "button_reply": { "id": id, "title": "…" } });
        self.sends("interactive", reply).await;
    }

    pub(crate) async fn sends_photo(&self) {
        let id = format!("{}{}", self.phone, self.sent.load(Ordering::Relaxed));
        self.sends("image", json!({ "id": id, "mime_type": "image/jpeg" }))
            .await;
    }

    /// Types, and reads the answers.
    pub(crate) async fn says(&self, text: &str) -> Vec<Bubble> {
        self.types(text).await;
        self.hears().await
    }

    /// Taps, and reads the answers.
    pub(crate) async fn taps(&self, id: &str) -> Vec<Bubble> {
        self.touches(id).await;
        self.hears().await
    }

    /// What came since she looked last, when nothing more will come.
    pub(crate) async fn hears(&self) -> Vec<Bubble> {
        self.desk.settle().await;
        let all = self.thread().await;
        let read = self.read.swap(all.len(), Ordering::Relaxed);
        for bubble in &all[read..] {
            // Read by whoever looks at a test that failed.
            println!("→ {}: {}\n  {:?}", self.name, bubble.text, bubble.choices);
        }
        all[read..].to_vec()
    }

    /// The only answer.
    pub(crate) async fn hears_one(&self) -> Bubble {
        let mut heard = self.hears().await;
        assert_eq!(heard.len(), 1, "{heard:#?}");
        heard.remove(0)
    }

    /// Everything she was sent, in order.
    pub(crate) async fn thread(&self) -> Vec<Bubble> {
        let payloads: Vec<Value> = sqlx::query_scalar(
            "SELECT o.payload FROM outbox o JOIN guest_aliases a ON a.guest_id = o.guest_id
             WHERE a.value = $1 ORDER BY o.seq",
        )
        .bind(&self.phone)
        .fetch_all(self.desk.db.pool())
        .await
        .unwrap();
        payloads.iter().map(Bubble::of).collect()
    }

    /// Codes of her bookings.
    pub(crate) async fn codes(&self) -> HashSet<String> {
        let codes: Vec<String> = sqlx::query_scalar(
            "SELECT r.code FROM reservations r JOIN guest_aliases a ON a.guest_id = r.guest_id WHERE a.value = $1",
        )
        .bind(&self.phone)
        .fetch_all(self.desk.db.pool())
        .await
        .unwrap();
        codes.into_iter().collect()
    }

    /// The state of her only booking.
    pub(crate) async fn booking(&self) -> (uuid::Uuid, String, Option<String>) {
        sqlx::query_as(
            "SELECT r.id, r.status, r.awaiting FROM reservations r JOIN guest_aliases a ON a.guest_id = r.guest_id
             WHERE a.value = $1",
        )
        .bind(&self.phone)
        .fetch_one(self.desk.db.pool())
        .await
        .unwrap()
    }

    /// From nothing to a held cabin: five nights that many days ahead.
    pub(crate) async fn books(&self, ahead: u64) {
        let price = self.asks_price(ahead).await;
        self.taps(&price.choice("hold:")).await;
        assert_eq!(self.codes().await.len(), 1);
    }

    /// Asks for five nights for two in one message, and reads the price.
    pub(crate) async fn asks_price(&self, ahead: u64) -> Bubble {
        let (from, until) = (self.desk.lodge.day(ahead), self.desk.lodge.day(ahead + 5));
        let (from, until) = (from.format("%d/%m/%Y"), until.format("%d/%m/%Y"));
        self.types(&format!(
            "Hola! tenés lugar del {from} al {until} para 2 adultos?"
        ))
        .await;
        self.hears_one().await
    }
}
