//! Money in minor units; its JSON form is a number, as the provider writes it, and never passes through a float of
//! ours.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// An amount in minor units (cents).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Amount(i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many cents.
    pub const fn cents(cents: i64) -> Self {
        Self(cents)
    }

    /// So many whole pesos.
    pub const fn whole(units: i64) -> Self {
        Self(units.saturating_mul(100))
    }

    /// In minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// `84000`, `21000.5` or `21000.55` as written; `None` when it is no amount with at most two decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let decimals = decimals.trim_end_matches('0');
        if whole.is_empty() || !plain(whole) || !plain(decimals) || decimals.len() > 2 {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let cents: i64 = format!("{decimals:0<2}").parse().ok()?;
        Some(Self(sign * whole.checked_mul(100)?.checked_add(cents)?))
    }

    /// A JSON number, or a decimal in a string.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => Self::parse(&number.to_string()),
            Value::String(text) => Self::parse(text),
            _ => None,
        }
    }

    /// As a JSON number: whole amounts without decimals.
    pub fn number(self) -> Value {
        let (whole, cents) = (self.0 / 100, (self.0 % 100).abs());
        if cents == 0 {
            return Value::from(whole);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        let text = format!("{sign}{}.{cents:02}", whole.abs());
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// This many hundredths of a percent of it, rounded half up.
    #[must_use]
    pub fn share(self, of_ten_thousand: i64) -> Self {
        Self((self.0 * of_ten_thousand + 5_000) / 10_000)
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::plus)
    }
}

impl fmt::Display for Amount {
    /// `84.000,50`, as people here write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = (self.0 / 100).abs().to_string();
        let mut grouped = String::new();
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                grouped.push('.');
            }
            grouped.push(digit);
        }
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{grouped},{:02}", (self.0 % 100).abs())
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.number().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Self::of(&value).ok_or_else(|| D::Error::custom("an amount has at most two decimals"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn amounts_are_read_and_written_exactly() {
        for (value, cents) in [
            (json!(84000), 8_400_000),
            (json!(21000.5), 2_100_050),
            (json!("24.50"), 2_450),
            (json!(0.01), 1),
            (json!(78439.2), 7_843_920),
            (json!(-3.07), -307),
        ] {
            assert_eq!(Amount::of(&value), Some(Amount::cents(cents)), "{value}");
        }
        assert_eq!(Amount::cents(2_100_050).number().to_string(), "21000.5");
        assert_eq!(Amount::cents(8_400_000).number().to_string(), "84000");
        assert_eq!(Amount::cents(-7).number().to_string(), "-0.07");
        for wrong in [
            json!(1.005),
            json!("1,5"),
            json!(""),
            json!(null),
            json!(1e300),
        ] {
            assert_eq!(Amount::of(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_fee_of_the_samples_is_the_fee_here() {
        let paid = Amount::whole(84_000);
        assert_eq!(paid.share(662), Amount::cents(556_080));
        assert_eq!(paid.minus(paid.share(662)).number(), json!(78439.2));
        assert_eq!(paid.to_string(), "84.000,00");
    }
}
