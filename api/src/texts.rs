//! The API's sentences: the catalogues that everybody shares.

use posta_domain::dialogue;

pub use posta_texts::{Texts, TextsError};

/// A value of a message.
pub type Value = dialogue::Value;

/// Values of a message, by name.
pub type Values = Vec<(&'static str, Value)>;
