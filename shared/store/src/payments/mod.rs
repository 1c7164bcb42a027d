//! Payments at Mercado Pago: what is to be read of them, and what follows from having read it.
//!
//! Who acts: the payment-worker, which asks the provider between two transactions and never inside one. A notice is a
//! hint ([`reads`]); what was read is applied ([`apply()`]); what has no booking is the owner's to place ([`orphans`]).
//! Guaranteed: what follows from a payment depends on its newest reading alone, however often and in whatever order it is
//! read; each movement of its money is one line of the ledger. Not guaranteed: that what a reading says is still so.

pub mod apply;
pub mod dispute;
pub mod list;
pub mod orphans;
pub mod reads;

use chrono::{DateTime, Utc};

use crate::ids::{AccountId, TenantId};

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
