//! The explicit yes: holding the nights of a quote. A yes to something that is no longer so is a question about today.

use super::{party, search, shown};
use crate::{
    dialogue::{
        Booked, Choice, Denied, Phrase, Quoted, State, Value, World,
        stay::{payment, pick},
        turn::Turn,
    },
    ids::{EntryId, QuoteId},
    refusal::Refusal,
    reservation::{Awaiting, Hold, Reservation},
    understand::PayBy,
};

/// So many bookings of one guest may wait for her money at a time.
const MOST_UNPAID: usize = 3;

/// A tap on "book": an order for the price that was shown last. For any other it is a question about today.
pub(super) async fn tapped<W: World>(
    turn: &mut Turn<'_, W>,
    quote: QuoteId,
    entry: EntryId,
    pay_by: PayBy,
) -> Result<(), W::Error> {
    let searching = matches!(
        turn.chat.state,
        State::Dates | State::CheckOut | State::Guests | State::Options
    );
    if turn.chat.slots.quote == Some(quote) && !searching {
        return hold(turn, quote, entry, pay_by).await;
    }
    turn.clear_menu();
    let Some(quoted) = turn.world.quoted(quote).await? else {
        return gone(turn).await;
    };
    let bookings = turn.world.bookings().await?;
    if let Some(booked) = living(&bookings, &quoted) {
        held(turn, booked, "held-already");
        return Ok(());
    }
    if bookings.iter().any(|booked| booked.quote == quote) {
        turn.say(Phrase::new("hold-was-over"));
        return today(turn, &quoted).await;
    }
    if quoted.valid_until <= turn.now {
        turn.say(Phrase::new("price-was-old"));
        return today(turn, &quoted).await;
    }
    if quoted.adjustments.is_empty() {
        // Somebody else may have the nights by now.
        return today(turn, &quoted).await;
    }
    // That very price: the owner has taken something off.
    super::price(turn, &quoted);
    Ok(())
}

/// Holds the nights of this quote, if it is this guest's and still good. The entry is what said yes.
pub(super) async fn hold<W: World>(
    turn: &mut Turn<'_, W>,
    quote: QuoteId,
    entry: EntryId,
    pay_by: PayBy,
) -> Result<(), W::Error> {
    turn.clear_menu();
    let Some(quoted) = turn.world.quoted(quote).await? else {
        return gone(turn).await;
    };
    if too_many(turn).await? {
        return Ok(());
    }
    match turn.world.hold(quote, pay_by, entry).await? {
        Ok(booked) => {
            held(turn, &booked, "held");
            Ok(())
        }
        Err(Denied::Refused(Refusal::QuoteUsed)) => used(turn, &quoted).await,
        Err(Denied::Refused(Refusal::StaleQuote { .. })) => {
            turn.say(Phrase::new("price-was-old"));
            today(turn, &quoted).await
        }
        Err(Denied::Refused(Refusal::Taken { .. })) => {
            turn.say(Phrase::new("just-taken"));
            today(turn, &quoted).await
        }
        // Today's search says so.
        Err(Denied::Refused(Refusal::Past { .. })) => today(turn, &quoted).await,
        Err(Denied::Refused(why)) => {
            turn.say(Phrase::new("refused").with("why", why));
            today(turn, &quoted).await
        }
        Err(Denied::NotFound | Denied::State(_)) => gone(turn).await,
    }
}

/// The nights are held: what, how to pay, until when.
pub(super) fn held<W: World>(turn: &mut Turn<'_, W>, booked: &Booked, key: &'static str) {
    let Some(first) = booked.stays.first() else {
        return;
    };
    let names: Vec<String> = booked
        .stays
        .iter()
        .map(|stay| stay.unit_type_name.clone())
        .collect();
    let said = Phrase {
        key,
        values: Vec::new(),
    };
    let mut said = said
        .with("name", shown::name(&names))
        .with("code", booked.code.as_str())
        .with("period", first.period)
        .with("total", booked.charge);
    if let Some(everybody) = party::sum(booked.stays.iter().map(|stay| &stay.party)) {
        said = said.with("party", everybody);
    }
    turn.chat.slots.forget_stay();
    turn.chat.slots.booking = Some(booked.id);
    turn.stand(State::Held, None);
    turn.say(said);
    match booked.state {
        Reservation::Held(Hold {
            awaiting: Awaiting::Owner,
            expires_at,
        }) => turn.say(Phrase::new("held-for-owner").with("until", expires_at)),
        Reservation::Held(_) => payment::tell(turn, booked),
        _ => turn.button(Choice::Booking(booked.id), Phrase::new("button-my-booking")),
    }
}

/// Whether nothing more is held before something is paid; then that has been said.
async fn too_many<W: World>(turn: &mut Turn<'_, W>) -> Result<bool, W::Error> {
    let mut bookings = turn.world.bookings().await?;
    bookings.retain(|booked| {
        matches!(booked.state, Reservation::Held(hold) if hold.awaiting == Awaiting::Payment)
    });
    if bookings.len() < MOST_UNPAID {
        return Ok(false);
    }
    turn.stand(State::Menu, None);
    turn.say(Phrase::new("holds-enough").with("holds", u32::try_from(bookings.len()).unwrap_or(0)));
    pick::list(turn, &bookings, Choice::Booking);
    Ok(true)
}

/// The booking that the quote has become, while it takes nights.
fn living<'b>(bookings: &'b [Booked], quoted: &Quoted) -> Option<&'b Booked> {
    let of_quote = bookings
        .iter()
        .find(|booked| booked.quote == quoted.id && booked.state.takes_nights());
    // A booking that was changed has another quote now.
    let like_it = || {
        bookings.iter().find(|booked| {
            booked.state.takes_nights()
                && booked.stays.iter().any(|stay| {
                    quoted.stays.iter().any(|(wanted, _)| {
                        wanted.unit_type == stay.unit_type && wanted.period.overlaps(stay.period)
                    })
                })
        })
    };
    of_quote.or_else(like_it)
}

/// The quote has become a booking: that one is shown, or, if it has ended, what the same stay is today.
async fn used<W: World>(turn: &mut Turn<'_, W>, quoted: &Quoted) -> Result<(), W::Error> {
    let bookings = turn.world.bookings().await?;
    if let Some(booked) = living(&bookings, quoted) {
        held(turn, booked, "held-already");
        return Ok(());
    }
    turn.say(Phrase::new("hold-was-over"));
    today(turn, quoted).await
}

/// The same stay, today.
async fn today<W: World>(turn: &mut Turn<'_, W>, quoted: &Quoted) -> Result<(), W::Error> {
    let Some((first, _)) = quoted.stays.first() else {
        return gone(turn).await;
    };
    let slots = &mut turn.chat.slots;
    party::remember(slots, party::of_quote(quoted));
    slots.check_in = Some(first.period.check_in());
    slots.check_out = Some(first.period.check_out());
    slots.kinds = quoted
        .stays
        .iter()
        .map(|(wanted, _)| wanted.unit_type)
        .collect();
    slots.cabins = None;
    slots.quote = None;
    search::search(turn, false).await
}

/// There is no such quote for this guest: what she was looking for is looked for again.
async fn gone<W: World>(turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    turn.chat.slots.quote = None;
    turn.say(Phrase::new("price-is-gone"));
    search::search(turn, false).await
}

/// The price that was shown, once more and briefly, if it still stands.
pub(super) async fn again<W: World>(
    turn: &mut Turn<'_, W>,
    quote: QuoteId,
) -> Result<(), W::Error> {
    let Some(quoted) = turn.world.quoted(quote).await? else {
        return Ok(());
    };
    if quoted.valid_until <= turn.now {
        // What was looked for is still wanted: what it costs today.
        return search::search(turn, false).await;
    }
    let names: Vec<String> = quoted.stays.iter().map(|(_, name)| name.clone()).collect();
    let Some((first, _)) = quoted.stays.first() else {
        return Ok(());
    };
    let question = Phrase::new("ask-confirm-again")
        .with("name", shown::name(&names))
        .with("period", Value::Period(first.period))
        .with("total", quoted.price.charge);
    turn.ask(State::Confirm, crate::understand::Asked::YesOrNo, question);
    super::price::buttons(turn, &quoted);
    Ok(())
}
