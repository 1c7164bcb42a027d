//! What a single day is for, by the words before it: an arrival, a departure, or not said.

use super::item::Role;
use super::phrase::Text;
use crate::understand::lex::Kind;

const START: &[&str] = &[
    "llego",
    "llegamos",
    "llegar",
    "llegariamos",
    "llegaria",
    "llegando",
    "llegada",
    "llegue",
    "llega",
    "llegan",
    "llegas",
    "entra",
    "entran",
    "lleguemos",
    "entro",
    "entramos",
    "entrando",
    "entrada",
    "entrar",
    "entrariamos",
    "entraria",
    "ingreso",
    "ingresar",
    "ingresamos",
    "ingresando",
    "ingresariamos",
    "checkin",
    "chekin",
    "arribo",
    "arribamos",
    "arrive",
    "arriving",
    "arrival",
    "vamos",
    "iriamos",
    "viajamos",
    "desde",
    "chegada",
    "chegar",
    "chegamos",
    "chegando",
    "caemos",
    "from",
    "starting",
    "arrancando",
    "empezando",
    "partir",
    "in",
    "caigo",
];

const END: &[&str] = &[
    "salgo",
    "salimos",
    "saliendo",
    "salida",
    "salir",
    "saldriamos",
    "saldria",
    "irnos",
    "irme",
    "yendonos",
    "yendome",
    "retirandonos",
    "retirandome",
    "saliendonos",
    "volviendonos",
    "volvemos",
    "volver",
    "vuelvo",
    "volviendo",
    "vuelta",
    "volveriamos",
    "egreso",
    "egresamos",
    "checkout",
    "chekout",
    "retiramos",
    "retirando",
    "dejamos",
    "dejando",
    "leaving",
    "leave",
    "departing",
    "departure",
    "saida",
    "sair",
    "saindo",
    "hasta",
    "regreso",
    "regresamos",
    "retiro",
    "volvemo",
    "out",
    "until",
    "dejariamos",
    "partimos",
    "rajamos",
    "rajo",
    "rajando",
    "pegamos",
];

/// How far before a day its verb stands.
const REACH: usize = 5;

impl Text<'_> {
    pub(super) fn role(&self, at: usize) -> Role {
        let mut seen = 0;
        for place in (0..at).rev() {
            let Some(token) = self.get(place) else { break };
            if matches!(token.kind, Kind::Mark('?' | '.' | '!' | '\n' | ',')) {
                // "llegada: 10/1", "llegada\n10/1" go on; a comma ends what a verb says, unless the day comes next.
                if seen > 0 || matches!(token.kind, Kind::Mark('?' | '!')) {
                    break;
                }
                continue;
            }
            if matches!(
                token.kind,
                Kind::Number(_) | Kind::DayMonth { .. } | Kind::Month(_) | Kind::Weekday(_)
            ) {
                break;
            }
            if token.any(&["voy", "vamos", "iriamos", "iria", "fuimos", "iremos"])
                && self.any(place.wrapping_sub(1), &["nos", "me"])
            {
                return Role::End;
            }
            if token.any(&["va", "van", "iria", "irian"])
                && self.any(place.wrapping_sub(1), &["se"])
            {
                return Role::End;
            }
            if token.any(END) {
                return Role::End;
            }
            if token.any(START) {
                return Role::Start;
            }
            if token.any(&["o", "y"]) && seen > 0 {
                break;
            }
            seen += 1;
            if seen > REACH {
                break;
            }
        }
        Role::Any
    }

    /// Behind a day: "el 25 nos vamos", "el 10 llegamos".
    pub(super) fn role_behind(&self, end: usize) -> Role {
        let end = self.skip(end, &["ya"]);
        if self.any(end, &["nos", "me"])
            && self.any(end + 1, &["vamos", "voy", "iriamos", "volvemos", "vuelvo"])
        {
            return Role::End;
        }
        if self.any(
            end,
            &["salimos", "salgo", "volvemos", "saliendo", "regresamos"],
        ) {
            return Role::End;
        }
        if self.any(
            end,
            &[
                "llegamos",
                "llego",
                "entramos",
                "entro",
                "llegando",
                "llegariamos",
            ],
        ) {
            return Role::Start;
        }
        Role::Any
    }
}
