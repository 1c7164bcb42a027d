//! Delivers webhooks like Meta: concurrently, signed, and again and again until a 200 comes.
//!
//! Guaranteed: a webhook is tried until it gets a 200 or its horizon has passed. Not guaranteed: any order, and
//! that it arrives once. A webhook counts as delivered only when an answer of 200 was read.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::faults::{Fault, Kind, Target, find};
use super::simulator::Inner;
use crate::lock::lock;

/// Meta publishes no time-out; ten seconds is what people report.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// How one delivery was answered.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// HTTP status; `None` when no answer came.
    pub status: Option<u16>,
    /// The `Retry-After` header.
    pub retry_after: Option<String>,
}

/// The value of `X-Hub-Signature-256` for these bytes.
pub fn signature(secret: &SecretString, body: &[u8]) -> String {
    // HMAC takes keys of any length; an error cannot happen, and would only make a wrong signature.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else {
        return "sha256=".to_owned();
    };
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Starts delivering; the receiver says whether it got its 200. `message` is (guest, wamid) when it carries one.
pub(crate) fn dispatch(
    world: &Arc<Inner>,
    body: impl Into<Bytes>,
    message: Option<(String, String)>,
) -> oneshot::Receiver<bool> {
    let body = body.into();
    let (tell, told) = oneshot::channel();
    let struck = {
        let mut state = lock(&world.world);
        state.counters.webhooks += 1;
        let state = &mut *state;
        state.faults.strike(Target::Webhook, &mut state.rng)
    };
    let inner = Arc::clone(world);
    world.tasks.spawn(async move {
        let deliver = inner
            .token
            .run_until_cancelled(deliver(&inner, &body, &struck, message));
        let delivered = deliver.await.unwrap_or(false);
        {
            let mut state = lock(&inner.world);
            let counters = &mut state.counters;
            if delivered {
                counters.webhooks_delivered += 1;
            } else {
                counters.webhooks_given_up += 1;
            }
        }
        // Nobody has to wait for it.
        tell.send(delivered).ok();
    });
    told
}

async fn deliver(
    inner: &Inner,
    body: &Bytes,
    struck: &[Fault],
    message: Option<(String, String)>,
) -> bool {
    hold_back(inner, struck).await;
    let copies = 1 + usize::from(find(struck, Kind::Duplicate).is_some());
    let mut lost = find(struck, Kind::Drop).is_some();
    let mut unread = find(struck, Kind::Cut).is_some();
    let started = Instant::now();
    let mut failures = 0;
    loop {
        let mut taken = false;
        if !std::mem::take(&mut lost) {
            let answers = (0..copies).map(|_| post(inner, body.clone()));
            for answer in futures_util::future::join_all(answers).await {
                taken |= answer.status == Some(200);
            }
            taken &= !std::mem::take(&mut unread);
        }
        if taken {
            if let Some((guest, id)) = message {
                mark_taken(inner, &guest, &id);
            }
            return true;
        }
        failures += 1;
        let schedule = &inner.config.retry;
        if started.elapsed() > schedule.horizon {
            return false;
        }
        tokio::time::sleep(schedule.pause(failures)).await;
    }
}

async fn hold_back(inner: &Inner, struck: &[Fault]) {
    let mut pause = Duration::ZERO;
    if let Some(delay) = find(struck, Kind::Delay) {
        pause += Duration::from_millis(delay.ms.unwrap_or(1_000));
    }
    if let Some(reorder) = find(struck, Kind::Reorder) {
        let most = reorder.ms.unwrap_or(1_500);
        pause += Duration::from_millis(lock(&inner.world).rng.random_range(0..=most));
    }
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
}

/// One delivery of a body, signed.
pub(crate) async fn post(inner: &Inner, body: Bytes) -> Answer {
    let Ok(_permit) = inner.permits.acquire().await else {
        return Answer::default();
    };
    let sent = inner
        .client
        .post(inner.config.webhook_url.clone())
        .header("content-type", "application/json")
        .header("user-agent", "facebookexternalua")
        .header(
            "x-hub-signature-256",
            signature(&inner.config.app_secret, &body),
        )
        .timeout(ANSWER_TIMEOUT)
        .body(body)
        .send()
        .await;
    let answer = match sent {
        Ok(response) => {
            let answer = Answer {
                status: Some(response.status().as_u16()),
                retry_after: response
                    .headers()
                    .get("retry-after")
                    .and_then(|value| value.to_str().ok())
                    .map(str::to_owned),
            };
            // Reading to the end lets the connection be used again; the content says nothing.
            drop(response.bytes().await);
            answer
        }
        Err(error) => {
            tracing::debug!(%error, "a webhook got no answer");
            Answer::default()
        }
    };
    let mut state = lock(&inner.world);
    state.counters.webhook_attempts += 1;
    match answer.status {
        Some(status) => *state.counters.webhook_answers.entry(status).or_default() += 1,
        None => state.counters.webhook_errors += 1,
    }
    drop(state);
    answer
}

fn mark_taken(inner: &Inner, guest: &str, id: &str) {
    let mut state = lock(&inner.world);
    if let Some(entry) = state
        .chats
        .get_mut(guest)
        .and_then(|chat| chat.find_mut(id))
    {
        entry.taken = true;
    }
}
