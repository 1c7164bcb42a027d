//! Delivers notifications like Mercado Pago: concurrently, and again and again until a 200 or 201 comes or a newer
//! state of the same resource was emitted.
//!
//! Guaranteed: the newest state of each resource is told until it is taken or its horizon has passed, unless silence
//! or a fault forbids it. Not guaranteed: order, that a notification arrives once, or that each event is told.

use std::sync::Arc;
use std::time::Duration;

use rand::Rng as _;
use tokio::time::Instant;
use url::Url;

use super::faults::{Fault, Kind, Target, find};
use super::notice::{self, Channel, Notice, Subject};
use super::simulator::Inner;
use crate::lock::lock;

/// The provider waits 22 seconds; a drill need not.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// How one notification is begun.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Manner {
    /// This much later than usual.
    pub(crate) late: Duration,
    /// Not an event: it supersedes nothing and is superseded by nothing.
    pub(crate) again: bool,
}

/// Begins to tell what happened, in every form the address asks for.
pub(crate) fn announce(
    inner: &Arc<Inner>,
    subject: &Subject,
    address: Option<&str>,
    manner: Manner,
) {
    let own = address.and_then(|address| address.parse().ok());
    let Some(address): Option<Url> = own.or_else(|| inner.config.webhook_url.clone()) else {
        return;
    };
    if matches!(subject, Subject::Order { .. }) && !inner.config.orders_too {
        return;
    }
    for channel in Channel::of(&address, inner.config.twins) {
        begin(inner, subject.clone(), channel, address.clone(), manner);
    }
}

fn begin(inner: &Arc<Inner>, subject: Subject, channel: Channel, address: Url, manner: Manner) {
    let resource = format!("{channel:?}/{}", subject.resource());
    let (struck, event) = {
        let mut world = lock(&inner.world);
        let world = &mut *world;
        let struck = world.faults.strike(Target::Webhook, &mut world.rng);
        if world.silent || find(&struck, Kind::Lose).is_some() {
            world.counters.notices_unsent += 1;
            return;
        }
        world.counters.notices += 1;
        let newest = world.newest.entry(resource.clone()).or_default();
        *newest += u64::from(!manner.again);
        (struck, (!manner.again).then_some((resource, *newest)))
    };
    let told = Arc::clone(inner);
    inner.tasks.spawn(async move {
        let telling = Telling {
            inner: &told,
            subject,
            channel,
            address,
            event,
        };
        let pause = told.config.latency + manner.late;
        let end = told
            .token
            .run_until_cancelled(telling.tell(pause, &struck))
            .await
            .unwrap_or(End::GivenUp);
        let mut world = lock(&told.world);
        let counters = &mut world.counters;
        match end {
            End::Taken => counters.notices_taken += 1,
            End::Superseded => counters.notices_superseded += 1,
            End::GivenUp => counters.notices_given_up += 1,
        }
    });
}

enum End {
    Taken,
    Superseded,
    GivenUp,
}

struct Telling<'a> {
    inner: &'a Inner,
    subject: Subject,
    channel: Channel,
    address: Url,
    /// Its resource and number, unless it is a repetition.
    event: Option<(String, u64)>,
}

impl Telling<'_> {
    async fn tell(&self, pause: Duration, struck: &[Fault]) -> End {
        tokio::time::sleep(pause + self.held_back(struck)).await;
        let copies = find(struck, Kind::Duplicate).map_or(1, |fault| fault.copies.unwrap_or(2));
        let mut lost = find(struck, Kind::Drop).is_some();
        let mut unread = find(struck, Kind::Cut).is_some();
        let started = Instant::now();
        for attempt in 0.. {
            let mut taken = false;
            if !std::mem::take(&mut lost) {
                let posts = (0..copies).map(|_| async {
                    let notice = notice::make(
                        self.inner,
                        &self.subject,
                        self.channel,
                        &self.address,
                        attempt,
                    );
                    post(self.inner, &notice).await
                });
                for status in futures_util::future::join_all(posts).await {
                    taken |= matches!(status, Some(200 | 201));
                }
                taken &= !std::mem::take(&mut unread);
            }
            if taken {
                return End::Taken;
            }
            let ladder = &self.inner.config.retry;
            if started.elapsed() > ladder.horizon {
                break;
            }
            tokio::time::sleep(ladder.pause(attempt + 1)).await;
            if self.superseded() {
                return End::Superseded;
            }
        }
        End::GivenUp
    }

    fn held_back(&self, struck: &[Fault]) -> Duration {
        let mut pause = 0;
        if let Some(delay) = find(struck, Kind::Delay) {
            pause += delay.ms.unwrap_or(1_000);
        }
        if let Some(reorder) = find(struck, Kind::Reorder) {
            let most = reorder.ms.unwrap_or(1_500);
            pause += lock(&self.inner.world).rng.random_range(0..=most);
        }
        Duration::from_millis(pause)
    }

    fn superseded(&self) -> bool {
        self.event.as_ref().is_some_and(|(resource, number)| {
            lock(&self.inner.world)
                .newest
                .get(resource)
                .is_some_and(|newest| newest > number)
        })
    }
}

/// Posts it once; the HTTP status of the answer, if one came.
pub(crate) async fn post(inner: &Inner, notice: &Notice) -> Option<u16> {
    // Closed only when the simulator ends.
    let _permit = inner.permits.acquire().await.ok()?;
    let mut request = inner
        .client
        .post(notice.url.clone())
        .timeout(ANSWER_TIMEOUT)
        .body(notice.body.clone());
    for (name, value) in &notice.headers {
        request = request.header(*name, value);
    }
    let status = match request.send().await {
        Ok(response) => {
            let status = response.status().as_u16();
            // Reading to the end lets the connection be used again; the content says nothing.
            drop(response.bytes().await);
            Some(status)
        }
        Err(error) => {
            tracing::debug!(%error, "a notification got no answer");
            None
        }
    };
    let mut world = lock(&inner.world);
    world.counters.attempts += 1;
    *world
        .counters
        .answers
        .entry(status.unwrap_or(0))
        .or_default() += 1;
    status
}
