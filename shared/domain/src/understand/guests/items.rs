//! A message as the rules of the party see it: words with the sign before each.

use super::nouns::{self, Noun};
use crate::understand::lex::{Kind, Tokens};

/// One word.
#[derive(Debug)]
pub(super) struct Item<'a> {
    /// Which token it is.
    pub(super) token: usize,
    pub(super) word: &'a str,
    pub(super) number: Option<u32>,
    pub(super) noun: Option<Noun>,
    /// The sign before it; of several the most telling.
    pub(super) sign: Option<char>,
    /// Names or somebody else took it.
    pub(super) taken: bool,
    /// The name of a month.
    pub(super) month: bool,
    /// A date, a price, an hour: nothing of ours.
    pub(super) foreign: bool,
}

impl Item<'_> {
    pub(super) fn any(&self, words: &[&str]) -> bool {
        !self.foreign && words.contains(&self.word)
    }
}

pub(super) fn items(tokens: &Tokens) -> Vec<Item<'_>> {
    let mut items = Vec::with_capacity(tokens.all.len());
    let mut sign = None;
    for (token, piece) in tokens.all.iter().enumerate() {
        if let Kind::Mark(mark) = piece.kind {
            sign = match (sign, mark) {
                (Some('(' | '+'), _) => sign,
                (_, mark) => Some(mark),
            };
            continue;
        }
        // A smile behind an age is no date.
        if piece.kind == Kind::Emoji {
            continue;
        }
        let number = match piece.kind {
            Kind::Number(n) => Some(n),
            _ => None,
        };
        items.push(Item {
            token,
            word: &piece.word,
            number,
            noun: if piece.kind == Kind::Word {
                nouns::noun(&piece.word)
            } else {
                None
            },
            sign: sign.take(),
            taken: piece.taken,
            month: matches!(piece.kind, Kind::Month(_)),
            foreign: !matches!(piece.kind, Kind::Word | Kind::Number(_)),
        });
    }
    items
}
