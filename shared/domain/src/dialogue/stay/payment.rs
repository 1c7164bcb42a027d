//! How a booking is paid.
//!
//! Guaranteed: nobody who has something to pay is left without a way on: the way she names if it is one here, else the
//! one that was asked for, else the one there is, else a person. Until when the nights are kept is said with it. Nothing
//! said here confirms anything. Not guaranteed: that there is a link yet; making one is the payment-worker's, and she is
//! told of it when it is there.

mod before;
mod said;
mod ways;

use super::{find, mine, speak_of, words};
use crate::{
    dialogue::{Booked, Choice, Link, Part, Phrase, State, World, person, turn::Turn},
    ids::ReservationId,
    mode::Mode,
    reservation::Reservation,
    understand::PayBy,
};

pub(in crate::dialogue) use before::{other_ways, ways_there_are};
pub(super) use said::asked;
pub(in crate::dialogue) use ways::by_link;

/// Says how, and until when. What was not asked for yet, or in a way nobody can take here, is asked for by link where
/// links can be made.
pub(in crate::dialogue) async fn how<W: World>(
    turn: &mut Turn<'_, W>,
    booked: &Booked,
) -> Result<(), W::Error> {
    let open = words::owed(booked).is_some() && !booked.receipt_waits && !words::reviewed(booked);
    if open
        && turn.desk.mercadopago
        && !ways::can_be_told(turn.desk, booked)
        && let Ok(asked) = turn.world.pay_by(booked.id, PayBy::MercadoPago).await?
    {
        tell(turn, &asked);
    } else {
        tell(turn, booked);
    }
    Ok(())
}

/// The same for what has been asked for.
pub(in crate::dialogue) fn tell<W: World>(turn: &mut Turn<'_, W>, booked: &Booked) {
    let ways = turn.desk.ways();
    let way = match booked.pay_by {
        Some(way) if ways::can_be_told(turn.desk, booked) => Some(way),
        _ if ways.transfer => Some(PayBy::Transfer),
        _ => None,
    };
    by(turn, booked, way);
}

/// How it is paid this way, whatever was asked for; with no way at all a person says.
pub(in crate::dialogue) fn by<W: World>(
    turn: &mut Turn<'_, W>,
    booked: &Booked,
    way: Option<PayBy>,
) {
    speak_of(turn, booked.id);
    if booked.receipt_waits {
        turn.once(Part::Say(waits(booked)));
        return;
    }
    let amount = words::owed(booked).filter(|_| !words::reviewed(booked));
    let (Some(amount), Some(way)) = (amount, way) else {
        turn.once(Part::Say(words::status(booked)));
        if amount.is_some() && turn.chat.mode != Mode::Human {
            person::hand_over(turn, person::Reason::Unanswerable);
        }
        return;
    };
    match way {
        PayBy::MercadoPago => {
            let link = by_link(turn.desk, booked, amount);
            turn.once(Part::Say(link));
        }
        PayBy::Transfer => ways::by_transfer(turn, booked, amount),
        PayBy::Cash => {
            turn.once(Part::Say(
                words::naming(Phrase::new("pay-cash"), booked).with("amount", amount),
            ));
        }
    }
    other_way(turn, booked, way);
}

/// The button of the other way, and those that stand beside it.
fn other_way<W: World>(turn: &mut Turn<'_, W>, booked: &Booked, way: PayBy) {
    if turn.chat.mode == Mode::Human {
        return;
    }
    let stuck = way == PayBy::MercadoPago && matches!(booked.link, Link::Late | Link::Failed);
    let other = turn.desk.ways().beside(way);
    if let Some(other) = other {
        turn.button(Choice::PayBy(booked.id, other), ways::title(other));
        turn.button(Choice::Booking(booked.id), Phrase::new("button-my-booking"));
    }
    if (other.is_some() || stuck) && turn.chat.mode != Mode::Waiting {
        turn.button(Choice::Human, Phrase::new("button-human"));
    }
}

/// The button "Cómo pagar".
pub(super) async fn pay<W: World>(
    turn: &mut Turn<'_, W>,
    id: ReservationId,
) -> Result<(), W::Error> {
    let Some(booked) = find(turn, id).await? else {
        return Ok(());
    };
    if !alive(&booked) {
        mine::show(turn, &booked);
        return Ok(());
    }
    turn.stand(State::Held, None);
    turn.clear_menu();
    how(turn, &booked).await
}

/// The button of one of the ways.
pub(super) async fn pay_by<W: World>(
    turn: &mut Turn<'_, W>,
    id: ReservationId,
    way: PayBy,
) -> Result<(), W::Error> {
    let Some(booked) = find(turn, id).await? else {
        return Ok(());
    };
    if !alive(&booked) || words::owed(&booked).is_none() {
        mine::show(turn, &booked);
        return Ok(());
    }
    turn.stand(State::Held, None);
    turn.clear_menu();
    switch(turn, &booked, way).await
}

/// It is paid this way from now on, if it is one of those there are.
async fn switch<W: World>(
    turn: &mut Turn<'_, W>,
    booked: &Booked,
    way: PayBy,
) -> Result<(), W::Error> {
    if !turn.desk.ways().has(way) {
        ways_there_are(turn);
        return how(turn, booked).await;
    }
    let same = booked.pay_by == Some(way) || booked.receipt_waits || words::reviewed(booked);
    if same {
        return how(turn, booked).await;
    }
    if way == PayBy::Transfer && booked.pay_by.is_none() {
        // Her receipt asks for it.
        by(turn, booked, Some(way));
        return Ok(());
    }
    match turn.world.pay_by(booked.id, way).await? {
        Ok(booked) => tell(turn, &booked),
        // It has ended, or is paid, since it was read.
        Err(_) => match turn.world.booking(booked.id).await? {
            Some(booked) => mine::show(turn, &booked),
            None => turn.say(Phrase::new("booking-not-found")),
        },
    }
    Ok(())
}

const fn alive(booked: &Booked) -> bool {
    matches!(
        booked.state,
        Reservation::Held(_) | Reservation::Confirmed | Reservation::CheckedIn
    )
}

/// A receipt is being looked at.
pub(super) fn waits(booked: &Booked) -> Phrase {
    match booked.state {
        Reservation::Held(hold) => {
            words::naming(Phrase::new("receipt-waits"), booked).with("until", hold.expires_at)
        }
        _ => words::naming(Phrase::new("receipt-waits-balance"), booked),
    }
}

/// A way to the booking that was just spoken of.
pub(super) fn buttons<W: World>(turn: &mut Turn<'_, W>, booked: &Booked) {
    turn.button(Choice::Booking(booked.id), Phrase::new("button-my-booking"));
    turn.button(Choice::Human, Phrase::new("button-human"));
}
