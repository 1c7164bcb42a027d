//! Who comes: how many, how old, with which animals, in how many cabins.

use super::{Context, lex::Tokens};

/// What a text says about the party.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Guests {
    /// Grown-ups, where they were told apart.
    pub(super) adults: Option<u32>,
    /// Children, infants among them.
    pub(super) children: Option<u32>,
    /// Of the children, those in arms.
    pub(super) infants: Option<u32>,
    /// Of the children, in years.
    pub(super) ages: Vec<u8>,
    /// Animals.
    pub(super) pets: Option<u32>,
    /// Everybody.
    pub(super) total: Option<u32>,
    /// Cabins.
    pub(super) cabins: Option<u32>,
}

/// Reads the party; what it used is marked as taken.
pub(super) fn guests(_tokens: &mut Tokens, _context: &Context<'_>) -> Guests {
    Guests::default()
}
