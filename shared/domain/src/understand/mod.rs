//! What a guest's text asks for, by keywords: Rioplatense Spanish as it is written on a phone, with Portuguese and
//! English words that at least route.
//!
//! Guaranteed: any text gives a reading, in time linear in its length (only its first words are read). Not
//! guaranteed: that the reading is right; so whatever is not clearly one of the known questions counts as `other`,
//! which a person answers.

mod context;
mod dates;
mod guests;
pub mod holidays;
mod intents;
mod lex;
mod names;
mod normalise;
mod reading;
mod remaining;
mod topics;
mod vocabulary;
mod whole;
mod words;

pub use context::{Asked, Context};
pub use normalise::words;
pub use reading::{Dates, Intent, PayBy, Pointer, Understanding, Vague};
pub use topics::Topic;
pub use whole::{is_complete, understand};

/// What was found in one text. Several things can be true at once ("hola, ¿dónde queda? gracias").
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "several of them can be true of one text"
)]
pub struct Reading {
    /// Known questions, in the order of the menu.
    pub topics: Vec<Topic>,
    /// A greeting.
    pub greeting: bool,
    /// Asks in general ("info", "una consulta"): the menu answers it.
    pub general: bool,
    /// Wants a person.
    pub human: bool,
    /// Thanks.
    pub thanks: bool,
    /// "ok", "dale", 👍: needs no answer.
    pub nod: bool,
    /// Something else that a person must answer.
    pub other: bool,
}

impl Reading {
    /// Nothing at all was said ("?", an empty text).
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }

    /// A known question with nothing left open: more words would not change the answer.
    pub fn is_complete(&self) -> bool {
        (!self.topics.is_empty() || self.human) && !self.other
    }
}

/// How many words beside a recognised phrase make it a question of its own.
const RESIDUE_BESIDE_SMALL_TALK: usize = 3;
const RESIDUE_BESIDE_A_QUESTION: usize = 4;

/// Reads one text.
pub fn read(text: &str) -> Reading {
    let words = words(text);
    let mut left = remaining::Remaining::new(&words);
    let mut reading = Reading::default();
    for topic in [Topic::Location, Topic::Services, Topic::CheckIn] {
        if left.take(vocabulary::topic(topic)) {
            reading.topics.push(topic);
        }
    }
    reading.human = left.take(vocabulary::HUMAN);
    // Greetings first: "buenas noches" books no night.
    reading.greeting = left.take(vocabulary::GREETING);
    let booking = left.take(vocabulary::BOOKING);
    reading.thanks = left.take(vocabulary::THANKS);
    reading.general = left.take(vocabulary::GENERAL);
    reading.nod = left.take(vocabulary::NOD);
    let when_or_who = left.count(vocabulary::WHEN_OR_WHO);
    left.take(vocabulary::FILLER);
    let residue = left.unclaimed();

    let answered = !reading.topics.is_empty() || reading.human;
    let small_talk = reading.greeting || reading.thanks || reading.general || reading.nod;
    reading.other = booking
        || if answered {
            when_or_who >= 2 || residue >= RESIDUE_BESIDE_A_QUESTION
        } else if small_talk {
            when_or_who >= 1
                || residue >= RESIDUE_BESIDE_SMALL_TALK
                || (residue > 0 && text.contains('?'))
        } else {
            // Words only, and none of them known: also "¿y eso?" is a question to somebody.
            !words.is_empty()
        };
    if words.is_empty() && text.chars().any(normalise::is_pictograph) {
        reading.nod = true;
    }
    reading
}

#[cfg(test)]
mod tests;
