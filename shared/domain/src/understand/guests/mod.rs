//! Who comes: how many, how old, with which animals, in how many cabins.
//!
//! Guaranteed: linear, total, no number above [`tally::MOST`] is a party. Read before the dates, so that "para 4" is
//! never the 4th; a number is a party only beside a word that says so, or where the desk has just asked. Not
//! guaranteed: what people leave open ("4 o 5") is left open.

mod ages;
mod count;
mod family;
mod items;
mod near;
mod nouns;
mod tally;
mod words;

use super::{Asked, Context, lex::Tokens};
use items::Item;
use tally::Tally;

/// What a text says about the party.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Guests {
    /// Grown-ups, where they were told apart.
    pub(super) adults: Option<u32>,
    /// Children, infants among them.
    pub(super) children: Option<u32>,
    /// Of the children, those in arms.
    pub(super) infants: Option<u32>,
    /// Of the children, in years.
    pub(super) ages: Vec<u8>,
    /// Animals.
    pub(super) pets: Option<u32>,
    /// Everybody.
    pub(super) total: Option<u32>,
    /// Cabins.
    pub(super) cabins: Option<u32>,
}

/// The words of a message, where we stand, and what was counted.
struct Reader<'a> {
    items: Vec<Item<'a>>,
    tally: Tally,
    /// The desk has just asked who comes.
    guests_asked: bool,
    /// Tokens that were used.
    used: Vec<usize>,
}

/// Reads the party; what it used is marked as taken.
pub(super) fn guests(tokens: &mut Tokens, context: &Context<'_>) -> Guests {
    let mut reader = Reader {
        items: items::items(tokens),
        tally: Tally::default(),
        guests_asked: context.asked == Some(Asked::Guests),
        used: Vec::new(),
    };
    if context.asked == Some(Asked::Ages) {
        reader.all_ages();
    }
    let mut at = 0;
    while at < reader.items.len() {
        at += reader.step(at).max(1);
    }
    if context.asked == Some(Asked::Guests) {
        reader.bare_numbers();
    }
    reader.trailing_number();
    let Reader { tally, used, .. } = reader;
    for index in used {
        if let Some(token) = tokens.all.get_mut(index) {
            token.taken = true;
        }
    }
    tally.finish()
}

impl Reader<'_> {
    /// Reads what stands at `at`: how many words it took.
    fn step(&mut self, at: usize) -> usize {
        if self.item(at).is_none_or(|item| item.taken || item.foreign) {
            return 1;
        }
        self.without(at)
            .or_else(|| self.announced(at))
            .or_else(|| self.pair(at))
            .or_else(|| self.counted(at))
            .or_else(|| self.listed(at))
            .or_else(|| self.group(at))
            .or_else(|| self.alone(at))
            .or_else(|| self.relative(at))
            .or_else(|| self.uncounted(at))
            .or_else(|| self.more_ages(at))
            .unwrap_or(1)
    }

    fn item(&self, at: usize) -> Option<&Item<'_>> {
        self.items.get(at)
    }

    /// Whether the word at `at` is one of these.
    fn is(&self, at: usize, words: &[&str]) -> bool {
        self.item(at).is_some_and(|item| item.any(words))
    }

    fn was(&self, at: usize, words: &[&str]) -> bool {
        at.checked_sub(1)
            .is_some_and(|before| self.is(before, words))
    }

    fn sign(&self, at: usize) -> Option<char> {
        self.item(at).and_then(|item| item.sign)
    }

    /// A number that nobody took; "un" and "una" where `one` says so.
    fn number(&self, at: usize, one: bool) -> Option<u32> {
        let item = self.item(at).filter(|item| !item.taken && !item.foreign)?;
        match item.number {
            Some(n) => (1..=tally::MOST).contains(&n).then_some(n),
            None => (one && item.any(&["un", "una", "uno", "um", "uma", "a", "one"])).then_some(1),
        }
    }

    fn noun(&self, at: usize) -> Option<nouns::Noun> {
        self.item(at)
            .filter(|item| !item.taken)
            .and_then(|item| item.noun)
    }

    /// These words were used.
    fn take(&mut self, from: usize, to: usize) {
        let tokens: Vec<usize> = self
            .items
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .map(|item| item.token)
            .collect();
        self.used.extend(tokens);
        for item in self.items.iter_mut().take(to).skip(from) {
            item.taken = true;
        }
    }
}
