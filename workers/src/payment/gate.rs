//! The gate every request to Mercado Pago goes through: the account's token, its rate limit and its breaker.
//!
//! Guaranteed: while an account's breaker is open nothing of it is asked, and [`Gate::closed_accounts`] says so, so that
//! its rows are not even claimed and use up no attempts; one account's refused token stops nobody else, and its owner
//! hears of it once. Not guaranteed: that several workers agree; each has a breaker and a limit of its own, and what the
//! provider refuses is obeyed.

use std::{
    collections::{HashMap, HashSet},
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use posta_providers::{
    http::Timeouts,
    mercadopago::{AuthProblem, Disposition, MercadoPago, MercadoPagoError},
};
use posta_runtime::{
    breaker::{BreakerPolicy, BreakerState, Breakers},
    clock::Clock,
    config::MercadoPagoApiConfig,
    limits::Limiter,
};
use posta_store::{Store, ids::AccountId};
use secrecy::SecretString;

use super::{
    account::{self, Account},
    metrics::PaymentMetrics,
};
use crate::compose::chain;

/// What `channel_accounts.secret_ref` says for accounts whose token is in the environment.
const TOKEN: &str = "MERCADOPAGO_ACCESS_TOKEN";
/// A token that was refused does not mend itself.
const REFUSED: Duration = Duration::from_mins(5);
/// Our own limit is waited out when it is this short, instead of a round trip through the table.
const SHORT_WAIT: Duration = Duration::from_secs(2);
/// What failed as the probe asks again so long after the others may: or it would be the probe each time.
const BEHIND: Duration = Duration::from_secs(1);
/// A notice waits half a minute after Mercado Pago is back, and no longer.
const BREAKER: BreakerPolicy = BreakerPolicy {
    failures: 5,
    open_for: Duration::from_secs(5),
    open_at_most: Duration::from_secs(30),
};

/// Why there is no answer to use.
#[derive(Debug)]
pub enum Failure {
    /// Nobody was asked: a limit of ours, or the breaker.
    Held {
        /// When asking may help.
        after: Duration,
    },
    /// The account may not ask: its token is missing here, or refused.
    Refused(String),
    /// No clear answer. What was asked for may have happened all the same.
    Down {
        /// What went wrong.
        error: MercadoPagoError,
        /// When to ask again, where somebody said so.
        after: Option<Duration>,
        /// Others are answered: it may be the row's own fault.
        alone: bool,
    },
    /// A clear no.
    No(MercadoPagoError),
}

/// The way to Mercado Pago.
pub struct Gate {
    store: Store,
    clock: Arc<dyn Clock>,
    client: MercadoPago,
    tokens: HashMap<String, SecretString>,
    limits: Limiter<AccountId>,
    breakers: Breakers<AccountId>,
    said: Mutex<Said>,
    metrics: PaymentMetrics,
}

/// What was said of accounts, so that each change is said once.
#[derive(Default)]
struct Said {
    closed: HashSet<AccountId>,
    /// Whose token has worked since this process began, or since it was refused last.
    welcome: HashSet<AccountId>,
}

impl Gate {
    /// As the environment says.
    pub fn new(
        store: Store,
        api: &MercadoPagoApiConfig,
        clock: Arc<dyn Clock>,
        metrics: PaymentMetrics,
    ) -> anyhow::Result<Self> {
        Self::with(BREAKER, store, api, clock, metrics)
    }

    /// With another breaker than the usual.
    pub fn with(
        breaker: BreakerPolicy,
        store: Store,
        api: &MercadoPagoApiConfig,
        clock: Arc<dyn Clock>,
        metrics: PaymentMetrics,
    ) -> anyhow::Result<Self> {
        let per_second = NonZeroU32::new(api.requests_per_second).unwrap_or(NonZeroU32::MIN);
        let refill = Duration::from_secs(1) / per_second.get();
        Ok(Self {
            store,
            client: MercadoPago::new(api.url.clone(), Timeouts::default())?,
            tokens: HashMap::from([(TOKEN.to_owned(), api.access_token.clone())]),
            limits: Limiter::new(per_second, refill, Arc::clone(&clock)),
            breakers: Breakers::new(breaker, Arc::clone(&clock)),
            clock,
            said: Mutex::default(),
            metrics,
        })
    }

    /// Accounts whose breaker is open: their rows stay where they are.
    pub fn closed_accounts(&self) -> Vec<AccountId> {
        let is_open = |(account, state)| matches!(state, BreakerState::Open(_)).then_some(account);
        let not_closed = self.breakers.not_closed();
        let open: Vec<AccountId> = not_closed.into_iter().filter_map(is_open).collect();
        self.metrics
            .open_breakers
            .set(i64::try_from(open.len()).unwrap_or(i64::MAX));
        let mut said = self.said();
        for account in &open {
            if said.closed.insert(*account) {
                tracing::warn!(account.id = %account, "not asking Mercado Pago for this account for now: what is to be read, made and refunded waits in the tables");
            }
        }
        // Half open is not yet closed: it is back when a request has gone well.
        said.closed.retain(|account| {
            let back = self.breakers.state(account) == BreakerState::Closed;
            if back {
                tracing::info!(account.id = %account, "asking Mercado Pago for this account again");
            }
            !back
        });
        open
    }

    /// Our clock, for what the provider is told.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Makes one request with the account's token; `name` is for metrics.
    pub async fn ask<'g, T, F>(
        &'g self,
        account: &Account,
        name: &'static str,
        call: impl FnOnce(&'g MercadoPago, &'g SecretString) -> F + Send,
    ) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, MercadoPagoError>> + Send,
    {
        let Some(token) = self.tokens.get(&account.secret_ref) else {
            let error = format!("{} is not set here", account.secret_ref);
            return Err(self.refused(account, error).await);
        };
        self.wait_for_limit(account.id).await?;
        let permit = self.breakers.acquire(&account.id).map_err(|open| {
            self.metrics.held_back.with_label_values(&["breaker"]).inc();
            Failure::Held {
                after: open.retry_after,
            }
        })?;
        let answer = call(&self.client, token).await;
        let label = answer
            .as_ref()
            .map_or_else(|error| error.disposition().as_str(), |_| "fine");
        self.metrics.calls.with_label_values(&[name, label]).inc();
        let error = match answer {
            Ok(answer) => {
                permit.succeeded();
                self.welcomed(account).await;
                return Ok(answer);
            }
            Err(error) => error,
        };
        if error.counts_for_breaker() {
            permit.failed();
        } else {
            permit.succeeded();
        }
        tracing::info!(
            call = name,
            error = chain(&error),
            "Mercado Pago did not do as asked"
        );
        match error.disposition() {
            Disposition::Auth(problem) if problem.stops_account() => {
                Err(self.refused(account, chain(&error)).await)
            }
            // That one thing is not ours to have. If it stopped the account, one such row would stop it for ever.
            Disposition::Auth(AuthProblem::Permission) => {
                self.forbidden(account, &error).await;
                Err(Failure::No(error))
            }
            Disposition::Retry { after } => {
                // A lock or a conflict is one call's; too many calls are everybody's, however long that lasts.
                match (error.status(), after) {
                    (Some(429), after) => self.trip(account, after.unwrap_or_default()),
                    (Some(500..), Some(after)) => self.trip(account, after),
                    _ => {}
                }
                Err(self.down(account, error, after))
            }
            Disposition::Unreachable | Disposition::Ambiguous => {
                Err(self.down(account, error, None))
            }
            Disposition::Auth(_) | Disposition::NotFound | Disposition::Refused { .. } => {
                Err(Failure::No(error))
            }
        }
    }

    fn trip(&self, account: &Account, after: Duration) {
        self.breakers.trip(&account.id, after);
    }

    fn down(&self, account: &Account, error: MercadoPagoError, after: Option<Duration>) -> Failure {
        let state = self.breakers.state(&account.id);
        let after = match state {
            BreakerState::Open(left) => Some(after.unwrap_or_default().max(left + BEHIND)),
            BreakerState::Closed | BreakerState::HalfOpen => after,
        };
        Failure::Down {
            error,
            after,
            alone: state == BreakerState::Closed,
        }
    }

    async fn wait_for_limit(&self, account: AccountId) -> Result<(), Failure> {
        while let Err(wait) = self.limits.check(&account) {
            if wait.retry_after > SHORT_WAIT {
                self.metrics.held_back.with_label_values(&["limit"]).inc();
                return Err(Failure::Held {
                    after: wait.retry_after,
                });
            }
            tokio::time::sleep(wait.retry_after).await;
        }
        Ok(())
    }

    /// The token does not open: nothing more is asked with it for a while, and a person is told.
    async fn refused(&self, account: &Account, error: String) -> Failure {
        self.breakers.trip(&account.id, REFUSED);
        self.said().welcome.remove(&account.id);
        tracing::error!(account.id = %account.id, error, "Mercado Pago refuses this account's token");
        if let Err(unsaid) = account::refused(&self.store, account, &error).await {
            tracing::warn!(
                error = chain(&unsaid),
                "could not tell the owner that her token is refused"
            );
        }
        Failure::Refused(error)
    }

    /// The account may not have what was asked for. Where nothing else has worked, the owner hears of it.
    async fn forbidden(&self, account: &Account, error: &MercadoPagoError) {
        if self.said().welcome.contains(&account.id) {
            return;
        }
        if let Err(unsaid) = account::refused(&self.store, account, &chain(error)).await {
            tracing::warn!(
                error = chain(&unsaid),
                "could not tell the owner what her account may not do"
            );
        }
    }

    /// The token opens, perhaps again.
    async fn welcomed(&self, account: &Account) {
        if !self.said().welcome.insert(account.id) {
            return;
        }
        if let Err(unsaid) = account::welcome(&self.store, account).await {
            self.said().welcome.remove(&account.id);
            tracing::warn!(
                error = chain(&unsaid),
                "could not note that the owner's token works"
            );
        }
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
