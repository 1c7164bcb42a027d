//! Days counted from today or from the ends of a month: "pasado mañana", "en 3 días", "el último viernes de enero".

use chrono::Days;

use super::item::Day;
use super::phrase::Text;
use super::pick::{first_of, last_of, weekday_from};
use crate::understand::holidays::easter;
use crate::understand::lex::Kind;

impl Text<'_> {
    /// "hoy", "mañana", "pasado mañana", "en 3 días".
    pub(super) fn relative(&self, at: usize) -> Option<(Day, usize)> {
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
    pub(super) fn nth_weekday(&self, at: usize) -> Option<(Day, usize)> {
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
    pub(super) fn last_day(&self, at: usize) -> Option<(Day, usize)> {
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

    /// "del 26 hasta año nuevo": a feast as an end.
    pub(super) fn feast_day(&self, at: usize) -> Option<(Day, usize)> {
        const FEASTS: &[(&[&str], u32, u32)] = &[
            (&["nochebuena", "noche buena"], 24, 12),
            (&["navidad", "christmas", "natal"], 25, 12),
            (&["fin de ano", "fim de ano", "nochevieja"], 31, 12),
            (&["ano nuevo", "ano novo", "new year"], 1, 1),
            (&["reyes"], 6, 1),
        ];
        let name = self.skip(at, &["despues"]);
        let name = self.skip(name, &["de"]);
        FEASTS.iter().find_map(|(names, day, month)| {
            let end = self.phrase(name, names)?;
            let day = Day {
                day: Some(*day),
                month: Some(*month),
                ..Day::default()
            };
            Some((day, end))
        })
    }

    /// "viernes santo", "domingo de pascua", "lunes de carnaval".
    fn holy_days(&self, at: usize) -> Option<(u64, usize)> {
        const DAYS: &[(&[&str], u64)] = &[
            (&["jueves santo"], 3),
            (&["viernes santo"], 2),
            (&["sabado santo", "sabado de gloria"], 1),
            (
                &[
                    "domingo de pascuas",
                    "domingo de pascua",
                    "domingo de resurreccion",
                ],
                0,
            ),
            (&["sabado de carnaval"], 50),
            (&["domingo de carnaval"], 49),
            (&["lunes de carnaval"], 48),
            (&["martes de carnaval"], 47),
            (&["miercoles de ceniza"], 46),
        ];
        DAYS.iter()
            .find_map(|(names, before)| self.phrase(at, names).map(|end| (*before, end)))
    }

    /// The next such day.
    pub(super) fn holy_day(&self, at: usize) -> Option<(Day, usize)> {
        let (before, end) = self.holy_days(at)?;
        let today = self.context.today;
        let date = (0..=1)
            .filter_map(|shift| {
                easter(chrono::Datelike::year(&today) + shift)?.checked_sub_days(Days::new(before))
            })
            .find(|date| *date >= today)?;
        Some((
            Day {
                date: Some(date),
                ..Day::default()
            },
            end,
        ))
    }

    /// "el día de la madre": a Sunday, the third of its month.
    pub(super) fn honoured(&self, at: usize) -> Option<(Day, usize)> {
        const DAYS: &[(&[&str], u32)] = &[
            (&["dia de la madre", "dia de las madres"], 10),
            (&["dia del padre"], 6),
            (
                &["dia del nino", "dia de la ninez", "dia de las infancias"],
                8,
            ),
        ];
        let (month, end) = DAYS
            .iter()
            .find_map(|(names, month)| self.phrase(at, names).map(|end| (*month, end)))?;
        let today = self.context.today;
        let date = (0..=1)
            .filter_map(|shift| {
                let first = chrono::NaiveDate::from_ymd_opt(
                    chrono::Datelike::year(&today) + shift,
                    month,
                    1,
                )?;
                weekday_from(first, chrono::Weekday::Sun)?.checked_add_days(Days::new(14))
            })
            .find(|date| *date >= today)?;
        Some((
            Day {
                date: Some(date),
                ..Day::default()
            },
            end,
        ))
    }
}
