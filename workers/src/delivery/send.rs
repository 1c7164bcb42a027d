//! One row on its way: breaker, limits, a last look at the database, the network, the record.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use posta_runtime::{
    breaker::{BreakerPolicy, BreakerState, Breakers},
    clock::Clock,
    limits::{Refused, SendingLimits},
};
use posta_store::{
    Store, StoreError,
    ids::AccountId,
    outbox::{
        State,
        claim::Claimed,
        record::{self, Readiness},
    },
};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use super::{
    metrics::DeliveryMetrics,
    outcome::{Outcome, Transport},
    policy,
};

/// The Graph API answers in well under a second; its own time-out is shorter than this.
const LONGEST_SEND: Duration = Duration::from_secs(15);
/// A number's limit is waited out when it is this short, instead of a round trip through the table.
const SHORT_WAIT: Duration = Duration::from_millis(500);
/// Between attempts to record a success.
const LONGEST_RECORD_PAUSE: Duration = Duration::from_secs(1);

/// How rows are sent.
#[derive(Debug, Clone, Copy)]
pub struct SenderConfig {
    budget: Duration,
    per_second: NonZeroU32,
    breaker: BreakerPolicy,
}

impl SenderConfig {
    /// For leases of this length: half of it may be spent on the network, so that the record still fits in.
    #[must_use]
    pub fn new(lease: Duration, messages_per_second: u32) -> Self {
        Self {
            budget: LONGEST_SEND.min(lease / 2),
            per_second: NonZeroU32::new(messages_per_second).unwrap_or(NonZeroU32::MIN),
            breaker: BreakerPolicy::default(),
        }
    }
}

/// Sends claimed rows.
pub struct Sender {
    store: Store,
    transport: Arc<dyn Transport>,
    limits: SendingLimits,
    breakers: Breakers<AccountId>,
    budget: Duration,
    metrics: DeliveryMetrics,
}

impl Sender {
    /// Over `transport`. Limits and breakers are this process's own: with several delivery-workers a number's
    /// throughput is the provider's to enforce, and its refusals are obeyed.
    #[must_use]
    pub fn new(
        store: Store,
        transport: Arc<dyn Transport>,
        config: &SenderConfig,
        clock: Arc<dyn Clock>,
        metrics: DeliveryMetrics,
    ) -> Self {
        Self {
            store,
            transport,
            limits: SendingLimits::new(config.per_second, Arc::clone(&clock)),
            breakers: Breakers::new(config.breaker, clock),
            budget: config.budget,
            metrics,
        }
    }

    /// Accounts whose breaker is open: their rows stay where they are.
    pub fn closed_accounts(&self) -> Vec<AccountId> {
        let open = |(account, state)| matches!(state, BreakerState::Open(_)).then_some(account);
        let open: Vec<AccountId> = self
            .breakers
            .not_closed()
            .into_iter()
            .filter_map(open)
            .collect();
        self.metrics
            .open_breakers
            .set(i64::try_from(open.len()).unwrap_or(i64::MAX));
        open
    }

    /// Forgets idle guests' limits until `token` is cancelled.
    pub async fn keep_small(&self, token: CancellationToken) {
        self.limits.keep_small(token).await;
    }

    /// Takes one claimed row to its end, or back to the table.
    pub async fn deliver(&self, row: &Claimed) {
        let span =
            tracing::info_span!("delivery", outbox.id = %row.id, account = row.account_external);
        if let Err(error) = self.attempt(row).instrument(span).await {
            // The lease runs out, and the row is looked at again.
            let error = format!("{:#}", anyhow::Error::new(error));
            tracing::warn!(outbox.id = %row.id, error, "could not record what became of a reply");
        }
    }

    async fn attempt(&self, row: &Claimed) -> Result<(), StoreError> {
        let permit = match self.breakers.acquire(&row.account) {
            Ok(permit) => permit,
            Err(open) => return self.hold_back(row, open.retry_after, "breaker").await,
        };
        if let Some((wait, by)) = self.limited(row).await {
            return self.hold_back(row, wait, by).await;
        }
        match record::readiness(&self.store, row, self.budget).await? {
            Readiness::Go => {}
            // Nothing went out. If the row is still ours, and only too little of the lease is left, it is given back;
            // left alone it would count as one that may have gone out.
            Readiness::Lost => return self.hold_back(row, Duration::ZERO, "lease").await,
            Readiness::Waits => return self.hold_back(row, SHORT_WAIT, "person").await,
            Readiness::Stale => {
                record::finish(&self.store, row, State::Dropped, "a person took over", None)
                    .await?;
                return Ok(());
            }
            Readiness::Stopped => return self.hold_back(row, Duration::ZERO, "stopped").await,
        }
        if row.resends > 0 {
            self.metrics.resends.inc();
        }
        let timer = std::time::Instant::now();
        let outcome = tokio::time::timeout(self.budget, self.transport.send(row))
            .await
            .unwrap_or_else(|_| Outcome::Ambiguous("no answer in time".to_owned()));
        self.metrics
            .outcomes
            .with_label_values(&[outcome.label()])
            .inc();
        self.metrics
            .seconds
            .with_label_values(&[outcome.label()])
            .observe(timer.elapsed().as_secs_f64());
        tracing::info!(outbox.id = %row.id, outcome = outcome.label(), resends = row.resends, "reply attempted");
        if outcome.is_outage() {
            permit.failed();
        } else {
            permit.succeeded();
        }
        self.record(row, &outcome).await
    }

    /// How long our own limits ask to wait, and which of them.
    async fn limited(&self, row: &Claimed) -> Option<(Duration, &'static str)> {
        let guest = row.guest.to_string();
        loop {
            match self.limits.check(&row.account_external, &guest) {
                Ok(()) => return None,
                Err(Refused::Number(wait)) if wait.retry_after <= SHORT_WAIT => {
                    tokio::time::sleep(wait.retry_after).await;
                }
                Err(Refused::Number(wait)) => return Some((wait.retry_after, "number")),
                Err(Refused::Guest(wait)) => return Some((wait.retry_after, "guest")),
            }
        }
    }

    async fn hold_back(
        &self,
        row: &Claimed,
        wait: Duration,
        by: &'static str,
    ) -> Result<(), StoreError> {
        self.metrics.limited.with_label_values(&[by]).inc();
        record::postpone(&self.store, row, wait, by, false)
            .await
            .map(|_| ())
    }

    async fn record(&self, row: &Claimed, outcome: &Outcome) -> Result<(), StoreError> {
        let store = &self.store;
        match outcome {
            Outcome::Sent { message_id, number } => {
                self.record_sent(row, message_id, number.as_deref()).await
            }
            Outcome::RetryGuest(error) => {
                self.refused(row, policy::guest_delay(row.attempts), error)
                    .await
            }
            Outcome::RetryLater { error, after } => {
                self.refused(row, policy::later_delay(row.attempts, *after), error)
                    .await
            }
            Outcome::RetryNumber { error, after } => {
                let delay = policy::number_delay(*after);
                self.breakers.trip(&row.account, delay);
                record::postpone(store, row, delay, error, false)
                    .await
                    .map(|_| ())
            }
            Outcome::Unreachable(error) => {
                record::postpone(store, row, policy::UNREACHABLE, error, false)
                    .await
                    .map(|_| ())
            }
            Outcome::Ambiguous(error) => record::ambiguous(store, row, error).await.map(|_| ()),
            Outcome::GiveUp(error) => {
                record::finish(store, row, State::Failed, error, Some("message_failed"))
                    .await
                    .map(|_| ())
            }
            Outcome::NeedsTemplate(error) => record::finish(
                store,
                row,
                State::Failed,
                error,
                Some("reply_window_closed"),
            )
            .await
            .map(|_| ()),
            Outcome::StopAccount(error) => {
                tracing::error!(
                    account = row.account_external,
                    error,
                    "the account may not send: stopped"
                );
                record::stop_account(store, row, error).await
            }
        }
    }

    async fn refused(&self, row: &Claimed, delay: Duration, error: &str) -> Result<(), StoreError> {
        if policy::is_last(row.attempts) {
            record::finish(
                &self.store,
                row,
                State::Failed,
                error,
                Some("message_failed"),
            )
            .await?;
        } else {
            record::postpone(&self.store, row, delay, error, true).await?;
        }
        Ok(())
    }

    /// A success that is not recorded leads to a second send, so recording is tried for as long as this process lives;
    /// often enough to be there before anybody's time of grace is over when the database comes back.
    async fn record_sent(
        &self,
        row: &Claimed,
        wamid: &str,
        number: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut pause = Duration::from_millis(50);
        loop {
            match record::sent(&self.store, row, wamid, number).await {
                Err(error) if error.is_unavailable() || error.is_transient() => {
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_RECORD_PAUSE);
                }
                recorded => return recorded,
            }
        }
    }
}
