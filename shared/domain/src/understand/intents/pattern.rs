//! One phrase of the vocabulary: how it is written, and whether it stands somewhere.
//!
//! A phrase is words in a row. `a|b` is either; `a*` any ending; `#` a number; `@hs`, `@money`, `@phone` and `@day` are
//! hours, prices, telephones and dates; an element that ends in `?` may be missing; `~` stands for up to three words of
//! any kind, which stay free for other phrases. Phrases do not cross the end of a sentence.

use super::{said::Spoken, sense::Sense};
use crate::understand::lex::lex;

/// How many words a `~` may skip.
const WIDEST_GAP: usize = 3;

pub(super) enum Matcher {
    Word(String),
    Prefix(&'static str),
    Number,
}

pub(super) enum Element {
    One {
        any_of: Vec<Matcher>,
        optional: bool,
    },
    Gap,
}

pub(super) struct Phrase {
    pub(super) sense: Sense,
    pub(super) elements: Vec<Element>,
    /// How many words it can match.
    pub(super) most: usize,
}

/// Follows the elements from `at` on; the words they match are in `used`.
pub(super) fn follow(
    elements: &[Element],
    words: &[Spoken<'_>],
    claimed: &[bool],
    at: usize,
    used: &mut Vec<usize>,
) -> bool {
    let Some((element, rest)) = elements.split_first() else {
        return true;
    };
    let before = used.len();
    match element {
        Element::Gap => {
            for next in at..=at + WIDEST_GAP {
                used.truncate(before);
                if follow(rest, words, claimed, next, used) {
                    return true;
                }
                if words.get(next).is_none_or(|skipped| skipped.starts) {
                    break;
                }
            }
            false
        }
        Element::One { any_of, optional } => {
            let here = words.get(at).is_some_and(|word| {
                (used.is_empty() || !word.starts)
                    && !claimed.get(at).copied().unwrap_or(true)
                    && any_of.iter().any(|matcher| matcher.matches(word))
            });
            if here {
                used.push(at);
                if follow(rest, words, claimed, at + 1, used) {
                    return true;
                }
                used.truncate(before);
            }
            *optional && follow(rest, words, claimed, at, used)
        }
    }
}

impl Matcher {
    fn matches(&self, word: &Spoken<'_>) -> bool {
        match self {
            Self::Word(known) => word.text == known,
            Self::Prefix(prefix) => word.text.starts_with(prefix),
            Self::Number => word.number,
        }
    }
}

pub(super) fn element(part: &'static str) -> Element {
    if part == "~" {
        return Element::Gap;
    }
    let (part, optional) = part
        .strip_suffix('?')
        .map_or((part, false), |part| (part, true));
    let any_of = part
        .split('|')
        .map(|word| match word.strip_suffix('*') {
            Some(prefix) => Matcher::Prefix(prefix),
            None if word == "#" => Matcher::Number,
            None => Matcher::Word(spelled(word)),
        })
        .collect();
    Element::One { any_of, optional }
}

/// As the lexer writes it out, so that the vocabulary needs not know the lexer's abbreviations.
pub(super) fn spelled(word: &str) -> String {
    if word.starts_with("emoji_") || word.starts_with('@') || word.len() == 1 {
        return word.to_owned();
    }
    match lex(word).all.as_slice() {
        [token] => token.word.clone(),
        _ => word.to_owned(),
    }
}
