//! Changing: which one, to what, what it costs, an explicit yes, done.
//!
//! The same kinds of cabin and, unless the guest says otherwise, the same people and as many nights. What only the owner
//! may allow goes to her. Guaranteed: only the quote that was just shown is changed to.

mod price;
mod target;

use super::{
    find, payment,
    pick::{self, Picked},
    speak_of, words,
};
use crate::{
    dialogue::{
        Booked, Choice, Denied, Phrase, Quoted, State, World, person, said::Said, turn::Turn,
    },
    ids::{QuoteId, ReservationId},
    nights::Period,
    refusal::Refusal,
    understand::Asked,
};

use price::{not_so, price};
pub(super) use target::says_what;

/// "quiero cambiar la fecha": the one that is meant, to what was said.
pub(super) async fn ask<W: World>(turn: &mut Turn<'_, W>, said: &Said<'_>) -> Result<(), W::Error> {
    let bookings = pick::open(turn.world.bookings().await?);
    match pick::pick(bookings, said) {
        Picked::None => {
            turn.stand(State::Menu, None);
            turn.clear_menu();
            turn.say(Phrase::new("change-none"));
            turn.button(Choice::Book, Phrase::new("button-search"));
            turn.button(Choice::Human, Phrase::new("button-human"));
            Ok(())
        }
        Picked::One(booked) => {
            let mut it = target::near(turn, said, &booked);
            target::longer(&mut it, said, &booked);
            let wanted = target::wanted(turn.desk, &booked, None, &it);
            start(turn, &booked);
            match wanted {
                Some(Ok(stays)) => price(turn, &booked, stays).await,
                Some(Err(refusal)) => {
                    not_so(turn, &refusal);
                    Ok(())
                }
                None => Ok(()),
            }
        }
        Picked::Several(bookings) => {
            turn.stand(State::ChangeWhich, None);
            turn.say(Phrase::new("change-which"));
            pick::list(turn, &bookings, Choice::Change);
            Ok(())
        }
    }
}

/// The button "Cambiar".
pub(super) async fn begin<W: World>(
    turn: &mut Turn<'_, W>,
    id: ReservationId,
) -> Result<(), W::Error> {
    let Some(booked) = find(turn, id).await? else {
        return Ok(());
    };
    if booked.state.change(turn.now).is_err() {
        turn.stand(State::Menu, None);
        turn.clear_menu();
        let over = words::naming(Phrase::new("change-over"), &booked);
        turn.say(over.with("status", words::status(&booked)));
        return Ok(());
    }
    start(turn, &booked);
    Ok(())
}

/// Asks for what it is to be changed to.
fn start<W: World>(turn: &mut Turn<'_, W>, booked: &Booked) {
    turn.chat.slots.booking = Some(booked.id);
    turn.chat.slots.changing = Some(booked.id);
    turn.chat.slots.quote = None;
    turn.chat.slots.guests_total = None;
    turn.chat.slots.offered.clear();
    turn.ask(
        State::ChangeDates,
        Asked::Dates,
        words::naming(Phrase::new("change-to-what"), booked),
    );
}

/// Words that say to what (new dates, nights, people, one of the dates shown), in states `ChangeDates` and
/// `ChangeConfirm`. Whether they did.
pub(super) async fn dates<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
) -> Result<bool, W::Error> {
    let it = &said.understood;
    let Some(id) = turn.chat.slots.changing else {
        return Ok(false);
    };
    let shown = target::shown(&turn.chat.slots.offered, it.pointer);
    // "En febrero": which days is asked again.
    if shown.is_none() && !says_what(it) && it.vague.is_none() {
        return Ok(false);
    }
    let Some(booked) = find(turn, id).await? else {
        return Ok(true);
    };
    let from = match shown {
        Some(period) => Some(period),
        None => proposed(turn).await?,
    };
    let mut it = target::near(turn, said, &booked);
    if let Some(guests) = turn.chat.slots.guests_total.take()
        && !target::says_who(&it)
    {
        // More than fitted where they are: in the cabin that is named now.
        it.guests_total = Some(guests);
    }
    match target::wanted(turn.desk, &booked, from, &it) {
        Some(Ok(stays)) => price(turn, &booked, stays).await?,
        Some(Err(refusal)) => not_so(turn, &refusal),
        None if let Some(period) = shown => {
            price(turn, &booked, target::moved(&booked, period)).await?;
        }
        None => start(turn, &booked),
    }
    Ok(true)
}

/// The dates that were proposed last: "mejor 3 noches" starts from those.
async fn proposed<W: World>(turn: &mut Turn<'_, W>) -> Result<Option<Period>, W::Error> {
    if turn.chat.state != State::ChangeConfirm {
        return Ok(None);
    }
    let Some(id) = turn.chat.slots.quote else {
        return Ok(None);
    };
    let quoted = turn.world.quoted(id).await?;
    Ok(quoted.and_then(|quoted| quoted.stays.first().map(|(wanted, _)| wanted.period)))
}

/// The explicit yes. Done only if exactly this was just asked.
pub(super) async fn yes<W: World>(
    turn: &mut Turn<'_, W>,
    id: ReservationId,
    quote: QuoteId,
) -> Result<(), W::Error> {
    let Some(booked) = find(turn, id).await? else {
        return Ok(());
    };
    let slots = &turn.chat.slots;
    let just_asked = turn.chat.state == State::ChangeConfirm
        && slots.changing == Some(id)
        && slots.quote == Some(quote);
    let quoted = turn.world.quoted(quote).await?;
    if booked.quote == quote {
        // Tapped twice.
        super::mine::show(turn, &booked);
        return Ok(());
    }
    let Some(quoted) = quoted.filter(|quoted| quoted.valid_until > turn.now) else {
        return begin(turn, id).await;
    };
    if !just_asked {
        return price_of(turn, &booked, quoted).await;
    }
    match turn.world.change(id, quote).await? {
        Ok(changed) => done(turn, &changed).await?,
        Err(denied) => refused(turn, &booked, &denied).await?,
    }
    Ok(())
}

/// What it would cost, once more.
pub(super) async fn again<W: World>(
    turn: &mut Turn<'_, W>,
    id: ReservationId,
    quote: QuoteId,
) -> Result<(), W::Error> {
    let booked = turn.world.booking(id).await?;
    let quoted = turn.world.quoted(quote).await?;
    match (booked, quoted) {
        (Some(booked), Some(quoted)) => price_of(turn, &booked, quoted).await,
        _ => Ok(()),
    }
}

/// Today's price of what was quoted.
async fn price_of<W: World>(
    turn: &mut Turn<'_, W>,
    booked: &Booked,
    quoted: Quoted,
) -> Result<(), W::Error> {
    if booked.state.change(turn.now).is_err() {
        return begin(turn, booked.id).await;
    }
    let stays = quoted.stays.into_iter().map(|(wanted, _)| wanted).collect();
    price(turn, booked, stays).await
}

async fn done<W: World>(turn: &mut Turn<'_, W>, booked: &Booked) -> Result<(), W::Error> {
    turn.chat.slots.forget_stay();
    turn.chat.slots.changing = None;
    speak_of(turn, booked.id);
    turn.stand(State::Held, None);
    turn.clear_menu();
    turn.say(words::naming(Phrase::new("change-done"), booked).with("total", booked.charge));
    if booked.refund_due.minor > 0 {
        turn.say(Phrase::new("change-refund-follows").with("amount", booked.refund_due));
    }
    if words::owed(booked).is_some() {
        payment::how(turn, booked).await?;
    } else {
        turn.say(words::status(booked));
    }
    Ok(())
}

async fn refused<W: World>(
    turn: &mut Turn<'_, W>,
    booked: &Booked,
    denied: &Denied,
) -> Result<(), W::Error> {
    match denied {
        Denied::Refused(Refusal::NeedsOwner) => {
            turn.stand(State::Held, None);
            turn.clear_menu();
            turn.say(Phrase::new("change-needs-owner"));
            person::hand_over(turn, person::Reason::Unanswerable);
            Ok(())
        }
        Denied::Refused(Refusal::Taken { .. }) => {
            start(turn, booked);
            turn.say(Phrase::new("change-full"));
            Ok(())
        }
        Denied::Refused(refusal) => {
            not_so(turn, refusal);
            Ok(())
        }
        Denied::NotFound | Denied::State(_) => begin(turn, booked.id).await,
    }
}
