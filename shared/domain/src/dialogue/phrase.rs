//! Something to be said, still without words: a key of the catalogue (`locales/<locale>/*.ftl`) with its values.
//!
//! The dialogue decides what is said; how dates, amounts and lists are written is the catalogue's and the renderer's
//! (`posta-texts`). Values are typed so that one place formats each kind of them.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::{money::Money, nights::Period, party::Party, refusal::Refusal};

/// A message of the catalogue with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The message's key.
    pub key: &'static str,
    /// Its values by name.
    pub values: Vec<(&'static str, Value)>,
}

/// A value of a phrase. The comments show how Spanish writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Words as they are: names, codes, the owner's texts.
    Words(String),
    /// Chooses a variant of the message; never shown.
    Which(&'static str),
    /// A number; chooses singular or plural.
    Count(u32),
    /// `$ 120.000`, `US$ 80,50`.
    Money(Money),
    /// `sábado 9 de enero`; with the year where it is not this one or the next half-year's.
    Day(NaiveDate),
    /// `del sábado 9 al viernes 15 de enero`.
    Period(Period),
    /// `hoy a las 15:40`, `mañana a las 9:00`, `el martes 24 de noviembre a las 10:00`; the property's zone.
    Moment(DateTime<Utc>),
    /// `15:40`.
    Clock(NaiveTime),
    /// `2 adultos, 1 menor y 1 mascota`.
    Party(Party),
    /// Why it cannot be sold: a whole sentence.
    Refusal(Refusal),
    /// `a, b y c`.
    List(Vec<Value>),
    /// Each on a line of its own.
    Lines(Vec<Phrase>),
    /// A phrase within a phrase.
    Phrase(Box<Phrase>),
}

impl Phrase {
    /// A message without values.
    pub const fn new(key: &'static str) -> Self {
        Self {
            key,
            values: Vec::new(),
        }
    }

    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }
}

impl From<Phrase> for Value {
    fn from(phrase: Phrase) -> Self {
        Self::Phrase(Box::new(phrase))
    }
}

macro_rules! value_from {
    ($($from:ty => $to:ident),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$to(value)
            }
        }
    )*};
}

value_from! {
    String => Words,
    u32 => Count,
    Money => Money,
    NaiveDate => Day,
    Period => Period,
    DateTime<Utc> => Moment,
    NaiveTime => Clock,
    Party => Party,
    Refusal => Refusal,
    Vec<Value> => List,
    Vec<Phrase> => Lines,
}

impl From<&str> for Value {
    fn from(words: &str) -> Self {
        Self::Words(words.to_owned())
    }
}
