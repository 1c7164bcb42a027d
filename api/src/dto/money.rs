//! Amounts.

use posta_domain::money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

/// What one request may name at most, either way: a trillion of a currency with two decimals. Far above every price,
/// far below what sums of such amounts could overflow.
const MOST: i64 = 100_000_000_000_000;

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
        if !(-MOST..=MOST).contains(&money.amount_minor) {
            return Err(Problem::invalid("amount_minor"));
        }
        Ok(Self::new(money.amount_minor, currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(amount_minor: i64, currency: &str) -> Result<money::Money, Problem> {
        money::Money::try_from(&Money {
            amount_minor,
            currency: currency.to_owned(),
        })
    }

    #[test]
    fn an_amount_that_sums_could_not_hold_is_refused() {
        assert!(read(MOST, "ARS").is_ok() && read(-MOST, "USD").is_ok());
        assert!(read(MOST + 1, "ARS").is_err() && read(i64::MIN, "ARS").is_err());
        assert!(read(1, "ars").is_err() && read(1, "pesos").is_err());
    }
}
