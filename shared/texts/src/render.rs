//! Phrases in words, for one reader at one moment.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use fluent_bundle::{FluentArgs, FluentValue};
use posta_domain::dialogue::{Phrase, Value};

use crate::Texts;

/// Puts phrases into words.
#[derive(Clone, Copy)]
pub struct Renderer<'t> {
    texts: &'t Texts,
    pub(crate) zone: Tz,
    /// `None`: nobody knows when it is read.
    pub(crate) now: Option<DateTime<Utc>>,
}

impl<'t> Renderer<'t> {
    /// For somebody who reads it now, in the property's zone: "hoy", "mañana", years only where they are needed.
    #[must_use]
    pub const fn new(texts: &'t Texts, zone: Tz, now: DateTime<Utc>) -> Self {
        Self {
            texts,
            zone,
            now: Some(now),
        }
    }

    /// For what may be read at any time: every date has its year.
    #[must_use]
    pub const fn anywhere(texts: &'t Texts, zone: Tz) -> Self {
        Self {
            texts,
            zone,
            now: None,
        }
    }

    /// A message without values.
    pub fn say(&self, key: &str) -> String {
        self.message(key, &[])
    }

    /// A message of the catalogue.
    pub fn phrase(&self, phrase: &Phrase) -> String {
        self.message(phrase.key, &phrase.values)
    }

    /// The same by its key.
    pub(crate) fn message(&self, key: &str, values: &[(&'static str, Value)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, self.argument(value));
        }
        self.texts.format(key, &args)
    }

    /// A message whose values are words.
    pub(crate) fn made_of(&self, key: &str, values: &[(&'static str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, words) in values {
            args.set(*name, *words);
        }
        self.texts.format(key, &args)
    }

    /// A message that a number chooses.
    pub(crate) fn counted(&self, key: &str, count: u32) -> String {
        let mut args = FluentArgs::new();
        args.set("count", count);
        self.texts.format(key, &args)
    }

    /// A message with arguments of any kind.
    pub(crate) fn whole(&self, key: &str, args: &FluentArgs<'_>) -> String {
        self.texts.format(key, args)
    }

    fn argument(&self, value: &Value) -> FluentValue<'static> {
        match value {
            Value::Count(number) => FluentValue::from(*number),
            Value::Which(variant) => FluentValue::from(*variant),
            other => FluentValue::from(self.value(other)),
        }
    }

    /// A value as it is written.
    pub fn value(&self, value: &Value) -> String {
        match value {
            Value::Words(words) => one_direction(words),
            Value::Which(variant) => (*variant).to_owned(),
            Value::Count(number) => number.to_string(),
            Value::Money(money) => self.money(*money),
            Value::Day(day) => self.day(*day),
            Value::Period(period) => self.period(*period),
            Value::Moment(moment) => self.moment(*moment),
            Value::Clock(time) => self.clock(*time),
            Value::Party(party) => self.party(party),
            Value::Refusal(refusal) => self.refusal(refusal),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.value(item)).collect();
                self.list(&items)
            }
            Value::Lines(phrases) => {
                let lines: Vec<String> = phrases.iter().map(|phrase| self.phrase(phrase)).collect();
                lines.join("\n")
            }
            Value::Phrase(phrase) => self.phrase(phrase),
        }
    }
}

/// Names come from outside: marks that turn the direction of writing round would turn our sentence round with them.
fn one_direction(words: &str) -> String {
    words
        .chars()
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect()
}
