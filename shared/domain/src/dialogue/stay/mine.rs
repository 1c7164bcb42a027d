//! What the guest has booked.

use super::{
    find,
    pick::{self, Picked},
    speak_of, words,
};
use crate::{
    dialogue::{Booked, Choice, Phrase, State, World, said::Said, turn::Turn},
    ids::ReservationId,
    reservation::{Awaiting, Reservation},
};

/// "mi reserva": the one that is meant, or all.
pub(super) async fn asked<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
) -> Result<(), W::Error> {
    let bookings = turn.world.bookings().await?;
    show_picked(turn, pick::pick(bookings, said));
    Ok(())
}

/// All of them.
pub(super) async fn list<W: World>(turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    let mut bookings = turn.world.bookings().await?;
    show_picked(
        turn,
        match bookings.len() {
            0 => Picked::None,
            1 => Picked::One(Box::new(bookings.remove(0))),
            _ => Picked::Several(bookings),
        },
    );
    Ok(())
}

fn show_picked<W: World>(turn: &mut Turn<'_, W>, picked: Picked) {
    turn.clear_menu();
    match picked {
        Picked::None => {
            turn.stand(State::Menu, None);
            turn.say(Phrase::new("bookings-none"));
            turn.button(Choice::Book, Phrase::new("button-search"));
            turn.button(Choice::Human, Phrase::new("button-human"));
        }
        Picked::One(booked) => show(turn, &booked),
        Picked::Several(bookings) => {
            turn.stand(State::Menu, None);
            turn.say(Phrase::new("bookings-several"));
            pick::list(turn, &bookings, Choice::Booking);
        }
    }
}

/// One of them.
pub(super) async fn detail<W: World>(
    turn: &mut Turn<'_, W>,
    id: ReservationId,
) -> Result<(), W::Error> {
    if let Some(booked) = find(turn, id).await? {
        show(turn, &booked);
    }
    Ok(())
}

/// Leaves it as it is.
pub(super) async fn keep<W: World>(
    turn: &mut Turn<'_, W>,
    id: ReservationId,
) -> Result<(), W::Error> {
    turn.chat.slots.changing = None;
    turn.chat.slots.refund_shown = None;
    let Some(booked) = find(turn, id).await? else {
        return Ok(());
    };
    if !pick::is_open(&booked) {
        show(turn, &booked);
        return Ok(());
    }
    speak_of(turn, id);
    turn.stand(State::Held, None);
    turn.clear_menu();
    turn.say(words::naming(Phrase::new("kept"), &booked).with("status", words::status(&booked)));
    buttons(turn, &booked);
    Ok(())
}

/// All about one, with what can be done.
pub(super) fn show<W: World>(turn: &mut Turn<'_, W>, booked: &Booked) {
    speak_of(turn, booked.id);
    turn.stand(State::Held, None);
    turn.clear_menu();
    turn.say(words::card(booked));
    buttons(turn, booked);
}

/// What can be done about it, a person last where there is room.
pub(super) fn buttons<W: World>(turn: &mut Turn<'_, W>, booked: &Booked) {
    let id = booked.id;
    let pays = words::owed(booked).is_some() && !booked.receipt_waits;
    let mut buttons = Vec::new();
    match booked.state {
        Reservation::Held(hold) => {
            if pays && hold.awaiting == Awaiting::Payment {
                buttons.push((Choice::Pay(id), Phrase::new("button-pay")));
            }
            buttons.push((Choice::Change(id), Phrase::new("button-change")));
            buttons.push((Choice::Cancel(id), Phrase::new("button-cancel")));
        }
        Reservation::Confirmed => {
            if pays {
                buttons.push((Choice::Pay(id), Phrase::new("button-pay")));
            }
            buttons.push((Choice::Change(id), Phrase::new("button-change")));
            buttons.push((Choice::Cancel(id), Phrase::new("button-cancel")));
        }
        Reservation::CheckedIn if pays => {
            buttons.push((Choice::Pay(id), Phrase::new("button-pay")));
        }
        Reservation::Expired | Reservation::Yielded => {
            buttons.push((Choice::Again(id), Phrase::new("button-again")));
            buttons.push((Choice::Book, Phrase::new("button-search")));
        }
        _ => buttons.push((Choice::Book, Phrase::new("button-search"))),
    }
    if buttons.len() < 3 {
        buttons.push((Choice::Human, Phrase::new("button-human")));
    }
    for (choice, title) in buttons {
        turn.button(choice, title);
    }
}
