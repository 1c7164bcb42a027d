//! One day, as people say it: "el viernes 27", "10/1", "4 de enero", "pasado mañana", "January 4th", "el 15".

use chrono::{Datelike, Weekday};

use super::item::Day;
use super::month::YEARS;
use super::phrase::Text;
use super::pick::on_or_after;
use crate::understand::lex::Kind;

impl Text<'_> {
    /// A day at this place and where it ends. `loose`: a bare number will do.
    pub(super) fn day(&self, at: usize, loose: bool) -> Option<(Day, usize)> {
        let mut start = self.skip(at, &["noche"]);
        start = self.skip(start, &["el", "the", "dia", "lo", "o", "on", "fecha"]);
        start = self.skip(start, &["dia", "fecha", "the", "el"]);
        self.relative(start)
            .or_else(|| self.numeric(start))
            .or_else(|| self.last_day(start))
            .or_else(|| self.nth_weekday(start))
            .or_else(|| self.holy_day(start))
            .or_else(|| self.weekday(start))
            .or_else(|| self.numbered(start, loose))
            .or_else(|| self.month_first(start, loose))
            .or_else(|| self.feast_day(start).filter(|_| loose))
            .map(|(day, end)| (day, self.weekday_behind(end)))
    }

    /// "10/1", "2027-01-10".
    fn numeric(&self, at: usize) -> Option<(Day, usize)> {
        let day = match self.kind(at)? {
            Kind::Iso(date) => Day {
                date: Some(date),
                ..Day::default()
            },
            Kind::DayMonth {
                day, month, year, ..
            } => Day {
                day: Some(day),
                month: Some(month),
                year,
                ..Day::default()
            },
            _ => return None,
        };
        if day.date.is_none() && day.year.is_none() {
            let (year, end) = self.year(at + 1);
            return Some((Day { year, ..day }, end));
        }
        Some((day, at + 1))
    }

    /// "viernes", "este sábado 5 de diciembre", "próximo lunes", "jueves que viene".
    fn weekday(&self, at: usize) -> Option<(Day, usize)> {
        let (next_before, name) = self.next_before(at);
        let Some(Kind::Weekday(weekday)) = self.kind(name) else {
            return None;
        };
        let mut end = name + 1;
        let behind = if self.mark(end, &[',', '.']) {
            end + 1
        } else {
            end
        };
        let numbered = self.skip(behind, &["dia", "el"]);
        if let Some((day, end)) = self
            .numeric(numbered)
            .or_else(|| self.numbered(numbered, true))
            // "de viernes a domingo, el 4 de diciembre": another thing, when it is no Sunday.
            .filter(|(day, _)| numbered == end || !self.contradicts(*day, weekday))
        {
            return Some((
                Day {
                    weekday: Some(weekday),
                    ..day
                },
                end,
            ));
        }
        let mut next = next_before;
        if let Some((found, after)) = self.next_behind(end) {
            next = Some(found);
            end = after;
        }
        let mut day = Day {
            weekday: Some(weekday),
            next,
            ..Day::default()
        };
        if self.any(end, &["de", "del"])
            && let Some((month, after)) = self.relative_month(end + 1)
        {
            day.month = Some(month.month);
            day.year = month.year;
            end = after;
        }
        Some((day, end))
    }

    /// The day is known and is no such day of the week.
    fn contradicts(&self, day: Day, weekday: Weekday) -> bool {
        let today = self.context.today;
        day.month.is_some()
            && on_or_after(day, today, today).is_some_and(|date| date.weekday() != weekday)
    }

    /// "15", "1ro de enero", "4 de enero de 2027", "10 del mes que viene".
    fn numbered(&self, at: usize, loose: bool) -> Option<(Day, usize)> {
        let day = match self.kind(at)? {
            Kind::Number(n @ 1..=31) if !self.counts(at) => n,
            Kind::Ordinal(n @ 1..=31)
                if n == 1
                    || self.get(at)?.word.starts_with(|c: char| c.is_ascii_digit())
                    || n > 3 =>
            {
                n
            }
            _ => return None,
        };
        let mut end = at + 1;
        // "1 ° de enero", "el 4 del mes de enero"
        if self.mark(end, &['°']) {
            end += 1;
        }
        // "27 viernes", "27 (viernes)"
        let mut weekday = None;
        if let Some(Kind::Weekday(named)) = self.kind(end) {
            weekday = Some(named);
            end += 1;
        }
        if let Some((mut month, mut after)) =
            self.month_behind(end).or_else(|| self.month_number(end))
        {
            if month.year.is_none()
                && let Some((year, end)) = self.short_year(after)
            {
                (month.year, after) = (Some(year), end);
            }
            if self.is_address(at, after) {
                return None;
            }
            let day = Day {
                day: Some(day),
                month: Some(month.month),
                year: month.year,
                weekday,
                ..Day::default()
            };
            return Some((day, after));
        }
        (loose || weekday.is_some()).then_some((
            Day {
                day: Some(day),
                weekday,
                ..Day::default()
            },
            end,
        ))
    }

    /// "25 de mayo 1234", "calle 9 de julio".
    pub(super) fn is_address(&self, at: usize, end: usize) -> bool {
        let house = matches!(self.tokens.get(end).map(|token| token.kind), Some(Kind::Number(n)) if n > 31 && !YEARS.contains(&n));
        house
            || self.before(at).is_some_and(|token| {
                token.any(&[
                    "calle",
                    "av",
                    "avenida",
                    "avda",
                    "plaza",
                    "barrio",
                    "plazoleta",
                ])
            })
    }

    /// "January 4th", "enero 4 al 11".
    fn month_first(&self, at: usize, loose: bool) -> Option<(Day, usize)> {
        let Some(Kind::Month(month)) = self.kind(at) else {
            return None;
        };
        let number = self.skip(at + 1, &["the"]);
        let day = match self.kind(number)? {
            Kind::Number(n @ 1..=31) if !self.counts(number) => n,
            Kind::Ordinal(n @ 1..=31) => n,
            _ => return None,
        };
        let (year, end) = self.year(number + 1);
        let english = self.get(at)?.any(&[
            "january",
            "february",
            "march",
            "april",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
            "jan",
            "apr",
            "aug",
            "dec",
            "may",
        ]);
        let goes_on = self.connector(end).is_some();
        (english || goes_on || loose).then_some((
            Day {
                day: Some(day),
                month: Some(month),
                year,
                ..Day::default()
            },
            end,
        ))
    }

    /// "(viernes)" behind a day says nothing new.
    fn weekday_behind(&self, at: usize) -> usize {
        if self.mark(at, &['('])
            && matches!(self.kind(at + 1), Some(Kind::Weekday(_)))
            && self.mark(at + 2, &[')'])
        {
            return at + 3;
        }
        at
    }
}
