//! Reading: what was hinted at is asked for, and what follows from the answer is applied.
//!
//! A payment is read by its id and in no other way: searches, orders and chargebacks only say which ids.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use posta_providers::mercadopago::{
    AuthProblem, ChargebackNumber, Disposition, ExternalReference, MercadoPagoError,
    MerchantOrderNumber, Payment, PaymentNumber, PaymentsBy, Search,
};
use posta_store::{
    Store, StoreError,
    ids::AccountId,
    payments::{
        self, DisputeSaid, Reading,
        reads::{self, Claimed, ReadKind},
    },
};

use super::{
    account::Account,
    day,
    gate::{Failure, Gate},
    policy,
    read::{self, Trouble, became},
    rounds::Work,
    wakes::Wakes,
};
use crate::compose::chain;

/// Of the payments of one request so many are read with it, those that may be money first; the rest have reads of their
/// own. Somebody may have tried a hundred cards.
const AT_ONCE: usize = 10;
/// What is said of an attempt that was cut off.
pub(super) const TOO_LONG: &str = "it took too long";

/// Reads what is wanted.
pub struct Reads {
    store: Store,
    gate: Arc<Gate>,
    wakes: Wakes,
}

impl Reads {
    /// Through `gate`; `wakes` are told when something new was read.
    #[must_use]
    pub const fn new(store: Store, gate: Arc<Gate>, wakes: Wakes) -> Self {
        Self { store, gate, wakes }
    }

    /// The outcome in one word.
    async fn read(&self, wanted: &Claimed) -> Result<&'static str, Trouble> {
        let account = Account::from(wanted);
        let reading = Reading::from(wanted);
        let id = wanted.resource.as_str();
        match wanted.kind {
            ReadKind::Payment => {
                let number = parsed(PaymentNumber::parse(id))?;
                self.payment(&account, &reading, &number).await
            }
            ReadKind::Reference => {
                let reference = parsed(ExternalReference::parse(id))?;
                let search = Search::new(PaymentsBy::Reference(reference));
                let mut found = day::all(&self.gate, &account, search).await?;
                found.sort_by_key(came_to_nothing);
                let (first, rest) = found.split_at(found.len().min(AT_ONCE));
                // Read before the answer counts as given: whether a hold is prolonged depends on it.
                for payment in first {
                    self.hit(&account, &reading, payment.number()).await?;
                }
                let rest: Vec<_> = rest.iter().map(Payment::number).collect();
                self.each(&account, &reading, &rest).await?;
                Ok(if found.is_empty() { "none" } else { "found" })
            }
            ReadKind::MerchantOrder => {
                let number = parsed(MerchantOrderNumber::parse(id))?;
                let order = self.gate.ask(&account, "order", |client, token| {
                    client.merchant_order(token, &number)
                });
                let order = order.await?;
                let payments: Vec<_> = order.payments.iter().collect();
                self.each(&account, &reading, &payments).await
            }
            ReadKind::Chargeback => {
                let number = parsed(ChargebackNumber::parse(id))?;
                self.chargeback(&account, &reading, &number).await
            }
            ReadKind::Day => {
                let date = id.parse().map_err(|_| unfit())?;
                day::compare(&self.store, &self.gate, &account, &reading, date).await?;
                self.wakes.reads.notify_one();
                Ok("compared")
            }
        }
    }

    async fn payment(
        &self,
        account: &Account,
        reading: &Reading,
        number: &PaymentNumber,
    ) -> Result<&'static str, Trouble> {
        let snapshot = read::snapshot(&self.gate, account, number).await?;
        let applied = read::apply(&self.store, &self.wakes, reading, &snapshot).await?;
        Ok(became(applied.became))
    }

    /// One of several: what cannot be had of it is left to a read of its own, and does not hide the others.
    async fn hit(
        &self,
        account: &Account,
        reading: &Reading,
        number: &PaymentNumber,
    ) -> Result<(), Trouble> {
        match self.payment(account, reading, number).await {
            Err(Trouble::Unfit(_) | Trouble::Call(Failure::No(_))) => {
                self.each(account, reading, &[number]).await.map(|_| ())
            }
            read => read.map(|_| ()),
        }
    }

    /// Wants each of them read.
    async fn each(
        &self,
        account: &Account,
        reading: &Reading,
        numbers: &[&PaymentNumber],
    ) -> Result<&'static str, Trouble> {
        if numbers.is_empty() {
            return Ok("none");
        }
        let mut numbers = numbers.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            let mut conn = self.store.acquire().await?;
            let kind = ReadKind::Payment;
            reads::want(&mut conn, reading.tenant, account.id, kind, number.as_str()).await?;
        }
        self.wakes.reads.notify_one();
        Ok("found")
    }

    /// Its payments first: the owner is told of those that are known.
    async fn chargeback(
        &self,
        account: &Account,
        reading: &Reading,
        number: &ChargebackNumber,
    ) -> Result<&'static str, Trouble> {
        let chargeback = self.gate.ask(account, "chargeback", |client, token| {
            client.chargeback(token, number)
        });
        let chargeback = chargeback.await?;
        for payment in &chargeback.payments {
            self.hit(account, reading, payment).await?;
        }
        let said = DisputeSaid {
            id: number.as_str().to_owned(),
            payments: chargeback
                .payments
                .iter()
                .map(|payment| payment.as_str().to_owned())
                .collect(),
            amount: chargeback.amount,
            deadline: chargeback.documentation_until,
        };
        payments::chargeback(&self.store, reading, &said).await?;
        Ok("told")
    }

    async fn record(&self, wanted: &Claimed, trouble: Trouble) -> Result<&'static str, StoreError> {
        let store = &self.store;
        let error = match trouble {
            Trouble::Store(error) if error.is_transient() => {
                let wait = policy::busy(wanted.attempts);
                reads::retry(store, wanted, wait, &chain(&error), true).await?;
                return Ok("busy");
            }
            Trouble::Store(error) if error.is_unavailable() => return Err(error),
            Trouble::Store(error) => chain(&error),
            Trouble::Call(Failure::Held { after }) => {
                reads::retry(store, wanted, after, "held back", false).await?;
                return Ok("held");
            }
            Trouble::Call(Failure::Refused(error)) => {
                reads::retry(store, wanted, policy::OUTAGE, &error, false).await?;
                return Ok("account_refused");
            }
            Trouble::Call(Failure::Down {
                error,
                after,
                alone,
            }) => {
                if alone && policy::is_hopeless(wanted.attempts) {
                    reads::unknown(store, wanted, &chain(&error)).await?;
                    return Ok("unclear");
                }
                let wait = policy::outage(wanted.attempts, after, alone);
                reads::retry(store, wanted, wait, &chain(&error), alone).await?;
                return Ok("down");
            }
            Trouble::Call(Failure::No(error)) if is_not_there(&error) => {
                let words = chain(&error);
                match policy::not_there(wanted.attempts) {
                    Some(wait) => reads::retry(store, wanted, wait, &words, true).await?,
                    None => reads::unknown(store, wanted, &words).await?,
                }
                return Ok("not_there");
            }
            Trouble::Call(Failure::No(error)) => chain(&error),
            Trouble::Unfit(error) => error,
        };
        if policy::is_last(wanted.attempts) {
            reads::unknown(store, wanted, &error).await?;
        } else {
            let wait = policy::delay(wanted.attempts, None);
            reads::retry(store, wanted, wait, &error, true).await?;
        }
        Ok("unclear")
    }
}

/// Whether the provider knows no such thing, or will not show it to us: another account's payment is answered either
/// way.
fn is_not_there(error: &MercadoPagoError) -> bool {
    matches!(
        error.disposition(),
        Disposition::NotFound | Disposition::Auth(AuthProblem::Foreign)
    )
}

/// Whether a search says that it is over and no money came; it may be wrong, so it only comes last.
fn came_to_nothing(payment: &Payment) -> bool {
    let ended = |status: &str| matches!(status, "rejected" | "cancelled");
    payment.snapshot().is_ok_and(|it| ended(&it.status))
}

/// An id that nobody can ask for.
fn parsed<T>(id: Option<T>) -> Result<T, Trouble> {
    id.ok_or_else(unfit)
}

fn unfit() -> Trouble {
    Trouble::Unfit("it is not named by what an id can be".to_owned())
}

#[async_trait]
impl Work for Reads {
    type Row = Claimed;

    fn name(&self) -> &'static str {
        "read"
    }

    async fn claim(
        &self,
        limit: i64,
        lease: Duration,
        except: &[AccountId],
    ) -> Result<Vec<Claimed>, StoreError> {
        reads::claim(&self.store, limit, lease, except).await
    }

    fn subject(&self, wanted: &Claimed) -> String {
        format!("{}:{}", wanted.kind.as_str(), wanted.resource)
    }

    async fn attempt(&self, wanted: &Claimed) -> Result<&'static str, StoreError> {
        match self.read(wanted).await {
            Ok(outcome) => {
                reads::done(&self.store, wanted, outcome).await?;
                Ok(outcome)
            }
            Err(trouble) => self.record(wanted, trouble).await,
        }
    }

    async fn cut_off(&self, wanted: &Claimed) -> Result<(), StoreError> {
        let trouble = Trouble::Unfit(TOO_LONG.to_owned());
        self.record(wanted, trouble).await.map(|_| ())
    }
}
