//! Payments at Mercado Pago: what is to be read of them, and what follows from having read it.
//!
//! Who acts: the payment-worker, which asks the provider between two transactions and never inside one. A notice is a
//! hint ([`reads`]); what was read is applied ([`apply()`]); what has no booking is the owner's to place ([`orphans`]).
//! Guaranteed: what follows from a payment depends on its newest reading alone, however often and in whatever order it is
//! read; each movement of its money is one line of the ledger. Not guaranteed: that what a reading says is still so.

pub mod apply;
pub mod chase;
pub mod check;
pub mod dispute;
pub mod links;
pub mod list;
pub mod orphans;
pub mod poll;
pub mod reads;
pub mod reconcile;

use chrono::{DateTime, Utc};

use crate::{
    error::{Doing as _, StoreError},
    ids::{AccountId, TenantId},
    pool::Store,
};

pub use apply::{Applied, Became, apply};
pub use dispute::{DisputeSaid, chargeback};
pub use list::{Filter, PaymentRow, list, of_booking};

/// With which account something was read, and from when on.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Whose.
    pub tenant: TenantId,
    /// The account.
    pub account: AccountId,
    /// The provider's name of it: the user id of whoever collects.
    pub account_external: String,
    /// The database's clock before the provider was asked.
    pub read_from: DateTime<Utc>,
}

impl Reading {
    /// Of somebody who asks now.
    pub async fn begin(
        store: &Store,
        tenant: TenantId,
        account: AccountId,
        account_external: &str,
    ) -> Result<Self, StoreError> {
        let read_from = sqlx::query_scalar!(r#"SELECT clock_timestamp() AS "now!""#)
            .fetch_one(store.pool())
            .await
            .doing("look at the clock before the provider is asked")?;
        Ok(Self {
            tenant,
            account,
            account_external: account_external.to_owned(),
            read_from,
        })
    }
}

impl From<&reads::Claimed> for Reading {
    fn from(claimed: &reads::Claimed) -> Self {
        Self {
            tenant: claimed.tenant,
            account: claimed.account,
            account_external: claimed.account_external.clone(),
            read_from: claimed.read_from,
        }
    }
}
