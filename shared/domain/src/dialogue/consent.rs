//! "Baja" and "alta": whether the guest wants messages that we begin. What she asks is answered all the same, and what
//! becomes of a booking of hers is still told.

use super::{Phrase, World, said::Said, turn::Turn};

/// Whether the words were about that, and have been answered.
pub(super) async fn answer<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
) -> Result<bool, W::Error> {
    let it = &said.understood;
    if !it.opt_out && !it.opt_in {
        return Ok(false);
    }
    // "baja… no, perdón, alta": what keeps more silent counts.
    turn.world.opt_out(it.opt_out).await?;
    turn.chat.opted_out = it.opt_out;
    turn.clear_menu();
    turn.say(if it.opt_out {
        Phrase::new("opted-out")
    } else {
        Phrase::new("opted-in")
    });
    Ok(true)
}
