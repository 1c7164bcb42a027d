//! Months, by name, by number, by distance, with their years.

use chrono::NaiveDate;

use super::item::Month;
use super::phrase::Text;
use crate::understand::lex::Kind;

/// Years a guest can mean.
pub(super) const YEARS: std::ops::RangeInclusive<u32> = 2020..=2040;

impl Text<'_> {
    /// "de enero", "enero", "del mes que viene", "/ enero", with the year.
    pub(super) fn month_behind(&self, at: usize) -> Option<(Month, usize)> {
        let mut name = self.skip(at, &["de", "del", "of", "do", "d"]);
        if name == at
            && self.mark(at, &['/', '-'])
            && matches!(self.kind(at + 1), Some(Kind::Month(_)))
        {
            name = at + 1;
        }
        if let Some(found) = self.relative_month(name) {
            return Some(found);
        }
        if self.any(name, &["mes"]) {
            name = self.skip(name + 1, &["de"]);
        }
        let Some(Kind::Month(month)) = self.kind(name) else {
            return None;
        };
        let (year, end) = self.year(name + 1);
        Some((Month { month, year }, end))
    }

    /// "este mes", "el mes que viene".
    pub(super) fn relative_month(&self, at: usize) -> Option<(Month, usize)> {
        const NEXT: &[&str] = &[
            "mes que viene",
            "mes que biene",
            "mes que entra",
            "mes que vem",
            "mes q viene",
            "proximo mes",
            "mes proximo",
            "mes entrante",
            "mes siguiente",
            "siguiente mes",
            "next month",
            "month que viene",
        ];
        const THIS: &[&str] = &[
            "este mes",
            "mes en curso",
            "corriente mes",
            "mes corriente",
            "presente mes",
            "this month",
            "corriente",
        ];
        let at = self.skip(at, &["el", "o", "ese"]);
        let today = self.context.today;
        let (of, end) = if let Some(end) = self.phrase(at, NEXT) {
            (today.checked_add_months(chrono::Months::new(1))?, end)
        } else {
            (today, self.phrase(at, THIS)?)
        };
        Some((month_of(of), end))
    }

    /// A year behind a month: "2027", "de 2027", "del 2027", "del año que viene".
    pub(super) fn year(&self, at: usize) -> (Option<i32>, usize) {
        use chrono::Datelike;
        let number = self.skip(at, &["de", "del", "of"]);
        let number = if number == at && self.mark(at, &[',', '/', '-']) {
            at + 1
        } else {
            number
        };
        if let Some(Kind::Number(n)) = self.kind(number)
            && YEARS.contains(&n)
        {
            return (i32::try_from(n).ok(), number + 1);
        }
        let year = self.context.today.year();
        for (phrases, year) in [
            (
                [
                    "proximo ano",
                    "ano que viene",
                    "ano proximo",
                    "ano que entra",
                ],
                year + 1,
            ),
            (
                ["este ano", "corriente ano", "ano en curso", "presente ano"],
                year,
            ),
        ] {
            if let Some(end) = self.phrase(self.skip(number, &["el"]), &phrases) {
                return (Some(year), end);
            }
        }
        (None, at)
    }

    /// "del 5 al 10 del 1": the month as a number.
    pub(super) fn month_number(&self, at: usize) -> Option<(Month, usize)> {
        let numbered = |at: usize| match self.kind(at) {
            Some(Kind::Number(n @ 1..=12))
                if self.any(at.wrapping_sub(1), &["del"]) && !self.counts(at) =>
            {
                Some(n)
            }
            _ => None,
        };
        let month = numbered(at + 1)?;
        // "el 5 del 10 al 15" is something else, unless the other end is written so too.
        if let Some((_, second)) = self.connector(at + 2) {
            let second = self.skip(second, &["el", "dia"]);
            numbered(second + 2)?;
        }
        Some((Month { month, year: None }, at + 2))
    }

    /// "de enero del 27".
    pub(super) fn short_year(&self, at: usize) -> Option<(i32, usize)> {
        let this = chrono::Datelike::year(&self.context.today);
        let Some(Kind::Number(n)) = self.kind(at + 1).filter(|_| self.any(at, &["del", "de"]))
        else {
            return None;
        };
        let year = 2000 + i32::try_from(n).ok()?;
        let digits = self.get(at + 1)?.word.len() == 2;
        (digits && (this..=this + 3).contains(&year)).then_some((year, at + 2))
    }

    /// A month's name and perhaps a year, no day.
    pub(super) fn month_alone(&self, at: usize) -> Option<(Month, usize)> {
        if let Some(found) = self.relative_month(at) {
            return Some(found);
        }
        let name = if self.any(at, &["mes"]) {
            self.skip(at + 1, &["de"])
        } else {
            at
        };
        let Some(Kind::Month(month)) = self.kind(name) else {
            return None;
        };
        let (year, end) = self.year(name + 1);
        Some((Month { month, year }, end))
    }
}

pub(super) fn month_of(date: NaiveDate) -> Month {
    use chrono::Datelike;
    Month {
        month: date.month(),
        year: Some(date.year()),
    }
}
