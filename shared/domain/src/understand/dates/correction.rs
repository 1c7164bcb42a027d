//! Taking back: "perdón", "mejor", "en vez de". What it does to what was said stands in [`super::settle`].

use super::item::What;
use super::phrase::Text;

const CORRECTION: &[&str] = &[
    "no no",
    "no perdon",
    "no espera",
    "no para",
    "espera",
    "ah no",
    "ay no",
    "uy no",
    "perdon",
    "perdona",
    "perdoname",
    "mejor dicho",
    "en realidad",
    "quise decir",
    "quise poner",
    "me equivoque",
    "me confundi",
    "le pifie",
    "corrijo",
    "corrigo",
    "digo",
    "cambio",
    "sorry",
    "i mean",
    "actually",
    "rather",
    "desculpa",
    "desculpe",
    "error",
    "ups",
    "uh no",
];

const INSTEAD: &[&str] = &[
    "en vez de",
    "en vez del",
    "en lugar de",
    "en lugar del",
    "instead of",
    "en ves de",
    "en ves del",
];

impl Text<'_> {
    pub(super) fn correction(&self, at: usize) -> Option<(What, usize)> {
        // "en vez de del 10": the preposition belongs to the date.
        if let Some(end) = self.phrase(at, INSTEAD) {
            let of = end - usize::from(self.any(end - 1, &["del"]));
            return Some((What::Instead, of));
        }
        if let Some(end) = self.phrase(at, CORRECTION) {
            return Some((What::Correction, end));
        }
        // "mejor del 12", not "el mejor precio".
        if self.any(at, &["mejor"])
            && !self
                .before(at)
                .is_some_and(|token| token.any(&["la", "el", "lo", "que", "es", "un", "su", "al"]))
            && !self.any(
                at + 1,
                &[
                    "precio",
                    "cabana",
                    "opcion",
                    "oferta",
                    "vista",
                    "temporada",
                    "epoca",
                ],
            )
        {
            return Some((What::Correction, at + 1));
        }
        if let Some(end) = self.phrase(
            at,
            &["y si no", "o si no", "si no", "sino", "y sino", "o sino"],
        ) {
            return Some((What::Or, end));
        }
        if self.any(at, &["no", "nop", "nao"]) {
            return Some((What::No, at + 1));
        }
        self.any(at, &["o", "u", "or", "ou"])
            .then_some((What::Or, at + 1))
    }
}
