//! What counts as a yes: the only words that hold, cancel or change anything.

use super::said::Said;
use crate::understand::Intent;

/// Words of a yes at most: what is longer says something else too.
const LONGEST_YES: usize = 8;
/// Words nobody knows in a yes at most: a name, a typing slip.
const UNREAD_IN_A_YES: usize = 1;
/// Words of somebody who has not decided, or decides under a condition.
const DOUBTS: &[&str] = &[
    "pero",
    "aunque",
    "cuando",
    "después",
    "despues",
    "luego",
    "mañana",
    "manana",
    "todavía",
    "todavia",
    "aún",
    "aun",
    "duda",
    "dudas",
    "consulta",
    "consulto",
    "consultar",
    "pregunta",
    "espera",
    "esperá",
    "pará",
    "para",
    "antes",
    "aviso",
    "confirmás",
    "confirmas",
    "pienso",
    "pensarlo",
    "veo",
    "vemos",
    "hablo",
    "capaz",
    "quizás",
    "quizas",
    "quizá",
    "quiza",
    "tal",
    "creo",
    "casi",
    "ni",
    "no",
    "tampoco",
    "hasta",
    "primero",
];
/// After "si": a condition, not a yes.
const CONDITIONS: &[&str] = &[
    "puedo",
    "podemos",
    "puede",
    "pueden",
    "tengo",
    "tenemos",
    "consigo",
    "conseguimos",
    "llego",
    "llegamos",
    "junto",
    "juntamos",
    "hay",
    "hubiera",
    "fuera",
    "sale",
    "baja",
    "bajan",
    "quieren",
    "viene",
    "vienen",
    "llueve",
];
/// Words that may mean no more than "read".
const NODS: &[&str] = &[
    "ok",
    "oka",
    "okey",
    "okay",
    "bueno",
    "perfecto",
    "genial",
    "buenísimo",
    "buenisimo",
    "bárbaro",
    "barbaro",
    "gracias",
    "muchas",
    "bien",
    "entiendo",
    "entendido",
    "ah",
    "aja",
    "ajá",
    "mm",
    "listo",
    "bárbara",
    "excelente",
];

impl Said<'_> {
    /// A clear yes and nothing else that could be meant: typed, short, without other dates, people, doubts or questions.
    /// A nod ("ok", 👍) is none: it may mean no more than "read".
    pub(super) fn is_plain_yes(&self) -> bool {
        let it = &self.understood;
        let facts = it.check_in.is_some()
            || it.check_out.is_some()
            || it.nights.is_some()
            || it.adults.is_some()
            || it.children.is_some()
            || it.guests_total.is_some()
            || it.pets.is_some()
            || it.cabins.is_some()
            || it.accommodation.is_some()
            || it.pointer.is_some()
            || it.vague.is_some()
            || !it.alternatives.is_empty()
            || !it.topics.is_empty();
        let doubts = it.denies || it.correction || it.discount || self.text.contains(['?', '¿']);
        // "Reservo", "quiero reservar"; but "la reserva 4F7K" is about one that exists.
        let books = it.intent == Intent::Reserve && it.unread == 0 && !self.speaks_of("reserva");
        let says_so = it.affirms || books;
        let nothing_else = it.also.iter().chain([&it.intent]).all(|intent| {
            matches!(
                intent,
                Intent::Affirm
                    | Intent::Greeting
                    | Intent::Thanks
                    | Intent::Reserve
                    | Intent::Payment
            )
        });
        self.typed
            && !self.voice
            && !self.file
            && says_so
            && !facts
            && !doubts
            && nothing_else
            && self.is_short_and_clear()
    }

    fn words(&self) -> impl Iterator<Item = String> {
        self.text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
    }

    pub(super) fn speaks_of(&self, thing: &str) -> bool {
        self.words().any(|word| word == thing)
    }

    fn is_short_and_clear(&self) -> bool {
        let words: Vec<String> = self.words().take(LONGEST_YES + 1).collect();
        let is = |list: &[&str], word: &String| list.contains(&word.as_str());
        let on_condition = words
            .windows(2)
            .any(|pair| pair[0] == "si" && is(CONDITIONS, &pair[1]));
        words.len() <= LONGEST_YES
            && !on_condition
            && self.understood.unread <= UNREAD_IN_A_YES
            && !words.iter().any(|word| is(DOUBTS, word))
            && !words.iter().all(|word| is(NODS, word))
    }
}
