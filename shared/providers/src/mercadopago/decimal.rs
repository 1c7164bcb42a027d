//! Amounts as the provider writes them: JSON numbers in traffic, texts in its documentation, exact in both.
//!
//! Guaranteed: no float is involved; what does not fit the currency's minor unit is an error, never a rounded amount
//! ([`Decimal::rounded`] is for figures that the provider computed and that move no money: fees, net, totals).

use posta_domain::money::{Currency, Money};

/// More digits than 64 bits of minor units have; keeps the arithmetic within 128 bits.
const MAX_DIGITS: usize = 30;

/// A decimal number, exactly as it was written: `digits · 10^exponent`.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    digits: i128,
    exponent: i32,
}

/// Not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not a decimal number.
    #[error("it is not a decimal number")]
    NotADecimal,
    /// A fraction of the smallest coin.
    #[error("it has more decimals than {0} has")]
    TooFine(Currency),
    /// More than 64 bits of minor units.
    #[error("it is too large")]
    TooLarge,
}

// === impl Decimal ===

impl Decimal {
    /// `84000`, `21000.5`, `"24.50"` without its quotes, `8.4e4`.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (number, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let power_digits = power.strip_prefix(['+', '-']).unwrap_or(power);
        if !all_digits(whole) || !all_digits(fraction) || !all_digits(power_digits) {
            return Err(AmountError::NotADecimal);
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() {
            return Ok(Self {
                digits: 0,
                exponent: 0,
            });
        }
        if digits.len() > MAX_DIGITS {
            return Err(AmountError::TooLarge);
        }
        let digits: i128 = digits.parse().map_err(|_| AmountError::NotADecimal)?;
        let power: i32 = power.parse().map_err(|_| AmountError::TooLarge)?;
        let places = i32::try_from(fraction.len()).map_err(|_| AmountError::TooLarge)?;
        Ok(Self {
            digits: if negative { -digits } else { digits },
            exponent: power.checked_sub(places).ok_or(AmountError::TooLarge)?,
        })
    }

    /// In minor units, exactly.
    pub fn minor(self, currency: Currency) -> Result<i64, AmountError> {
        let (number, divisor) = self.ratio(currency)?;
        if number % divisor != 0 {
            return Err(AmountError::TooFine(currency));
        }
        i64::try_from(number / divisor).map_err(|_| AmountError::TooLarge)
    }

    /// In minor units, half away from zero: for what the provider computed (a fee of 5560.799999999999).
    pub fn rounded(self, currency: Currency) -> Result<i64, AmountError> {
        let (number, divisor) = self.ratio(currency)?;
        let (units, rest) = (number / divisor, number % divisor);
        let away = if rest.abs() >= divisor - rest.abs() {
            rest.signum()
        } else {
            0
        };
        i64::try_from(units + away).map_err(|_| AmountError::TooLarge)
    }

    /// As money, exactly.
    pub fn money(self, currency: Currency) -> Result<Money, AmountError> {
        self.minor(currency)
            .map(|minor| Money::new(minor, currency))
    }

    /// Minor units as a fraction of whole numbers.
    fn ratio(self, currency: Currency) -> Result<(i128, i128), AmountError> {
        if self.digits == 0 {
            return Ok((0, 1));
        }
        let shift = i64::from(self.exponent) + i64::from(currency.decimals());
        let scale = u32::try_from(shift.unsigned_abs())
            .ok()
            .and_then(|power| 10_i128.checked_pow(power));
        match (shift >= 0, scale) {
            (true, Some(scale)) => {
                let number = self.digits.checked_mul(scale);
                Ok((number.ok_or(AmountError::TooLarge)?, 1))
            }
            (true, None) => Err(AmountError::TooLarge),
            (false, Some(scale)) => Ok((self.digits, scale)),
            // Next to nothing, but not nothing.
            (false, None) => Ok((self.digits.signum(), i128::MAX)),
        }
    }
}

/// Money as the provider reads it: a plain number of units with at most two decimals, without an exponent.
pub fn plain(money: Money) -> String {
    let decimals = money.currency.decimals();
    let scale = 10_u64.pow(decimals);
    let sign = if money.minor < 0 { "-" } else { "" };
    let (whole, rest) = (
        money.minor.unsigned_abs() / scale,
        money.minor.unsigned_abs() % scale,
    );
    if rest == 0 {
        format!("{sign}{whole}")
    } else {
        let width = decimals as usize;
        format!("{sign}{whole}.{rest:0width$}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ARS: Currency = Currency::ARS;

    fn minor(text: &str) -> Result<i64, AmountError> {
        Decimal::parse(text)?.minor(ARS)
    }

    #[test]
    fn amounts_are_read_as_they_are_written() {
        for (text, expected) in [
            ("84000", 8_400_000),
            ("21000.5", 2_100_050),
            ("24.50", 2_450),
            ("24.5000", 2_450),
            ("8.4e4", 8_400_000),
            ("8.4E+4", 8_400_000),
            ("2450e-2", 2_450),
            ("0.01", 1),
            ("-0.01", -1),
            ("0", 0),
            ("0e999999999", 0),
            ("-0", 0),
            ("92233720368547758.07", i64::MAX),
            ("-92233720368547758.08", i64::MIN),
        ] {
            assert_eq!(minor(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error_and_never_another_amount() {
        for text in ["0.001", "84000.005", "1e-3", "1e-2000000000"] {
            assert_eq!(minor(text), Err(AmountError::TooFine(ARS)), "{text}");
        }
        for text in [
            "92233720368547758.08",
            "1e17",
            "1e400",
            "1e2147483647",
            "1e99999999999",
            "123456789012345678901234567890123",
        ] {
            assert_eq!(minor(text), Err(AmountError::TooLarge), "{text}");
        }
        for text in [
            "", "-", ".", "1.", ".5", "1,5", "1.000,50", "1 ", "+1", "--1", "1e", "e1", "1e1e1",
            "NaN", "Infinity", "0x10", "\u{663}", "1.-5", "1e+-5",
        ] {
            assert_eq!(minor(text), Err(AmountError::NotADecimal), "{text}");
        }
    }

    #[test]
    fn currencies_without_decimals_have_none() {
        let clp: Currency = "CLP".parse().unwrap();
        let of = |text| Decimal::parse(text).unwrap().minor(clp);
        assert_eq!(of("84000"), Ok(84_000));
        assert_eq!(of("84000.00"), Ok(84_000));
        assert_eq!(of("84000.5"), Err(AmountError::TooFine(clp)));
        assert_eq!(plain(Money::new(84_000, clp)), "84000");
    }

    #[test]
    fn computed_figures_are_rounded_half_away_from_nothing() {
        for (text, expected) in [
            ("5560.799999999999", 556_080),
            ("0.005", 1),
            ("-0.005", -1),
            ("0.0049", 0),
            ("-0.0149", -1),
            ("1e-50", 0),
            ("78439.2", 7_843_920),
        ] {
            assert_eq!(
                Decimal::parse(text).unwrap().rounded(ARS),
                Ok(expected),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn every_amount_comes_back_as_it_was_written(units: i64, currency in prop_oneof!["ARS", "USD", "CLP"]) {
            let money = Money::new(units, currency.parse().unwrap());
            let text = plain(money);
            prop_assert_eq!(Decimal::parse(&text).unwrap().money(money.currency), Ok(money));
            prop_assert!(serde_json::from_str::<serde_json::Value>(&text).unwrap().is_number());
            prop_assert!(text.split_once('.').is_none_or(|(_, decimals)| decimals.len() == 2));
        }

        #[test]
        fn an_exponent_changes_nothing(units in -1_000_000_000_i64..1_000_000_000, power in 0..9_u32) {
            let small = format!("{}e-{power}", i128::from(units) * 10_i128.pow(power));
            prop_assert_eq!(minor(&small), units.checked_mul(100).ok_or(AmountError::TooLarge));
        }

        #[test]
        fn no_text_panics(text in ".{0,60}", number in "-?[0-9]{0,40}(\\.[0-9]{0,40})?([eE][+-]?[0-9]{0,12})?") {
            for text in [text, number] {
                if let Ok(decimal) = Decimal::parse(&text) {
                    let exact = decimal.minor(ARS);
                    prop_assert!(exact.is_err() || exact == decimal.rounded(ARS));
                }
            }
        }
    }
}
