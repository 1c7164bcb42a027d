//! Links to pay: what is wanted, made, moved and taken back at Mercado Pago.
//!
//! Who acts: whoever changes what a guest is asked for calls [`sync()`] in the same transaction; the payment-worker
//! carries out what it [`claim()`]s and says how it went. Guaranteed: the wish for a link is committed with what it is for,
//! before the provider hears of it; a request has one link that is wanted or live at a time; the attempt is noted
//! ([`tried`]) before it is made, so that a retry first looks for what the one before may have made; a link whose request
//! is over is taken back, also one that was being made meanwhile. Not guaranteed: that the provider refuses a payment
//! that began before its link was taken back; such money is settled like any other.

mod claim;
mod outcome;
mod sync;

use chrono::{DateTime, NaiveDate, Utc};
use posta_domain::money::Money;

use crate::{
    booking::money::Purpose,
    ids::{AccountId, PaymentLinkId, TenantId},
};

pub use claim::claim;
pub(crate) use outcome::LINK_FAILED;
pub use outcome::{closed, extended, failed, live, retry, tried};
pub use sync::{sync, sync_due};

/// A link in the caller's hands until its lease runs out.
#[derive(Debug, Clone)]
pub struct ClaimedLink {
    /// Which.
    pub id: PaymentLinkId,
    /// Whose.
    pub tenant: TenantId,
    /// Which account collects.
    pub account: AccountId,
    /// The provider's name of that account.
    pub account_external: String,
    /// Names the account's secret; never the secret.
    pub secret_ref: String,
    /// What is to be done.
    pub what: LinkTask,
    /// Whether an attempt to make it may have succeeded unheard: look for it by its reference first.
    pub tried: bool,
    /// The provider's id, once it is known.
    pub preference_id: Option<String>,
    /// What the payment will quote back.
    pub reference: String,
    /// What is to be paid.
    pub amount: Money,
    /// Until when it can be paid, if that ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// What the guest reads beside the amount.
    pub title: LinkTitle,
    /// Failures so far.
    pub attempts: i32,
    /// Proof of the lease.
    lease: DateTime<Utc>,
}

/// What is to be done with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkTask {
    /// Make it, or find what an earlier attempt made.
    Make,
    /// Move its end to [`ClaimedLink::expires_at`].
    Extend,
    /// Take back all there are of its reference.
    Close,
}

/// What a link is for, to be put into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkTitle {
    /// The property's name.
    pub property: String,
    /// The booking's code.
    pub code: String,
    /// What is asked for.
    pub purpose: Purpose,
    /// The first arrival.
    pub check_in: NaiveDate,
    /// The last departure.
    pub check_out: NaiveDate,
}
