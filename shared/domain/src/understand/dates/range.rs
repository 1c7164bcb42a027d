//! From a day to a day: "del 10 al 15 de enero", "desde el viernes hasta el domingo", "4/1-11/1".

use super::item::{Day, What};
use super::phrase::Text;
use crate::understand::lex::Kind;

/// How much the words before the first day say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// "del", "desde", "a partir del": a day follows.
    Sure,
    /// "de", "entre", "from": numbers of any kind may follow.
    Weak,
    /// "entre", which goes on with "y".
    Between,
    None,
}

impl Text<'_> {
    pub(super) fn range(&self, at: usize) -> Option<(What, usize)> {
        let (opening, first) = self.opening(at);
        let (from, end) = self.day(first, true)?;
        let (sure, second) =
            if opening == Opening::Between || opening == Opening::Sure && names(from) {
                self.and(end)
                    .map(|end| (true, end))
                    .or_else(|| self.connector(end))?
            } else {
                self.connector(end)?
            };
        let (to, end) = self.day(second, true)?;
        let article = self.any(first, &["el", "dia"]);
        let sure = sure && opening != Opening::Between
            || matches!(opening, Opening::Sure)
            || article
            || self.any(second, &["el"])
            || names(from)
            || names(to);
        let numbers_only = from.weekday.is_none()
            && to.weekday.is_none()
            && from.date.is_none()
            && to.date.is_none();
        let accepted = sure
            || !self.of_hours(at)
                && numbers_only
                && !self.any(end, &["cabanas", "y"])
                && (self.asked_dates()
                    || self.names_month
                    || opening == Opening::Weak && self.any(at, &["de", "from"]));
        // "de lunes a viernes atienden": hours of business.
        let business = self.of_business(at)
            && opening != Opening::Sure
            && from.day.is_none()
            && to.day.is_none()
            && !article
            && from.date.is_none();
        (accepted && !business).then_some((What::Range(from, to), end))
    }

    fn opening(&self, at: usize) -> (Opening, usize) {
        if let Some(end) = self.phrase(at, &["a partir del", "a partir de", "desde del", "desde"]) {
            return (Opening::Sure, end);
        }
        if self.any(at, &["del"]) {
            return (Opening::Sure, at + 1);
        }
        if self.any(at, &["entre", "between"]) {
            return (Opening::Between, at + 1);
        }
        if self.any(at, &["de", "from", "do"]) {
            return (Opening::Weak, at + 1);
        }
        (Opening::None, at)
    }

    /// "y el", "y", "and", in "entre el 12 y el 19".
    fn and(&self, at: usize) -> Option<usize> {
        self.any(at, &["y", "and", "e", "i"]).then_some(at + 1)
    }

    /// What stands between the two ends; whether it can only be that of dates, and where the second end begins.
    pub(super) fn connector(&self, at: usize) -> Option<(bool, usize)> {
        let at = if self.mark(at, &['(']) {
            at
        } else {
            self.skip_soft_before_connector(at)
        };
        let at = if self.any(at, &["y"]) && self.any(at + 1, &["hasta"]) {
            at + 1
        } else {
            at
        };
        if let Some(end) = self.phrase(
            at,
            &[
                "hasta al", "hasta el", "hasta", "al dia", "al", "ao", "ate", "until", "till",
                "through", "thru",
            ],
        ) {
            return Some((true, end));
        }
        if let Some(end) = self.phrase(at, &["a el", "a", "to"]) {
            return Some((false, end));
        }
        self.get(at)
            .is_some_and(|token| matches!(token.kind, Kind::Mark('-' | '/' | '~' | '>')))
            .then(|| {
                let mut end = at;
                while self.mark(end, &['-', '/', '~', '>']) {
                    end += 1;
                }
                (false, end)
            })
    }

    /// "del 10,\n al 15": what only separates lines or breath.
    fn skip_soft_before_connector(&self, at: usize) -> usize {
        let soft = self.skip_soft(at);
        if soft > at
            && (self.any(soft, &["al", "hasta"])
                || self.any(soft, &["y"]) && self.any(soft + 1, &["hasta"]))
        {
            soft
        } else {
            at
        }
    }
}

/// More than a number: a month, a day of the week, a date.
fn names(day: Day) -> bool {
    day.month.is_some() || day.weekday.is_some() || day.date.is_some()
}
