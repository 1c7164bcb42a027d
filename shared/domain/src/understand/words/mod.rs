//! The words we know: data only. How they are written stands in `intents::pattern`.
//!
//! Words stand as the lexer leaves them: lower case, no accents, ñ as n, "q" as "que", "x" and "p/" as "para".
//! Portuguese and English stand beside the Spanish of the same meaning.

mod after;
mod amenities;
mod common;
mod fillers;
mod house;
mod money;
mod no;
mod person;
mod place;
mod price;
mod reserve;
mod rooms;
mod stay;
mod taking_back;
mod talk;
mod yes;

pub(super) use common::COMMON;

use super::intents::sense::Sense;

/// Phrases of one sense.
pub(super) type Entry = (Sense, &'static [&'static str]);

/// Everything, the more telling first: of two phrases of the same length the first one counts.
pub(super) fn all() -> impl Iterator<Item = &'static Entry> {
    [
        person::WORDS,
        after::WORDS,
        money::WORDS,
        reserve::WORDS,
        price::WORDS,
        stay::WORDS,
        amenities::WORDS,
        rooms::WORDS,
        house::WORDS,
        place::WORDS,
        yes::WORDS,
        no::WORDS,
        taking_back::WORDS,
        talk::WORDS,
        fillers::WORDS,
    ]
    .into_iter()
    .flatten()
}
