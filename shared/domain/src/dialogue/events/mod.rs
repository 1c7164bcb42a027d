//! What happened to a guest's bookings, said in her chat.

use super::{Entry, World, turn::Turn};

/// Says it; as a template where the 24 hours are over.
pub(super) async fn tell<W: World>(
    _turn: &mut Turn<'_, W>,
    _events: &[&Entry],
) -> Result<(), W::Error> {
    Ok(())
}
