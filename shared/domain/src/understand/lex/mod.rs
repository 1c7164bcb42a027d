//! From characters to tokens: what is a word, a number, a month, a price, a telephone, an hour.
//!
//! Guaranteed: any text gives tokens, in time linear in what is read of it ([`MOST_CHARS`], [`MOST_TOKENS`]); nothing
//! that looks like a price, a telephone or an hour stays a number. Not guaranteed: that a number is a day or a party;
//! the readers of guests and dates decide that from its neighbours.

mod calendar;
mod compound;
mod context;
mod counted;
mod digits;
mod pair;
mod scan;
mod slip;
mod spelling;

use chrono::{NaiveDate, Weekday};

pub(super) use counted::is_counted;
pub(super) use slip::slips;

/// Longer texts are read up to here: what is wanted stands at the start, and work per message stays bounded.
const MOST_CHARS: usize = 4096;
const MOST_TOKENS: usize = 800;

/// A text in pieces.
#[derive(Debug, Clone, Default)]
pub(super) struct Tokens {
    /// All of them, in order.
    pub(super) all: Vec<Token>,
}

/// One piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// How it was written, plain: lower case, without accents, abbreviations written out.
    pub(super) word: String,
    /// Somebody has used it.
    pub(super) taken: bool,
    /// Nothing stands between it and the piece before.
    pub(super) glued: bool,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word we give no meaning yet; "un" and "una" too.
    Word,
    /// In digits or in words.
    Number(u32),
    /// "1ro", "2da", "primera", "4th".
    Ordinal(u32),
    /// 1 to 12.
    Month(u32),
    /// A day of the week.
    Weekday(Weekday),
    /// "10/1", "10-01-27"; day and month are in 1..=31 and 1..=12, their pair may not exist.
    DayMonth {
        /// 1 to 31.
        day: u32,
        /// 1 to 12.
        month: u32,
        /// If it was written, in full.
        year: Option<i32>,
        /// Month first, since the other way round is impossible.
        flipped: bool,
    },
    /// "2027-01-10".
    Iso(NaiveDate),
    /// A sign: ? ! . , ; : - / ( ) and the end of a line.
    Mark(char),
    /// A picture.
    Emoji,
    /// A price.
    Money,
    /// A telephone or another long number.
    Phone,
    /// An hour.
    Clock,
    /// Addresses on the web, distances, percentages, codes.
    Other,
}

impl Token {
    fn new(kind: Kind, word: impl Into<String>, glued: bool) -> Self {
        Self {
            kind,
            word: word.into(),
            taken: false,
            glued,
        }
    }

    /// This very word; numbers and months in words are words too.
    pub(super) fn is(&self, word: &str) -> bool {
        !matches!(self.kind, Kind::Mark(_)) && self.word == word
    }

    /// One of these words.
    pub(super) fn any(&self, words: &[&str]) -> bool {
        !matches!(self.kind, Kind::Mark(_)) && words.contains(&self.word.as_str())
    }

    /// This sign.
    pub(super) fn mark(&self, sign: char) -> bool {
        self.kind == Kind::Mark(sign)
    }
}

/// The pieces of a text.
pub(super) fn lex(text: &str) -> Tokens {
    let raws = scan::scan(text, MOST_CHARS, MOST_TOKENS);
    let tokens = digits::join(raws);
    let tokens = compound::join(tokens);
    let tokens = calendar::name(tokens);
    Tokens {
        all: context::settle(tokens),
    }
}

#[cfg(test)]
mod tests;
