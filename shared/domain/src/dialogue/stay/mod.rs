//! The guest's bookings: to see, pay, change, cancel them; and the receipts she sends.
//!
//! Guaranteed: a booking is cancelled or changed by the tap that says so, or by a typed yes, right after what it means
//! was shown, and never on other terms than those shown. Every id from a button is asked of the world, which knows only
//! this guest's.

mod again;
pub(super) mod cancel;
pub(super) mod change;
pub(super) mod mine;
pub(super) mod payment;
pub(super) mod pick;
mod receipt;
pub(super) mod words;

use super::{
    Booked, Choice, Content, Entry, Phrase, State, World, booking, said::Said, turn::Turn,
};
use crate::{
    ids::ReservationId,
    reservation::Reservation,
    understand::{Asked, Intent, PayBy, Topic},
};

/// Files in a chat that the bot answers: receipts, or something a person looks at.
pub(super) async fn files<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
) -> Result<(), W::Error> {
    receipt::sent(turn, &of_files(said.entries)).await
}

/// Receipts in a chat that a person has: registered without a word.
pub(super) async fn files_for_a_person<W: World>(
    turn: &mut Turn<'_, W>,
    entries: &[&Entry],
) -> Result<(), W::Error> {
    receipt::register(turn, &of_files(entries)).await?;
    Ok(())
}

/// Those of the entries that carry a file.
fn of_files<'e>(entries: &[&'e Entry]) -> Vec<&'e Entry> {
    let entries = entries.iter().copied();
    entries
        .filter(|entry| matches!(entry.content, Content::File { .. }))
        .collect()
}

/// A tap on one of a booking's buttons.
pub(super) async fn tap<W: World>(
    turn: &mut Turn<'_, W>,
    choice: &Choice,
    _entry: &Entry,
) -> Result<(), W::Error> {
    match *choice {
        Choice::MyBookings => mine::list(turn).await,
        Choice::Booking(id) => mine::detail(turn, id).await,
        Choice::Pay(id) => payment::pay(turn, id).await,
        Choice::PayBy(id, way) => payment::pay_by(turn, id, way).await,
        Choice::Cancel(id) => cancel::propose(turn, id).await,
        Choice::CancelYes(id) => cancel::yes(turn, id).await,
        Choice::Keep(id) => mine::keep(turn, id).await,
        Choice::Change(id) => change::begin(turn, id).await,
        Choice::ChangeYes(id, quote) => change::yes(turn, id, quote).await,
        Choice::Again(id) => again::again(turn, id).await,
        _ => Ok(()),
    }
}

/// Words in answer to what was asked about a booking (states cancel… and change…). Whether they were that.
pub(super) async fn expected<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
) -> Result<bool, W::Error> {
    let it = &said.understood;
    let spoken_of = turn.chat.slots.changing.or(turn.chat.slots.booking);
    let no = (it.intent == Intent::Deny || it.denies)
        && !it.wants(Intent::Change)
        && !change::says_what(it);
    let yes = said.is_plain_yes();
    match turn.chat.state {
        State::CancelWhich if pick::points(said) => cancel::ask(turn, said).await.map(|()| true),
        State::ChangeWhich if pick::points(said) => change::ask(turn, said).await.map(|()| true),
        State::CancelConfirm => match spoken_of {
            Some(id) if cancel::is_yes(said) => cancel::yes(turn, id).await.map(|()| true),
            Some(id) if no => mine::keep(turn, id).await.map(|()| true),
            // "la otra, la 2".
            _ if pick::points(said) => cancel::ask(turn, said).await.map(|()| true),
            _ => Ok(false),
        },
        State::ChangeConfirm => match (spoken_of, turn.chat.slots.quote) {
            (Some(id), Some(quote)) if yes => change::yes(turn, id, quote).await.map(|()| true),
            (Some(id), _) if no => mine::keep(turn, id).await.map(|()| true),
            _ => change::dates(turn, said).await,
        },
        State::ChangeDates => match spoken_of {
            Some(id) if no => mine::keep(turn, id).await.map(|()| true),
            _ => change::dates(turn, said).await,
        },
        State::Held | State::Menu if said.is_plain_yes() && wants_it(said) => {
            yes_to_news(turn).await
        }
        State::CancelWhich | State::ChangeWhich if no => {
            turn.stand(State::Menu, None);
            turn.say(Phrase::new("kept-all"));
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// How the booking stands that is waited for, or spoken of. Whether there is one.
pub(super) async fn news<W: World>(turn: &mut Turn<'_, W>) -> Result<bool, W::Error> {
    let bookings = pick::open(turn.world.bookings().await?);
    let spoken_of = turn.chat.slots.booking;
    let waits = bookings.iter().find(|booked| booked.receipt_waits);
    let named = || bookings.iter().find(|booked| Some(booked.id) == spoken_of);
    let Some(booked) = waits.or_else(named).or(bookings.first()) else {
        return Ok(false);
    };
    if words::owed(booked).is_some() && booked.pay_by == Some(PayBy::MercadoPago) {
        turn.world.look_for_payment(booked.id).await?;
    }
    mine::show(turn, booked);
    Ok(true)
}

/// How to pay what is to be paid, if something is.
pub(super) async fn how_to_pay<W: World>(turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    let bookings = turn.world.bookings().await?;
    match pick::to_pay(&bookings, turn.chat.slots.booking) {
        Some(booked) => payment::how(turn, booked).await,
        None => Ok(()),
    }
}

/// Only who comes was said, and nothing is looked for: of the booking there is. Whether there is one.
pub(super) async fn who_changes<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
) -> Result<bool, W::Error> {
    let open = pick::open(turn.world.bookings().await?);
    if open.is_empty() {
        return Ok(false);
    }
    change::ask(turn, said).await?;
    Ok(true)
}

/// After a question in between: what it was between is asked again.
pub(super) async fn resume<W: World>(turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    let slots = &turn.chat.slots;
    match turn.chat.state {
        State::CancelConfirm => match slots.booking {
            Some(id) => cancel::propose(turn, id).await,
            None => Ok(()),
        },
        State::ChangeConfirm => match (slots.changing, slots.quote) {
            (Some(id), Some(quote)) => change::again(turn, id, quote).await,
            _ => Ok(()),
        },
        State::ChangeDates => match slots.changing {
            Some(id) => change::begin(turn, id).await,
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// A yes, and not only an "ok".
fn wants_it(said: &Said<'_>) -> bool {
    let text = said.text.to_lowercase();
    text.split(|c: char| !c.is_alphanumeric())
        .any(|word| matches!(word, "sí" | "si" | "dale" | "bueno" | "quiero" | "claro"))
}

/// A yes where nothing was asked outright: to looking again for a hold that is over, or to a price shown before. It shows,
/// and does nothing.
async fn yes_to_news<W: World>(turn: &mut Turn<'_, W>) -> Result<bool, W::Error> {
    if let Some(id) = turn.chat.slots.booking
        && let Some(booked) = turn.world.booking(id).await?
        && matches!(booked.state, Reservation::Expired | Reservation::Yielded)
    {
        again::again(turn, id).await?;
    } else if turn.chat.state == State::Held && turn.chat.slots.quote.is_some() {
        turn.chat.state = State::Confirm;
        booking::resume(turn).await?;
    }
    Ok(turn.has_spoken())
}

/// Words that ask about a booking by themselves. Whether they do.
pub(super) async fn asked<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
) -> Result<bool, W::Error> {
    let it = &said.understood;
    if it.wants(Intent::Cancel) && it.topics.contains(&Topic::Cancellation) {
        // "¿cuál es la política?": answered in the owner's words; here for the booking there is.
        cancel::about(turn).await?;
    } else if it.wants(Intent::Cancel) {
        cancel::ask(turn, said).await?;
    } else if it.wants(Intent::Change) {
        change::ask(turn, said).await?;
    } else if !it.paid && it.pay_by.is_some() && booking::says_yes(turn, said) {
        // "Dale, por transferencia" to a price: it is booked first.
        return Ok(false);
    } else if it.paid || it.wants(Intent::Payment) {
        return payment::asked(turn, said).await;
    } else if it.wants(Intent::MyReservations) {
        mine::asked(turn, said).await?;
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// Speaks of this booking from now on.
fn speak_of<W: World>(turn: &mut Turn<'_, W>, id: ReservationId) {
    turn.chat.slots.booking = Some(id);
    if turn.chat.slots.changing != Some(id) {
        turn.chat.slots.changing = None;
    }
}

/// The button's booking, or a word that there is none such.
async fn find<W: World>(
    turn: &mut Turn<'_, W>,
    id: ReservationId,
) -> Result<Option<Booked>, W::Error> {
    let found = turn.world.booking(id).await?;
    if found.is_none() {
        turn.say(Phrase::new("booking-not-found"));
    }
    Ok(found)
}

/// Asks whether to do it, with the two buttons.
fn ask_yes<W: World>(
    turn: &mut Turn<'_, W>,
    state: State,
    question: Phrase,
    buttons: [(Choice, Phrase); 2],
) {
    turn.ask(state, Asked::YesOrNo, question);
    for (choice, title) in buttons {
        turn.button(choice, title);
    }
}
