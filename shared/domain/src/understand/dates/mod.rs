//! Which nights a text means.
//!
//! Guaranteed: an arrival found is not before today, a departure is after its arrival, time is linear in the tokens.
//! Not guaranteed: that it is what the guest meant; what people dispute about is listed in `alternatives`, and what is
//! vague stays without dates.

mod assemble;
mod beside;
mod correction;
mod day;
mod item;
mod list;
mod long;
mod month;
mod next;
mod nights;
mod period;
mod phrase;
mod pick;
mod range;
mod relative;
mod replace;
mod role;
mod said;
mod scan;
mod settle;
mod single;
mod spell;
mod stays;
mod vague;
mod weekend;

use chrono::NaiveDate;

use super::lex::Tokens;
use super::{Context, Dates, Vague};

/// What a text says about time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The day of arrival.
    pub(super) check_in: Option<NaiveDate>,
    /// The day of departure; alone where only that was said.
    pub(super) check_out: Option<NaiveDate>,
    /// Nights between the two, or said alone.
    pub(super) nights: Option<u32>,
    /// A time was meant, but no dates.
    pub(super) vague: Option<Vague>,
    /// Its month, where one was named.
    pub(super) vague_month: Option<NaiveDate>,
    /// Other ways to read the dates.
    pub(super) alternatives: Vec<Dates>,
    /// Takes back something said before.
    pub(super) correction: bool,
}

/// Reads the dates; what it used is marked as taken. Guests must have been read before: a number they took is no day.
pub(super) fn dates(tokens: &mut Tokens, context: &Context<'_>) -> Found {
    let (items, used) = scan::scan(&tokens.all, context);
    for at in used {
        if let Some(token) = tokens.all.get_mut(at) {
            token.taken = true;
        }
    }
    assemble::assemble(&items, &tokens.all, context)
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
