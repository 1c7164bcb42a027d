//! Amounts as people write them: `85000`, `85.000`, `$ 120.000,50`, `1350.75`. Read exactly, without floats; what could
//! be meant in two ways is refused.

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AmountError {
    /// Not a number.
    #[error("is not an amount such as 85000 or 85.000,50")]
    NotANumber,
    /// 120,000 is a hundred and twenty thousand to some and a hundred and twenty to others.
    #[error("could be read in two ways: write 120000, 120.000 or 120,00")]
    Ambiguous,
    /// More decimals than there are.
    #[error("has more than {0} decimals")]
    Decimals(u32),
    /// Beyond any price.
    #[error("is too large")]
    TooLarge,
}

/// What may stand before or after the number.
const SIGNS: [&str; 7] = ["AR$", "U$S", "US$", "u$s", "ARS", "USD", "$"];

/// In units of `10^-decimals`. Negative amounts begin with `-`.
pub(crate) fn parse(text: &str, decimals: u32) -> Result<i64, AmountError> {
    let bare = bare(text);
    let (negative, digits) = match bare.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, bare),
    };
    // -$ 100 and $ -100 alike.
    let digits = SIGNS
        .iter()
        .find_map(|sign| digits.strip_prefix(sign))
        .unwrap_or(digits)
        .trim_start_matches([' ', '\u{a0}']);
    let (whole, fraction) = split(digits)?;
    if !all_digits(&whole) || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AmountError::NotANumber);
    }
    let fraction = fraction.trim_end_matches('0');
    let places = usize::try_from(decimals).unwrap_or(usize::MAX);
    if fraction.len() > places {
        return Err(AmountError::Decimals(decimals));
    }
    let all = format!("{whole}{fraction:0<places$}");
    let value: i64 = all.parse().map_err(|_| AmountError::TooLarge)?;
    Ok(if negative { -value } else { value })
}

fn bare(text: &str) -> &str {
    let mut bare = text.trim();
    for sign in SIGNS {
        bare = bare.strip_prefix(sign).unwrap_or(bare);
        bare = bare.strip_suffix(sign).unwrap_or(bare);
    }
    bare.trim()
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whole part without its grouping, and decimals.
fn split(text: &str) -> Result<(String, &str), AmountError> {
    let points = text.matches('.').count();
    let commas = text.matches(',').count();
    match (points, commas) {
        (0, 0) => Ok((text.to_owned(), "")),
        // 120.000,50 and 120,000.50: the last sign separates the decimals.
        (1.., 1..) => {
            let (mark, other) = if text.rfind(',') > text.rfind('.') {
                (',', '.')
            } else {
                ('.', ',')
            };
            let (whole, fraction) = text.split_once(mark).ok_or(AmountError::NotANumber)?;
            if fraction.is_empty() {
                return Err(AmountError::NotANumber);
            }
            Ok((grouped(whole, other)?, fraction))
        }
        (2.., 0) => Ok((grouped(text, '.')?, "")),
        (0, 2..) => Ok((grouped(text, ',')?, "")),
        (1, 0) => one(text, '.'),
        (0, 1) => one(text, ','),
    }
}

/// One sign alone. A point before three digits groups thousands, as it is written in Argentina; a comma there is
/// anybody's guess.
fn one(text: &str, mark: char) -> Result<(String, &str), AmountError> {
    let (whole, rest) = text.split_once(mark).ok_or(AmountError::NotANumber)?;
    match rest.len() {
        0 => Err(AmountError::NotANumber),
        3 if mark == '.' => Ok((grouped(text, mark)?, "")),
        3 => Err(AmountError::Ambiguous),
        _ => Ok((whole.to_owned(), rest)),
    }
}

/// `1.234.567` without its marks: groups of three after the first, which begins with no zero.
fn grouped(text: &str, mark: char) -> Result<String, AmountError> {
    let mut groups = text.split(mark);
    let first = groups.next().unwrap_or_default();
    let first_is_fine = (1..=3).contains(&first.len()) && all_digits(first) && first != "0";
    if !first_is_fine || first.starts_with('0') {
        return Err(AmountError::NotANumber);
    }
    let mut whole = first.to_owned();
    for group in groups {
        if group.len() != 3 || !all_digits(group) {
            return Err(AmountError::NotANumber);
        }
        whole.push_str(group);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::{AmountError, parse};

    #[test]
    fn an_amount_is_read_as_it_is_written_in_argentina() {
        for (text, centavos) in [
            ("85000", 8_500_000),
            ("85.000", 8_500_000),
            ("$ 120.000,50", 12_000_050),
            ("$120.000,5", 12_000_050),
            ("1.234.567", 123_456_700),
            ("120,000.50", 12_000_050),
            ("85000,5", 8_500_050),
            ("85000.50", 8_500_050),
            ("0", 0),
            ("0,50", 50),
            ("-$ 1.500", -150_000),
            ("$ -1500", -150_000),
            ("U$S 90", 9_000),
            ("90 USD", 9_000),
            ("$\u{a0}90", 9_000),
        ] {
            assert_eq!(parse(text, 2), Ok(centavos), "{text}");
        }
        assert_eq!(parse("1350,123456", 6), Ok(1_350_123_456));
        assert_eq!(parse("85000,00", 0), Ok(85_000));
    }

    #[test]
    fn what_could_be_meant_in_two_ways_is_refused() {
        assert_eq!(parse("120,000", 2), Err(AmountError::Ambiguous));
        for text in [
            "",
            "$",
            "-",
            "mil",
            "1.2.3",
            "12.34.567",
            "0.500",
            "1.000,",
            "1,2,3",
            "1 000",
            "١٢",
            "1e5",
            "12.0000,1",
            "--5",
            "5-",
        ] {
            assert!(parse(text, 2).is_err(), "{text}");
        }
        assert_eq!(parse("1,505", 3), Err(AmountError::Ambiguous));
        assert_eq!(parse("10,1234", 2), Err(AmountError::Decimals(2)));
        assert_eq!(parse("10,5", 0), Err(AmountError::Decimals(0)));
        assert_eq!(parse("99999999999999999999", 2), Err(AmountError::TooLarge));
    }
}
