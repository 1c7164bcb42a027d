//! Small talk, and what nobody understood.

use super::{Phrase, World, said::Said, turn::Turn};

/// Nothing else took the words: greetings, thanks, nods, what nobody understood, files and notes without words.
pub(super) async fn answer<W: World>(
    turn: &mut Turn<'_, W>,
    _said: &Said<'_>,
) -> Result<(), W::Error> {
    if !turn.has_spoken() {
        turn.say(Phrase::new("what-do-you-need"));
    }
    Ok(())
}

/// The last step of a turn: a hello before the answer where one is due, and what can be tapped where nothing can.
pub(super) fn ways_out<W: World>(_turn: &mut Turn<'_, W>, _said: &Said<'_>) {}
