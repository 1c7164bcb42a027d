//! Words: the catalogues of `locales/`, and how dates, amounts, lists and refusals are written in them.
//!
//! Actors: the domain decides what is said and gives a [`posta_domain::dialogue::Phrase`]; [`Texts`] holds the sentences;
//! a [`Renderer`] puts the two together for one reader at one moment. Used by whatever speaks to people: the
//! message-worker, the API, the command line.
//!
//! Guaranteed: a broken catalogue stops the process at its start, not a conversation later; whatever the values are,
//! rendering does not panic. Not guaranteed: lengths (the message-worker keeps the provider's limits).

mod amounts;
mod catalogue;
mod dates;
mod lists;
mod refusals;
mod render;

pub use catalogue::{Texts, TextsError};
pub use render::Renderer;
