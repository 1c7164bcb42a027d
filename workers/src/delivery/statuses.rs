//! Statuses, in batches: stored first, then applied to the outbox.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use posta_bus::{BatchHandler, Incoming, Verdict};
use posta_providers::whatsapp::errors::{Disposition, of_code};
use posta_store::{
    Store, StoreError,
    ids::OutboxId,
    outbox::record,
    statuses::{NewStatus, store_batch},
};
use serde::Deserialize;
use serde_json::Value;

use crate::compose::verdict;

/// Stores what the provider reports.
#[derive(Debug)]
pub struct Statuses {
    store: Store,
}

#[derive(Deserialize)]
struct Payload {
    item: Item,
}

/// What we use of a status; the rest is in the bytes.
#[derive(Deserialize)]
struct Item {
    id: String,
    status: String,
    #[serde(default)]
    timestamp: Value,
    recipient_id: Option<String>,
    recipient_user_id: Option<String>,
    recipient_participant_id: Option<String>,
    biz_opaque_callback_data: Option<String>,
    #[serde(default)]
    errors: Vec<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(default)]
    code: Value,
    title: Option<String>,
}

#[derive(Clone)]
struct Parsed {
    status: NewStatus,
    /// The failure says that the whole account may not send.
    stops: bool,
}

impl Statuses {
    /// Into this database.
    #[must_use]
    pub const fn new(store: Store) -> Self {
        Self { store }
    }

    async fn store(&self, parsed: &[Parsed]) -> Result<(), StoreError> {
        let statuses: Vec<NewStatus> = parsed.iter().map(|parsed| parsed.status.clone()).collect();
        let stored = store_batch(&self.store, &statuses).await?;
        for Parsed { status, .. } in parsed.iter().filter(|parsed| parsed.stops) {
            let reason = status.error.as_deref().unwrap_or("a status reported it");
            record::stop_number(&self.store, &status.account, reason).await?;
        }
        tracing::debug!(
            new = stored.new,
            copies = stored.copies,
            moved = stored.moved,
            "statuses stored"
        );
        Ok(())
    }
}

#[async_trait]
impl BatchHandler for Statuses {
    async fn handle(&self, batch: &[Incoming]) -> Vec<Verdict> {
        let parsed: Vec<Result<Parsed, String>> = batch.iter().map(parse).collect();
        let good: Vec<Parsed> = parsed
            .iter()
            .filter_map(|parsed| parsed.as_ref().ok().cloned())
            .collect();
        let outcome = if good.is_empty() {
            Ok(())
        } else {
            self.store(&good).await
        };
        parsed
            .into_iter()
            .map(|parsed| match (parsed, &outcome) {
                (Err(error), _) => Verdict::Dead(error),
                (Ok(_), Ok(())) => Verdict::Done,
                (Ok(_), Err(error)) => verdict(error),
            })
            .collect()
    }
}

fn parse(incoming: &Incoming) -> Result<Parsed, String> {
    let bytes = incoming.envelope.payload.get();
    let Payload { item } = serde_json::from_str(bytes)
        .map_err(|error| format!("could not read the status: {error}"))?;
    let failure = item.errors.first();
    let code = failure.and_then(|failure| number(&failure.code));
    let error = failure.map(|failure| {
        let code = code.map_or_else(|| "no code".to_owned(), |code| code.to_string());
        // The title is the provider's own text; `details` may quote the message.
        format!("{code}: {}", failure.title.as_deref().unwrap_or("no title"))
    });
    let recipient = item
        .recipient_participant_id
        .or(item.recipient_id)
        .or(item.recipient_user_id);
    let status = NewStatus {
        account: incoming.envelope.account.clone().unwrap_or_default(),
        wamid: without_nul(item.id),
        status: without_nul(item.status),
        recipient: without_nul(recipient.unwrap_or_default()),
        at: number(&item.timestamp)
            .and_then(|seconds| DateTime::<Utc>::from_timestamp(seconds, 0))
            .unwrap_or(incoming.envelope.received_at),
        outbox: item.biz_opaque_callback_data.as_deref().and_then(callback),
        payload: bytes.as_bytes().to_vec(),
        error: error.map(without_nul),
        received_at: incoming.envelope.received_at,
    };
    Ok(Parsed {
        status,
        stops: code.is_some_and(stops_account),
    })
}

fn stops_account(code: i64) -> bool {
    matches!(of_code(code), Some(Disposition::StopAccount(_)))
}

/// Our own id as `Graph` sends it along; anything else is not ours.
fn callback(data: &str) -> Option<OutboxId> {
    data.strip_prefix("outbox:").unwrap_or(data).parse().ok()
}

/// Numbers come as numbers and as strings.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// `PostgreSQL`'s text has no room for NUL; the bytes keep it.
fn without_nul(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}
