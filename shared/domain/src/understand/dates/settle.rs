//! Corrections made: of what was said and what was said instead, the last remains.

use super::assemble::Said;
use super::item::{Day, Item, Month, Period, Role, What};
use crate::understand::Vague;
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
            _ if self.instead && is_date(item.what) => self.instead = false,
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
        if known && (behind || ahead) && self.date_after(n) {
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
            let comma = self
                .tokens
                .get(item.end)
                .is_some_and(|token| token.mark(','));
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

/// Takes out of what was said what the rest says anew.
fn replace(kept: &mut Vec<Item>, rest: &[Item]) {
    let until = rest
        .iter()
        .position(|item| matches!(item.what, What::Correction))
        .map_or(rest, |end| &rest[..end]);
    let whole = until.iter().any(|item| {
        matches!(
            item.what,
            What::Range(..) | What::Nightly(..) | What::Period(_)
        )
    });
    let any_day = until
        .iter()
        .any(|item| matches!(item.what, What::Day(_, Role::Any)));
    let start = until
        .iter()
        .any(|item| matches!(item.what, What::Day(_, Role::Start)));
    let end = until
        .iter()
        .any(|item| matches!(item.what, What::Day(_, Role::End)));
    let nights = until
        .iter()
        .any(|item| matches!(item.what, What::Nights(..)));
    let months: Vec<Item> = kept.iter().filter_map(|item| month_of(*item)).collect();
    if whole || any_day || start && end {
        kept.extend(months);
        kept.retain(|item| {
            !is_date(item.what) || matches!(item.what, What::Nights(..)) && any_day && !nights
        });
        return;
    }
    if !(start || end || nights) {
        return;
    }
    let mut out = Vec::new();
    for item in kept.iter() {
        match item.what {
            What::Range(mut from, to) => {
                if !start {
                    if from.day <= to.day && from.day.is_some() {
                        from.month = from.month.or(to.month);
                    }
                    out.push(Item {
                        what: What::Day(from, Role::Start),
                        ..*item
                    });
                }
                if !(end || nights) {
                    out.push(Item {
                        what: What::Day(to, Role::End),
                        ..*item
                    });
                }
            }
            What::Day(_, Role::End) if end || nights => {}
            What::Day(_, Role::Any | Role::Start) if start => {}
            What::Nights(..) if nights || end => {}
            _ => out.push(*item),
        }
    }
    *kept = out;
}

/// "del 4 al 11 de enero, no, de febrero": only the month changes.
fn in_month(item: &mut Item, month: Month) {
    let set = |day: &mut Day| {
        if day.month.is_some() {
            day.month = Some(month.month);
            day.year = month.year;
        }
    };
    match &mut item.what {
        What::Range(from, to) | What::Nightly(from, to) => {
            set(from);
            set(to);
        }
        What::Day(day, _) => set(day),
        What::Period(
            Period::Half(_, of)
            | Period::NthWeek(_, of)
            | Period::NthWeekend(_, of)
            | Period::Long(_, of, _),
        ) => {
            *of = Some(month);
        }
        _ => {}
    }
}

/// The month of what is taken back still holds for what follows without one.
fn month_of(item: Item) -> Option<Item> {
    let (What::Range(day, other) | What::Nightly(day, other)) = item.what else {
        let What::Day(day, _) = item.what else {
            return None;
        };
        return Some(Item {
            what: What::Month(Month {
                month: day.month?,
                year: day.year,
            }),
            ..item
        });
    };
    let month = Month {
        month: day.month.or(other.month)?,
        year: day.year.or(other.year),
    };
    Some(Item {
        what: What::Month(month),
        ..item
    })
}

/// "esta noche", "hoy a la noche": one night, not the hour of an arrival.
fn is_night(tokens: &[Token], item: &Item) -> bool {
    let said = tokens.get(item.at..item.end).unwrap_or_default();
    let night = said.iter().any(|token| token.any(&["noche", "tonight"]));
    let word = |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| token.any(words));
    let behind = word(item.end, &["noche"])
        || word(item.end, &["a", "por", "de"])
            && (word(item.end + 1, &["noche"])
                || word(item.end + 1, &["la"]) && word(item.end + 2, &["noche"]));
    night
        || behind
            && matches!(item.what, What::Day(_, Role::Any))
            && said
                .iter()
                .any(|token| token.any(&["hoy", "hoje", "today"]))
}

fn is_date(what: What) -> bool {
    matches!(
        what,
        What::Range(..) | What::Nightly(..) | What::Day(..) | What::Period(_) | What::Nights(..)
    )
}

/// A date by itself: nights alone are none.
fn is_stay(what: What) -> bool {
    is_date(what) && !matches!(what, What::Nights(..))
}

fn sort(items: &[Item], tokens: &[Token]) -> Said {
    let mut said = Said {
        first: usize::MAX,
        ..Said::default()
    };
    for item in items {
        if is_date(item.what) && said.first == usize::MAX {
            said.first = item.at;
        }
        match item.what {
            What::Range(..) | What::Nightly(..) => {
                said.window |= tokens
                    .get(item.at)
                    .is_some_and(|token| token.any(&["entre", "between"]));
                said.ranges.push(item.what);
            }
            What::Day(day, role) => {
                said.tonight |= day.date.is_some() && role != Role::End && is_night(tokens, item);
                said.days.push((day, role));
            }
            What::Period(period) => said.periods.push(period),
            What::Nights(n, other) => said.nights = said.nights.or(Some((n, other))),
            What::Month(month) => said.months.push((month, item.at)),
            What::About(day) => said.about = said.about.or(Some(day)),
            What::Vague(vague) => {
                said.vague = said.vague.or(Some(vague));
                said.feasts |= vague == Vague::Season
                    && tokens
                        .iter()
                        .take(item.end)
                        .skip(item.at)
                        .any(|token| token.is("fiestas"));
            }
            What::Or => said.choice = true,
            What::Unsure => said.unsure = true,
            What::Correction | What::Instead | What::No => {}
        }
    }
    said
}
