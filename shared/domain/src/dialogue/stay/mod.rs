//! The guest's bookings: to see, pay, change, cancel them.

pub(super) mod payment;

use super::{Choice, Entry, World, person, said::Said, turn::Turn};

/// Files in a chat that the bot answers: receipts, or something a person looks at.
pub(super) async fn files<W: World>(
    turn: &mut Turn<'_, W>,
    _said: &Said<'_>,
) -> Result<(), W::Error> {
    person::hand_over(turn, person::Reason::File);
    Ok(())
}

/// Receipts in a chat that a person has: registered without a word.
pub(super) async fn files_for_a_person<W: World>(
    _turn: &mut Turn<'_, W>,
    _entries: &[&Entry],
) -> Result<(), W::Error> {
    Ok(())
}

/// A tap on one of a booking's buttons.
pub(super) async fn tap<W: World>(
    _turn: &mut Turn<'_, W>,
    _choice: &Choice,
    _entry: &Entry,
) -> Result<(), W::Error> {
    Ok(())
}

/// Words in answer to what was asked about a booking (states cancel… and change…). Whether they were that.
pub(super) async fn expected<W: World>(
    _turn: &mut Turn<'_, W>,
    _said: &Said<'_>,
) -> Result<bool, W::Error> {
    Ok(false)
}

/// Words that ask about a booking by themselves. Whether they do.
pub(super) async fn asked<W: World>(
    _turn: &mut Turn<'_, W>,
    _said: &Said<'_>,
) -> Result<bool, W::Error> {
    Ok(false)
}
