//! Mercado Pago: what its notifications prove and say, and the calls to its API.
//!
//! A notification is a hint to go and read a payment; it is never the payment itself. [`MercadoPago`] reads and writes:
//! one call is one attempt, and [`Disposition`] says what may be done after one that failed. What arrives is parsed once,
//! here: ids that come as numbers or texts, exact decimals ([`Decimal`], never a float), times with any offset.
//!
//! Guaranteed: nothing of a payer is kept or shown, no address of a request stands in an error, and no answer, however
//! odd, panics. Not guaranteed: that a failed write did not happen ([`MercadoPagoError::may_have_happened`]).

mod chargeback;
mod client;
mod decimal;
mod errors;
mod field;
mod merchant_order;
pub mod notification;
mod number;
mod payment;
mod preference;
mod search;
pub mod signature;

pub use chargeback::Chargeback;
pub use client::{MercadoPago, RefundAnswer};
pub use decimal::{AmountError, Decimal, plain};
pub use errors::{ApiError, AuthProblem, Disposition, Meaning, MercadoPagoError};
pub use field::Unfit;
pub use merchant_order::MerchantOrder;
pub use number::{
    ChargebackNumber, ExternalReference, MerchantOrderNumber, PaymentNumber, PreferenceId,
    RefundNumber,
};
pub use payment::{Payment, Refund};
pub use preference::{
    BackUrls, NewPreference, NotAPreference, Preference, PreferenceHit, StatementDescriptor,
};
pub use search::{OrdersBy, PaymentPage, PaymentsBy, Search};
