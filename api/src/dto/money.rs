//! Amounts.

use posta_domain::money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

/// An amount of a currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// In minor units: 1234567 is $ 12.345,67.
    #[schema(example = 1234567)]
    pub amount_minor: i64,
    /// ISO 4217.
    #[schema(example = "ARS", pattern = "^[A-Z]{3}$")]
    pub currency: String,
}

impl From<money::Money> for Money {
    fn from(money: money::Money) -> Self {
        Self {
            amount_minor: money.minor,
            currency: money.currency.to_string(),
        }
    }
}

impl TryFrom<&Money> for money::Money {
    type Error = Problem;

    fn try_from(money: &Money) -> Result<Self, Problem> {
        let currency = money
            .currency
            .parse()
            .map_err(|_| Problem::invalid("currency"))?;
        Ok(Self::new(money.amount_minor, currency))
    }
}
