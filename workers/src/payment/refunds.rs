//! Refunds: money that is owed back goes back through the payment it came by.
//!
//! The payment is read before anything is asked, and after it whatever the answer was; only a reading settles a refund.
//! So a call that timed out, an empty answer to a repeated one, and a worker that died in between give the money back
//! once. The refund's id is the key under which the provider recognises a repeated request.

use std::time::Duration;

use async_trait::async_trait;
use posta_domain::payment::{GivenState, Snapshot};
use posta_providers::mercadopago::{Disposition, MercadoPagoError, PaymentNumber, RefundAnswer};
use posta_store::{
    Store, StoreError,
    booking::refunds::{self, ClaimedRefund},
    ids::AccountId,
    payments::Reading,
};

use super::{
    account::Account,
    gate::{Failure, Gate},
    policy,
    read::{self, Trouble},
    reads::TOO_LONG,
    rounds::Work,
    wakes::Wakes,
};
use crate::compose::chain;

/// A refund that is on its way at the provider is looked at again after this long.
const ON_ITS_WAY: Duration = Duration::from_mins(10);

/// Carries refunds out.
pub struct Refunds {
    store: Store,
    gate: std::sync::Arc<Gate>,
    wakes: Wakes,
}

/// What one attempt came to.
enum Came {
    /// The row is settled, or nobody's any more.
    Settled,
    /// Asked for, and not seen to have happened yet.
    Unseen,
    /// The provider has it and takes its time.
    OnItsWay,
}

impl Refunds {
    /// Through `gate`.
    #[must_use]
    pub const fn new(store: Store, gate: std::sync::Arc<Gate>, wakes: Wakes) -> Self {
        Self { store, gate, wakes }
    }

    async fn give_back(&self, refund: &ClaimedRefund) -> Result<Came, Trouble> {
        let number = PaymentNumber::parse(&refund.provider_id).ok_or(Trouble::Unfit(
            "the payment's id is not a number".to_owned(),
        ))?;
        let account = Account::from(refund);
        // An attempt nobody heard of may have done it already.
        let before = self.read(&account, &number).await?;
        if !refunds::still_open(&self.store, refund).await? {
            return Ok(Came::Settled);
        }
        // Ours, of an attempt before, or the owner's own: what is on its way is not sent a second time.
        if is_on_its_way(&before, refund) {
            return Ok(Came::OnItsWay);
        }
        if !refunds::requested(&self.store, refund).await? {
            return Ok(Came::Settled);
        }
        let (amount, key) = (refund.amount, refund.id.uuid());
        let asked = self
            .gate
            .ask(&account, "refund", |client, token| {
                client.refund(token, &number, amount, key)
            })
            .await;
        // Whatever was answered, the payment says what happened.
        let after = self.read(&account, &number).await;
        if after.is_ok() && !refunds::still_open(&self.store, refund).await? {
            return Ok(Came::Settled);
        }
        match asked {
            Ok(RefundAnswer::Created(_) | RefundAnswer::Replayed) => {
                let after = after?;
                Ok(if is_on_its_way(&after, refund) {
                    Came::OnItsWay
                } else {
                    Came::Unseen
                })
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn read(&self, account: &Account, number: &PaymentNumber) -> Result<Snapshot, Trouble> {
        let reading =
            Reading::begin(&self.store, account.tenant, account.id, &account.external).await?;
        let snapshot = read::snapshot(&self.gate, account, number).await?;
        read::apply(&self.store, &self.wakes, &reading, &snapshot).await?;
        Ok(snapshot)
    }

    async fn record(
        &self,
        refund: &ClaimedRefund,
        came: Result<Came, Trouble>,
    ) -> Result<&'static str, StoreError> {
        let store = &self.store;
        let delay = policy::delay(refund.attempts, None);
        match came {
            Ok(Came::Settled) => Ok("settled"),
            Ok(Came::OnItsWay) => {
                refunds::retry(store, refund, ON_ITS_WAY, "on its way", false).await?;
                Ok("on_its_way")
            }
            Ok(Came::Unseen) => {
                let error = "Mercado Pago took the request, and the payment does not show it";
                self.again_or_by_hand(refund, error, delay).await
            }
            Err(Trouble::Store(error)) if error.is_transient() => {
                let wait = policy::busy(refund.attempts);
                refunds::retry(store, refund, wait, &chain(&error), false).await?;
                Ok("busy")
            }
            Err(Trouble::Store(error)) => Err(error),
            Err(Trouble::Call(Failure::Held { after })) => {
                refunds::retry(store, refund, after, "held back", false).await?;
                Ok("held")
            }
            Err(Trouble::Call(Failure::Refused(error))) => {
                refunds::retry(store, refund, policy::OUTAGE, &error, false).await?;
                Ok("account_refused")
            }
            Err(Trouble::Call(Failure::Down {
                error,
                after,
                alone,
            })) => {
                if alone && policy::is_hopeless(refund.attempts) {
                    return self.by_hand(refund, &chain(&error)).await;
                }
                let wait = policy::outage(refund.attempts, after, alone);
                refunds::retry(store, refund, wait, &chain(&error), alone).await?;
                Ok("down")
            }
            Err(Trouble::Call(Failure::No(error))) => match refusal(&error) {
                Some(words) => {
                    refunds::by_hand(store, refund, &words).await?;
                    Ok("by_hand")
                }
                None => self.again_or_by_hand(refund, &chain(&error), delay).await,
            },
            Err(Trouble::Unfit(error)) => self.again_or_by_hand(refund, &error, delay).await,
        }
    }

    /// Once more later; after so many times it is for a person to do.
    async fn again_or_by_hand(
        &self,
        refund: &ClaimedRefund,
        error: &str,
        delay: Duration,
    ) -> Result<&'static str, StoreError> {
        if policy::is_last(refund.attempts) {
            return self.by_hand(refund, error).await;
        }
        refunds::retry(&self.store, refund, delay, error, true).await?;
        Ok("unclear")
    }

    /// Nobody knows whether it went: she looks before she gives it back.
    async fn by_hand(
        &self,
        refund: &ClaimedRefund,
        error: &str,
    ) -> Result<&'static str, StoreError> {
        let words = if refund.requested {
            format!("look at the payment in Mercado Pago first, it may have gone back: {error}")
        } else {
            error.to_owned()
        };
        refunds::by_hand(&self.store, refund, &words).await?;
        Ok("by_hand")
    }
}

/// Whether the provider lists a refund of this size that is not done yet.
fn is_on_its_way(snapshot: &Snapshot, refund: &ClaimedRefund) -> bool {
    snapshot
        .given
        .iter()
        .any(|given| given.state == GivenState::Pending && given.amount == refund.amount.minor)
}

/// Why it will never be, in words; `None` where it may still.
fn refusal(error: &MercadoPagoError) -> Option<String> {
    match error.disposition() {
        Disposition::Refused { meaning, .. } if !meaning.is_final() => None,
        Disposition::Refused { meaning, .. } => {
            Some(format!("{}: {}", meaning.as_str(), chain(error)))
        }
        Disposition::Auth(problem) => Some(format!("{}: {}", problem.as_str(), chain(error))),
        Disposition::NotFound => Some(format!("not-found: {}", chain(error))),
        _ => None,
    }
}

#[async_trait]
impl Work for Refunds {
    type Row = ClaimedRefund;

    fn name(&self) -> &'static str {
        "refund"
    }

    async fn claim(
        &self,
        limit: i64,
        lease: Duration,
        except: &[AccountId],
    ) -> Result<Vec<ClaimedRefund>, StoreError> {
        refunds::claim(&self.store, limit, lease, except).await
    }

    fn subject(&self, refund: &ClaimedRefund) -> String {
        refund.id.to_string()
    }

    async fn attempt(&self, refund: &ClaimedRefund) -> Result<&'static str, StoreError> {
        let came = self.give_back(refund).await;
        self.record(refund, came).await
    }

    async fn cut_off(&self, refund: &ClaimedRefund) -> Result<(), StoreError> {
        let trouble = Trouble::Unfit(TOO_LONG.to_owned());
        self.record(refund, Err(trouble)).await.map(|_| ())
    }
}
