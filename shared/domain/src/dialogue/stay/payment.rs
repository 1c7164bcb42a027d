//! How a booking is paid.

use super::{find, mine, pick, speak_of, words};
use crate::{
    dialogue::{
        Booked, Choice, Part, Phrase, State, World, booking, person, questions, said::Said,
        turn::Turn,
    },
    ids::ReservationId,
    reservation::{Awaiting, Reservation},
    understand::{Intent, Topic},
};

/// Says how, and until when. The ways there are: today the transfer; a link to pay belongs here, before it.
pub(in crate::dialogue) fn how<W: World>(turn: &mut Turn<'_, W>, booked: &Booked) {
    speak_of(turn, booked.id);
    if booked.receipt_waits {
        turn.once(Part::Say(waits(booked)));
        return;
    }
    let Some(amount) = words::owed(booked) else {
        turn.once(Part::Say(words::status(booked)));
        return;
    };
    let desk = turn.desk;
    let Some(transfer) = desk.text("transfer") else {
        turn.once(Part::Say(words::status(booked)));
        return person::hand_over(turn, person::Reason::Unanswerable);
    };
    let pay = match booked.state {
        Reservation::Held(hold) => Phrase::new("pay-transfer")
            .with("amount", amount)
            .with("until", hold.expires_at),
        _ => Phrase::new("pay-transfer-balance").with("amount", amount),
    };
    if !turn.once(Part::Say(pay)) {
        return;
    }
    turn.words(transfer);
    turn.say(Phrase::new("pay-send-receipt").with("code", booked.code.clone()));
}

/// The button "Cómo pagar".
pub(super) async fn pay<W: World>(
    turn: &mut Turn<'_, W>,
    id: ReservationId,
) -> Result<(), W::Error> {
    let Some(booked) = find(turn, id).await? else {
        return Ok(());
    };
    let alive = matches!(
        booked.state,
        Reservation::Held(_) | Reservation::Confirmed | Reservation::CheckedIn
    );
    if alive {
        turn.stand(State::Held, None);
        turn.clear_menu();
        how(turn, &booked);
    } else {
        mine::show(turn, &booked);
    }
    Ok(())
}

/// "¿cómo pago?", "¿de cuánto es la seña?", "ya transferí". Whether there was anything to say about it.
pub(super) async fn asked<W: World>(
    turn: &mut Turn<'_, W>,
    said: &Said<'_>,
) -> Result<bool, W::Error> {
    let it = &said.understood;
    if said.file && turn.has_spoken() {
        // The receipt has been answered; its caption says no more than it.
        return Ok(true);
    }
    let bookings = turn.world.bookings().await?;
    let spoken_of = turn.chat.slots.booking;
    if let Some(booked) = bookings
        .iter()
        .find(|booked| booked.receipt_waits && questions::is_living(booked))
    {
        how(turn, booked);
        return Ok(true);
    }
    if let Some(booked) = pick::to_pay(&bookings, spoken_of) {
        if it.paid && !said.file {
            speak_of(turn, booked.id);
            turn.stand(State::Held, None);
            turn.say(sent(booked));
        } else if !said.file {
            turn.clear_menu();
            how(turn, booked);
        }
        return Ok(true);
    }
    if said.file {
        return Ok(true);
    }
    if !it.paid && it.check_in.is_some() {
        // "Del 20 al 23, somos 2, pago por transferencia": a stay that is looked for.
        return Ok(false);
    }
    if it.paid {
        // We know of nothing to pay.
        person::hand_over(turn, person::Reason::Unanswerable);
        return Ok(true);
    }
    let requested = bookings.iter().find(|booked| {
        matches!(booked.state, Reservation::Held(hold) if hold.awaiting == Awaiting::Owner)
    });
    let living = requested.or_else(|| bookings.iter().find(|booked| questions::is_living(booked)));
    if let Some(booked) = living {
        mine::show(turn, booked);
        return Ok(true);
    }
    if it.wants(Intent::Reserve) || it.wants(Intent::Availability) || it.wants(Intent::Price) {
        // The stay first; how to pay it comes with it.
        return Ok(false);
    }
    let told = [Topic::Payment, Topic::Transfer];
    if it.topics.iter().any(|topic| told.contains(topic)) && turn.chat.slots.quote.is_none() {
        return Ok(true);
    }
    before(turn).await.map(|()| true)
}

/// Nothing is booked: what the seña would be, and how one pays here.
async fn before<W: World>(turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    if let Some(id) = turn.chat.slots.quote
        && let Some(quoted) = turn.world.quoted(id).await?
        && quoted.valid_until > turn.now
    {
        turn.say(
            Phrase::new("deposit-of")
                .with("deposit", quoted.price.deposit)
                .with("total", quoted.price.charge),
        );
    }
    let desk = turn.desk;
    if let Some(text) = desk.text("payment") {
        turn.once(Part::Words(text.to_owned()));
    } else if desk.text("transfer").is_some() {
        turn.once(Part::Say(Phrase::new("pay-by-transfer-when-booked")));
    } else {
        person::hand_over(turn, person::Reason::Unanswerable);
        return Ok(());
    }
    booking::resume(turn).await
}

/// The money is said to be sent: its receipt, please.
fn sent(booked: &Booked) -> Phrase {
    match booked.state {
        Reservation::Held(hold) => {
            words::naming(Phrase::new("pay-receipt-please"), booked).with("until", hold.expires_at)
        }
        _ => words::naming(Phrase::new("pay-receipt-please-balance"), booked),
    }
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
