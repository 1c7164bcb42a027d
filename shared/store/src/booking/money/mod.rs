//! Where a booking's money is, and the rows that move it. Parts of the caller's transaction, which holds the booking.
//!
//! Guaranteed: what came in is applied to the stay, retained, credited, or owed back (then given back): a booking's `paid`
//! is what is applied, and everything here keeps the four in balance; the links to pay follow what is asked for. The ledger is only ever added to. Not guaranteed:
//! that money owed back has been given back; `refunds.state` says so.

mod away;
mod requests;

use serde::{Deserialize, Serialize};

pub(crate) use away::{NewRefund, refund, settled, tell};
pub use away::{ended, owe, owe_from, retain};
pub use requests::{NewRequest, RequestEnd, close_request, close_requests, request};

/// How a guest pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// A bank transfer; the owner looks at the receipt.
    Transfer,
    /// In her hand.
    Cash,
    /// Through Mercado Pago.
    MercadoPago,
}

impl Method {
    /// As the database writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Cash => "cash",
            Self::MercadoPago => "mercadopago",
        }
    }

    /// The reverse.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Transfer, Self::Cash, Self::MercadoPago]
            .into_iter()
            .find(|method| method.as_str() == text)
    }
}

/// What a payment is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To confirm.
    Deposit,
    /// The rest.
    Balance,
    /// What a change made dearer.
    Difference,
    /// Something else the owner asks for.
    Extra,
}

impl Purpose {
    /// As the database writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Balance => "balance",
            Self::Difference => "difference",
            Self::Extra => "extra",
        }
    }

    /// The reverse.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Deposit, Self::Balance, Self::Difference, Self::Extra]
            .into_iter()
            .find(|purpose| purpose.as_str() == text)
    }
}
