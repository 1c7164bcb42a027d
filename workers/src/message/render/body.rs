//! The text of a message.

use posta_domain::dialogue::Part;
use posta_providers::whatsapp::{limits::units, outgoing::fit};
use posta_texts::Renderer;

const BETWEEN: &str = "\n\n";
/// An owner's paragraph is not shortened below this while others are longer.
const SHORTEST: usize = 200;

/// A paragraph with something to read in it.
pub(super) struct Paragraph {
    text: String,
    /// In the owner's own words.
    owners: bool,
}

/// All paragraphs.
pub(super) struct Body(Vec<Paragraph>);

impl Paragraph {
    /// `None` where there is nothing to read: an owner's text of nothing but space.
    pub(super) fn of(part: &Part, words: &Renderer<'_>) -> Option<Self> {
        let (text, owners) = match part {
            Part::Say(phrase) => (words.phrase(phrase), false),
            Part::Words(text) => (text.clone(), true),
        };
        // Takes away what nobody can read (NUL and the like) and space at the ends; cuts nothing.
        let text = fit(&text, usize::MAX);
        visible(&text).then_some(Self { text, owners })
    }
}

impl Body {
    pub(super) const fn new(paragraphs: Vec<Paragraph>) -> Self {
        Self(paragraphs)
    }

    /// Whole, however long.
    pub(super) fn text(&self) -> String {
        let texts: Vec<&str> = self.0.iter().map(|part| part.text.as_str()).collect();
        texts.join(BETWEEN)
    }

    /// At most so long, never empty; and whether the owner's words had to be cut.
    pub(super) fn within(mut self, max: usize, words: &Renderer<'_>) -> (String, bool) {
        if self.0.is_empty() {
            return (words.say("nothing-to-read"), false);
        }
        let mut shortened = false;
        loop {
            let text = self.text();
            let over = units(&text).saturating_sub(max);
            if over == 0 {
                return (text, shortened);
            }
            shortened = true;
            let longest = self
                .0
                .iter_mut()
                .filter(|part| part.owners && units(&part.text) > SHORTEST)
                .max_by_key(|part| units(&part.text));
            match longest {
                Some(part) => {
                    let room = units(&part.text).saturating_sub(over).max(SHORTEST);
                    part.text = fit(&part.text, room);
                }
                None => return (fit(&text, max), shortened),
            }
        }
    }
}

/// Whether a person sees anything: space, marks of direction and characters without width are nothing.
pub(super) fn visible(text: &str) -> bool {
    text.chars().any(|c| {
        !c.is_whitespace()
            && !c.is_control()
            && !matches!(c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
    })
}
