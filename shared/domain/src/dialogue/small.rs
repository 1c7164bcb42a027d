//! Small talk, and what nobody understood.

use super::{Entry, Phrase, World, turn::Turn};

/// Placeholder of the order in which the parts are asked; see the other modules.
pub(super) async fn answer<W: World>(
    turn: &mut Turn<'_, W>,
    _open: &[&Entry],
) -> Result<(), W::Error> {
    turn.say(Phrase::new("what-do-you-need"));
    Ok(())
}
