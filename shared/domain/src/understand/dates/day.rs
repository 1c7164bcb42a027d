//! One day, as people say it: "el viernes 27", "10/1", "4 de enero", "pasado mañana", "January 4th", "el 15".

use chrono::{Days, NaiveDate};

use super::item::{Day, Month, Next};
use super::phrase::Text;
use super::pick::{first_of, last_of, weekday_from};
use crate::understand::lex::Kind;

const YEARS: std::ops::RangeInclusive<u32> = 2020..=2040;

impl Text<'_> {
    /// A day at this place and where it ends. `loose`: a bare number will do.
    pub(super) fn day(&self, at: usize, loose: bool) -> Option<(Day, usize)> {
        let mut start = self.skip(at, &["noche"]);
        start = self.skip(start, &["el", "the", "dia", "lo", "o", "on", "fecha"]);
        start = self.skip(start, &["dia", "fecha"]);
        self.relative(start)
            .or_else(|| self.numeric(start))
            .or_else(|| self.last_day(start))
            .or_else(|| self.nth_weekday(start))
            .or_else(|| self.weekday(start))
            .or_else(|| self.numbered(start, loose))
            .or_else(|| self.month_first(start, loose))
            .map(|(day, end)| (day, self.weekday_behind(end)))
    }

    /// "hoy", "mañana", "pasado mañana", "en 3 días".
    fn relative(&self, at: usize) -> Option<(Day, usize)> {
        let of = |days: u64, end: usize| {
            let date = self.context.today.checked_add_days(Days::new(days))?;
            // "mañana domingo"
            let named = self.kind(end) == Some(Kind::Weekday(chrono::Datelike::weekday(&date)));
            Some((
                Day {
                    date: Some(date),
                    ..Day::default()
                },
                end + usize::from(named),
            ))
        };
        if let Some(end) = self.phrase(
            at,
            &["hoy mismo", "hoy", "today", "hoje", "esta noche", "tonight"],
        ) {
            return of(0, end);
        }
        if let Some(end) = self.phrase(
            at,
            &[
                "pasado manana",
                "pasadomanana",
                "day after manana",
                "depois de manana",
            ],
        ) {
            return of(2, end);
        }
        if self.any(at, &["pasado"])
            && self
                .before(at)
                .is_some_and(|token| token.any(&["y", "o", "a", "al"]) || token.mark(','))
        {
            return of(2, at + 1);
        }
        if self.any(at, &["manana"]) && self.kind(at) == Some(Kind::Word) {
            return of(1, at + 1);
        }
        let number = self.phrase(at, &["dentro de", "en", "in", "daqui a"])?;
        let n = match self.kind(number)? {
            Kind::Number(n) if n <= 90 => n,
            Kind::Word if self.any(number, &["una", "a"]) => 1,
            _ => return None,
        };
        let days = match self.get(number + 1)?.word.as_str() {
            "dias" | "dia" | "days" | "dias." => n,
            "semanas" | "semana" | "weeks" | "week" => n * 7,
            _ => return None,
        };
        of(u64::from(days), number + 2)
    }

    /// "el segundo sábado de enero"; the first one to come where the month is said.
    fn nth_weekday(&self, at: usize) -> Option<(Day, usize)> {
        let nth = match self.kind(at)? {
            Kind::Ordinal(n @ 1..=4) => n,
            Kind::Word if self.any(at, &["ultimo", "last"]) => 0,
            _ => return None,
        };
        let Some(Kind::Weekday(weekday)) = self.kind(at + 1) else {
            return None;
        };
        let (month, end) = self.month_behind(at + 2)?;
        let first = first_of(month, self.context.today)?;
        let date = if nth == 0 {
            let last = last_of(first)?;
            last.checked_sub_days(Days::new(u64::from(
                chrono::Datelike::weekday(&last).days_since(weekday),
            )))?
        } else {
            weekday_from(first, weekday)?.checked_add_days(Days::new(u64::from(nth - 1) * 7))?
        };
        Some((
            Day {
                date: Some(date),
                ..Day::default()
            },
            end,
        ))
    }

    /// "el último día de febrero".
    fn last_day(&self, at: usize) -> Option<(Day, usize)> {
        let end = self.phrase(at, &["ultimo dia de", "ultimo dia del", "ultimo de"])?;
        let (month, end) = self.month_behind(end - 1)?;
        let date = last_of(first_of(month, self.context.today)?)?;
        Some((
            Day {
                date: Some(date),
                ..Day::default()
            },
            end,
        ))
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

    /// "del 5 al 10 del 1": the month as a number.
    fn month_number(&self, at: usize) -> Option<(Month, usize)> {
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
    fn short_year(&self, at: usize) -> Option<(i32, usize)> {
        let this = chrono::Datelike::year(&self.context.today);
        let Some(Kind::Number(n)) = self.kind(at + 1).filter(|_| self.any(at, &["del", "de"]))
        else {
            return None;
        };
        let year = 2000 + i32::try_from(n).ok()?;
        let digits = self.get(at + 1)?.word.len() == 2;
        (digits && (this..=this + 3).contains(&year)).then_some((year, at + 2))
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

    /// "este", "próximo", "otro" before a name; where the name is.
    pub(super) fn next_before(&self, at: usize) -> (Option<Next>, usize) {
        let at = self.skip(at, &["el", "la", "o", "the"]);
        let next = match self.get(at).map(|token| token.word.as_str()) {
            Some("este" | "esta" | "this" | "ese") => Next::This,
            Some("proximo" | "proxima" | "next") => Next::Coming,
            Some("otro" | "otra" | "siguiente") => Next::Other,
            _ => return (None, at),
        };
        (Some(next), at + 1)
    }

    /// "que viene", "de la semana que viene", "próximo" behind a name.
    pub(super) fn next_behind(&self, at: usize) -> Option<(Next, usize)> {
        const COMING: &[&str] = &[
            "que viene",
            "que biene",
            "que vem",
            "que entra",
            "que sigue",
            "proximo",
            "entrante",
            "proxima",
        ];
        if let Some(end) = self.phrase(at, COMING) {
            return Some((Next::Coming, end));
        }
        if let Some(end) = self.phrase(at, &["siguiente", "de la otra"]) {
            return Some((Next::Other, self.skip(end, &["semana"])));
        }
        let of = if self.any(at, &["de", "en"]) {
            at + 1
        } else {
            at
        };
        self.week(of).map(|(weeks, end)| (Next::Week(weeks), end))
    }

    /// "la semana que viene" → 1, "esta semana" → 0.
    pub(super) fn week(&self, at: usize) -> Option<(u32, usize)> {
        let at = self.skip(at, &["toda", "en", "para", "durante"]);
        let at = self.skip(at, &["la", "a"]);
        const NEXT: &[&str] = &[
            "semana que viene",
            "semana que biene",
            "semana que entra",
            "semana que sigue",
            "semana que vem",
            "proxima semana",
            "semana proxima",
            "semana entrante",
            "semana siguiente",
            "siguiente semana",
            "proximo semana",
            "otra semana",
            "next week",
            "semana proximo",
        ];
        if let Some(end) = self.phrase(at, NEXT) {
            return Some((1, end));
        }
        self.phrase(at, &["esta semana", "this week", "esta misma semana"])
            .map(|end| (0, end))
    }
}

pub(super) fn month_of(date: NaiveDate) -> Month {
    use chrono::Datelike;
    Month {
        month: date.month(),
        year: Some(date.year()),
    }
}
