//! Through the tokens once: everything said about time, in order.

use super::item::{Item, Next, Period, Role, What};
use super::phrase::Text;
use crate::understand::lex::{Kind, Token};
use crate::understand::{Asked, Context};

/// What was said, and the tokens that said it.
pub(super) fn scan(tokens: &[Token], context: &Context<'_>) -> (Vec<Item>, Vec<usize>) {
    let text = Text::new(tokens, context);
    // Nobody writes braces on a phone: data, not dates.
    if tokens.iter().any(|token| token.mark('{')) {
        return (Vec::new(), Vec::new());
    }
    let mut items: Vec<Item> = Vec::new();
    let mut used = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((what, end)) = text.item(at, &items).filter(|(_, end)| *end > at) else {
            at += 1;
            continue;
        };
        if text.is_beside(at, end, what, &items) {
            at = end;
            continue;
        }
        if !matches!(what, What::No | What::Or | What::Correction | What::Unsure) {
            used.extend(at..end);
        }
        items.push(Item { what, at, end });
        at = end;
    }
    (items, used)
}

impl Text<'_> {
    fn item(&self, at: usize, before: &[Item]) -> Option<(What, usize)> {
        self.get(at)?;
        self.other_weekend(at, before)
            .or_else(|| self.unsure(at))
            .or_else(|| self.correction(at).filter(|(what, _)| *what != What::Or))
            .or_else(|| self.vague_first(at))
            .or_else(|| self.about(at))
            .or_else(|| self.period(at))
            .or_else(|| self.nights(at))
            .or_else(|| self.list(at))
            .or_else(|| self.range(at))
            .or_else(|| self.night_of(at))
            .or_else(|| self.single(at, before))
            .or_else(|| self.vague(at))
            .or_else(|| self.month_item(at))
            .or_else(|| self.correction(at))
    }

    /// What would be read as something else further down.
    fn vague_first(&self, at: usize) -> Option<(What, usize)> {
        if self.any(
            at,
            &[
                "un",
                "uno",
                "unos",
                "entre",
                "a",
                "cualquier",
                "some",
                "estos",
                "primeros",
                "ultimos",
                "fines",
                "primera",
                "segunda",
            ],
        ) {
            return self.vague(at);
        }
        None
    }

    /// "este finde o el que viene".
    fn other_weekend(&self, at: usize, before: &[Item]) -> Option<(What, usize)> {
        before
            .iter()
            .any(|item| {
                matches!(
                    item.what,
                    What::Period(Period::Weekend(_) | Period::Long(..))
                )
            })
            .then_some(())?;
        let end = self.phrase(
            at,
            &[
                "el que viene",
                "el proximo",
                "el otro",
                "el siguiente",
                "al otro",
                "el que sigue",
            ],
        )?;
        (!matches!(self.kind(end), Some(Kind::Weekday(_)))
            && !self.any(end, &["finde", "mes", "ano"]))
        .then_some((What::Period(Period::Weekend(Next::Other)), end))
    }

    /// One day, where something says that it is one.
    fn single(&self, at: usize, before: &[Item]) -> Option<(What, usize)> {
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
            && self
                .before(at)
                .is_some_and(|token| token.any(&["los", "cada", "todos", "las", "os"]))
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
        (verb || leaving) && !self.of_hours || self.asked_dates()
    }

    fn month_item(&self, at: usize) -> Option<(What, usize)> {
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
