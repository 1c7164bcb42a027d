//! Writing for people: a closed pipe (`posta … | head`) is no error, and bytes of strangers do not reach the terminal
//! as they are.

use std::io::{self, Write as _};

/// Prints a line. Whoever closed the pipe has read enough.
pub(crate) fn line(text: &str) -> anyhow::Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Bytes as text on one line: control characters and what is not UTF-8 are escaped.
pub(crate) fn readable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            // Also what changes the direction of writing.
            if c.is_control()
                || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            {
                text.extend(c.escape_unicode());
            } else {
                text.push(c);
            }
        }
        for byte in chunk.invalid() {
            text.push_str("\\x");
            text.extend(
                [byte >> 4, byte & 15]
                    .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])),
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn bytes_of_strangers_cannot_steer_the_terminal() {
        assert_eq!(readable(b"hola \x1b[2J\xff"), "hola \\u{1b}[2J\\xff");
        assert_eq!(readable("\u{202e}ñ".as_bytes()), "\\u{202e}ñ");
    }
}
