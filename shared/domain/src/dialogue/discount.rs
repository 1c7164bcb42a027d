//! A lower price: the owner's to give.

use super::{World, person, turn::Turn};
use crate::ids::QuoteId;

/// The guest asks for a lower price, for this quote or in general, in these words.
pub(super) async fn ask<W: World>(
    turn: &mut Turn<'_, W>,
    _quote: Option<QuoteId>,
    _text: &str,
) -> Result<(), W::Error> {
    person::hand_over(turn, person::Reason::Unanswerable);
    Ok(())
}
