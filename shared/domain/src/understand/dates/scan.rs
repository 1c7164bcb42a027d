//! Through the tokens once: everything said about time, in order.

use super::item::{Item, Next, Period, What};
use super::phrase::Text;
use crate::understand::Context;
use crate::understand::lex::{Kind, Token};

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
        // Portuguese writes its article so too: between dates it is no article.
        if !before.is_empty() && self.any(at, &["o", "u", "or", "ou"]) {
            return Some((What::Or, at + 1));
        }
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
}
