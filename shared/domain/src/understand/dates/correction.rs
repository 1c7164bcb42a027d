//! Taking back: "perdón", "mejor", "en vez de", "no, del 12".

use super::assemble::Said;
use super::item::{Day, Item, Month, Period, Role, What};
use super::phrase::Text;
use crate::understand::lex::Token;

const CORRECTION: &[&str] = &[
    "no no",
    "no perdon",
    "ah no",
    "ay no",
    "uy no",
    "perdon",
    "perdona",
    "perdoname",
    "mejor dicho",
    "en realidad",
    "quise decir",
    "quise poner",
    "me equivoque",
    "me confundi",
    "le pifie",
    "corrijo",
    "corrigo",
    "digo",
    "cambio",
    "sorry",
    "i mean",
    "actually",
    "rather",
    "desculpa",
    "desculpe",
    "error",
    "ups",
    "uh no",
];

const INSTEAD: &[&str] = &[
    "en vez de",
    "en vez del",
    "en lugar de",
    "en lugar del",
    "instead of",
    "en ves de",
    "en ves del",
];

impl Text<'_> {
    pub(super) fn correction(&self, at: usize) -> Option<(What, usize)> {
        // "en vez de del 10": the preposition belongs to the date.
        if let Some(end) = self.phrase(at, INSTEAD) {
            let of = end - usize::from(self.any(end - 1, &["del"]));
            return Some((What::Instead, of));
        }
        if let Some(end) = self.phrase(at, CORRECTION) {
            return Some((What::Correction, end));
        }
        // "mejor del 12", not "el mejor precio".
        if self.any(at, &["mejor"])
            && !self
                .before(at)
                .is_some_and(|token| token.any(&["la", "el", "lo", "que", "es", "un", "su", "al"]))
            && !self.any(
                at + 1,
                &[
                    "precio",
                    "cabana",
                    "opcion",
                    "oferta",
                    "vista",
                    "temporada",
                    "epoca",
                ],
            )
        {
            return Some((What::Correction, at + 1));
        }
        if let Some(end) = self.phrase(
            at,
            &["y si no", "o si no", "si no", "sino", "y sino", "o sino"],
        ) {
            return Some((What::Or, end));
        }
        if self.any(at, &["no", "nop", "nao"]) {
            return Some((What::No, at + 1));
        }
        self.any(at, &["o", "u", "or", "ou"])
            .then_some((What::Or, at + 1))
    }
}

/// What is left of the items once what was taken back is out, and whether something was.
pub(super) fn settle(items: &[Item], tokens: &[Token]) -> (Said, bool) {
    let mut kept: Vec<Item> = Vec::new();
    let mut corrected = false;
    let mut instead = false;
    let changes = tokens.iter().any(|token| {
        token.any(&[
            "cambiar",
            "cambiarla",
            "pasar",
            "pasarla",
            "pasarlo",
            "mover",
            "moverla",
            "correr",
            "correrla",
            "reprogramar",
            "modificar",
            "cambiarlo",
        ])
    });
    let starts_with_no = matches!(items.first(), Some(Item { what: What::No, .. }));
    for (n, item) in items.iter().enumerate() {
        match item.what {
            What::Correction => corrected |= is_date_after(items, n),
            What::Instead => {
                instead = true;
                corrected = true;
                continue;
            }
            // "no" right behind a date or right before one, with another date on the other side.
            What::No => {
                let behind = items
                    .get(n.wrapping_sub(1))
                    .is_some_and(|last| is_date(last.what) && item.at <= last.end + 1);
                let ahead = items
                    .get(n + 1)
                    .is_some_and(|next| is_date(next.what) && next.at <= item.end + 1);
                let known = kept.iter().any(|item| is_date(item.what));
                if known && (behind || ahead) && is_date_after(items, n) {
                    replace(&mut kept, items.get(n + 1..).unwrap_or_default());
                }
                corrected |= known && ahead;
                if let Some(Item {
                    what: What::Month(month),
                    at,
                    ..
                }) = items.get(n + 1)
                    && known
                    && *at <= item.end + 2
                {
                    corrected = true;
                    kept.iter_mut().for_each(|item| in_month(item, *month));
                }
                continue;
            }
            What::Or
                if starts_with_no && tokens.get(item.at).is_some_and(|token| token.is("sino")) =>
            {
                replace(&mut kept, items.get(n + 1..).unwrap_or_default());
                continue;
            }
            _ => {}
        }
        if item.what == What::Correction {
            if kept.iter().any(|item| is_date(item.what)) {
                let rest = items.get(n + 1..).unwrap_or_default();
                if let (
                    Some(Item {
                        what: What::Month(month),
                        ..
                    }),
                    false,
                ) = (rest.first(), is_date_after(items, n))
                {
                    corrected = true;
                    kept.iter_mut().for_each(|item| in_month(item, *month));
                }
                replace(&mut kept, rest);
            }
            continue;
        }
        if instead && is_date(item.what) {
            instead = false;
            continue;
        }
        // "cambiar del 10 al 15 por del 12 al 17": the last is the one wanted.
        if changes && matches!(item.what, What::Range(..)) {
            kept.retain(|item| !matches!(item.what, What::Range(..) | What::Day(..)));
        }
        kept.push(*item);
    }
    (sort(&kept), corrected)
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

fn is_date(what: What) -> bool {
    matches!(
        what,
        What::Range(..) | What::Nightly(..) | What::Day(..) | What::Period(_) | What::Nights(..)
    )
}

fn is_date_after(items: &[Item], n: usize) -> bool {
    items.iter().skip(n + 1).any(|item| is_date(item.what))
}

fn sort(items: &[Item]) -> Said {
    let mut said = Said {
        first: usize::MAX,
        ..Said::default()
    };
    for item in items {
        if is_date(item.what) && said.first == usize::MAX {
            said.first = item.at;
        }
        match item.what {
            What::Range(..) | What::Nightly(..) => said.ranges.push(item.what),
            What::Day(day, role) => said.days.push((day, role)),
            What::Period(period) => said.periods.push(period),
            What::Nights(n, other) => said.nights = said.nights.or(Some((n, other))),
            What::Month(month) => said.months.push((month, item.at)),
            What::About(day) => said.about = said.about.or(Some(day)),
            What::Vague(vague) => said.vague = said.vague.or(Some(vague)),
            What::Or => said.choice = true,
            What::Unsure => said.unsure = true,
            What::Correction | What::Instead | What::No => {}
        }
    }
    said
}
