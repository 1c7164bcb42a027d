//! What a message wants: from the senses of its phrases, in their order, and from whether it names days or guests.
//!
//! Guaranteed: linear, total, the same for the same text. The rules of precedence stand in [`decide`]; what the words
//! mean stands in the vocabulary.

mod courtesy;
mod decide;
mod pattern;
mod phrases;
mod said;
pub(super) mod sense;
mod senses;
mod slips;

use std::ops::Range;

use super::{Context, Intent, PayBy, Topic, lex::Tokens};
use senses::Senses;

/// What the other readers found.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one fact of its own")]
pub(super) struct Facts {
    /// Days, vague or not, or nights.
    pub(super) when: bool,
    /// A party.
    pub(super) who: bool,
    /// Animals that come along.
    pub(super) pets: bool,
    /// A cabin or one of what was offered.
    pub(super) which: bool,
    /// The tokens of a cabin's name.
    pub(super) name: Range<usize>,
}

/// What a message wants.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "several can be true of one text"
)]
pub(super) struct Meaning {
    pub(super) intents: Vec<Intent>,
    pub(super) topics: Vec<Topic>,
    pub(super) pay_by: Option<PayBy>,
    pub(super) discount: bool,
    pub(super) paid: bool,
    pub(super) correction: bool,
    pub(super) opt_out: bool,
    pub(super) opt_in: bool,
    pub(super) greets: bool,
    pub(super) thanks: bool,
    pub(super) denies: bool,
    pub(super) affirms: bool,
    pub(super) unread: usize,
}

/// Reads what a message wants.
pub(super) fn intents(tokens: &Tokens, context: &Context<'_>, facts: &Facts) -> Meaning {
    let lexicon = phrases::lexicon();
    let words = said::said(tokens, &facts.name, |word| lexicon.meant(word));
    let senses = Senses::new(
        &words,
        lexicon.hits(&words),
        tokens.all.iter().any(|token| token.mark('?')),
    );
    decide::decide(&senses, context, facts)
}
