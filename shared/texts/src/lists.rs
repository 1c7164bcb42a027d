//! `a, b y c`.

use crate::Renderer;

impl Renderer<'_> {
    /// The items in one line; nothing for none.
    pub fn list(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => {
                let key = if sounds_like_i(last) {
                    "list-and-before-i"
                } else {
                    "list-and"
                };
                self.made_of(key, &[("first", &first.join(", ")), ("last", last)])
            }
        }
    }
}

/// "Cabaña e Ibera": *y* gives way before the same sound, not before *hie-* and *ia-*, where it is another.
fn sounds_like_i(word: &str) -> bool {
    let word = word.to_lowercase();
    let sound = word.strip_prefix('h').unwrap_or(&word);
    let mut letters = sound.chars();
    matches!(letters.next(), Some('i' | 'í')) && !matches!(letters.next(), Some('a' | 'e' | 'o'))
}
