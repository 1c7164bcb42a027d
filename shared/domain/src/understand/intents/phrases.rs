//! Phrases and how they are found in a message.
//!
//! From left to right the phrase with the most words wins; of equals, the one that stands first in the vocabulary.
//! Linear: each word starts a bounded number of phrases, each of bounded length.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::{
    pattern::{Element, Matcher, Phrase, element, follow, spelled},
    said::Spoken,
    sense::Sense,
    slips::Slips,
};
use crate::understand::words;

/// Prefixes at the start of a phrase are found by this many letters.
const PREFIX_KEY: usize = 3;

/// All phrases, ready to be looked for.
pub(super) struct Lexicon {
    phrases: Vec<Phrase>,
    by_word: HashMap<String, Vec<usize>>,
    by_prefix: HashMap<&'static str, Vec<usize>>,
    by_number: Vec<usize>,
    slips: Slips,
}

/// A phrase that was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) sense: Sense,
    /// Its first word.
    pub(super) at: usize,
    /// Behind its last word.
    pub(super) end: usize,
    /// How many of its words were matched.
    pub(super) words: usize,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);

/// The vocabulary; made once.
pub(super) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    fn new() -> Self {
        let mut lexicon = Self {
            phrases: Vec::new(),
            by_word: HashMap::new(),
            by_prefix: HashMap::new(),
            by_number: Vec::new(),
            slips: Slips::default(),
        };
        let mut known = HashSet::new();
        let phrases = words::all()
            .flat_map(|(sense, phrases)| phrases.iter().map(move |phrase| (*sense, *phrase)));
        for (sense, phrase) in phrases {
            lexicon.add(sense, phrase, &mut known);
        }
        let Self {
            phrases, by_word, ..
        } = &mut lexicon;
        for list in by_word.values_mut() {
            list.sort_by_key(|index| {
                std::cmp::Reverse(phrases.get(*index).map_or(0, |phrase| phrase.most))
            });
        }
        known.extend(words::COMMON.split(' ').map(spelled));
        lexicon.slips = Slips::new(known.into_iter().collect());
        lexicon
    }

    fn add(&mut self, sense: Sense, phrase: &'static str, known: &mut HashSet<String>) {
        let elements: Vec<Element> = phrase
            .split(' ')
            .filter(|part| !part.is_empty())
            .map(element)
            .collect();
        let index = self.phrases.len();
        // A phrase may start with any of its elements up to the first that must be there.
        let mut starting = true;
        for element in &elements {
            let Element::One { any_of, optional } = element else {
                continue;
            };
            for matcher in any_of {
                if let Matcher::Word(word) = matcher {
                    known.insert(word.clone());
                }
                if starting {
                    self.index(matcher, index);
                }
            }
            starting &= *optional;
        }
        let most = elements
            .iter()
            .filter(|element| matches!(element, Element::One { .. }))
            .count();
        self.phrases.push(Phrase {
            sense,
            elements,
            most,
        });
    }

    fn index(&mut self, matcher: &Matcher, phrase: usize) {
        let list = match matcher {
            Matcher::Word(word) => self.by_word.entry(word.clone()).or_default(),
            Matcher::Prefix(prefix) => self
                .by_prefix
                .entry(prefix.get(..PREFIX_KEY).unwrap_or(prefix))
                .or_default(),
            Matcher::Number => &mut self.by_number,
        };
        if list.last() != Some(&phrase) {
            list.push(phrase);
        }
    }

    /// The word that was meant: itself where it is known, else the one it is a slip of.
    pub(super) fn meant<'a>(&'a self, word: &'a str) -> &'a str {
        if self.by_prefix(word).next().is_some() {
            return word;
        }
        self.slips.meant(word)
    }

    fn by_prefix(&self, word: &str) -> impl Iterator<Item = usize> {
        word.get(..PREFIX_KEY)
            .and_then(|key| self.by_prefix.get(key))
            .into_iter()
            .flatten()
            .copied()
            .filter(|index| {
                self.phrases.get(*index).is_some_and(|phrase| {
                    matches!(phrase.elements.first(), Some(Element::One { any_of, .. })
                        if any_of.iter().any(|matcher| matches!(matcher, Matcher::Prefix(prefix) if word.starts_with(prefix))))
                })
            })
    }

    /// What was said, in order.
    pub(super) fn hits(&self, words: &[Spoken<'_>]) -> Vec<Hit> {
        let mut claimed = vec![false; words.len()];
        let mut hits = Vec::new();
        for at in 0..words.len() {
            if let Some((hit, used)) = self.best(words, &claimed, at) {
                for index in used {
                    if let Some(slot) = claimed.get_mut(index) {
                        *slot = true;
                    }
                }
                hits.push(hit);
            }
        }
        hits
    }

    fn best(&self, words: &[Spoken<'_>], claimed: &[bool], at: usize) -> Option<(Hit, Vec<usize>)> {
        let word = words.get(at)?;
        if claimed.get(at).copied().unwrap_or(true) {
            return None;
        }
        let exact = self.by_word.get(word.text).into_iter().flatten().copied();
        let numbers = self.by_number.iter().copied().filter(|_| word.number);
        let mut best: Option<(usize, usize, Vec<usize>)> = None;
        let mut used = Vec::new();
        for index in exact.chain(self.by_prefix(word.text)).chain(numbers) {
            let Some(phrase) = self.phrases.get(index) else {
                continue;
            };
            // What cannot be longer need not be tried; among the longest the earlier one counts.
            if best
                .as_ref()
                .is_some_and(|(length, ..)| phrase.most < *length)
            {
                continue;
            }
            used.clear();
            if !follow(&phrase.elements, words, claimed, at, &mut used) || used.first() != Some(&at)
            {
                continue;
            }
            let better = best.as_ref().is_none_or(|(length, earlier, _)| {
                used.len() > *length || used.len() == *length && index < *earlier
            });
            if better {
                best = Some((used.len(), index, used.clone()));
            }
        }
        let (length, index, used) = best?;
        let sense = self.phrases.get(index)?.sense;
        let end = used.last().map_or(at, |last| *last) + 1;
        Some((
            Hit {
                sense,
                at,
                end,
                words: length,
            },
            used,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_of_the_vocabulary_can_be_found() {
        for (_, phrases) in words::all() {
            for phrase in *phrases {
                assert!(
                    !phrase.trim().is_empty() && !phrase.contains("  "),
                    "{phrase:?}"
                );
                assert!(!phrase.starts_with('~'), "{phrase:?} starts with a gap");
                for part in phrase.split([' ', '|']) {
                    let plain = part.trim_end_matches(['?', '*']);
                    assert!(!plain.is_empty(), "{phrase:?}");
                    assert!(
                        plain.chars().all(|c| c.is_ascii_lowercase()
                            || c.is_ascii_digit()
                            || "_#~%@".contains(c)),
                        "{part:?} of {phrase:?} is not as the lexer writes it"
                    );
                }
            }
        }
    }
}
