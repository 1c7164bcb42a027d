//! What the owner says to a guest who asked for a lower price.

use super::{follow::Follow, news::News, part, template};
use crate::{
    dialogue::{Button, Choice, Phrase, World, turn::Turn},
    ids::QuoteId,
    mode::Mode,
};

/// An offer of hers, with the price to say yes to. It is answered by a tap: a chat she had is the
/// desk's again.
pub(super) async fn made<W: World>(
    turn: &mut Turn<'_, W>,
    quote: QuoteId,
) -> Result<Option<News>, W::Error> {
    let quoted = turn.world.quoted(quote).await?;
    let Some(quoted) = quoted.filter(|quoted| quoted.valid_until > turn.now) else {
        return Ok(None);
    };
    if turn.chat.opted_out && !turn.window_open() {
        return Ok(None);
    }
    if turn.chat.mode == Mode::Human {
        turn.chat.mode = Mode::Bot;
    }
    turn.chat.slots.discount_asked = None;
    Ok(Some(News {
        parts: vec![part(Phrase::new("event-offer"))],
        buttons: vec![Button {
            choice: Choice::Hold(quoted.id),
            title: Phrase::new("button-hold-offer"),
        }],
        booking: None,
        useful_until: Some(quoted.valid_until),
        template: template::offer(&quoted),
        follow: Some(Follow::Price(Box::new(quoted))),
        weight: 7,
        pays: None,
    }))
}

/// No better price. After the 24 hours it is not worth a message of ours.
pub(super) fn none() -> News {
    News {
        parts: vec![part(Phrase::new("event-no-discount"))],
        buttons: Vec::new(),
        booking: None,
        useful_until: None,
        template: None,
        follow: None,
        weight: 8,
        pays: None,
    }
}
