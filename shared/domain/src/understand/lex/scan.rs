//! Characters to runs of letters, runs of digits and signs; nothing is understood here.

use crate::understand::normalise::{is_ignored, is_pictograph, plain, squeeze};

/// What a run is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stuff {
    /// Letters.
    Letters,
    /// ASCII digits.
    Digits,
    /// One sign.
    Sign(char),
    /// One picture.
    Picture,
    /// An address on the web or of a mailbox.
    Address,
}

/// A run.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub(super) stuff: Stuff,
    pub(super) text: String,
    pub(super) glued: bool,
}

pub(super) fn scan(text: &str, most_chars: usize, most_runs: usize) -> Vec<Raw> {
    let text: String = text.chars().take(most_chars).collect();
    let mut runs = Vec::new();
    for (n, line) in text.split(['\n', '\r', '\u{2028}', '\u{b}']).enumerate() {
        if n > 0
            && runs
                .last()
                .is_some_and(|last: &Raw| last.stuff != Stuff::Sign('\n'))
        {
            push(&mut runs, Stuff::Sign('\n'), "\n".into(), false);
        }
        for chunk in line.split_whitespace() {
            if is_address(chunk) {
                push(&mut runs, Stuff::Address, chunk.to_lowercase(), false);
            } else {
                split(chunk, &mut runs);
            }
            if runs.len() >= most_runs {
                runs.truncate(most_runs);
                return runs;
            }
        }
    }
    runs
}

fn push(runs: &mut Vec<Raw>, stuff: Stuff, text: String, glued: bool) {
    runs.push(Raw { stuff, text, glued });
}

/// "https://…", "www.…", "ana@correo.com", "@cabanas".
fn is_address(chunk: &str) -> bool {
    chunk.contains("://")
        || chunk.starts_with("www.")
        || chunk.contains('@') && chunk.chars().any(char::is_alphabetic)
}

/// One stretch without spaces.
fn split(chunk: &str, runs: &mut Vec<Raw>) {
    let mut glued = false;
    let mut run = String::new();
    let mut of = Stuff::Letters;
    let flush = |run: &mut String, of: Stuff, glued: &mut bool, runs: &mut Vec<Raw>| {
        if !run.is_empty() {
            let text = match of {
                Stuff::Letters => squeeze(run),
                _ => run.clone(),
            };
            push(runs, of, text, *glued);
            *glued = true;
            run.clear();
        }
    };
    for c in chunk.chars().flat_map(char::to_lowercase).map(plain) {
        if is_ignored(c) {
            continue;
        }
        let stuff = if c.is_ascii_digit() {
            Stuff::Digits
        } else if is_pictograph(c) {
            Stuff::Picture
        } else if c.is_alphanumeric() {
            Stuff::Letters
        } else {
            Stuff::Sign(c)
        };
        match stuff {
            Stuff::Letters | Stuff::Digits => {
                if stuff != of {
                    flush(&mut run, of, &mut glued, runs);
                }
                of = stuff;
                run.push(c);
            }
            _ => {
                flush(&mut run, of, &mut glued, runs);
                push(runs, stuff, c.to_string(), glued);
                glued = true;
            }
        }
    }
    flush(&mut run, of, &mut glued, runs);
}
