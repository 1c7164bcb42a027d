//! What a guest's text says and wants: Rioplatense Spanish as it is written on a phone, with Portuguese and English
//! words that at least route.
//!
//! The lexer ([`lex`]) splits the text; [`names`], [`guests`] and [`dates`] take what is theirs, in this order, so that
//! "la 2" is no party and "para 4" no day; [`intents`] reads what is wanted from the words ([`words`], data only) and
//! from what the others found.
//!
//! Guaranteed: any text gives an [`Understanding`], in time linear in what is read of it, the same for the same text
//! and context; what is disputed stands in its `alternatives`, what is vague has no dates. Not guaranteed: that it is
//! what the guest meant. So nothing here sells or cancels anything: the dialogue asks before it does.

mod context;
mod dates;
mod guests;
pub mod holidays;
mod intents;
mod later;
mod lex;
mod names;
mod normalise;
mod reading;
mod topics;
mod whole;
mod words;

pub use context::{Asked, Context};
pub use reading::{Dates, Intent, PayBy, Pointer, Understanding, Vague};
pub use topics::Topic;
pub use whole::{is_complete, prepare, understand};

#[cfg(test)]
mod tests;
