//! Periods with a name: weekends, long weekends, quincenas, weeks, Easter, Carnival.

use super::item::{Day, Feast, Period, What};
use super::phrase::Text;
use crate::understand::Vague;
use crate::understand::lex::{Kind, slips};

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

    /// "semana snata", "seman santa".
    fn holy_week(&self, at: usize) -> Option<usize> {
        let near = |at: usize, word: &str| {
            self.get(at)
                .is_some_and(|token| token.kind == Kind::Word && slips(&token.word, word, 1))
        };
        (near(at, "semana") && near(at + 1, "santa")).then_some(at + 2)
    }

    /// Feasts that are nobody's weekend.
    pub(super) fn feast(&self, at: usize) -> Option<(What, usize)> {
        const FEASTS: &[(&[&str], Feast)] = &[
            (
                &[
                    "semana santa",
                    "semanasanta",
                    "pascuas",
                    "pascua",
                    "pascoa",
                    "easter",
                ],
                Feast::Easter,
            ),
            (
                &[
                    "carnaval",
                    "carnavales",
                    "carnavale",
                    "carnival",
                    "carnabal",
                    "caranval",
                    "carnval",
                    "carnavalito",
                ],
                Feast::Carnival,
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
                Feast::Christmas,
            ),
            (
                &[
                    "ano nuevo",
                    "fin de ano",
                    "ano novo",
                    "reveillon",
                    "new years",
                    "new year",
                    "fim de ano",
                    "nochevieja",
                ],
                Feast::NewYear,
            ),
        ];
        let (end, period) = FEASTS
            .iter()
            .find_map(|(names, period)| self.phrase(at, names).map(|end| (end, *period)))
            .or_else(|| self.holy_week(at).map(|end| (end, Feast::Easter)))?;
        let joined = self.skip(end, &["y", "o"]);
        if period == Feast::Christmas
            && joined > end
            && let Some(end) = self.phrase(
                self.skip(joined, &["el"]),
                &["ano nuevo", "fin de ano", "ano novo"],
            )
        {
            return Some((What::Vague(Vague::Season), end));
        }
        let (year, end) = self.year(end);
        Some((What::Period(Period::Feast(period, year)), end))
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
        // "1 semana" is a length, "1 quincena" the first.
        if matches!(self.kind(at), Some(Kind::Number(_))) && !unit.is("quincena") {
            return None;
        }
        let end = name + 1;
        let (month, end) = match self.month_behind(end) {
            Some((month, end)) => (Some(month), end),
            None if self.phrase(end, &["del mes", "de mes"]).is_some() => {
                (Some(super::month::month_of(self.context.today)), end + 2)
            }
            None => (None, end),
        };
        let period = match unit.word.as_str() {
            "quincena" if nth <= 2 || nth == LAST => Period::Half(nth.min(2), month),
            "finde" => Period::NthWeekend(nth, month),
            // Whose weeks are counted is not known.
            "semana" | "week"
                if self
                    .phrase(end, &["de vacaciones", "de las vacaciones"])
                    .is_some() =>
            {
                return None;
            }
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
    pub(super) fn only_day(&self, at: usize) -> Option<(Day, usize)> {
        let (day, end) = self.day(at, true)?;
        if let Some((_, second)) = self.connector(end)
            && self.day(second, true).is_some()
        {
            return None;
        }
        Some((day, end))
    }
}
