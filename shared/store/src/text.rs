//! Making room for text from outside: `PostgreSQL` refuses NULs in text and in JSON, and index entries of more than a
//! third of a page. The exact bytes are kept elsewhere (the inbox's payload, a dead letter's body); these are the
//! columns people and queries read. Without this, one absurd id would make its transaction fail for ever.

use std::borrow::Cow;

use serde_json::Value;

/// Longest text, in bytes, that goes into an index beside others.
const LONGEST_INDEXED: usize = 600;

/// Shows NULs as U+FFFD.
pub(crate) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The same for text that is indexed: an absurdly long one keeps its beginning and a hash of all of it.
pub(crate) fn indexable(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST_INDEXED {
        return storable(text);
    }
    let mut cut = LONGEST_INDEXED;
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    // FNV-1a: it only has to differ between texts that begin alike.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let (beginning, _) = text.split_at(cut);
    Cow::Owned(format!("{}…{hash:016x}", storable(beginning)))
}

/// The same for JSON, names of fields included.
pub(crate) fn storable_json(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(storable(text).into_owned()),
        Value::Array(items) => items.iter().map(storable_json).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (storable(name).into_owned(), storable_json(value)))
            .collect(),
        other => other.clone(),
    }
}

/// Its beginning, storable: people's remarks have no need to be longer.
pub(crate) fn first(text: &str, most: usize) -> String {
    storable(&text.chars().take(most).collect::<String>()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_INDEXED, indexable, storable_json};

    #[test]
    fn ordinary_text_is_left_as_it_is_and_long_texts_that_begin_alike_stay_apart() {
        assert_eq!(indexable("wamid.HBgN"), "wamid.HBgN");
        let long = "ñ".repeat(LONGEST_INDEXED);
        let other = format!("{long}x");
        assert_ne!(indexable(&long), indexable(&other));
        assert!(indexable(&long).len() < LONGEST_INDEXED + 32);
    }

    #[test]
    fn nuls_are_shown_wherever_they_stand_in_json() {
        let json = serde_json::json!({ "a\0": [{ "b": "\0" }, 7] });
        assert!(!storable_json(&json).to_string().contains("\\u0000"));
    }
}
