//! How old the children are: "de 5 y 8", "uno de 8 meses".

use super::{Reader, words};

/// Ages after the noun: where they end, and what they are.
pub(super) struct Ages {
    pub(super) years: Vec<u32>,
    pub(super) end: usize,
}

impl Reader<'_> {
    /// Ages that begin at `at`; `bold` where numbers alone are ages.
    pub(super) fn ages(&self, at: usize, bold: bool) -> Option<Ages> {
        let bracket = self.sign(at) == Some('(');
        let mut at = at;
        let mut introduced = bold || bracket;
        while self.is(
            at,
            &[
                "de", "con", "edades", "edad", "entre", "tiene", "tienen", "uno", "una", "otro",
                "otra", "el", "la", "aged", "ages", "age", "y", "unos", "mas", "chico", "grande",
                "of", "mayor", "menor",
            ],
        ) && self.item(at).is_some()
        {
            introduced |= self.is(
                at,
                &[
                    "de", "edades", "edad", "tiene", "tienen", "aged", "ages", "age",
                ],
            );
            at += 1;
            if self.number(at, false).is_none() && self.items.len() <= at {
                return None;
            }
        }
        let mut years = Vec::new();
        let mut unit = false;
        let mut pending = Vec::new();
        let mut end = at;
        while let Some(n) = self.age(at) {
            at += 1;
            if self.is(at, words::MONTHS) {
                years.append(&mut pending);
                years.push(n / 12);
                unit = true;
                at += 1;
            } else {
                pending.push(n);
                if self.is(at, words::YEARS) {
                    unit = true;
                    at += 1;
                    years.append(&mut pending);
                }
            }
            end = at;
            let mut next = at;
            while self.is(
                next,
                &[
                    "y", "e", "o", "otro", "otra", "uno", "una", "de", "el", "la", "tiene", "and",
                    "mas", "grande", "chico", "mayor", "menor",
                ],
            ) {
                next += 1;
            }
            let joined = next > at || matches!(self.sign(next), Some(',' | '/' | '-' | '+'));
            if !joined || self.age(next).is_none() || self.noun(next + 1).is_some() {
                break;
            }
            at = next;
        }
        // "nenes de 10 al 15": those are days.
        let dated = self.is(end, &["al", "a", "hasta", "del"]) && self.sign(end).is_none() && !unit
            || self.item(end).is_some_and(|item| item.foreign && !unit) && self.sign(end).is_none();
        if pending.is_empty() && years.is_empty()
            || !(introduced || unit)
            || dated && !self.is(end, &["del"])
        {
            return None;
        }
        years.append(&mut pending);
        Some(Ages { years, end })
    }

    fn age(&self, at: usize) -> Option<u32> {
        let item = self.item(at).filter(|item| !item.taken)?;
        let unit = self.is(at + 1, words::YEARS) || self.is(at + 1, words::MONTHS);
        let one = (unit && item.any(&["un", "una"])).then_some(1);
        let n = item.number.or(one)?;
        (n <= 60 && self.noun(at + 1).is_none()).then_some(n)
    }

    /// "…, 5 y 8 años", "tiene 8 meses", after children were named.
    pub(super) fn more_ages(&mut self, at: usize) -> Option<usize> {
        let children = self.tally.children.is_some() || self.tally.some_children;
        let begins = self.item(at)?.number.is_some()
            || self.is(
                at,
                &[
                    "de", "uno", "una", "tiene", "tienen", "edades", "otro", "otra",
                ],
            );
        if !children || !begins {
            return None;
        }
        let ages = self.ages(at, false)?;
        let with_unit =
            (at..ages.end).any(|at| self.is(at, words::YEARS) || self.is(at, words::MONTHS));
        let introduced = self.is(
            at,
            &["uno", "una", "tiene", "tienen", "edades", "otro", "otra"],
        );
        if !with_unit && !introduced || ages.years.iter().any(|years| *years > 17) {
            return None;
        }
        self.take(at, ages.end);
        for years in ages.years {
            self.tally.age(years);
        }
        Some(ages.end - at)
    }

    /// The desk asked for the ages: every number is one.
    pub(super) fn all_ages(&mut self) {
        for at in 0..self.items.len() {
            if self.noun(at + 1).is_some() || self.is(at, &["un", "una", "uno", "otro", "otra"]) {
                continue;
            }
            // "No, solo 3 noches".
            if self.is(
                at + 1,
                &[
                    "noche", "noches", "dia", "dias", "night", "nights", "noites",
                ],
            ) {
                continue;
            }
            let Some(n) = self
                .item(at)
                .filter(|item| !item.taken && !item.foreign)
                .and_then(|item| item.number)
            else {
                continue;
            };
            // "uno 2 y el otro 10": the first counts a child.
            if self.item(at).is_some_and(|item| item.any(&["uno", "one"]))
                && self
                    .item(at + 1)
                    .is_some_and(|next| next.number.is_some() || next.any(&["de", "tiene"]))
            {
                continue;
            }
            let months = self.is(at + 1, words::MONTHS);
            self.tally.age(if months { n / 12 } else { n });
            self.take(
                at,
                at + 1 + usize::from(months || self.is(at + 1, words::YEARS)),
            );
        }
    }
}
