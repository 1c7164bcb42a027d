//! One payment: asked for, understood, applied.

use posta_domain::payment::Snapshot;
use posta_providers::mercadopago::{PaymentNumber, Unfit};
use posta_store::{
    Store, StoreError,
    booking::BookingError,
    payments::{self, Applied, Became, Reading},
};

use super::{
    account::Account,
    gate::{Failure, Gate},
    wakes::Wakes,
};
use crate::compose::chain;

/// Why an attempt came to nothing.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The database.
    Store(StoreError),
    /// Mercado Pago, or the way there.
    Call(Failure),
    /// An answer that cannot be used.
    Unfit(String),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Call(failure)
    }
}

impl From<Unfit> for Trouble {
    fn from(unfit: Unfit) -> Self {
        Self::Unfit(chain(&unfit))
    }
}

impl From<BookingError> for Trouble {
    fn from(error: BookingError) -> Self {
        match error {
            BookingError::Store(error) | BookingError::Busy(error) => Self::Store(error),
            other => Self::Unfit(chain(&other)),
        }
    }
}

/// Reads a payment, with its refunds where it does not list them all.
pub(super) async fn snapshot(
    gate: &Gate,
    account: &Account,
    number: &PaymentNumber,
) -> Result<Snapshot, Trouble> {
    let payment = gate
        .ask(account, "payment", |client, token| {
            client.payment(token, number)
        })
        .await?;
    let payment = if payment.lacks_refunds() {
        let refunds = gate
            .ask(account, "refunds", |client, token| {
                client.refunds(token, number)
            })
            .await?;
        payment.with_refunds(&refunds)?
    } else {
        payment
    };
    Ok(payment.snapshot()?)
}

/// Applies what was read. Links may be over and refunds due because of it: those who see to them are woken.
pub(super) async fn apply(
    store: &Store,
    wakes: &Wakes,
    reading: &Reading,
    snapshot: &Snapshot,
) -> Result<Applied, Trouble> {
    let applied = payments::apply(store, reading, snapshot).await?;
    if applied.became != Became::Overtaken {
        tracing::info!(
            payment.id = %applied.payment,
            provider.id = snapshot.provider_id,
            status = snapshot.status,
            became = became(applied.became),
            "payment read"
        );
        wakes.links.notify_one();
        wakes.refunds.notify_one();
    }
    Ok(applied)
}

/// In one word, for metrics and the read's own row.
pub(super) const fn became(became: Became) -> &'static str {
    match became {
        Became::Overtaken => "overtaken",
        Became::Open => "open",
        Became::Entered => "entered",
        Became::Orphan => "orphan",
        Became::Dismissed => "dismissed",
        Became::Foreign => "foreign",
        Became::Nothing => "nothing",
    }
}
