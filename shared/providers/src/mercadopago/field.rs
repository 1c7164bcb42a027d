//! Reads the provider's objects field by field: absent and `null` are the same, ids and amounts are numbers or texts,
//! and a field that nobody needs may hold anything.

use chrono::{DateTime, Utc};
use posta_domain::money::Currency;
use serde_json::value::RawValue;

use super::{AmountError, Decimal};
use crate::shallow::{Fields, elements};

/// Longer words of the provider say nothing more.
const MAX_WORD: usize = 256;

/// Why an answer cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Not the JSON that was expected.
    #[error("it is not a JSON {0}")]
    NotJson(&'static str),
    /// A field nothing can be done without.
    #[error("it has no {0}")]
    Missing(&'static str),
    /// A field that does not hold what it should.
    #[error("its {0} cannot be read")]
    Malformed(&'static str),
    /// An amount that is none.
    #[error("its {field} is no amount")]
    Amount {
        /// Which.
        field: &'static str,
        /// Why.
        #[source]
        source: AmountError,
    },
    /// The answer is about something else than what was asked for.
    #[error("it is about another {0} than was asked for")]
    Another(&'static str),
}

/// The fields of a body; only UTF-8 is JSON.
pub(super) fn object(json: &str) -> Result<Fields<'_>, Unfit> {
    Fields::parse(json).ok_or(Unfit::NotJson("object"))
}

/// The elements of a field that may be absent, `null`, or something else altogether.
pub(super) fn list<'a>(fields: &Fields<'a>, name: &str) -> Vec<&'a RawValue> {
    fields.get(name).and_then(elements).unwrap_or_default()
}

/// The object in a field, where one is.
pub(super) fn inner<'a>(fields: &Fields<'a>, name: &str) -> Option<Fields<'a>> {
    Fields::parse(fields.get(name)?.get())
}

/// A word of the provider's: bounded, and without what a database refuses.
pub(super) fn word(fields: &Fields<'_>, name: &str) -> Option<String> {
    let text = fields.text(name)?;
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_WORD)
        .collect();
    (!clean.is_empty()).then_some(clean)
}

/// An id that is a number or a text of digits.
pub(super) fn number<T>(
    fields: &Fields<'_>,
    name: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, Unfit> {
    let text = fields.text(name).ok_or(Unfit::Missing(name))?;
    parse(text.trim()).ok_or(Unfit::Malformed(name))
}

/// A currency that must be there.
pub(super) fn currency(fields: &Fields<'_>, name: &'static str) -> Result<Currency, Unfit> {
    let text = fields.text(name).ok_or(Unfit::Missing(name))?;
    text.parse().map_err(|_| Unfit::Malformed(name))
}

/// An amount, where one is.
pub(super) fn decimal(fields: &Fields<'_>, name: &'static str) -> Result<Option<Decimal>, Unfit> {
    let Some(raw) = fields.get(name) else {
        return Ok(None);
    };
    let text = fields.text(name).ok_or(if raw.get() == "\"\"" {
        Unfit::Missing(name)
    } else {
        Unfit::Malformed(name)
    });
    Decimal::parse(text?.trim())
        .map(Some)
        .map_err(|source| amount(name, source))
}

/// Names the field of an amount.
pub(super) const fn amount(field: &'static str, source: AmountError) -> Unfit {
    Unfit::Amount { field, source }
}

/// A time, where one is.
pub(super) fn time(
    fields: &Fields<'_>,
    name: &'static str,
) -> Result<Option<DateTime<Utc>>, Unfit> {
    let Some(text) = fields.text(name) else {
        return Ok(None);
    };
    parse_time(text.trim())
        .map(Some)
        .ok_or(Unfit::Malformed(name))
}

/// RFC 3339 with any offset; the provider's is -04:00, and some answers leave out its colon.
fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .ok()
        .map(|time| time.to_utc())
}

/// As the provider wants times: milliseconds, and its own offset.
pub(super) fn write_time(time: DateTime<Utc>) -> String {
    const HOURS_WEST: i64 = 4;
    let there = time.naive_utc() - chrono::TimeDelta::hours(HOURS_WEST);
    format!("{}-04:00", there.format("%Y-%m-%dT%H:%M:%S%.3f"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_with_any_offset_and_go_out_with_the_providers() {
        let instant = parse_time("2026-01-14T15:22:40.000-04:00").unwrap();
        for same in [
            "2026-01-14T19:22:40Z",
            "2026-01-14T16:22:40.000-03:00",
            "2026-01-14T15:22:40.000-0400",
        ] {
            assert_eq!(parse_time(same), Some(instant), "{same}");
        }
        assert_eq!(write_time(instant), "2026-01-14T15:22:40.000-04:00");
        for wrong in ["", "2022-07-23T23:03:5704:00", "2026-01-14", "yesterday"] {
            assert_eq!(parse_time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_word_has_nothing_that_a_database_refuses() {
        let json = r#"{"a":"res\u0000\n1","b":"","c":null,"d":7,"e":{},"f":"\u0000"}"#;
        let fields = object(json).unwrap();
        assert_eq!(word(&fields, "a").as_deref(), Some("res1"));
        assert_eq!(word(&fields, "d").as_deref(), Some("7"));
        for absent in ["b", "c", "e", "f", "g"] {
            assert_eq!(word(&fields, absent), None, "{absent}");
        }
    }
}
