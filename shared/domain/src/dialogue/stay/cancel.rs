//! Cancelling: which one, what comes back, an explicit yes, done.
//!
//! Guaranteed: only what was just shown is done. A tap on yesterday's "yes" is a question about today: what comes back
//! may have changed, and is shown again.

use super::{
    ask_yes, find,
    pick::{self, Picked},
    speak_of, words,
};
use crate::{
    cancellation::{Outcome, Rule},
    dialogue::{Booked, Choice, Denied, Phrase, State, World, person, said::Said, turn::Turn},
    ids::ReservationId,
    money::Money,
    reservation::Status,
    understand::Intent,
};

/// "quiero cancelar": the one that is meant, or which.
pub(super) async fn ask<W: World>(turn: &mut Turn<'_, W>, said: &Said<'_>) -> Result<(), W::Error> {
    let bookings = pick::open(turn.world.bookings().await?);
    match pick::pick(bookings, said) {
        // "¿se puede cancelar?" has been answered in the owner's words.
        Picked::None if turn.has_spoken() => {}
        Picked::None => none(turn),
        Picked::One(booked) => show(turn, &booked).await?,
        Picked::Several(bookings) => {
            turn.stand(State::CancelWhich, None);
            turn.say(Phrase::new("cancel-which"));
            pick::list(turn, &bookings, Choice::Cancel);
        }
    }
    Ok(())
}

/// What cancelling would mean, for somebody who only asks: nothing is done and nothing is asked.
pub(super) async fn about<W: World>(turn: &mut Turn<'_, W>) -> Result<(), W::Error> {
    let bookings = pick::open(turn.world.bookings().await?);
    let [booked] = bookings.as_slice() else {
        return Ok(());
    };
    if let Ok(outcome) = turn.world.cancellation(booked.id).await? {
        turn.stand(State::Held, None);
        let about = words::naming(Phrase::new("cancel-about"), booked);
        turn.say(about.with("refund", refund(outcome)));
        turn.button(Choice::Cancel(booked.id), Phrase::new("button-cancel"));
        turn.button(Choice::Booking(booked.id), Phrase::new("button-my-booking"));
    }
    Ok(())
}

/// Nothing is booked: a price that was shown costs nothing to leave.
fn none<W: World>(turn: &mut Turn<'_, W>) {
    turn.chat.slots.forget_stay();
    turn.stand(State::Menu, None);
    turn.clear_menu();
    turn.say(Phrase::new("cancel-none"));
    turn.button(Choice::Book, Phrase::new("button-search"));
    turn.button(Choice::Human, Phrase::new("button-human"));
}

/// Says what cancelling this one would mean, and asks.
pub(super) async fn propose<W: World>(
    turn: &mut Turn<'_, W>,
    id: ReservationId,
) -> Result<(), W::Error> {
    if let Some(booked) = find(turn, id).await? {
        show(turn, &booked).await?;
    }
    Ok(())
}

async fn show<W: World>(turn: &mut Turn<'_, W>, booked: &Booked) -> Result<(), W::Error> {
    match turn.world.cancellation(booked.id).await? {
        Ok(outcome) => question(turn, booked, outcome),
        Err(denied) => refused(turn, booked, &denied),
    }
    Ok(())
}

fn question<W: World>(turn: &mut Turn<'_, W>, booked: &Booked, outcome: Outcome) {
    let id = booked.id;
    speak_of(turn, id);
    turn.chat.slots.refund_shown = Some(outcome.refund.minor);
    turn.say(words::naming(Phrase::new("cancel-about"), booked).with("refund", refund(outcome)));
    ask_yes(
        turn,
        State::CancelConfirm,
        Phrase::new("cancel-sure"),
        [
            (Choice::CancelYes(id), Phrase::new("button-cancel-yes")),
            (Choice::Keep(id), Phrase::new("button-keep")),
        ],
    );
}

/// Whether the words are a typed yes to cancelling and nothing else: "si cancelo, pierdo la seña" and "dale, cancelo el
/// saldo" are not.
pub(super) fn is_yes(said: &Said<'_>) -> bool {
    const YES: [&str; 10] = [
        "sí", "si", "dale", "ok", "listo", "bueno", "confirmo", "claro", "sip", "sisi",
    ];
    const CANCEL: [&str; 8] = [
        "cancela",
        "cancelá",
        "cancelala",
        "cancélala",
        "cancelar",
        "cancelarla",
        "cancelalo",
        "cancele",
    ];
    const FILLER: [&str; 9] = [
        "por", "favor", "porfa", "la", "quiero", "reserva", "gracias", "de", "una",
    ];
    if said.understood.intent == Intent::Affirm && said.is_plain_yes() {
        return true;
    }
    let text = said.text.to_lowercase();
    let mut words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    let any = words
        .peek()
        .is_some_and(|first| YES.contains(first) || CANCEL.contains(first));
    let all =
        words.all(|word| YES.contains(&word) || CANCEL.contains(&word) || FILLER.contains(&word));
    said.typed && !said.voice && !said.file && !text.contains('?') && any && all
}

/// The explicit yes. Done only if exactly this was just asked, on the same terms.
pub(super) async fn yes<W: World>(
    turn: &mut Turn<'_, W>,
    id: ReservationId,
) -> Result<(), W::Error> {
    let Some(booked) = find(turn, id).await? else {
        return Ok(());
    };
    let just_asked = turn.chat.state == State::CancelConfirm && turn.chat.slots.booking == Some(id);
    let outcome = match turn.world.cancellation(id).await? {
        Ok(outcome) => outcome,
        Err(denied) => {
            refused(turn, &booked, &denied);
            return Ok(());
        }
    };
    if !just_asked || turn.chat.slots.refund_shown != Some(outcome.refund.minor) {
        question(turn, &booked, outcome);
        return Ok(());
    }
    match turn.world.cancel(id).await? {
        Ok((booked, outcome)) => done(turn, &booked, outcome),
        Err(denied) => refused(turn, &booked, &denied),
    }
    Ok(())
}

fn done<W: World>(turn: &mut Turn<'_, W>, booked: &Booked, outcome: Outcome) {
    turn.chat.slots.forget_stay();
    turn.chat.slots.refund_shown = None;
    turn.chat.slots.changing = None;
    turn.stand(State::Menu, None);
    turn.clear_menu();
    turn.say(words::naming(Phrase::new("cancel-done"), booked));
    if outcome.refund.minor > 0 {
        turn.say(Phrase::new("cancel-refund-follows").with("amount", outcome.refund));
    }
    turn.button(Choice::Book, Phrase::new("button-search"));
    turn.button(Choice::Human, Phrase::new("button-human"));
}

fn refused<W: World>(turn: &mut Turn<'_, W>, booked: &Booked, denied: &Denied) {
    turn.stand(State::Menu, None);
    turn.clear_menu();
    match (booked.state.status(), denied) {
        (Status::Cancelled, _) => {
            turn.say(words::naming(Phrase::new("cancel-already"), booked));
            if booked.refund_due.minor > 0 {
                turn.say(Phrase::new("cancel-refund-follows").with("amount", booked.refund_due));
            }
        }
        (Status::Expired | Status::Yielded | Status::Completed | Status::NoShow, _) => {
            let over = words::naming(Phrase::new("cancel-over"), booked);
            turn.say(over.with("status", words::status(booked)));
        }
        (_, Denied::Refused(refusal)) => {
            turn.say(Phrase::new("stay-refused").with("refusal", refusal.clone()));
            person::hand_over(turn, person::Reason::Unanswerable);
        }
        // Somebody who is there leaves early instead: a person's matter.
        _ => person::hand_over(turn, person::Reason::Unanswerable),
    }
}

/// What comes back, in words.
fn refund(outcome: Outcome) -> Phrase {
    let paid = outcome.refund.minor.saturating_add(outcome.retained.minor);
    let paid = Money::new(paid, outcome.refund.currency);
    if paid.minor <= 0 {
        return Phrase::new("refund-nothing-paid");
    }
    if outcome.retained.minor <= 0 {
        return match outcome.rule {
            Rule::Withdrawal => Phrase::new("refund-withdrawal"),
            _ => Phrase::new("refund-all"),
        }
        .with("amount", outcome.refund);
    }
    if outcome.refund.minor <= 0 {
        return Phrase::new("refund-none").with("paid", paid);
    }
    Phrase::new("refund-part")
        .with("amount", outcome.refund)
        .with("paid", paid)
}
