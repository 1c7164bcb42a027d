//! Nights named one by one: "15 y 16 de enero", "viernes y sábado", "la noche del 31".

use super::item::{Day, What};
use super::phrase::Text;
use crate::understand::lex::Kind;

impl Text<'_> {
    /// Two or more days joined by commas and "y". Not said: that each is a night; a list that ends on a Sunday is a
    /// weekend, whose Sunday is the departure.
    pub(super) fn list(&self, at: usize) -> Option<(What, usize)> {
        let opened = self.any(
            at,
            &[
                "el", "los", "dias", "noches", "del", "as", "os", "para", "dia", "on",
            ],
        );
        let mut start = at;
        for _ in 0..3 {
            start = self.skip(
                start,
                &[
                    "el", "los", "dias", "las", "noches", "del", "de", "dia", "noche",
                ],
            );
        }
        let (first, mut end) = self.day(start, true)?;
        let (mut last, mut days) = (first, 1u32);
        while days < 10 {
            let comma = self.mark(end, &[',']);
            let and = self.any(end, &["y", "and", "e"]);
            // "17 18 y 19"
            let bare = match self.kind(end) {
                Some(Kind::Number(n)) => last.day.is_some_and(|last| n == last + 1),
                Some(Kind::Weekday(day)) => last.weekday.is_some_and(|last| day == last.succ()),
                _ => false,
            };
            if !(comma || and || bare) {
                break;
            }
            let mut next = end + usize::from(comma || and);
            if comma {
                next = self.skip(next, &["y"]);
            }
            next = self.skip(next, &["el", "del", "la"]);
            let Some((day, after)) = self.day(next, true) else {
                break;
            };
            // "entro el 10, el 15 me voy": only days in a row are nights.
            if !follows(last, day) {
                return None;
            }
            last = day;
            days += 1;
            end = after;
        }
        let named = first.month.or(last.month).is_some()
            || first.weekday.or(last.weekday).is_some()
            || first.date.is_some();
        (days >= 2 && (named || opened || self.asked_dates()))
            .then_some((What::Nightly(first, last), end))
    }

    /// "la noche del 31", "por la noche del viernes".
    pub(super) fn night_of(&self, at: usize) -> Option<(What, usize)> {
        let night = self.skip(at, &["la"]);
        if !self.any(night, &["noche"]) || !self.any(night + 1, &["del", "de"]) {
            return None;
        }
        let (day, end) = self.day(night + 2, true)?;
        if self.connector(end).is_some() && self.kind(end) != Some(Kind::Mark('-')) {
            return None;
        }
        Some((What::Nightly(day, day), end))
    }
}

/// The next number, the next day of the week, or not known.
fn follows(a: Day, b: Day) -> bool {
    match (a.day, b.day, a.weekday, b.weekday, a.date, b.date) {
        (Some(a), Some(b), ..) => b == a + 1 || b == 1 && a >= 28,
        (_, _, Some(a), Some(b), ..) => a.succ() == b,
        (.., Some(a), Some(b)) => a.succ_opt() == Some(b),
        _ => false,
    }
}
