//! "este", "el próximo", "que viene", "de la semana que viene": which of the coming ones.

use super::item::Next;
use super::phrase::Text;

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

impl Text<'_> {
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
        if let Some(end) = self.phrase(at, NEXT) {
            // "otra semana" is any other; "la otra" the one after.
            let any =
                self.any(at, &["otra"]) && !self.before(at).is_some_and(|token| token.is("la"));
            return (!any).then_some((1, end));
        }
        self.phrase(at, &["esta semana", "this week", "esta misma semana"])
            .map(|end| (0, end))
    }
}
