//! From a reply back to the exact bytes that caused it, and the verdict on their signature; from a peso likewise.

mod payment;

pub use payment::{Payment, PaymentTrace, payment};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::{
    error::{Doing as _, StoreError},
    ids::OutboxId,
    pool::Store,
};

/// What is to be traced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A row of the outbox.
    Outbox(OutboxId),
    /// A message by the provider's id: a reply of ours, or what a guest wrote.
    Wamid(String),
}

/// A reply.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Reply {
    /// The outbox row.
    pub outbox: Uuid,
    /// Where it stands.
    pub state: String,
    /// Who speaks.
    pub author: String,
    /// The provider's id of it.
    pub provider_message_id: Option<String>,
    /// What was said.
    pub payload: serde_json::Value,
    /// When it was decided.
    pub created_at: DateTime<Utc>,
    /// When the provider took it.
    pub sent_at: Option<DateTime<Utc>>,
    /// What went wrong, if anything.
    pub error: Option<String>,
    /// The turn that decided it.
    pub turn: Option<Uuid>,
    /// What that turn decided.
    pub decision: Option<String>,
    /// How many entries it handled.
    pub entries: Option<i32>,
}

/// Something received that led to a reply.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Event {
    /// The inbox row's day.
    pub day: NaiveDate,
    /// Its key.
    pub key: String,
    /// What it is.
    pub kind: String,
    /// For which account.
    pub account: Option<String>,
    /// When we got it.
    pub received_at: DateTime<Utc>,
    /// Which of the configured secrets had signed it.
    pub signature: Option<i32>,
    /// What became of it.
    pub verdict: String,
    /// How often it was delivered.
    pub copies: i32,
    /// The trace it was received under.
    pub trace_id: Option<String>,
    /// The exact bytes of the envelope's payload.
    #[serde(skip)]
    pub payload: Vec<u8>,
}

/// One reply with all that caused it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Trace {
    /// The reply; none when the traced message has not been answered.
    pub reply: Option<Reply>,
    /// What caused it, in order.
    pub events: Vec<Event>,
}

/// Walks back. Empty when nothing is known by that name.
pub async fn trace(store: &Store, subject: &Subject) -> Result<Vec<Trace>, StoreError> {
    let (outbox, wamid) = match subject {
        Subject::Outbox(id) => (Some(id.uuid()), None),
        Subject::Wamid(wamid) => (None, Some(wamid.as_str())),
    };
    // The row itself, the row a message of ours came from, or every row of the turn that handled a guest's message.
    let replies = sqlx::query_as!(
        Reply,
        r#"SELECT o.id AS outbox, o.state, o.author, o.provider_message_id, o.payload, o.created_at, o.sent_at,
                  o.error, o.turn_id AS turn, t.decision AS "decision?", t.entries AS "entries?"
           FROM outbox o
           LEFT JOIN turns t ON t.id = o.turn_id
           WHERE o.id = $1
              OR o.provider_message_id = $2
              OR o.id IN (SELECT s.outbox_id FROM message_statuses s WHERE s.wamid = $2)
              OR o.turn_id IN (SELECT b.turn_id FROM messages m JOIN mailbox b ON b.message_id = m.id
                               WHERE m.provider_id = $2)
           ORDER BY o.seq"#,
        outbox,
        wamid,
    )
    .fetch_all(store.pool())
    .await
    .doing("find the reply")?;
    let mut traces = Vec::new();
    for reply in replies {
        let events = causes(store, reply.outbox).await?;
        traces.push(Trace {
            reply: Some(reply),
            events,
        });
    }
    if traces.is_empty()
        && let Some(wamid) = wamid
    {
        let events = unanswered(store, wamid).await?;
        if !events.is_empty() {
            traces.push(Trace {
                reply: None,
                events,
            });
        }
    }
    Ok(traces)
}

/// The one query: reply → turn → entries → inbox rows; the row's own cause covers replies without a turn.
async fn causes(store: &Store, outbox: Uuid) -> Result<Vec<Event>, StoreError> {
    sqlx::query_as!(
        Event,
        "SELECT e.day, e.key, e.kind, e.account, e.received_at, e.signature, e.verdict, e.copies, e.trace_id, e.payload
         FROM inbound_events e
         JOIN (SELECT b.event_day AS day, b.event_key AS key
               FROM outbox o JOIN mailbox b ON b.turn_id = o.turn_id
               WHERE o.id = $1
               UNION
               SELECT o.cause_day, o.cause_key FROM outbox o WHERE o.id = $1) cause
           ON cause.day = e.day AND cause.key = e.key
         ORDER BY e.received_at, e.key",
        outbox
    )
    .fetch_all(store.pool())
    .await
    .doing("walk back to the events")
}

async fn unanswered(store: &Store, wamid: &str) -> Result<Vec<Event>, StoreError> {
    sqlx::query_as!(
        Event,
        "SELECT e.day, e.key, e.kind, e.account, e.received_at, e.signature, e.verdict, e.copies, e.trace_id, e.payload
         FROM messages m
         JOIN inbound_events e ON e.day = m.event_day AND e.key = m.event_key
         WHERE m.provider_id = $1",
        wamid
    )
    .fetch_all(store.pool())
    .await
    .doing("find the event of a message")
}
