//! Weekends, short and long.

use super::item::{Day, Next, Period, What};
use super::phrase::Text;
use crate::understand::Vague;
use crate::understand::lex::Kind;

impl Text<'_> {
    /// "finde largo de diciembre", "el feriado del 12 de octubre", "el próximo puente".
    pub(super) fn long_weekend(&self, at: usize) -> Option<(What, usize)> {
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
        let token = self.get(name).filter(|token| token.kind == Kind::Word)?;
        let word = match token.word.as_str() {
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

    /// "este finde", "el finde que viene", "el finde del 12", "un finde de diciembre".
    pub(super) fn weekend(&self, at: usize) -> Option<(What, usize)> {
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
            if let Some((day, after)) = self.honoured(of).or_else(|| self.only_day(of)) {
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
}
