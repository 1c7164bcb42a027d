//! Corrections made: of what was said and what was said instead, the last remains.

use super::item::{Item, What};
use super::replace::{in_month, month_of, replace};
use super::said::{Said, sort};
use crate::understand::lex::{Kind, Token};

/// What is left of the items once what was taken back is out, and whether something was.
pub(super) fn settle(items: &[Item], tokens: &[Token]) -> (Said, bool) {
    let mut settling = Settling {
        items,
        tokens,
        kept: Vec::new(),
        corrected: false,
        instead: false,
    };
    for n in 0..items.len() {
        settling.take(n);
    }
    (sort(&settling.kept, tokens), settling.corrected)
}

struct Settling<'a> {
    items: &'a [Item],
    tokens: &'a [Token],
    kept: Vec<Item>,
    corrected: bool,
    /// The next date is what is not wanted.
    instead: bool,
}

impl Settling<'_> {
    fn take(&mut self, n: usize) {
        let Some(item) = self.items.get(n) else {
            return;
        };
        let known = self.kept.iter().any(|item| is_date(item.what));
        match item.what {
            What::Correction => {
                self.corrected |= self.date_after(n);
                if known {
                    self.other_month(n);
                    self.replace(n);
                }
            }
            What::Instead => {
                self.instead = true;
                self.corrected = true;
            }
            What::No => self.no(n, *item, known),
            // "no del 10 al 15 sino del 12 al 17"
            What::Or if self.starts_with_no() && self.word(item.at, "sino") => self.replace(n),
            _ if self.instead && (is_date(item.what) || matches!(item.what, What::Month(_))) => {
                self.instead = false;
            }
            // "cambiar del 10 al 15 por del 12 al 17": the last is the one wanted.
            What::Range(..) if self.changes() => {
                let months: Vec<Item> = self
                    .kept
                    .iter()
                    .filter_map(|item| month_of(*item))
                    .collect();
                self.kept
                    .retain(|item| !matches!(item.what, What::Range(..) | What::Day(..)));
                self.kept.extend(months);
                self.kept.push(*item);
            }
            _ => self.kept.push(*item),
        }
    }

    /// "no" right behind a date or right before one, with another on the other side; or "no puedo el 10, el 12 sí".
    fn no(&mut self, n: usize, item: Item, known: bool) {
        let behind = n
            .checked_sub(1)
            .and_then(|last| self.items.get(last))
            .is_some_and(|last| is_date(last.what) && self.words_between(last.end, item.at) == 0);
        let next = self.items.get(n + 1).filter(|next| is_date(next.what));
        let ahead = next.is_some_and(|next| self.words_between(item.end, next.at) == 0);
        let comma = self
            .tokens
            .get(item.end)
            .is_some_and(|token| token.mark(','));
        if known && ahead && !comma && self.affirmed() {
            self.instead = true;
        } else if known && (behind || ahead) && self.date_after(n) {
            self.replace(n);
        }
        self.corrected |= ahead;
        if known {
            self.other_month(n);
        } else if let Some(next) = next {
            let refuses = self.tokens.get(item.end).is_some_and(|token| {
                token.any(&[
                    "puedo", "podemos", "podria", "quiero", "queremos", "me", "nos", "llego",
                    "llegamos",
                ])
            });
            let near = self.words_between(item.end, next.at) <= 3;
            let other = self
                .items
                .iter()
                .skip(n + 2)
                .any(|other| is_stay(other.what));
            if is_stay(next.what) && other && !comma && near && (ahead || refuses) {
                self.instead = true;
            }
        }
    }

    /// "no, de febrero", "perdón, febrero": only the month is new.
    fn other_month(&mut self, n: usize) {
        let Some(item) = self.items.get(n) else {
            return;
        };
        if let Some(Item {
            what: What::Month(month),
            at,
            ..
        }) = self.items.get(n + 1)
            && self.words_between(item.end, *at) <= 1
            && !self.date_after(n)
        {
            self.corrected = true;
            for item in &mut self.kept {
                in_month(item, *month);
            }
        }
    }

    fn replace(&mut self, n: usize) {
        replace(&mut self.kept, self.items.get(n + 1..).unwrap_or_default());
    }

    fn word(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(word))
    }

    /// "era del 12 al 14, no del 10 al 12": the first was the right one.
    fn affirmed(&self) -> bool {
        let first = self.kept.iter().find(|item| is_stay(item.what));
        first.is_some_and(|first| {
            let before = self.tokens.get(first.at.saturating_sub(2)..first.at);
            before
                .unwrap_or_default()
                .iter()
                .any(|token| token.any(&["era", "es", "eran", "seria", "son", "fue"]))
        })
    }

    fn starts_with_no(&self) -> bool {
        matches!(self.items.first(), Some(Item { what: What::No, .. }))
    }

    fn date_after(&self, n: usize) -> bool {
        self.items.iter().skip(n + 1).any(|item| is_date(item.what))
    }

    fn words_between(&self, from: usize, until: usize) -> usize {
        let between = self.tokens.get(from..until).unwrap_or_default();
        between
            .iter()
            .filter(|token| !matches!(token.kind, Kind::Mark(_) | Kind::Emoji))
            .take(9)
            .count()
    }

    fn changes(&self) -> bool {
        const CHANGES: &[&str] = &[
            "cambiar",
            "cambiarla",
            "cambiarlo",
            "cambiarme",
            "cambiarnos",
            "pasar",
            "pasarla",
            "pasarlo",
            "mover",
            "moverla",
            "moverlo",
            "correr",
            "correrla",
            "correrlo",
            "reprogramar",
            "modificar",
            "modificarla",
            "cambiame",
            "pasame",
            "move",
            "change",
        ];
        self.tokens.iter().any(|token| token.any(CHANGES))
    }
}

pub(super) fn is_date(what: What) -> bool {
    matches!(
        what,
        What::Range(..) | What::Nightly(..) | What::Day(..) | What::Period(_) | What::Nights(..)
    )
}

/// A date by itself: nights alone are none.
fn is_stay(what: What) -> bool {
    is_date(what) && !matches!(what, What::Nights(..))
}
