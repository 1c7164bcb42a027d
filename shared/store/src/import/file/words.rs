//! Tables of the owner's texts: `[property.texts]`, `[unit_types.texts]`, `[unit_types.cabin_texts."Arrayán"]`.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::super::reader::{Part, Reading, text};
use crate::catalog::check;

/// The texts under a key, each checked.
pub(super) fn texts(
    part: &mut Part<'_, '_>,
    key: &'static str,
    reading: &mut Reading,
) -> BTreeMap<String, String> {
    part.part(reading, key)
        .map(|part| all(&part, reading))
        .unwrap_or_default()
}

/// Texts of single cabins, by the cabin's name. Only those of `cabins` can have some.
pub(super) fn texts_by_cabin(
    part: &mut Part<'_, '_>,
    key: &'static str,
    cabins: &[String],
    reading: &mut Reading,
) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let Some(part) = part.part(reading, key) else {
        return found;
    };
    for (cabin, at, value) in part.each(reading) {
        if !cabins.contains(&cabin) {
            reading.problem(
                at.clone(),
                format!("{cabin:?} is not among the accommodations"),
            );
        }
        if let Some(part) = Part::inside(at, value, reading) {
            found.insert(cabin, all(&part, reading));
        }
    }
    found
}

fn all(part: &Part<'_, '_>, reading: &mut Reading) -> BTreeMap<String, String> {
    let each = part.each(reading);
    each.into_iter()
        .filter_map(|(key, at, value)| Some((one(&key, at, value, reading)?, key)))
        .map(|(body, key)| (key, body))
        .collect()
}

fn one(key: &str, at: String, value: &DeValue<'_>, reading: &mut Reading) -> Option<String> {
    match text(value) {
        Ok(body) => {
            let mut problems = Vec::new();
            check::key(&at, key, &mut problems);
            check::text(&at, &body, false, &mut problems);
            reading.problems_of(problems);
            Some(body)
        }
        Err(problem) => {
            reading.problem(at, problem);
            None
        }
    }
}
