//! Days that are no stay: what has passed, errands ("te aviso el lunes"), wishes ("buen finde"), goodbyes.

use super::item::{Day, Item, Role, What};
use super::phrase::Text;
use crate::understand::Asked;
use crate::understand::lex::{Kind, Token};

/// Done before, by the guest.
const PAST: &[&str] = &[
    "pague",
    "pagamos",
    "deposite",
    "depositamos",
    "transferi",
    "transferimos",
    "abone",
    "abonamos",
    "sene",
    "senamos",
    "mande",
    "mandamos",
    "envie",
    "enviamos",
    "llame",
    "hable",
    "hablamos",
    "escribi",
    "consulte",
    "estuve",
    "estuvimos",
    "fuimos",
    "fui",
    "nacio",
    "naci",
    "compre",
    "gire",
    "paid",
    "sent",
    "paguei",
    "visitamos",
];

/// What one does at a desk or on the phone, to another.
const ERRANDS: &[&str] = &[
    "confirmo",
    "confirmamos",
    "aviso",
    "avisamos",
    "contesto",
    "hablo",
    "hablamos",
    "consulto",
    "transfiero",
    "transferimos",
    "deposito",
    "depositamos",
    "pago",
    "pagamos",
    "mando",
    "mandamos",
    "llamo",
    "escribo",
    "respondo",
    "digo",
    "decimos",
    "hago",
    "paso",
    "vuelvo",
    "confirmaria",
    "avisaria",
    "envio",
    "giro",
    "abono",
    "charlo",
    "charlamos",
    "veo",
    "vemos",
    "vere",
    "pienso",
    "confirma",
    "avisa",
    "contesta",
    "responde",
    "llama",
    "escribe",
    "llamas",
    "avisas",
    "confirmas",
    "pasas",
    "mandas",
];
const CLITICS: &[&str] = &["te", "les", "le", "lo", "los", "la", "nos", "me"];

/// The same as one can or must do.
const CHORES: &[&str] = &[
    "pagar",
    "pagarte",
    "transferir",
    "transferirte",
    "depositar",
    "depositarte",
    "senar",
    "avisar",
    "avisarte",
    "confirmar",
    "confirmarte",
    "contestar",
    "contestarte",
    "hablar",
    "llamar",
    "llamarte",
    "escribir",
    "escribirte",
    "mandar",
    "mandarte",
    "enviar",
    "enviarte",
    "responder",
    "responderte",
    "decidir",
    "consultar",
    "consultarlo",
    "abonar",
    "pagarla",
    "girar",
    "charlarlo",
    "pagaria",
    "visitar",
    "visitarla",
    "conocer",
    "conocerla",
    "verla",
];

/// Before a name, a wish.
const WISHES: &[&str] = &[
    "buen",
    "buena",
    "buenas",
    "buenos",
    "feliz",
    "felices",
    "lindo",
    "linda",
    "excelente",
    "hermoso",
    "gran",
    "happy",
    "merry",
    "boa",
    "bom",
];

const REACH: usize = 7;

impl Text<'_> {
    /// Whether what was read here is beside the matter.
    pub(super) fn is_beside(&self, at: usize, end: usize, what: What, before: &[Item]) -> bool {
        if self.any(end, &["pasado", "pasada", "anterior", "pasados"])
            && !self.any(end + 1, &["manana"])
        {
            return true;
        }
        match what {
            What::Period(_) | What::Vague(_) => self.is_wish(at) || self.is_past(at),
            What::Month(_) => self.is_past(at),
            What::Day(day, role) => {
                let named = day.day.is_none();
                self.is_past(at)
                    || named
                        && (self.errand_ends(at)
                            || self.errand_begins(end)
                            || self.chore(at, end)
                            || self.is_goodbye(at, day, role, before))
            }
            _ => false,
        }
    }

    /// "buen finde!", "feliz año nuevo".
    fn is_wish(&self, at: usize) -> bool {
        self.before(at).is_some_and(|token| token.any(WISHES))
    }

    /// "hasta mañana", "hasta el lunes", with nothing it could be the end of.
    fn is_goodbye(&self, at: usize, day: Day, role: Role, before: &[Item]) -> bool {
        let open = self.context.check_in.is_some()
            || self.context.asked == Some(Asked::CheckOut)
            || self.asked_dates();
        role == Role::End
            && self.any(at, &["hasta"])
            && day.month.is_none()
            && !open
            && !before
                .iter()
                .any(|item| matches!(item.what, What::Day(..) | What::Nights(..)))
            && self.clause(at).count() == 0
    }

    /// The tokens before, up to a sign or a new thought, nearest first.
    fn clause(&self, at: usize) -> impl Iterator<Item = &Token> {
        (at.saturating_sub(REACH)..at)
            .rev()
            .filter_map(|place| self.tokens.get(place))
            .take_while(|token| {
                !matches!(
                    token.kind,
                    Kind::Mark('?' | '.' | '\n' | ',' | '!') | Kind::Emoji
                ) && !token.any(&["y", "para", "pero"])
            })
    }

    /// "te deposité el lunes", "estuvimos en enero".
    fn is_past(&self, at: usize) -> bool {
        self.clause(at).any(|token| token.any(PAST))
    }

    /// "te aviso el lunes": a day to write again, not to come.
    fn errand_ends(&self, at: usize) -> bool {
        let clause: Vec<&Token> = self.clause(at).take(6).collect();
        clause
            .windows(2)
            .any(|pair| pair[0].any(ERRANDS) && pair[1].any(CLITICS))
    }

    /// "mañana te confirmo", "el lunes a la tarde te hago la transferencia".
    fn errand_begins(&self, end: usize) -> bool {
        self.ahead(end)
            .any(|at| self.any(at, CLITICS) && self.any(at + 1, ERRANDS))
    }

    /// "puedo pagar mañana?", "el lunes voy a transferir".
    fn chore(&self, at: usize, end: usize) -> bool {
        !self.before(at).is_some_and(|token| token.is("para"))
            && (self.clause(at).take(4).any(|token| token.any(CHORES))
                || self.ahead(end).any(|at| self.any(at, CHORES)))
    }

    /// The next few places of the same clause.
    fn ahead(&self, end: usize) -> impl Iterator<Item = usize> {
        (end..end + 5).take_while(|at| {
            self.get(*at)
                .is_some_and(|token| !matches!(token.kind, Kind::Mark('?' | '.' | '\n' | ',')))
        })
    }
}
