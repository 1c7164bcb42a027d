//! A lower price: the owner's to give, as an adjustment on the quote.
//!
//! Guaranteed: she is asked with the quote and the guest's words, the guest is told so. The desk itself never bargains.

use chrono::TimeDelta;

use super::{Attention, Choice, Part, Phrase, Quoted, World, booking, turn::Turn};
use crate::ids::QuoteId;

/// What she is shown of the guest's words.
const MOST_WORDS: usize = 300;
/// Asked again within this time, the guest hears that the question is on its way already.
const STILL_ASKED: TimeDelta = TimeDelta::hours(12);

/// The guest asks for a lower price, for this quote or in general, in these words.
pub(super) async fn ask<W: World>(
    turn: &mut Turn<'_, W>,
    quote: Option<QuoteId>,
    text: &str,
) -> Result<(), W::Error> {
    if let Some(asked) = asked_now(turn) {
        // In this very turn, by the question without its words.
        if let Some((_, words)) = asked.detail.iter_mut().find(|(name, _)| *name == "asked")
            && words.is_empty()
        {
            words.extend(text.chars().take(MOST_WORDS));
        }
        return Ok(());
    }
    let desk = turn.desk;
    let known = desk.text("discounts");
    if let Some(words) = known {
        turn.once(Part::Words(words.to_owned()));
    }
    let Some(quoted) = current(turn, quote).await? else {
        // Without dates there is no price to make lower.
        if known.is_none() {
            turn.once(Part::Say(Phrase::new("discount-needs-dates")));
        }
        return booking::resume(turn).await;
    };
    let asked = turn.chat.slots.discount_asked;
    if asked.is_some_and(|at| turn.now - at < STILL_ASKED) {
        turn.say(Phrase::new("discount-waits"));
    } else {
        turn.chat.slots.discount_asked = Some(turn.now);
        turn.say(Phrase::new("discount-asked"));
    }
    turn.attention.push(Attention {
        kind: Attention::DISCOUNT,
        about: None,
        deadline: desk.hours.promise(turn.now).deadline,
        detail: vec![
            ("quote", quoted.id.to_string()),
            ("asked", text.chars().take(MOST_WORDS).collect()),
        ],
        actions: &["offer", "decline"],
    });
    turn.clear_menu();
    turn.button(Choice::Hold(quoted.id), Phrase::new("button-book-as-is"));
    turn.button(Choice::OtherDates, Phrase::new("button-other-dates"));
    Ok(())
}

fn asked_now<'t, W: World>(turn: &'t mut Turn<'_, W>) -> Option<&'t mut Attention> {
    let mut matters = turn.attention.iter_mut();
    matters.find(|matter| matter.kind == Attention::DISCOUNT)
}

/// The quote that is spoken of, if it is this guest's and can still be booked.
async fn current<W: World>(
    turn: &mut Turn<'_, W>,
    quote: Option<QuoteId>,
) -> Result<Option<Quoted>, W::Error> {
    let Some(id) = quote.or(turn.chat.slots.quote) else {
        return Ok(None);
    };
    let quoted = turn.world.quoted(id).await?;
    let now = turn.now;
    Ok(quoted.filter(|quoted| quoted.valid_until > now))
}
