//! Statuses, in batches: stored first, then applied to the outbox.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use posta_bus::{BatchHandler, Incoming, Verdict};
use posta_providers::whatsapp::errors::{Disposition, of_code};
use posta_store::{
    Store, StoreError,
    ids::OutboxId,
    outbox::record,
    statuses::{NewStatus, store_batch},
};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::compose::verdict;

/// How old a failure may be that stops an account.
const STOPS_WITHIN: TimeDelta = TimeDelta::hours(1);

/// Stores what the provider reports.
#[derive(Debug)]
pub struct Statuses {
    store: Store,
}

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    item: Fields<'a>,
}

/// The fields of an object, each still as it came: one that is of another type than we think is simply not there.
type Fields<'a> = HashMap<String, &'a RawValue>;

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
        let alone = good.len() > 1
            && outcome
                .as_ref()
                .is_err_and(|error| !error.is_unavailable() && !error.is_transient());
        let mut verdicts = Vec::with_capacity(parsed.len());
        for parsed in parsed {
            verdicts.push(match (parsed, &outcome) {
                (Err(error), _) => Verdict::Dead(error),
                (Ok(_), Ok(())) => Verdict::Done,
                // One of them is refused by the database: it must not take the others with it.
                (Ok(status), Err(_)) if alone => match self.store(&[status]).await {
                    Ok(()) => Verdict::Done,
                    Err(error) => verdict(&error),
                },
                (Ok(_), Err(error)) => verdict(error),
            });
        }
        verdicts
    }
}

fn parse(incoming: &Incoming) -> Result<Parsed, String> {
    let bytes = incoming.envelope.payload.get();
    let Payload { item } = serde_json::from_str(bytes)
        .map_err(|error| format!("could not read the status: {error}"))?;
    let named = |name: &str| text(&item, name);
    let id = named("id").ok_or("could not read the status: it names no message")?;
    let word = named("status").ok_or("could not read the status: it has none")?;
    let failure = item
        .get("errors")
        .and_then(|errors| serde_json::from_str::<Vec<Fields<'_>>>(errors.get()).ok())
        .and_then(|errors| errors.into_iter().next());
    let code = failure
        .as_ref()
        .and_then(|failure| text(failure, "code")?.parse::<i64>().ok());
    let error = failure.as_ref().map(|failure| {
        let code = code.map_or_else(|| "no code".to_owned(), |code| code.to_string());
        // The title is the provider's own text; `details` may quote the message.
        let title = text(failure, "title");
        format!("{code}: {}", title.as_deref().unwrap_or("no title"))
    });
    let recipient = named("recipient_participant_id")
        .or_else(|| named("recipient_id"))
        .or_else(|| named("recipient_user_id"));
    let status = NewStatus {
        account: incoming.envelope.account.clone().unwrap_or_default(),
        wamid: id,
        status: word,
        recipient: recipient.unwrap_or_default(),
        at: named("timestamp")
            .and_then(|seconds| time(&seconds))
            .unwrap_or(incoming.envelope.received_at),
        outbox: named("biz_opaque_callback_data").and_then(|data| callback(&data)),
        payload: bytes.as_bytes().to_vec(),
        error,
        received_at: incoming.envelope.received_at,
    };
    // One that comes late, or again, says nothing about today: a person may have resumed the account since.
    let fresh = status.received_at - status.at < STOPS_WITHIN;
    Ok(Parsed {
        status,
        stops: fresh && code.is_some_and(stops_account),
    })
}

fn stops_account(code: i64) -> bool {
    matches!(of_code(code), Some(Disposition::StopAccount(_)))
}

/// Our own id as `Graph` sends it along; anything else is not ours.
fn callback(data: &str) -> Option<OutboxId> {
    data.strip_prefix("outbox:").unwrap_or(data).parse().ok()
}

/// A string or a number as text: the provider changes between the two. Empty and everything else count as absent.
fn text(fields: &Fields<'_>, name: &str) -> Option<String> {
    match serde_json::from_str(fields.get(name)?.get()).ok()? {
        Value::String(text) if !text.is_empty() => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Unix seconds; `None` outside this century, which has room in every calendar.
fn time(seconds: &str) -> Option<DateTime<Utc>> {
    const CENTURY: std::ops::Range<i64> = 946_684_800..4_102_444_800;
    let seconds = seconds
        .parse()
        .ok()
        .filter(|seconds| CENTURY.contains(seconds))?;
    DateTime::from_timestamp(seconds, 0)
}
