//! Characters as they are typed to plain ones: no accents, one kind of dash, "holaaaa" as "hola".

/// An emoji or another picture.
pub(super) fn is_pictograph(c: char) -> bool {
    matches!(u32::from(c), 0x2190..=0x21FF | 0x2300..=0x23FF | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x1F000..=0x1FAFF)
}

/// Accents typed apart, invisible signs, opening marks, emphasis.
pub(super) fn is_ignored(c: char) -> bool {
    matches!(u32::from(c), 0x0300..=0x036F | 0x00AD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2069 | 0x20E3
        | 0xFE00..=0xFE0F | 0xFEFF | 0x1F3FB..=0x1F3FF)
        || matches!(
            c,
            '¿' | '¡'
                | '*'
                | '_'
                | '`'
                | '\''
                | '´'
                | '’'
                | '‘'
                | '"'
                | '“'
                | '”'
                | '«'
                | '»'
                | '\0'
        )
}

/// The letter or sign a keyboard without accents has for it.
pub(super) fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        'º' | '˚' => '°',
        '–' | '—' | '−' | '‑' | '‐' | '―' | '→' | '➡' | '⇒' | '➔' => '-',
        '…' => '.',
        '／' => '/',
        '０'..='９' => char::from_u32(u32::from(c) - 0xFF10 + 0x30).unwrap_or(c),
        other => other,
    }
}

/// Letters held down: three or more of the same become one ("holaaaa"); two stay ("llegar").
pub(super) fn squeeze(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut run = 0;
    let mut last = None;
    for c in word.chars() {
        run = if last == Some(c) { run + 1 } else { 1 };
        last = Some(c);
        match run {
            1 | 2 => out.push(c),
            3 => {
                out.pop();
            }
            _ => {}
        }
    }
    out
}
