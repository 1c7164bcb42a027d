//! The state of the simulated world, behind one lock that is never held across an await.

use std::collections::{BTreeMap, HashMap, HashSet};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::Serialize;

use super::chat::Chat;
use super::faults::Faults;
use super::ids;
use super::limits::Limits;
use super::webhook::Guest;

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) guests: HashMap<String, Guest>,
    pub(crate) chats: HashMap<String, Chat>,
    /// When each guest last wrote: opens the 24-hour window.
    pub(crate) last_guest_at: HashMap<String, DateTime<Utc>>,
    pub(crate) media: HashMap<String, Media>,
    pub(crate) faults: Faults,
    pub(crate) limits: Limits,
    pub(crate) rng: StdRng,
    pub(crate) counters: Counters,
    /// How often each callback datum (our outbox id) was accepted.
    pub(crate) accepted_by_callback: HashMap<String, u32>,
    /// Those whose answer was cut off.
    pub(crate) cut_callbacks: HashSet<String>,
}

/// A file a guest sent.
#[derive(Debug, Clone)]
pub(crate) struct Media {
    pub(crate) mime: String,
    pub(crate) bytes: Bytes,
    pub(crate) created: DateTime<Utc>,
}

/// What happened so far, in numbers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Counters {
    /// Webhooks made.
    pub webhooks: u64,
    /// Webhooks that got their 200.
    pub webhooks_delivered: u64,
    /// Webhooks given up after the horizon, or at the end.
    pub webhooks_given_up: u64,
    /// Deliveries tried, copies included.
    pub webhook_attempts: u64,
    /// Deliveries without any answer.
    pub webhook_errors: u64,
    /// Answers by HTTP status.
    pub webhook_answers: BTreeMap<u16, u64>,
    /// Messages the Graph API accepted.
    pub accepted: u64,
    /// Refusals by Graph code.
    pub refused: BTreeMap<i64, u64>,
    /// Requests dropped before any effect.
    pub dropped: u64,
    /// Accepted messages whose answer was cut off.
    pub cut: u64,
    /// `mark as read` calls.
    pub read_marks: u64,
    /// Media downloads served whole.
    pub media_downloads: u64,
}

/// The counters and what they do not show.
#[derive(Debug, Clone, Serialize)]
pub struct State {
    /// Numbers.
    #[serde(flatten)]
    pub counters: Counters,
    /// Webhooks on their way.
    pub webhooks_pending: u64,
    /// Offset of the clock.
    pub clock_offset_seconds: i64,
    /// Callback data accepted more than once, with how often.
    pub repeated: BTreeMap<String, u32>,
    /// Callback data of messages whose answer was cut off.
    pub cut_callbacks: Vec<String>,
    /// The faults that are set.
    pub faults: Vec<super::faults::Fault>,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            guests: HashMap::new(),
            chats: HashMap::new(),
            last_guest_at: HashMap::new(),
            media: HashMap::new(),
            faults: Faults::default(),
            limits: Limits::default(),
            rng: StdRng::seed_from_u64(seed),
            counters: Counters::default(),
            accepted_by_callback: HashMap::new(),
            cut_callbacks: HashSet::new(),
        }
    }

    /// The guest with this number; made on first sight, renamed when a name is given.
    pub(crate) fn guest(&mut self, phone: &str, name: Option<&str>) -> Guest {
        let guest = self
            .guests
            .entry(phone.to_owned())
            .or_insert_with(|| Guest {
                phone: phone.to_owned(),
                name: "Huésped".to_owned(),
                user_id: ids::user_id(phone),
            });
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            name.clone_into(&mut guest.name);
        }
        guest.clone()
    }

    pub(crate) fn phone_of(&self, user_id: &str) -> Option<String> {
        self.guests
            .values()
            .find(|guest| guest.user_id == user_id)
            .map(|guest| guest.phone.clone())
    }

    pub(crate) fn state(&self, clock_offset_seconds: i64) -> State {
        let counters = self.counters.clone();
        let mut cut_callbacks: Vec<_> = self.cut_callbacks.iter().cloned().collect();
        cut_callbacks.sort();
        State {
            webhooks_pending: counters
                .webhooks
                .saturating_sub(counters.webhooks_delivered + counters.webhooks_given_up),
            clock_offset_seconds,
            repeated: self
                .accepted_by_callback
                .iter()
                .filter(|(_, times)| **times > 1)
                .map(|(data, times)| (data.clone(), *times))
                .collect(),
            cut_callbacks,
            faults: self.faults.list().to_vec(),
            counters,
        }
    }
}
