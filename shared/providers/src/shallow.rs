//! Reads JSON one level at a time and keeps everything below as the exact bytes received.
//!
//! Guaranteed: nothing recurses (nesting of any depth is only skipped over), repeated keys are all
//! kept, and one broken element never makes its siblings unreadable. Not done: no value is
//! normalised; whoever needs numbers or dates asks for them by name.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The fields of one JSON object, in their order, repeated keys included.
pub(crate) struct Fields<'a>(Vec<(Key<'a>, &'a RawValue)>);

struct Key<'a>(Cow<'a, str>);

impl<'a> Fields<'a> {
    /// `None` when `json` is not one well-formed object.
    pub(crate) fn parse(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// The value of `name`; the last one when it is repeated, as JSON parsers at large have it.
    /// `null` counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        let found = self.0.iter().rev().find(|(key, _)| key.0 == name);
        found
            .map(|(_, value)| *value)
            .filter(|value| value.get() != "null")
    }

    /// Every value given for `name`, so that nothing is lost when it is repeated.
    pub(crate) fn all(&self, name: &'static str) -> impl Iterator<Item = &'a RawValue> {
        self.0
            .iter()
            .filter(move |(key, value)| key.0 == name && value.get() != "null")
            .map(|(_, value)| *value)
    }

    /// A string or number as text; empty strings and everything else count as absent.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        text(self.get(name)?)
    }
}

/// The elements of an array; `None` when it is none.
pub(crate) fn elements(raw: &RawValue) -> Option<Vec<&RawValue>> {
    raw.get()
        .starts_with('[')
        .then(|| serde_json::from_str(raw.get()).ok())
        .flatten()
}

/// A string or number as text: providers change between the two. Empty counts as absent.
pub(crate) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    let json = raw.get();
    match json.as_bytes().first()? {
        b'"' => serde_json::from_str::<Key<'_>>(json).ok().map(|key| key.0),
        b'-' | b'0'..=b'9' => Some(Cow::Borrowed(json)),
        _ => None,
    }
    .filter(|text| !text.is_empty())
}

/// Text that may become part of a key: bounded, printable, without the separator.
pub(crate) fn component(text: &str) -> Option<&str> {
    let fits = !text.is_empty() && text.len() <= 200;
    (fits && !text.chars().any(|c| c.is_control() || c == ':')).then_some(text)
}

/// A provider's word as a segment of a routing key: `[a-z0-9_]{1,64}`, otherwise `unknown`.
pub(crate) fn segment(word: Option<&str>) -> &str {
    word.filter(|word| {
        (1..=64).contains(&word.len())
            && word
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'))
    })
    .unwrap_or("unknown")
}

/// Unix time in seconds or, above 10¹¹, in milliseconds; `None` outside 2009–2100.
pub(crate) fn unix_time(text: &str) -> Option<DateTime<Utc>> {
    let number: i64 = text.parse().ok()?;
    let time = if number > 100_000_000_000 {
        DateTime::from_timestamp_millis(number)
    } else {
        DateTime::from_timestamp(number, 0)
    }?;
    (1_230_768_000..4_102_444_800)
        .contains(&time.timestamp())
        .then_some(time)
}

// === impl Deserialize ===

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut fields = Vec::with_capacity(8);
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

// `Cow` alone would always copy.
impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn repeated_keys_are_all_kept_and_the_last_one_is_read() {
        let fields = Fields::parse(r#"{"a":1,"b":"x","a":2,"b":null}"#).unwrap();
        assert_eq!(fields.text("a").unwrap(), "2");
        assert_eq!(fields.all("a").count(), 2);
        assert!(fields.text("b").is_none());
    }

    #[test]
    fn strings_and_numbers_are_text_and_the_rest_is_not() {
        assert_eq!(text(&raw("1795262400")).unwrap(), "1795262400");
        assert_eq!(text(&raw(r#""a\u0041""#)).unwrap(), "aA");
        for other in ["true", "[]", "{}", r#""""#, r#""\ud800""#] {
            assert!(text(&raw(other)).is_none(), "{other}");
        }
    }

    #[test]
    fn words_that_do_not_fit_a_routing_key_are_unknown() {
        assert_eq!(segment(Some("account_update")), "account_update");
        for word in [Some("Text"), Some("a.b"), Some("#"), Some(""), None] {
            assert_eq!(segment(word), "unknown");
        }
        assert_eq!(segment(Some(&"x".repeat(65))), "unknown");
    }

    #[test]
    fn time_is_read_in_seconds_and_in_milliseconds_and_absurd_time_not_at_all() {
        assert_eq!(unix_time("1742505638"), unix_time("1742505638000"));
        for text in ["", "-1", "0", "abc", "9999999999", "99999999999999999999"] {
            assert!(unix_time(text).is_none(), "{text}");
        }
    }

    #[test]
    fn nesting_of_any_depth_is_skipped_over_without_recursion() {
        let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(500_000), "]".repeat(500_000));
        assert_eq!(
            Fields::parse(&deep).unwrap().get("a").unwrap().get().len(),
            1_000_000
        );
    }
}
