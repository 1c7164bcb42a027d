//! Matching phrases against a text. A phrase is words in a row; `*` at a word's end means any ending, `#` a number. A
//! word of six letters or more also matches with one slip of the finger.

use super::vocabulary::Phrases;

/// The words of a text that no phrase has claimed yet.
pub(super) struct Remaining<'a> {
    words: &'a [String],
    taken: Vec<bool>,
}

impl<'a> Remaining<'a> {
    pub(super) fn new(words: &'a [String]) -> Self {
        Self {
            words,
            taken: vec![false; words.len()],
        }
    }

    /// Claims every occurrence of the phrases; true if there was one.
    pub(super) fn take(&mut self, phrases: Phrases) -> bool {
        self.count(phrases) > 0
    }

    /// Claims every occurrence of the phrases and counts them.
    pub(super) fn count(&mut self, phrases: Phrases) -> usize {
        let mut found = 0;
        let mut patterns: Vec<Vec<&str>> = phrases
            .iter()
            .map(|phrase| phrase.split(' ').collect())
            .collect();
        // The longest first, so that "buenas noches" is one greeting and leaves no "noches" behind.
        patterns.sort_by_key(|pattern| std::cmp::Reverse(pattern.len()));
        for pattern in patterns {
            for start in 0..self.words.len() {
                if self.matches_at(start, &pattern) {
                    found += 1;
                    self.taken
                        .iter_mut()
                        .skip(start)
                        .take(pattern.len())
                        .for_each(|taken| *taken = true);
                }
            }
        }
        found
    }

    /// How many words nobody claimed.
    pub(super) fn unclaimed(&self) -> usize {
        self.taken.iter().filter(|taken| !**taken).count()
    }

    fn matches_at(&self, start: usize, pattern: &[&str]) -> bool {
        let end = start + pattern.len();
        let (Some(words), Some(taken)) = (self.words.get(start..end), self.taken.get(start..end))
        else {
            return false;
        };
        !taken.iter().any(|taken| *taken)
            && words
                .iter()
                .zip(pattern)
                .all(|(word, known)| matches(word, known))
    }
}

fn matches(word: &str, known: &str) -> bool {
    if known == "#" {
        return word.starts_with(|c: char| c.is_ascii_digit());
    }
    match known.strip_suffix('*') {
        Some(prefix) => word.starts_with(prefix),
        // A plural is no slip: "persona" asks for one of us, "personas" counts the party.
        None if word.strip_suffix('s') == Some(known) => false,
        None => {
            word == known
                || (known.len() >= 6
                    && word.len() >= 6
                    && one_slip(word.as_bytes(), known.as_bytes()))
        }
    }
}

/// One letter more, less, other, or two swapped.
fn one_slip(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let rest = |bytes: &'_ [u8], skip: usize| bytes.iter().skip(skip).copied().collect::<Vec<u8>>();
    match long.len() - short.len() {
        0 => {
            rest(short, same + 1) == rest(long, same + 1)
                || (short.get(same) == long.get(same + 1)
                    && short.get(same + 1) == long.get(same)
                    && rest(short, same + 2) == rest(long, same + 2))
        }
        1 => rest(short, same) == rest(long, same + 1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::one_slip;

    #[test]
    fn one_slip_of_the_finger_is_forgiven_and_two_are_not() {
        for (a, b) in [
            ("serbicios", "servicios"),
            ("ubicacio", "ubicacion"),
            ("direcccion", "direccion"),
            ("parirlla", "parrilla"),
        ] {
            assert!(one_slip(a.as_bytes(), b.as_bytes()), "{a}");
        }
        assert!(!one_slip(b"serbisios", b"servicios"));
        assert!(!one_slip(b"pileta", b"parrilla"));
    }
}
