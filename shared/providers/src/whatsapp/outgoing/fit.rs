//! Shortening texts.

use super::super::limits::units;

const ELLIPSIS: char = '…';

/// `text` in at most `max` UTF-16 units: whole if it fits, otherwise cut with "…", at a space if there is one near.
/// Never cuts inside what is seen as one character (an emoji with its modifiers, a letter with its accent). Control
/// characters other than line breaks and tabs go; so does space at the ends.
pub fn fit(text: &str, max: usize) -> String {
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let text = text.trim();
    if units(text) <= max {
        return text.to_owned();
    }
    let Some(room) = max.checked_sub(ELLIPSIS.len_utf16()) else {
        return String::new();
    };
    let cut = char_cut(text, room);
    let kept = word_cut(&text[..cut], text[cut..].starts_with(char::is_whitespace));
    let mut fitted = kept
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-'))
        .to_owned();
    fitted.push(ELLIPSIS);
    fitted
}

/// The last boundary between visible characters at or before `room` units.
fn char_cut(text: &str, room: usize) -> usize {
    let mut used = 0;
    let mut boundary = 0;
    let mut joined = false;
    let mut flag_half = false;
    for (at, c) in text.char_indices() {
        let continues = joined || continues_character(c) || (flag_half && is_flag_half(c));
        if !continues {
            boundary = at;
        }
        // Flags are pairs: the second half continues, a third begins.
        flag_half = is_flag_half(c) && !(flag_half && continues);
        joined = c == '\u{200d}';
        used += c.len_utf16();
        if used > room {
            return boundary;
        }
    }
    text.len()
}

/// Drops a half word at the end, unless that would cost more than a third of the text.
fn word_cut(text: &str, ends_with_word: bool) -> &str {
    if ends_with_word {
        return text;
    }
    match text.rfind(char::is_whitespace) {
        Some(at) if at * 3 >= text.len() * 2 => &text[..at],
        _ => text,
    }
}

fn is_flag_half(c: char) -> bool {
    ('\u{1f1e6}'..='\u{1f1ff}').contains(&c)
}

fn continues_character(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' // accents
        | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}' // joiner, variants, tags
        | '\u{1f3fb}'..='\u{1f3ff}' // skin tones
    )
}
