//! What travels as JSON, in both directions. Requests refuse members they do not know.

mod asked;
mod money;
mod offer;
mod party;
mod pay_link;
mod period;
mod price;
mod quote;
mod words;

pub use asked::Asked;
pub use money::Money;
pub use offer::{Alternatives, Half, Offer, Together};
pub use party::Party;
pub use pay_link::PayLink;
pub use period::{Date, Stretch};
pub use price::{Breakdown, Exchange, Line, LineKind};
pub use quote::{Quote, QuotedStay};
pub use words::{words, words_or_none};
