//! Periods with a name: weekends, long weekends, quincenas, weeks, Easter, Carnival.

use super::item::{Day, Month, Next, Period, What};
use super::phrase::Text;
use crate::understand::Vague;
use crate::understand::lex::Kind;

/// The last of a month, in place of a number.
pub(super) const LAST: u32 = 9;

impl Text<'_> {
    pub(super) fn period(&self, at: usize) -> Option<(What, usize)> {
        let start = self.skip(at, &["el", "la", "los", "o", "the"]);
        self.feast(start)
            .or_else(|| self.long_weekend(start))
            .or_else(|| self.counted_period(start))
            .or_else(|| self.weekend(start))
            .or_else(|| self.some_week(at))
    }

    /// Feasts that are nobody's weekend.
    fn feast(&self, at: usize) -> Option<(What, usize)> {
        const FEASTS: &[(&[&str], Period)] = &[
            (
                &[
                    "semana santa",
                    "semanasanta",
                    "pascuas",
                    "pascua",
                    "pascoa",
                    "easter",
                ],
                Period::Easter,
            ),
            (
                &["carnaval", "carnavales", "carnavale", "carnival"],
                Period::Carnival,
            ),
            (
                &[
                    "navidad",
                    "nochebuena",
                    "noche buena",
                    "natal",
                    "christmas",
                    "navidades",
                ],
                Period::Christmas,
            ),
            (
                &[
                    "ano nuevo",
                    "fin de ano",
                    "ano novo",
                    "reveillon",
                    "new years",
                    "new year",
                    "fin de anio",
                    "nochevieja",
                ],
                Period::NewYear,
            ),
        ];
        let (end, period) = FEASTS
            .iter()
            .find_map(|(names, period)| self.phrase(at, names).map(|end| (end, *period)))?;
        let joined = self.skip(end, &["y", "o"]);
        if period == Period::Christmas
            && joined > end
            && let Some(end) = self.phrase(
                self.skip(joined, &["el"]),
                &["ano nuevo", "fin de ano", "ano novo"],
            )
        {
            return Some((What::Vague(Vague::Season), end));
        }
        Some((What::Period(period), end))
    }

    /// "finde largo de diciembre", "el feriado del 12 de octubre", "el próximo puente".
    fn long_weekend(&self, at: usize) -> Option<(What, usize)> {
        const LONG: &[&str] = &[
            "finde extra largo",
            "finde super largo",
            "finde re largo",
            "finde largo",
            "finde xl",
            "finde xxl",
            "long finde",
            "finde extralargo",
            "finde prolongado",
            "feriado largo",
            "feriado puente",
            "finde feriado",
            "feriadao",
        ];
        let (next, name) = self.next_before(at);
        let articled = next.is_some()
            || self
                .before(at)
                .is_some_and(|token| token.any(&["el", "del", "al", "para", "en", "este", "por"]));
        let mut end = self.phrase(name, LONG).or_else(|| {
            self.phrase(name, &["feriado", "puente"])
                .filter(|end| articled || self.any(*end, &["del", "de"]))
        })?;
        let open = self
            .before(at)
            .is_some_and(|token| token.any(&["un", "algun", "cualquier", "otro", "any"]));
        let mut next = next.unwrap_or(Next::This);
        if let Some((found, after)) = self.next_behind(end) {
            (next, end) = (found, after);
        }
        let of = self.skip(end, &["de", "del", "por", "para", "x", "en"]);
        if let Some((What::Period(feast), after)) = self.feast(of) {
            return Some((What::Period(feast), after));
        }
        if let Some((month, after)) = self.month_alone(of) {
            return Some((What::Period(Period::Long(next, Some(month), None)), after));
        }
        if of > end
            && let Some((day, after)) = self.only_day(of)
        {
            return Some((What::Period(Period::Long(next, None, Some(day))), after));
        }
        if of > end
            && let Some((day, after)) = self.holiday(of)
        {
            return Some((What::Period(Period::Long(next, None, Some(day))), after));
        }
        if open {
            return Some((What::Vague(Vague::AnyWeekend), end));
        }
        Some((What::Period(Period::Long(next, None, None)), end))
    }

    /// A public holiday by a word of its name: "Güemes", "la bandera".
    fn holiday(&self, at: usize) -> Option<(Day, usize)> {
        let mut name = at;
        for _ in 0..4 {
            name = self.skip(
                name,
                &[
                    "de", "del", "la", "las", "el", "los", "san", "general", "dia",
                ],
            );
        }
        let word = match self.get(name)?.word.as_str() {
            "virgen" | "concepcion" => "inmaculada",
            "raza" => "diversidad",
            "patria" => "revolucion",
            "sanmartin" => "martin",
            "trabajo" => "trabajador",
            word if word.len() >= 5 => word,
            _ => return None,
        };
        let date = self.holiday_named(word)?;
        Some((
            Day {
                date: Some(date),
                ..Day::default()
            },
            name + 1,
        ))
    }

    /// "la primera quincena de enero", "el segundo finde de febrero", "la última semana de enero".
    fn counted_period(&self, at: usize) -> Option<(What, usize)> {
        if let Some(half) = self.fifteen_days(at) {
            return Some(half);
        }
        let nth = match self.kind(at)? {
            Kind::Ordinal(n @ 1..=4) | Kind::Number(n @ 1..=2) => n,
            Kind::Word if self.any(at, &["ultimo", "ultima", "last"]) => LAST,
            _ => return None,
        };
        let mut name = at + 1;
        // "la segunda de enero": of its two quincenas.
        if self.get(at)?.word.ends_with('a')
            && self.any(name, &["de"])
            && matches!(self.kind(name + 1), Some(Kind::Month(_)))
        {
            let (month, end) = self.month_behind(name)?;
            return Some((What::Period(Period::Half(nth, Some(month))), end));
        }
        // "la segunda y última semana", "la primera mitad" are not this.
        if self.mark(name, &['°']) {
            name += 1;
        }
        let unit = self.get(name)?;
        let end = name + 1;
        let (month, end) = match self.month_behind(end) {
            Some((month, end)) => (Some(month), end),
            None if self.phrase(end, &["del mes", "de mes"]).is_some() => {
                (Some(super::day::month_of(self.context.today)), end + 2)
            }
            None => (None, end),
        };
        let period = match unit.word.as_str() {
            "quincena" if nth <= 2 || nth == LAST => Period::Half(nth.min(2), month),
            "finde" => Period::NthWeekend(nth, month),
            "semana" | "week" => Period::NthWeek(nth, month),
            _ => return None,
        };
        Some((What::Period(period), end))
    }

    /// "los primeros 15 días de enero".
    fn fifteen_days(&self, at: usize) -> Option<(What, usize)> {
        let nth = match self.get(at)?.word.as_str() {
            "primeros" => 1,
            "ultimos" => 2,
            _ => return None,
        };
        if self.kind(at + 1) != Some(Kind::Number(15)) || !self.any(at + 2, &["dias"]) {
            return None;
        }
        let (month, end) = self.month_behind(at + 3)?;
        Some((What::Period(Period::Half(nth, Some(month))), end))
    }

    /// "este finde", "el finde que viene", "el finde del 12", "un finde de diciembre".
    fn weekend(&self, at: usize) -> Option<(What, usize)> {
        let (next, name) = self.next_before(at);
        // "el que viene", where a weekend was spoken of.
        if !self.any(name, &["finde", "findes"]) {
            return None;
        }
        let before = self.before(at);
        let end = name + 1;
        let open = self.any(name, &["findes"])
            || before.is_some_and(|token| {
                token.any(&[
                    "un",
                    "algun",
                    "cualquier",
                    "cada",
                    "otro",
                    "que",
                    "any",
                    "a",
                    "qualquer",
                    "um",
                ])
            })
            || next == Some(Next::Other)
                && self.before(name).is_some_and(|token| token.is("otro"))
                && !self.articled(name);
        if open {
            return Some((What::Vague(Vague::AnyWeekend), end));
        }
        if before.is_some_and(|token| token.any(&["por", "sale", "de"]))
            && next.is_none()
            && !self.articled(name)
        {
            return None;
        }
        if let Some((found, end)) = self.next_behind(end) {
            return Some((What::Period(Period::Weekend(found)), end));
        }
        let of = self.skip(end, &["del", "de"]);
        if of > end || matches!(self.kind(end), Some(Kind::DayMonth { .. })) {
            if let Some(feast) = self.feast(of) {
                return Some(feast);
            }
            if let Some((day, after)) = self.only_day(of) {
                return Some((What::Period(Period::WeekendOf(day)), after));
            }
            if let Some((_, _)) = self.month_alone(of) {
                // Which of its four was not said; the month is read on its own.
                return Some((What::Vague(Vague::AnyWeekend), end));
            }
        }
        Some((
            What::Period(Period::Weekend(next.unwrap_or(Next::This))),
            end,
        ))
    }

    fn articled(&self, name: usize) -> bool {
        (1..=2).any(|back| {
            name.checked_sub(back)
                .and_then(|at| self.tokens.get(at))
                .is_some_and(|token| {
                    token.any(&["el", "este", "ese", "proximo", "next", "this", "the"])
                })
        })
    }

    /// "la semana que viene", "la semana del 10 de enero".
    fn some_week(&self, at: usize) -> Option<(What, usize)> {
        if let Some((weeks, end)) = self.week(at) {
            let what = if weeks == 0 {
                What::Vague(Vague::Other)
            } else {
                What::Period(Period::Week(weeks))
            };
            return Some((what, end));
        }
        let end = self.phrase(
            self.skip(at, &["la"]),
            &["semana del", "semana de el", "week of"],
        )?;
        let (day, end) = self.only_day(end)?;
        Some((What::Period(Period::WeekOf(day)), end))
    }

    /// A day that no range goes on from.
    fn only_day(&self, at: usize) -> Option<(Day, usize)> {
        let (day, end) = self.day(at, true)?;
        if let Some((_, second)) = self.connector(end)
            && self.day(second, true).is_some()
        {
            return None;
        }
        Some((day, end))
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
