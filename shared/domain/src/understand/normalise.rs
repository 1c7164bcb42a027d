//! From what was typed to plain words: lower case, no accents, "holaaaa" as "hola", signs as gaps.

/// Longer texts are read up to here: the question stands at the start, and work per message stays bounded.
const MOST_WORDS: usize = 200;

/// The words of a text, plain.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text
        .chars()
        .flat_map(char::to_lowercase)
        .chain(std::iter::once(' '))
    {
        let c = plain(c);
        if c.is_alphanumeric() {
            word.push(c);
        } else if is_mark(c) {
            // A combining accent typed apart from its letter.
        } else if !word.is_empty() {
            words.push(squeeze(&word));
            word.clear();
            if words.len() == MOST_WORDS {
                break;
            }
        }
    }
    words
}

/// An emoji or another picture.
pub(super) fn is_pictograph(c: char) -> bool {
    matches!(u32::from(c), 0x2190..=0x21FF | 0x2300..=0x23FF | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x1F000..=0x1FAFF)
}

fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x0300..=0x036F | 0x200B..=0x200F | 0x2060 | 0xFE0F | 0xFEFF)
}

fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    }
}

/// Letters held down: three or more of the same become one ("holaaaa"); two stay ("llegar").
fn squeeze(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    let mut out = String::with_capacity(word.len());
    for run in chars.chunk_by(|a, b| a == b) {
        let keep = if run.len() >= 3 && run.first().is_some_and(|c| c.is_alphabetic()) {
            1
        } else {
            run.len()
        };
        out.extend(run.iter().take(keep));
    }
    out
}
