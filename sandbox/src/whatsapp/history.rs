//! An old phone goes live: months of chats (`history`) and contacts (`smb_app_state_sync`), in the shapes of
//! Meta's Coexistence onboarding, which come in chunks and phases (day 0, day 1–90, day 90–180).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::ids::{self, Direction};
use super::simulator::Inner;
use super::{delivery, webhook};
use crate::lock::lock;

/// How much past there is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Past {
    /// Contacts in the address book; the first ones have the chats.
    pub contacts: u32,
    /// Chats.
    pub chats: u32,
    /// How many of them had a message in the last week.
    pub active_last_week: u32,
    /// Messages of each chat.
    pub messages: u32,
    /// How far back they reach.
    pub days: u32,
}

impl Default for Past {
    fn default() -> Self {
        Self {
            contacts: 300,
            chats: 120,
            active_last_week: 20,
            messages: 12,
            days: 180,
        }
    }
}

/// What was sent.
#[derive(Debug)]
pub struct Sent {
    /// Webhooks of history.
    pub history_webhooks: usize,
    /// Webhooks of contacts.
    pub contact_webhooks: usize,
    /// Messages in all of them.
    pub messages: u64,
    /// Numbers of the chats active in the last week.
    pub active: Vec<String>,
    /// One for each webhook: whether it got its 200.
    pub delivered: Vec<oneshot::Receiver<bool>>,
}

const CHATS_IN_A_CHUNK: usize = 20;
const CONTACTS_IN_A_WEBHOOK: usize = 100;
const PHASE_DAYS: [i64; 3] = [1, 90, 180];

/// Sends an old phone's past.
pub(crate) fn send(inner: &Arc<Inner>, past: &Past) -> Sent {
    let phones: Vec<String> = (0..past.contacts.max(past.chats))
        .map(contact_phone)
        .collect();
    let mut bodies: Vec<String> = phones
        .iter()
        .take(past.contacts as usize)
        .collect::<Vec<_>>()
        .chunks(CONTACTS_IN_A_WEBHOOK)
        .map(|chunk| contacts_body(inner, chunk))
        .collect();
    let contact_webhooks = bodies.len();
    let mut messages = 0;
    for (phase, _) in PHASE_DAYS.iter().enumerate() {
        let chunks: Vec<_> = phones[..past.chats as usize]
            .chunks(CHATS_IN_A_CHUNK)
            .enumerate()
            .collect();
        for (order, chunk) in &chunks {
            let first = order * CHATS_IN_A_CHUNK;
            let threads: Vec<Value> = chunk
                .iter()
                .enumerate()
                .filter_map(|(n, phone)| thread(inner, past, first + n, phone, phase))
                .collect();
            messages += threads
                .iter()
                .map(|t| t["messages"].as_array().map_or(0, Vec::len) as u64)
                .sum::<u64>();
            if !threads.is_empty() {
                let progress = (phase * 100 + (order + 1) * 100 / chunks.len()) / PHASE_DAYS.len();
                bodies.push(history_body(inner, &threads, phase, *order, progress));
            }
        }
    }
    let delivered = bodies
        .iter()
        .map(|body| delivery::dispatch(inner, body.clone(), None))
        .collect();
    Sent {
        history_webhooks: bodies.len() - contact_webhooks,
        contact_webhooks,
        messages,
        active: phones
            .into_iter()
            .take(past.active_last_week.min(past.chats) as usize)
            .collect(),
        delivered,
    }
}

fn contact_phone(n: u32) -> String {
    format!("549294460{n:04}")
}

fn contacts_body(inner: &Arc<Inner>, phones: &[&String]) -> String {
    let now = inner.clock.now();
    let mut value = webhook::base(&inner.config);
    value["state_sync"] = phones
        .iter()
        .enumerate()
        .map(|(n, phone)| {
            json!({
                "type": "contact",
                "contact": { "full_name": format!("Contacto {n}"), "first_name": "Contacto", "phone_number": phone },
                "action": "add",
                "metadata": { "timestamp": now.timestamp().to_string() },
            })
        })
        .collect();
    webhook::envelope(&inner.config, "smb_app_state_sync", &value)
}

fn history_body(
    inner: &Arc<Inner>,
    threads: &[Value],
    phase: usize,
    order: usize,
    progress: usize,
) -> String {
    let mut value = webhook::base(&inner.config);
    value["history"] = json!([{
        "metadata": { "phase": phase, "chunk_order": order + 1, "progress": progress },
        "threads": threads,
    }]);
    webhook::envelope(&inner.config, "history", &value)
}

/// The messages of one chat that fall into one phase.
fn thread(inner: &Arc<Inner>, past: &Past, n: usize, phone: &str, phase: usize) -> Option<Value> {
    let now = inner.clock.now();
    let newest = if n < past.active_last_week as usize {
        TimeDelta::days(2)
    } else {
        TimeDelta::days(30)
    };
    let oldest = TimeDelta::days(i64::from(past.days)) - TimeDelta::hours(1);
    let from = if phase == 0 {
        TimeDelta::zero()
    } else {
        TimeDelta::days(PHASE_DAYS[phase - 1])
    };
    let until = TimeDelta::days(PHASE_DAYS[phase]);
    let count = i32::try_from(past.messages.max(1)).unwrap_or(i32::MAX);
    let messages: Vec<Value> = (0..count)
        .map(|m| (m, newest + (oldest - newest) * m / count.max(2)))
        .filter(|(_, age)| *age >= from && *age < until)
        .map(|(m, age)| message(inner, phone, now - age, m % 2 == 0))
        .collect();
    (!messages.is_empty()).then(|| json!({ "id": phone, "messages": messages }))
}

fn message(inner: &Arc<Inner>, phone: &str, at: DateTime<Utc>, from_guest: bool) -> Value {
    let business = &inner.config.display_phone;
    let direction = if from_guest {
        Direction::FromGuest
    } else {
        Direction::FromBusiness
    };
    let id = ids::wamid(&mut lock(&inner.world).rng, phone, direction);
    let mut message = json!({
        "from": if from_guest { phone } else { business },
        "id": id,
        "timestamp": at.timestamp().to_string(),
        "type": "text",
        "text": { "body": if from_guest { "Hola, ¿tienen lugar?" } else { "Hola, sí, te paso precios" } },
        "history_context": { "status": "READ" },
    });
    if !from_guest {
        message["to"] = json!(phone);
    }
    message
}
