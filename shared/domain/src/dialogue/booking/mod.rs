//! From dates to a hold.

use super::{Choice, Entry, World, said::Said, turn::Turn};

/// Forgets a stay that is past, or was last spoken of long ago.
pub(super) fn refresh<W: World>(_turn: &mut Turn<'_, W>) {}

/// A tap on a button of the search.
pub(super) async fn tap<W: World>(
    _turn: &mut Turn<'_, W>,
    _choice: &Choice,
    _entry: &Entry,
) -> Result<(), W::Error> {
    Ok(())
}

/// Words about a stay: dates, people, prices, cabins, a yes to a price. Whether they were that.
pub(super) async fn heard<W: World>(
    _turn: &mut Turn<'_, W>,
    _said: &Said<'_>,
) -> Result<bool, W::Error> {
    Ok(false)
}

/// Says again, briefly, what is open.
pub(super) async fn resume<W: World>(_turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    Ok(())
}
