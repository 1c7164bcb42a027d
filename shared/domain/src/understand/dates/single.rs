//! One day or one month, where something says that it is one.

use super::item::{Item, Role, What};
use super::phrase::Text;
use crate::understand::Asked;
use crate::understand::lex::Kind;

impl Text<'_> {
    /// One day, where something says that it is one.
    pub(super) fn single(&self, at: usize, before: &[Item]) -> Option<(What, usize)> {
        let begun = before.iter().any(|item| matches!(item.what, What::Day(..)))
            || self.context.check_in.is_some();
        let mut start = at;
        let mut role = Role::Any;
        let mut loose = false;
        if let Some(end) = self.phrase(
            at,
            &[
                "a partir del",
                "a partir de",
                "desde",
                "starting",
                "from",
                "arrancando",
            ],
        ) {
            (start, role, loose) = (end, Role::Start, true);
        } else if let Some(end) = self.phrase(at, &["hasta al", "hasta", "until", "ate"]) {
            let clear = begun || self.asked_dates() || self.any(end, &["el"]);
            (start, role, loose) = (end, Role::End, clear);
        } else if self.any(at, &["al"]) {
            let clear = begun || self.asked_dates();
            let named = self.day(at + 1, false).is_some();
            if !clear && !named {
                return None;
            }
            (start, role, loose) = (at + 1, if clear { Role::End } else { Role::Any }, clear);
        } else if self.any(at, &["del", "el", "dia", "on", "fecha"]) {
            start = at + usize::from(self.any(at, &["del"]));
            loose = true;
        } else if matches!(self.kind(at), Some(Kind::Number(_) | Kind::Ordinal(_))) {
            loose = self.plain_number(at);
        } else if matches!(self.kind(at), Some(Kind::Weekday(_)))
            && (self.of_business(at)
                || self
                    .before(at)
                    .is_some_and(|token| token.any(&["los", "cada", "todos", "las", "os"])))
        {
            return None;
        }
        let (day, end) = self.day(start, loose)?;
        // "que lindo dia hoy"
        let hoy = self.skip(start, &["dia"]);
        if self.any(hoy, &["hoy"])
            && self
                .before(hoy)
                .is_some_and(|token| token.any(&["dia", "frio", "calor", "lluvia", "clima"]))
        {
            return None;
        }
        let bare = day.month.is_none() && day.weekday.is_none() && day.date.is_none();
        if bare
            && self.context.asked == Some(Asked::Option)
            && day.day.is_some_and(|n| n <= 10)
            && role == Role::Any
        {
            return None;
        }
        if role == Role::Any {
            role = self.role(at);
        }
        if role == Role::Any {
            role = self.role_behind(end);
        }
        if role == Role::Any && self.context.asked == Some(Asked::CheckOut) {
            role = Role::End;
        }
        Some((What::Day(day, role), end))
    }

    /// A number alone is a day when dates were asked for, or right behind a verb of coming and going.
    fn plain_number(&self, at: usize) -> bool {
        if self.counts(at) {
            return false;
        }
        let verb = self.before(at).is_some_and(|token| {
            token.any(&[
                "entro", "llego", "llegamos", "salgo", "salimos", "entramos", "entrando",
                "saliendo", "llegando", "checkin", "checkout", "in", "out", "ingreso", "egreso",
                "llegada", "salida", "entrada",
            ])
        }) || self.before(at).is_some_and(|token| token.mark(':'))
            && self.role(at) != Role::Any;
        let leaving = self
            .before(at)
            .is_some_and(|token| token.any(&["voy", "vamos", "va", "rajo"]))
            && at
                .checked_sub(2)
                .is_some_and(|at| self.any(at, &["me", "nos", "se"]));
        (verb || leaving) && !self.of_hours(at) || self.asked_dates()
    }

    pub(super) fn month_item(&self, at: usize) -> Option<(What, usize)> {
        let named = matches!(self.kind(at), Some(Kind::Month(_)));
        // A name of a person: "soy Julio", "a nombre de Abril".
        if named
            && self.before(at).is_some_and(|token| {
                token.any(&[
                    "soy", "llamo", "nombre", "senor", "sr", "don", "dona", "sra", "hola", "calle",
                    "av",
                ])
            })
        {
            return None;
        }
        if named
            && self.before(at).is_some_and(|token| token.is("de"))
            && at >= 2
            && self
                .tokens
                .get(at - 2)
                .is_some_and(|token| token.any(&["nombre", "parte"]))
        {
            return None;
        }
        if named
            && at >= 2
            && self.before(at).is_some_and(|token| token.is("de"))
            && self.is_address(at - 2, at + 1)
        {
            return None;
        }
        self.month_alone(at)
            .map(|(month, end)| (What::Month(month), end))
    }
}
