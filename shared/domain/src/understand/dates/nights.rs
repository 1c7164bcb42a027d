//! How long: "3 noches", "una semana", "10 días", "2 o 3 noches".

use super::item::What;
use super::phrase::Text;
use crate::understand::lex::Kind;

/// Longer stays are not spoken of in nights.
const MOST: u32 = 120;

/// One night, said by the day after it.
const NEXT_DAY: &[&str] = &[
    "al otro dia",
    "al dia siguiente",
    "el dia siguiente",
    "la manana siguiente",
    "the next day",
    "no dia seguinte",
];

impl Text<'_> {
    pub(super) fn nights(&self, at: usize) -> Option<(What, usize)> {
        let before = self.before(at);
        // "minimo 2 noches", "hace 3 dias", "cada 3 dias" say nothing about this stay.
        if before.is_some_and(|token| {
            token.any(&[
                "hace", "cada", "faltan", "minimo", "ultimos", "primeros", "ultimas",
            ])
        }) {
            return None;
        }
        if let Some(end) = self.phrase(at, NEXT_DAY) {
            return Some((What::Nights(1, None), end));
        }
        let (n, mut end) = self.amount(at)?;
        let mut other = None;
        if (self.any(end, &["o", "u", "a", "or"]) || self.mark(end, &['-', '/']))
            && let Some((m, after)) = self.amount(end + 1)
            && m > n
        {
            other = Some(m);
            end = after;
        }
        // The comma a transcriber hears: "tres, noches".
        if self.mark(end, &[',']) && self.any(end + 1, &["noches"]) {
            end += 1;
        }
        end = self.skip(end, &["sola", "solo", "unica"]);
        let unit = match self.get(end)?.word.as_str() {
            "noches" | "noche" | "nochecitas" | "nochecita" | "noxes" => 1,
            "dias" | "dia" | "diitas" | "days" | "day" | "diarias" if !self.is_part_of_day(end) => {
                1
            }
            "semanas" | "semana" | "semanita" | "weeks" | "week" | "semanitas" => 7,
            "mes" | "meses" | "month"
                if n == 1 && self.before(at).is_none_or(|token| !token.is("de")) =>
            {
                30
            }
            _ => return None,
        };
        end += 1;
        if self.any(
            end,
            &[
                "antes",
                "atras",
                "despues",
                "habiles",
                "cada",
                "mas",
                "extra",
                "adicional",
                "adicionales",
                "menos",
            ],
        ) {
            return None;
        }
        // "5 días y 4 noches", "4 dias / 3 noches": the nights count.
        if unit == 1
            && (self.any(end, &["y", "e"]) || self.mark(end, &['/', ',', '-', '(']))
            && self.any(end + 2, &["noches", "noche"])
        {
            return None;
        }
        if unit == 1
            && self.any(end + 1, &["noches"])
            && matches!(self.kind(end), Some(Kind::Number(_)))
        {
            return None;
        }
        let nights = n
            .checked_mul(unit)
            .filter(|nights| (1..=MOST).contains(nights))?;
        let other = other
            .and_then(|m| m.checked_mul(unit))
            .filter(|nights| *nights <= MOST);
        Some((What::Nights(nights, other), end))
    }

    fn amount(&self, at: usize) -> Option<(u32, usize)> {
        if let Some(end) = self.phrase(at, &["un par de", "a couple of", "par de"]) {
            return Some((2, end));
        }
        match self.kind(at)? {
            Kind::Number(n @ 1..=MOST) => Some((n, at + 1)),
            Kind::Word if self.any(at, &["una", "un", "uma", "a", "um"]) => Some((1, at + 1)),
            _ => None,
        }
    }

    /// "un dia de estos", "un dia de semana".
    fn is_part_of_day(&self, at: usize) -> bool {
        self.phrase(
            at + 1,
            &[
                "de estos",
                "de semana",
                "cualquiera",
                "de sol",
                "de pileta",
                "de campo",
            ],
        )
        .is_some()
    }
}
