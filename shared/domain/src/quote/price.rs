//! Pricing.

use super::{Breakdown, Inputs};
use crate::refusal::Refusal;

/// The price of these inputs.
pub fn price(_inputs: &Inputs) -> Result<Breakdown, Refusal> {
    Err(Refusal::NoPrice)
}
