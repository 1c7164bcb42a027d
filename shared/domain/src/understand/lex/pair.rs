//! Two or three numbers with a sign between: "10/1", "10-01-27", "04.01". A hyphen is the hard one: "10-12" is a range
//! unless the text writes all its dates so.

use chrono::NaiveDate;

use super::digits::{Reader, YEARS, small};
use super::scan::{Raw, Stuff};
use super::{Kind, Token, calendar, spelling};

impl Reader {
    /// Three parts with the same sign: a date with its year.
    pub(super) fn three(&self, at: usize) -> Option<(Kind, usize)> {
        let sign = self
            .glued_sign(at + 1)
            .filter(|c| matches!(c, '/' | '-' | '.'))?;
        if self.glued_sign(at + 3) != Some(sign) {
            return None;
        }
        let (a, b, c) = (
            self.digits(at)?,
            self.glued_digits(at + 2)?,
            self.glued_digits(at + 4)?,
        );
        if a.len() == 4 {
            let date = NaiveDate::from_ymd_opt(a.parse().ok()?, small(b)?, small(c)?)?;
            return Some((Kind::Iso(date), 5));
        }
        let year: i32 = match c.len() {
            2 => 2000 + c.parse::<i32>().ok()?,
            4 => c.parse().ok()?,
            _ => return None,
        };
        let date = day_month(small(a)?, small(b)?, Some(year))?;
        // A birthday is no arrival.
        Some((
            if YEARS.contains(&year) {
                date
            } else {
                Kind::Other
            },
            5,
        ))
    }

    /// Two parts: "10/1", "10-01", "04.01", "1/2027", "4x4".
    pub(super) fn two(&self, at: usize, before: Option<&Token>) -> Option<(Kind, usize)> {
        let sign = match self.raws.get(at + 1)? {
            Raw {
                stuff: Stuff::Sign(c),
                ..
            } => *c,
            Raw {
                stuff: Stuff::Letters,
                text,
                glued: true,
            } if text == "x" => {
                self.glued_digits(at + 2)?;
                return Some((Kind::Other, 3));
            }
            _ => return None,
        };
        let spaced = self.glued_sign(at + 1).is_none() || self.glued_digits(at + 2).is_none();
        let (a, b) = (self.digits(at)?, self.digits(at + 2)?);
        if sign == '/' && b.len() == 4 {
            let year: i32 = b.parse().ok()?;
            let month = small(a).filter(|month| (1..=12).contains(month))?;
            return YEARS.contains(&year).then_some((Kind::Month(month), 3));
        }
        let (x, y) = (small(a)?, small(b)?);
        let next = self.letters(at + 3).map(spelling::written_out);
        let named = match next {
            Some("de" | "d" | "of") => self.letters(at + 4),
            other => other,
        };
        if named.is_some_and(|word| calendar::month(word).is_some()) {
            return None;
        }
        let prior = before.map_or("", |token| token.word.as_str());
        let introduced = introduces(prior);
        match sign {
            '/' => {
                // "4/5 adultos" is a party; "15/1 adultos 2" is a day, and so is what follows "al".
                let party = next.is_some_and(super::is_counted)
                    && !introduced
                    && x < y
                    && self.digits(at + 4).is_none();
                if party || matches!(prior, "somos" | "seriamos" | "vamos" | "seremos") {
                    return None;
                }
                let goes_on = matches!(next, Some("al" | "a" | "hasta" | "to"))
                    || self
                        .raws
                        .get(at + 3)
                        .is_some_and(|raw| raw.stuff == Stuff::Sign('-'));
                if (a, b) == ("24", "7") && !introduced && !goes_on && prior != "-" {
                    return Some((Kind::Other, 3));
                }
                if y > 12 && x < y && matches!(prior, "del" | "desde" | "entre" | "de") {
                    return None;
                }
                day_month(x, y, None).map(|kind| (kind, 3))
            }
            '-' if !spaced => {
                let goes_on = matches!(self.glued_sign(at + 3), Some('/' | '-'))
                    && self.glued_digits(at + 4).is_some();
                let full = b.len() == 2 && b.starts_with('0');
                (!goes_on && (1..=12).contains(&y) && (full || self.dashed || x > y && x > 12))
                    .then(|| day_month(x, y, None))
                    .flatten()
                    .map(|kind| (kind, 3))
            }
            '.' if !spaced => {
                let introduced = introduced || prior == "-";
                let dotted = self.glued_sign(at + 3) == Some('.');
                let behind = at + 3 + usize::from(dotted);
                let goes_on = self
                    .letters(behind)
                    .is_some_and(|word| matches!(word, "al" | "a" | "hasta" | "y" | "to"))
                    || self
                        .raws
                        .get(behind)
                        .is_some_and(|raw| raw.stuff == Stuff::Sign('-'));
                let full = b.len() == 2 && b.starts_with('0');
                if (1..=12).contains(&y)
                    && (full || introduced || goes_on)
                    && !next.is_some_and(is_unit)
                {
                    return day_month(x, y, None).map(|kind| (kind, 3));
                }
                let hour = b.len() == 2 && x <= 24 && y < 60;
                Some((if hour { Kind::Clock } else { Kind::Other }, 3))
            }
            _ => None,
        }
    }
}

/// "12/10 al 12/15": who writes one date month first writes all so.
pub(super) fn same_order(tokens: &mut [Token]) {
    let flips = |token: &Token| matches!(token.kind, Kind::DayMonth { flipped: true, .. });
    let can = |token: &Token| match token.kind {
        Kind::DayMonth { day, flipped, .. } => flipped || day <= 12,
        _ => true,
    };
    if !tokens.iter().any(flips) || !tokens.iter().all(can) {
        return;
    }
    for token in tokens {
        if let Kind::DayMonth {
            day,
            month,
            flipped,
            ..
        } = &mut token.kind
            && !*flipped
        {
            std::mem::swap(day, month);
            *flipped = true;
        }
    }
}

/// How often "10-12" stands in the text, where both could be day and month.
pub(super) fn dashed_pairs(raws: &[Raw]) -> usize {
    raws.windows(3)
        .filter(|three| {
            three[0].stuff == Stuff::Digits
                && three[1].stuff == Stuff::Sign('-')
                && three[1].glued
                && three[2].stuff == Stuff::Digits
                && three[2].glued
                && small(&three[0].text).is_some_and(|n| (1..=31).contains(&n))
                && small(&three[2].text).is_some_and(|n| (1..=12).contains(&n))
        })
        .count()
}

/// After these a number with a point is no date.
fn is_unit(word: &str) -> bool {
    matches!(
        word,
        "hs" | "km"
            | "kms"
            | "mil"
            | "millones"
            | "estrellas"
            | "m"
            | "metros"
            | "h"
            | "am"
            | "pm"
            | "k"
            | "pesos"
            | "usd"
    )
}

fn day_month(a: u32, b: u32, year: Option<i32>) -> Option<Kind> {
    let (day, month, flipped) = if (1..=31).contains(&a) && (1..=12).contains(&b) {
        (a, b, false)
    } else if (1..=12).contains(&a) && (1..=31).contains(&b) {
        (b, a, true)
    } else {
        return None;
    };
    Some(Kind::DayMonth {
        day,
        month,
        year,
        flipped,
    })
}

/// Whether a day may follow this word.
fn introduces(word: &str) -> bool {
    matches!(
        word,
        "el" | "del"
            | "al"
            | "desde"
            | "hasta"
            | "dia"
            | "fecha"
            | "entre"
            | "de"
            | "a"
            | "from"
            | "to"
            | "on"
    )
}
