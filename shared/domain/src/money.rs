//! Money: integer minor units with a currency, and the one rule of rounding.
//!
//! Nothing here is a float. **Rounding**: a percentage or a conversion is computed exactly (128 bits) and rounded once,
//! half away from zero, to the minor unit of the result's currency. Sums of rounded amounts are never rounded again.
//! Amounts of two currencies cannot be added; arithmetic that does not fit is an error, never a wrong number.

use serde::{Deserialize, Serialize};

/// An ISO 4217 code. Two decimals unless the standard says otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Argentine peso.
    pub const ARS: Self = Self(*b"ARS");
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// How many decimals the minor unit is (ISO 4217: CLP, PYG, JPY and others have none).
    #[must_use]
    pub const fn decimals(self) -> u32 {
        match &self.0 {
            b"CLP" | b"PYG" | b"JPY" | b"KRW" | b"VND" | b"UYI" | b"ISK" => 0,
            _ => 2,
        }
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Three ASCII letters by construction.
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

/// Not a currency's code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a currency code such as ARS")]
pub struct NotACurrency(String);

impl std::str::FromStr for Currency {
    type Err = NotACurrency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(NotACurrency(text.chars().take(16).collect())),
        }
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Currency {
    type Error = NotACurrency;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// An amount. May be negative (an adjustment, a difference).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// In minor units of the currency: `12_345` is $ 123,45.
    pub minor: i64,
    /// Which.
    pub currency: Currency,
}

/// Arithmetic that has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two currencies.
    #[error("{0} and {1} cannot be added")]
    Mixed(Currency, Currency),
    /// More than 64 bits of minor units.
    #[error("the amount is too large")]
    TooLarge,
}

/// Hundredths of a percent: `5_000` is 50 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct BasisPoints(u16);

impl BasisPoints {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// All of it.
    pub const WHOLE: Self = Self(10_000);

    /// From 0 to 10,000.
    #[must_use]
    pub const fn new(value: u16) -> Option<Self> {
        if value <= 10_000 {
            Some(Self(value))
        } else {
            None
        }
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for BasisPoints {
    type Error = &'static str;

    fn try_from(value: u16) -> Result<Self, Self::Error> {
        Self::new(value).ok_or("basis points go from 0 to 10000")
    }
}

impl From<BasisPoints> for u16 {
    fn from(value: BasisPoints) -> Self {
        value.0
    }
}

/// What one unit of a currency costs in another, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct RateMicros(i64);

impl RateMicros {
    /// One to one.
    pub const ONE: Self = Self(1_000_000);

    /// Positive, and below a million to one.
    #[must_use]
    pub const fn new(micros: i64) -> Option<Self> {
        if micros > 0 && micros <= 1_000_000_000_000 {
            Some(Self(micros))
        } else {
            None
        }
    }

    /// The bare number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl TryFrom<i64> for RateMicros {
    type Error = &'static str;

    fn try_from(value: i64) -> Result<Self, Self::Error> {
        Self::new(value).ok_or("a rate is positive and at most a million")
    }
}

impl From<RateMicros> for i64 {
    fn from(value: RateMicros) -> Self {
        value.0
    }
}

// === impl Money ===

impl Money {
    /// An amount of minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, of a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// The sum, if both are of one currency and it fits.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        let minor = self.minor.checked_add(other.minor);
        Ok(Self::new(minor.ok_or(MoneyError::TooLarge)?, self.currency))
    }

    /// The difference, likewise.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same(other)?;
        let minor = self.minor.checked_sub(other.minor);
        Ok(Self::new(minor.ok_or(MoneyError::TooLarge)?, self.currency))
    }

    /// So many of it.
    pub fn times(self, count: i64) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(count);
        Ok(Self::new(minor.ok_or(MoneyError::TooLarge)?, self.currency))
    }

    /// A part of it, rounded half away from zero.
    pub fn part(self, of: BasisPoints) -> Result<Self, MoneyError> {
        let exact = i128::from(self.minor) * i128::from(of.get());
        Ok(Self::new(rounded(exact, 10_000)?, self.currency))
    }

    /// The same worth in another currency, rounded half away from zero.
    pub fn converted(self, to: Currency, rate: RateMicros) -> Result<Self, MoneyError> {
        let scale = |currency: Currency| 10_i128.pow(currency.decimals());
        let exact = i128::from(self.minor) * i128::from(rate.get()) * scale(to);
        let minor = rounded(exact, 1_000_000 * scale(self.currency))?;
        Ok(Self::new(minor, to))
    }

    fn same(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::Mixed(self.currency, other.currency))
        }
    }
}

/// `exact / divisor`, half away from zero.
fn rounded(exact: i128, divisor: i128) -> Result<i64, MoneyError> {
    let half = divisor / 2;
    let nudged = if exact < 0 {
        exact - half
    } else {
        exact + half
    };
    i64::try_from(nudged / divisor).map_err(|_| MoneyError::TooLarge)
}

#[cfg(test)]
mod tests;
