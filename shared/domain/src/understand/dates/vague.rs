//! What is meant as a time but is none: seasons, parts of months, "unos días", "alrededor del 20".

use super::item::What;
use super::phrase::Text;
use crate::understand::Vague;
use crate::understand::lex::Kind;

const SEASON: &[&str] = &[
    "vacaciones de invierno",
    "vacaciones de verano",
    "temporada alta",
    "temporada baja",
    "las fiestas",
    "vacaciones",
    "verano",
    "invierno",
    "primavera",
    "otono",
    "temporada",
    "summer",
    "winter",
    "verao",
    "inverno",
    "receso",
    "veranito",
];

const PART: &[&str] = &[
    "primeros dias",
    "ultimos dias",
    "a principios",
    "a principio",
    "principios",
    "principio",
    "comienzos",
    "a mediados",
    "mediados",
    "a fines",
    "fines",
    "a finales",
    "finales",
    "a fin",
    "primera mitad",
    "segunda mitad",
    "inicios",
    "early",
    "late",
    "mid",
    "comeco",
    "meados",
    "final",
    "fin",
];

const WEEKDAYS: &[&str] = &[
    "entre semana",
    "entresemana",
    "dias de semana",
    "dia de semana",
    "dias habiles",
    "durante la semana",
    "dias laborables",
];

const OTHER: &[&str] = &[
    "dia de la madre",
    "dia del padre",
    "dia del nino",
    "dia de las infancias",
    "dia de la primavera",
    "dia del amigo",
    "uno de estos dias",
    "un dia de estos",
    "estos dias",
    "unos dias",
    "unos diitas",
    "algunos dias",
    "unos dias",
    "proximos dias",
    "mas adelante",
    "cualquier fecha",
    "cualquier dia",
    "cualquier semana",
    "fechas flexibles",
    "fecha flexible",
    "cuando tengan",
    "cuando tengas",
    "cuando haya",
    "some days",
    "a few days",
    "flexible",
    "alguna semana",
    "una semanita cualquiera",
    "otra semana",
];

/// Before a day: near it, not on it.
const NEAR: &[&str] = &[
    "mas o menos el",
    "mas o menos del",
    "mas o menos para el",
    "alrededor del",
    "alrededor de",
    "cerca del",
    "a eso del",
    "aprox el",
    "aproximadamente el",
    "despues del",
    "despues de",
    "antes del",
    "antes de",
    "pasado el",
    "luego del",
    "por el",
    "tipo el",
    "around",
    "after",
    "before",
    "depois do",
    "antes do",
    "aprox",
];

impl Text<'_> {
    pub(super) fn vague(&self, at: usize) -> Option<(What, usize)> {
        if let Some(end) = self.phrase(at, WEEKDAYS) {
            return Some((What::Vague(Vague::Weekdays), end));
        }
        if let Some(end) = self.phrase(at, OTHER) {
            return Some((What::Vague(Vague::Other), end));
        }
        if let Some(end) = self.phrase(at, PART) {
            let of = self.skip(end, &["de", "del", "of", "do"]);
            // The month itself is read next.
            if self.month_alone(of).is_some()
                || self.any(of, &["mes"])
                || matches!(self.kind(of), Some(Kind::Month(_)))
            {
                return Some((What::Vague(Vague::PartOfMonth), of));
            }
        }
        if let Some(end) = self.phrase(at, &["quincena"]) {
            return Some((What::Vague(Vague::PartOfMonth), end));
        }
        self.phrase(at, SEASON)
            .map(|end| (What::Vague(Vague::Season), end))
    }

    /// "no sé qué días", "fecha a definir".
    pub(super) fn unsure(&self, at: usize) -> Option<(What, usize)> {
        const UNSURE: &[&str] = &[
            "no se que dias",
            "no se que dia",
            "no se que fecha",
            "no se bien que dias",
            "no se bien que dia",
            "no se bien las fechas",
            "no se bien la fecha",
            "no sabemos que dias",
            "no sabemos la fecha",
            "no sabemos bien",
            "no se exactamente",
            "no se todavia",
            "todavia no se",
            "fecha a definir",
            "fechas a definir",
            "a definir",
            "sin fecha",
            "no tengo fecha",
            "no tenemos fecha",
            "no se cuando",
            "no sabemos cuando",
            "no sabemos bien que dias",
            "no se las fechas",
            "no se la fecha",
        ];
        self.phrase(at, UNSURE).map(|end| (What::Unsure, end))
    }

    pub(super) fn about(&self, at: usize) -> Option<(What, usize)> {
        let start = self.phrase(at, NEAR)?;
        let (day, end) = self.day(start, true)?;
        if let Some((_, second)) = self.connector(end)
            && self.day(second, true).is_some()
        {
            return None;
        }
        Some((What::About(day), end))
    }
}
