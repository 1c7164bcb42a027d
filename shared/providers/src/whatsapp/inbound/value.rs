//! Reading JSON that may be of any shape.

use chrono::{DateTime, Utc};
use serde_json::Value;

/// Longer names and ids than any provider has are cut here: they end in index entries.
const LONGEST_NAME: usize = 512;

/// Parses; escapes of half a character (`\ud800` alone), which Rust's strings cannot hold, become U+FFFD.
pub(super) fn lenient(json: &str) -> Option<Value> {
    serde_json::from_str(json)
        .ok()
        .or_else(|| serde_json::from_str(&whole_characters(json)).ok())
}

/// A string or a number as text; empty counts as absent. NULs, which no database text holds, become U+FFFD.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(
            text.chars()
                .take(LONGEST_NAME)
                .collect::<String>()
                .replace('\0', "\u{fffd}"),
        ),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What a guest wrote, whole.
pub(super) fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.replace('\0', "\u{fffd}")),
        _ => None,
    }
}

/// A phone number's digits, if it is one.
pub(super) fn digits(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    (5..=20).contains(&digits.len()).then_some(digits)
}

/// Unix seconds, as a string or a number.
pub(super) fn time(value: &Value) -> Option<DateTime<Utc>> {
    crate::shallow::unix_time(&text(value)?)
}

/// Replaces `\uD800`–`\uDFFF` escapes that are not a pair.
fn whole_characters(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let taken = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(_), _) => {
                out.push_str("\\ufffd");
                rest = escape.get(6..).unwrap_or_default();
                continue;
            }
            // The escape and the one character after it, so that `\\` does not begin another.
            (None, _) => 1 + escape.chars().nth(1).map_or(0, char::len_utf8),
        };
        out.push_str(escape.get(..taken).unwrap_or(escape));
        rest = escape.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn surrogate(escape: &str) -> Option<u32> {
    let code = u32::from_str_radix(escape.strip_prefix("\\u")?.get(..4)?, 16).ok()?;
    (0xD800..=0xDFFF).contains(&code).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_character_does_not_make_the_message_unreadable() {
        assert_eq!(lenient(r#"{"a":"x\ud83d y"}"#).unwrap()["a"], "x\u{fffd} y");
        assert_eq!(
            lenient(r#"{"a":"\ud83d\udc4d \\ud83d \ude00"}"#).unwrap()["a"],
            "👍 \\ud83d \u{fffd}"
        );
        assert!(lenient(r#"{"a":"#).is_none());
    }

    #[test]
    fn nothing_of_a_text_is_lost_but_nuls_are_shown() {
        let long = Value::String("á".repeat(5000));
        assert_eq!(words(&long).unwrap().chars().count(), 5000);
        assert_eq!(
            words(&Value::String("a\0b".to_owned())).unwrap(),
            "a\u{fffd}b"
        );
    }
}
