//! "Baja" and "alta": whether the guest wants messages that we begin.

use super::{World, said::Said, turn::Turn};

/// Whether the words were about that, and have been answered.
pub(super) async fn answer<W: World>(
    _turn: &mut Turn<'_, W>,
    _said: &Said<'_>,
) -> Result<bool, W::Error> {
    Ok(false)
}
