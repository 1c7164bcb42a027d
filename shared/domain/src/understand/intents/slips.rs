//! The word that was meant: by sound ("serbisios"), or by one slip of the finger ("ubicacio", "reservra").
//!
//! A table of the known words with one letter left out makes a lookup cost the length of the word, not the size of
//! the vocabulary.

use std::collections::{HashMap, HashSet};

use crate::understand::lex::slips;

/// Shorter words are other words too often.
const SHORTEST_BY_SOUND: usize = 4;
const SHORTEST_BY_SLIP: usize = 5;
const SHORTEST_BY_OTHER: usize = 6;
/// Longer ones are not looked at.
const LONGEST: usize = 20;

/// The known words by sound.
#[derive(Default)]
pub(super) struct Slips {
    known: HashSet<String>,
    by_sound: HashMap<String, String>,
    by_gap: HashMap<String, Vec<String>>,
}

impl Slips {
    pub(super) fn new(mut words: Vec<String>) -> Self {
        words.sort();
        let mut slips = Self::default();
        for word in words {
            if word.len() >= SHORTEST_BY_SOUND && word.is_ascii() && !word.contains('_') {
                let sound = sound(&word);
                for gap in gaps(&sound) {
                    slips.by_gap.entry(gap).or_default().push(word.clone());
                }
                slips.by_sound.entry(sound).or_insert_with(|| word.clone());
            }
            slips.known.insert(word);
        }
        slips
    }

    /// The word itself where it is known or nothing near is.
    pub(super) fn meant<'a>(&'a self, word: &'a str) -> &'a str {
        if self.known.contains(word)
            || !word.is_ascii()
            || !(SHORTEST_BY_SOUND..=LONGEST).contains(&word.len())
        {
            return word;
        }
        if let Some(known) = self.drawn_out(word) {
            return known;
        }
        let sound = sound(word);
        if let Some(known) = self.by_sound.get(&sound) {
            return known;
        }
        if word.len() < SHORTEST_BY_SLIP {
            return word;
        }
        let mut near = gaps(&sound)
            .into_iter()
            .chain([sound.clone()])
            .filter_map(|gap| self.by_gap.get(&gap))
            .flatten()
            .filter(|known| {
                known.len() >= SHORTEST_BY_SLIP
                    && !is_form_of(word, known)
                    && is_slip(&sound, &self::sound(known))
            });
        near.next().map_or(word, String::as_str)
    }

    /// "diaa", "buenass": the last letter held.
    fn drawn_out(&self, word: &str) -> Option<&String> {
        let last = word.chars().next_back()?;
        let once = word.strip_suffix(last)?;
        if once.ends_with(last) {
            self.known.get(once)
        } else {
            None
        }
    }
}

/// One letter more, less or swapped; another one only in longer words, since short ones are other words too often. The
/// first letter is never wrong.
fn is_slip(a: &str, b: &str) -> bool {
    let changed = a.bytes().zip(b.bytes()).filter(|(a, b)| a != b).count();
    let short = a.len() == b.len() && a.len() < SHORTEST_BY_OTHER && changed == 1;
    a.bytes().next() == b.bytes().next() && !short && slips(a, b, 1)
}

/// Another number or gender is no slip: "persona" asks for one of us, "personas" counts the party.
fn is_form_of(word: &str, known: &str) -> bool {
    fn stem(word: &str) -> &str {
        word.strip_suffix('s')
            .unwrap_or(word)
            .trim_end_matches(['a', 'e', 'o'])
    }
    stem(word) == stem(known)
}

/// How a word sounds on the Plata: b as v, s as c and z, ll as y, no h.
fn sound(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        let heard = match (c, next) {
            ('v', _) => 'b',
            ('z', _) | ('c', Some('e' | 'i')) => 's',
            ('c', Some('h')) => {
                rest.next();
                'x'
            }
            ('q', Some('u')) => {
                rest.next();
                'k'
            }
            ('c', _) => 'k',
            ('g', Some('e' | 'i')) => 'j',
            ('l', Some('l')) => {
                rest.next();
                'y'
            }
            ('h', _) => continue,
            (c, _) => c,
        };
        if !out.ends_with(heard) {
            out.push(heard);
        }
    }
    out
}

/// The word with each of its letters left out.
fn gaps(word: &str) -> Vec<String> {
    (0..word.len())
        .filter_map(|at| Some([word.get(..at)?, word.get(at + 1..)?].concat()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_by_their_sound_and_with_one_slip() {
        let known = [
            "servicios",
            "ubicacion",
            "disponibilidad",
            "reservar",
            "persona",
            "jugar",
            "lugar",
            "hola",
        ];
        let slips = Slips::new(known.map(str::to_owned).to_vec());
        for (word, meant) in [
            ("serbisios", "servicios"),
            ("ubicasion", "ubicacion"),
            ("ubicacio", "ubicacion"),
            ("reservra", "reservar"),
            ("rezerbar", "reservar"),
            ("lugra", "lugar"),
            ("jugar", "jugar"),
            ("personas", "personas"),
            ("ola", "ola"),
            ("casa", "casa"),
        ] {
            assert_eq!(slips.meant(word), meant, "{word}");
        }
    }
}
