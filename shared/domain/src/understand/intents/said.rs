//! A message as the phrases see it: its words in a row, signs as pauses, pictures as words.

use std::ops::Range;

use crate::understand::lex::{Kind, Token, Tokens};

/// One word of a message.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one fact of the word"
)]
pub(super) struct Spoken<'a> {
    /// As the lexer wrote it, or the word it is a slip of.
    pub(super) text: &'a str,
    /// Counts something.
    pub(super) number: bool,
    /// Guests, dates or names have used it.
    pub(super) taken: bool,
    /// A sentence ends before it.
    pub(super) starts: bool,
    /// Some sign stands before it.
    pub(super) paused: bool,
    /// An ordinary word: not a date, a price or a telephone.
    pub(super) plain: bool,
}

/// Pictures that ask for something beside words too.
const POINTS: &[&str] = &["emoji_donde", "emoji_tel"];

/// The words of a message; those of a cabin's name are left out.
pub(super) fn said<'a>(
    tokens: &'a Tokens,
    name: &Range<usize>,
    known: impl Fn(&'a str) -> &'a str,
) -> Vec<Spoken<'a>> {
    let mut words = Vec::with_capacity(tokens.all.len());
    // Beside words a smile says nothing of its own.
    let wordless = tokens
        .all
        .iter()
        .all(|token| matches!(token.kind, Kind::Mark(_) | Kind::Emoji));
    let (mut starts, mut paused) = (true, true);
    for (index, token) in tokens.all.iter().enumerate() {
        if name.contains(&index) {
            continue;
        }
        let text = match token.kind {
            Kind::Mark(sign) => {
                starts |= matches!(sign, '?' | '!' | '.' | ';');
                paused |= sign != '/' && sign != '-';
                continue;
            }
            Kind::Emoji => match picture(token) {
                Some(word) if wordless || POINTS.contains(&word) => word,
                _ => continue,
            },
            Kind::Word => known(&token.word),
            Kind::Clock if token.word.starts_with(|c: char| c.is_ascii_digit()) => "@hs",
            Kind::Money => "@money",
            Kind::Phone => "@phone",
            Kind::Month(_) | Kind::Weekday(_) | Kind::Iso(_) | Kind::DayMonth { .. } => "@day",
            _ => &token.word,
        };
        words.push(Spoken {
            text,
            number: matches!(token.kind, Kind::Number(_)),
            taken: token.taken,
            starts: std::mem::take(&mut starts),
            paused: std::mem::take(&mut paused),
            plain: token.kind == Kind::Word,
        });
    }
    words
}

/// What a picture says, if it says anything by itself.
fn picture(token: &Token) -> Option<&'static str> {
    token.word.chars().find_map(|c| match c {
        '👍' | '👌' | '✅' | '✔' | '☑' | '🆗' | '🤝' | '🤙' | '💯' | '🙌' | '👏' | '💪' => {
            Some("emoji_si")
        }
        '👎' | '❌' | '🚫' | '🙅' | '✖' => Some("emoji_no"),
        '🙏' | '❤' | '🥰' | '😘' | '💕' | '💖' | '😍' | '🤗' | '😊' | '☺' | '💚' | '💙' | '💛'
        | '🧡' | '💜' => Some("emoji_gracias"),
        '👋' | '🙋' => Some("emoji_hola"),
        '📍' | '🗺' => Some("emoji_donde"),
        '📞' | '☎' | '📲' => Some("emoji_tel"),
        _ => None,
    })
}
