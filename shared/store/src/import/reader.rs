//! Reads a TOML document part by part, remembering the line of everything, so that all problems can be said at once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use posta_domain::money::BasisPoints;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{amount, problem::FileProblem};
use crate::catalog::Problem;

/// One reading of a file.
pub(super) struct Reading {
    /// Where each line but the first begins.
    starts: Vec<usize>,
    lines: BTreeMap<String, usize>,
    pub(super) problems: Vec<FileProblem>,
}

/// A table of the file, and which of its keys have been read.
pub(super) struct Part<'a, 's> {
    at: String,
    table: &'a DeTable<'s>,
    read: BTreeSet<&'static str>,
}

// === impl Reading ===

impl Reading {
    pub(super) fn new(source: &str) -> Self {
        let breaks = source.match_indices('\n');
        Self {
            starts: breaks.map(|(at, _)| at + 1).collect(),
            lines: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    pub(super) fn line_of(&self, offset: usize) -> usize {
        1 + self.starts.partition_point(|start| *start <= offset)
    }

    /// About a setting that has been read, or that a part of it has.
    pub(super) fn problem(&mut self, at: impl Into<String>, text: impl Into<String>) {
        let at = at.into();
        let mut known = at.as_str();
        let line = loop {
            if let Some(line) = self.lines.get(known) {
                break Some(*line);
            }
            match known.rfind(['.', '[']) {
                Some(end) => known = &known[..end],
                None => break None,
            }
        };
        self.problems.push(FileProblem {
            line,
            at,
            text: text.into(),
        });
    }

    /// What the catalogue's checks found.
    pub(super) fn problems_of(&mut self, found: Vec<Problem>) {
        for problem in found {
            self.problem(problem.at, problem.text);
        }
    }

    fn remember(&mut self, at: &str, value: &Spanned<DeValue<'_>>) {
        let line = self.line_of(value.span().start);
        self.lines.insert(at.to_owned(), line);
    }
}

// === impl Part ===

impl<'a, 's> Part<'a, 's> {
    pub(super) fn whole(table: &'a DeTable<'s>) -> Self {
        Self::new(String::new(), table)
    }

    fn new(at: String, table: &'a DeTable<'s>) -> Self {
        Self {
            at,
            table,
            read: BTreeSet::new(),
        }
    }

    /// Where a setting of this part is.
    pub(super) fn at(&self, key: &str) -> String {
        if self.at.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.at)
        }
    }

    /// The same, to be put before a key.
    pub(super) fn prefix(&self) -> String {
        format!("{}.", self.at)
    }

    /// A setting, if it is there and can be read.
    pub(super) fn get<T>(
        &mut self,
        reading: &mut Reading,
        key: &'static str,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<T> {
        let value = self.take(reading, key)?;
        match read(value.get_ref()) {
            Ok(value) => Some(value),
            Err(text) => {
                reading.problem(self.at(key), text);
                None
            }
        }
    }

    /// A setting that must be there.
    pub(super) fn need<T>(
        &mut self,
        reading: &mut Reading,
        key: &'static str,
        read: impl FnOnce(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<T> {
        if self.table.contains_key(key) {
            self.get(reading, key, read)
        } else {
            reading.problem(self.at(key), "is missing");
            None
        }
    }

    /// A table under a key.
    pub(super) fn part(&mut self, reading: &mut Reading, key: &'static str) -> Option<Self> {
        let value = self.take(reading, key)?;
        let at = self.at(key);
        if let DeValue::Table(table) = value.get_ref() {
            return Some(Self::new(at, table));
        }
        reading.problem(at, "is not a table of settings");
        None
    }

    /// Each table of a list: `[[unit_types]]`. Counted from 1, as people do.
    pub(super) fn parts(&mut self, reading: &mut Reading, key: &'static str) -> Vec<Self> {
        let Some(value) = self.take(reading, key) else {
            return Vec::new();
        };
        let at = self.at(key);
        let DeValue::Array(items) = value.get_ref() else {
            reading.problem(at, "is not a list");
            return Vec::new();
        };
        let mut parts = Vec::new();
        for (n, item) in items.iter().enumerate() {
            let at = format!("{at}[{}]", n + 1);
            reading.remember(&at, item);
            match item.get_ref() {
                DeValue::Table(table) => parts.push(Self::new(at, table)),
                _ => reading.problem(at, "is not a table of settings"),
            }
        }
        parts
    }

    /// Every key of a table whose keys are names, with its place and value.
    pub(super) fn each(&self, reading: &mut Reading) -> Vec<(String, String, &'a DeValue<'s>)> {
        let mut all = Vec::new();
        for (key, value) in self.table {
            let at = self.at(key.get_ref());
            reading.remember(&at, value);
            all.push((key.get_ref().to_string(), at, value.get_ref()));
        }
        all
    }

    /// A part found by [`Part::each`].
    pub(super) fn inside(
        at: String,
        value: &'a DeValue<'s>,
        reading: &mut Reading,
    ) -> Option<Self> {
        if let DeValue::Table(table) = value {
            return Some(Self::new(at, table));
        }
        reading.problem(at, "is not a table of settings");
        None
    }

    /// Says which keys nobody knows.
    pub(super) fn finish(self, reading: &mut Reading) {
        for (key, value) in self.table {
            if !self.read.contains(key.get_ref().as_ref()) {
                let at = self.at(key.get_ref());
                reading.remember(&at, value);
                reading.problem(at, "is not a setting (a typing error?)");
            }
        }
    }

    fn take(
        &mut self,
        reading: &mut Reading,
        key: &'static str,
    ) -> Option<&'a Spanned<DeValue<'s>>> {
        self.read.insert(key);
        let value = self.table.get(key)?;
        reading.remember(&self.at(key), value);
        Some(value)
    }
}

// === values ===

pub(super) fn text(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) => Ok(text.to_string()),
        _ => Err("is not a text in quotes".to_owned()),
    }
}

pub(super) fn flag(value: &DeValue<'_>) -> Result<bool, String> {
    match value {
        DeValue::Boolean(flag) => Ok(*flag),
        _ => Err("is not true or false".to_owned()),
    }
}

/// A whole number that is not negative.
pub(super) fn count(value: &DeValue<'_>) -> Result<u32, String> {
    integer(value)
        .and_then(|number| u32::try_from(number).ok())
        .ok_or_else(|| "is not a whole number from 0 on".to_owned())
}

pub(super) fn number(value: &DeValue<'_>) -> Result<i32, String> {
    integer(value)
        .and_then(|number| i32::try_from(number).ok())
        .ok_or_else(|| "is not a whole number".to_owned())
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    match value {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
        _ => None,
    }
}

/// An amount with so many decimals: a whole number, or a text such as "85.000,50".
pub(super) fn amount(decimals: u32) -> impl Fn(&DeValue<'_>) -> Result<i64, String> {
    move |value| match value {
        DeValue::Integer(_) => integer(value)
            .and_then(|whole| whole.checked_mul(10_i64.checked_pow(decimals)?))
            .ok_or_else(|| "is too large".to_owned()),
        DeValue::String(text) => {
            amount::parse(text, decimals).map_err(|error| format!("{:?} {error}", shortened(text)))
        }
        // 85.000 would be 85 to TOML.
        DeValue::Float(_) => Err("has decimals: write it in quotes, as \"85.000,50\"".to_owned()),
        _ => Err("is not an amount such as 85000 or \"85.000,50\"".to_owned()),
    }
}

/// A percentage, to its hundredths.
pub(super) fn percent(value: &DeValue<'_>) -> Result<BasisPoints, String> {
    let hundredths = amount(2)(value).ok();
    hundredths
        .and_then(|hundredths| u16::try_from(hundredths).ok())
        .and_then(BasisPoints::new)
        .ok_or_else(|| "is not a percentage from 0 to 100, such as 30 or \"33,33\"".to_owned())
}

pub(super) fn date(value: &DeValue<'_>) -> Result<NaiveDate, String> {
    let written = match value {
        DeValue::Datetime(moment) if moment.time.is_none() => moment.to_string(),
        DeValue::String(text) => text.to_string(),
        _ => return Err("is not a date such as 2027-01-31".to_owned()),
    };
    posta_domain::nights::parse_date(&written).map_err(|refusal| refusal.to_string())
}

pub(super) fn hour(value: &DeValue<'_>) -> Result<NaiveTime, String> {
    match value {
        DeValue::String(text) => NaiveTime::parse_from_str(text, "%H:%M")
            .map_err(|_| format!("{:?} is not an hour like 15:00", shortened(text))),
        _ => Err("is not an hour in quotes, like \"15:00\"".to_owned()),
    }
}

/// A list of texts.
pub(super) fn texts(value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let DeValue::Array(items) = value else {
        return Err("is not a list of texts".to_owned());
    };
    items.iter().map(|item| text(item.get_ref())).collect()
}

/// A list of dates.
pub(super) fn dates(value: &DeValue<'_>) -> Result<Vec<NaiveDate>, String> {
    let DeValue::Array(items) = value else {
        return Err("is not a list of dates".to_owned());
    };
    items.iter().map(|item| date(item.get_ref())).collect()
}

/// Something that is parsed out of a text.
pub(super) fn parsed<T: std::str::FromStr>(
    what: &'static str,
) -> impl Fn(&DeValue<'_>) -> Result<T, String> {
    move |value| {
        let text = text(value)?;
        text.parse()
            .map_err(|_| format!("{:?} is not {what}", shortened(&text)))
    }
}

pub(super) fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}
