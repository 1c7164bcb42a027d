//! What travels as JSON, in both directions. Requests refuse members they do not know.

mod money;
mod party;
mod period;
mod price;

pub use money::Money;
pub use party::Party;
pub use period::{Date, Stretch};
pub use price::{Breakdown, Exchange, Line, LineKind};
