//! From verified items to an answer: known ones out, the rest published, all confirmed, then 200.
//!
//! Guaranteed: 200 only when every item is confirmed by the broker, now or earlier; a key is remembered
//! only after its confirm. There is no "in progress": a crash anywhere can cause a copy, never a loss.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures_util::future::join_all;
use posta_bus::{Envelope, Outgoing, RequestRef, Signature};
use posta_runtime::{ids, telemetry::trace};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use tracing::Instrument as _;

use crate::answer::{self, Answer, Refusal};
use crate::app::App;
use crate::metrics::Source;
use crate::tally::Tally;

/// One item, verified.
pub(crate) struct Notice {
    pub(crate) kind: String,
    pub(crate) key: String,
    pub(crate) account: Option<String>,
    pub(crate) payload: Box<RawValue>,
}

/// The items of one request.
pub(crate) struct Batch<'a> {
    pub(crate) source: Source,
    pub(crate) secret: usize,
    pub(crate) body: &'a [u8],
    pub(crate) notices: Vec<Notice>,
}

/// Publishes what is new of `batch` and answers.
pub(crate) async fn accept(
    app: &App,
    batch: Batch<'_>,
    tally: &mut Tally<'_>,
) -> Result<Answer, Refusal> {
    let span = tracing::info_span!(
        "webhook",
        source = batch.source.name(),
        items = batch.notices.len(),
        trace.id = tracing::field::Empty,
    );
    trace::continue_trace(&span, None);
    let traceparent = trace::of(&span);
    publish_new(app, batch, traceparent.as_deref(), tally)
        .instrument(span)
        .await
}

async fn publish_new(
    app: &App,
    batch: Batch<'_>,
    traceparent: Option<&str>,
    tally: &mut Tally<'_>,
) -> Result<Answer, Refusal> {
    tally.split_into(batch.notices.len());
    let sha256 = hex::encode(Sha256::digest(batch.body));

    let mut keys = HashSet::with_capacity(batch.notices.len());
    let mut fresh = Vec::with_capacity(batch.notices.len());
    for (index, notice) in batch.notices.into_iter().enumerate() {
        // The same update twice in one request.
        if keys.insert(notice.key.clone()) {
            fresh.push((index, notice));
        } else {
            tally.duplicate();
        }
    }
    if let Some(known) = app
        .idempotency
        .known(fresh.iter().map(|(_, notice)| notice.key.as_str()))
        .await
    {
        let mut known = known.into_iter();
        fresh.retain(|_| {
            let known = known.next().unwrap_or(false);
            if known {
                tally.duplicate();
            }
            !known
        });
    }

    let publishing = fresh.into_iter().map(|(index, notice)| {
        let request = RequestRef {
            sha256: sha256.clone(),
            index: u32::try_from(index).unwrap_or(u32::MAX),
        };
        publish(
            app,
            batch.source,
            batch.secret,
            request,
            notice,
            traceparent,
        )
    });
    let mut confirmed = Vec::new();
    let mut all = true;
    for key in join_all(publishing).await {
        match key {
            Some(key) => {
                tally.accepted();
                confirmed.push(key);
            }
            None => all = false,
        }
    }
    app.idempotency.remember(&confirmed);
    if all {
        Ok(answer::accepted())
    } else {
        Err(Refusal::NotPublished)
    }
}

/// The key of `notice` once the broker has it; `None` when it is not known to have it.
async fn publish(
    app: &App,
    source: Source,
    secret: usize,
    request: RequestRef,
    notice: Notice,
    traceparent: Option<&str>,
) -> Option<String> {
    let envelope = Envelope {
        v: posta_bus::VERSION,
        id: ids::v7(&*app.clock),
        key: notice.key.clone(),
        source: source.name().to_owned(),
        kind: notice.kind,
        account: notice.account,
        received_at: app.clock.now(),
        signature: Some(Signature { secret }),
        request: Some(request),
        payload: notice.payload,
    };
    let outgoing: Outgoing = match envelope.into_outgoing() {
        Ok(outgoing) => outgoing,
        Err(error) => {
            failed(app, &error);
            return None;
        }
    };
    let outgoing = match traceparent {
        Some(traceparent) => outgoing.with_traceparent(traceparent),
        None => outgoing,
    };
    match tokio::time::timeout(app.limits.publish_timeout, app.publisher.publish(outgoing)).await {
        Ok(Ok(())) => Some(notice.key),
        Ok(Err(error)) => {
            failed(app, &error);
            None
        }
        Err(error) => {
            failed(app, &error);
            None
        }
    }
}

fn failed(app: &App, error: &(dyn std::error::Error + 'static)) {
    if let Some(held_back) = app.outages.pass(app.clock.monotonic()) {
        tracing::error!(
            error,
            others = held_back,
            "could not publish an item, its sender has to send it again"
        );
    }
}

// === impl Notice ===

impl Notice {
    /// A body nobody can read, kept as its bytes.
    pub(crate) fn unparsed(prefix: &str, body: &[u8]) -> Self {
        #[derive(Serialize)]
        struct Payload {
            unparsed_base64: String,
        }
        let payload = Payload {
            unparsed_base64: BASE64.encode(body),
        };
        Self {
            kind: "unparsed".to_owned(),
            key: format!("{prefix}:unparsed:{}", hex::encode(Sha256::digest(body))),
            account: None,
            // A string cannot fail to serialise.
            payload: serde_json::value::to_raw_value(&payload)
                .unwrap_or_else(|_| RawValue::NULL.to_owned()),
        }
    }
}
