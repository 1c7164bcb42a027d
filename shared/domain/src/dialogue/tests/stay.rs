//! The guest's bookings: to see and to cancel them.

use chrono::TimeDelta;

use super::{
    booked::{becomes, confirmed, held},
    talk::{Talk, choices, in_full, keys, value},
    world::nights,
};
use crate::{
    dialogue::{Choice, Content, State, Value},
    ids::ReservationId,
    reservation::Reservation,
};

fn states(talk: &Talk) -> Vec<Reservation> {
    talk.world.bookings.iter().map(|it| it.state).collect()
}

#[test]
fn a_guest_without_bookings_is_told_so_with_the_way_to_one() {
    let mut talk = Talk::new();
    let decision = talk.taps(&Choice::MyBookings);
    assert_eq!(keys(&decision), ["bookings-none"]);
    assert_eq!(choices(&decision), [Choice::Book, Choice::Human]);
}

#[test]
fn the_only_booking_is_shown_with_what_can_be_done() {
    let mut talk = Talk::new();
    let booked = held(&mut talk);
    let decision = talk.says("mis reservas");
    assert_eq!(keys(&decision), ["booking-card"]);
    assert_eq!(
        choices(&decision),
        [
            Choice::Pay(booked.id),
            Choice::Change(booked.id),
            Choice::Cancel(booked.id)
        ]
    );
    assert!(in_full(&decision).contains("status-to-pay"));
}

#[test]
fn several_are_listed_and_a_row_shows_one() {
    let mut talk = Talk::new();
    let first = confirmed(&mut talk);
    let second = talk.world.confirmed(2, nights("2027-03-01", "2027-03-05"));
    let decision = talk.says("mis reservas");
    assert_eq!(keys(&decision), ["bookings-several"]);
    assert_eq!(
        choices(&decision),
        [Choice::Booking(second.id), Choice::Booking(first.id)]
    );
    let one = talk.taps(&Choice::Booking(first.id));
    assert_eq!(
        value(&one, "booking-card", "code"),
        Some(Value::Words(first.code))
    );
}

#[test]
fn somebody_elses_booking_is_not_found_whatever_is_tapped() {
    let mut talk = Talk::new();
    let theirs = talk.world.strangers[0].clone();
    let quote = theirs.quote;
    for choice in [
        Choice::Booking(theirs.id),
        Choice::Pay(theirs.id),
        Choice::Cancel(theirs.id),
        Choice::CancelYes(theirs.id),
        Choice::Keep(theirs.id),
        Choice::Change(theirs.id),
        Choice::ChangeYes(theirs.id, quote),
        Choice::Again(theirs.id),
    ] {
        let decision = talk.taps(&choice);
        assert_eq!(keys(&decision), ["booking-not-found"], "{choice:?}");
        assert!(!in_full(&decision).contains(&theirs.code));
    }
    assert_eq!(talk.world.strangers[0], theirs);
}

#[test]
fn cancelling_says_what_comes_back_and_asks() {
    let mut talk = Talk::new();
    let booked = confirmed(&mut talk);
    let decision = talk.says("quiero cancelar mi reserva");
    assert_eq!(keys(&decision), ["cancel-about", "cancel-sure"]);
    assert!(in_full(&decision).contains("refund-all"));
    assert_eq!(
        choices(&decision),
        [Choice::CancelYes(booked.id), Choice::Keep(booked.id)]
    );
    assert_eq!(states(&talk), [Reservation::Confirmed]);
}

#[test]
fn a_tap_or_a_typed_yes_cancels() {
    for typed in [
        Some("sí"),
        Some("sí, cancelala"),
        Some("dale, cancelá por favor"),
        None,
    ] {
        let mut talk = Talk::new();
        let booked = confirmed(&mut talk);
        talk.says("quiero cancelar mi reserva");
        let decision = match typed {
            Some(words) => talk.says(words),
            None => talk.taps(&Choice::CancelYes(booked.id)),
        };
        assert_eq!(keys(&decision), ["cancel-done", "cancel-refund-follows"]);
        assert_eq!(states(&talk), [Reservation::Cancelled]);
    }
}

#[test]
fn doubts_a_voice_note_and_other_words_cancel_nothing() {
    for doubt in [
        "si cancelo pierdo la seña?",
        "sí pero cuánto me devuelven",
        "dale, te cancelo el saldo",
        "mmm no sé",
        "no",
        "gracias",
        "ok, y si cambio la fecha?",
    ] {
        let mut talk = Talk::new();
        confirmed(&mut talk);
        talk.says("quiero cancelar mi reserva");
        talk.says(doubt);
        assert_eq!(states(&talk), [Reservation::Confirmed], "{doubt}");
    }
    let mut talk = Talk::new();
    confirmed(&mut talk);
    talk.says("quiero cancelar mi reserva");
    talk.turn(vec![Content::Voice]);
    assert_eq!(states(&talk), [Reservation::Confirmed]);
}

#[test]
fn an_old_yes_button_only_asks_again() {
    let mut talk = Talk::new();
    let booked = confirmed(&mut talk);
    let decision = talk.taps(&Choice::CancelYes(booked.id));
    assert_eq!(keys(&decision), ["cancel-about", "cancel-sure"]);
    assert_eq!(states(&talk), [Reservation::Confirmed]);
    talk.says("hay cochera?");
    talk.taps(&Choice::MyBookings);
    talk.taps(&Choice::CancelYes(booked.id));
    assert_eq!(states(&talk), [Reservation::Confirmed]);
}

#[test]
fn a_yes_to_a_refund_that_is_less_by_now_is_asked_again() {
    let mut talk = Talk::new();
    let booked = confirmed(&mut talk);
    talk.taps(&Choice::Cancel(booked.id));
    // Within seven days of arrival nothing comes back.
    talk.later(TimeDelta::days(45));
    let decision = talk.taps(&Choice::CancelYes(booked.id));
    assert_eq!(states(&talk), [Reservation::Confirmed]);
    assert!(in_full(&decision).contains("refund-none"));
    talk.taps(&Choice::CancelYes(booked.id));
    assert_eq!(states(&talk), [Reservation::Cancelled]);
}

#[test]
fn a_no_leaves_it_as_it_is() {
    let mut talk = Talk::new();
    let booked = confirmed(&mut talk);
    talk.taps(&Choice::Cancel(booked.id));
    let decision = talk.says("no, mejor no");
    assert_eq!(keys(&decision), ["kept"]);
    assert_eq!(decision.chat.state, State::Held);
    assert_eq!(talk.says("sí").chat.state, State::Held);
    assert_eq!(states(&talk), [Reservation::Confirmed]);
}

#[test]
fn of_several_the_day_the_code_or_the_number_says_which_to_cancel() {
    let talk = || {
        let mut talk = Talk::new();
        let first = confirmed(&mut talk);
        let second = talk.world.confirmed(2, nights("2027-03-01", "2027-03-05"));
        (talk, first, second)
    };
    let asked = |talk: &Talk, id: ReservationId| {
        talk.chat.state == State::CancelConfirm && talk.chat.slots.booking == Some(id)
    };
    let (mut direct, first, _) = talk();
    direct.says("quiero cancelar la reserva del 10 de enero");
    assert!(asked(&direct, first.id));
    for (words, is_first) in [
        ("la del 1 de marzo", false),
        ("la de marzo", false),
        ("la 2", true),
        ("la Lago", true),
    ] {
        let (mut talk, first, second) = talk();
        let list = talk.says("quiero cancelar una reserva");
        assert_eq!(keys(&list), ["cancel-which"], "{words}");
        talk.says(words);
        let wanted = if is_first { first.id } else { second.id };
        assert!(asked(&talk, wanted), "{words} {:?}", talk.chat);
    }
}

#[test]
fn another_one_may_be_pointed_at_before_the_yes() {
    let mut talk = Talk::new();
    let first = confirmed(&mut talk);
    let second = talk.world.confirmed(2, nights("2027-03-01", "2027-03-05"));
    talk.taps(&Choice::Cancel(second.id));
    let other = talk.says("la 2");
    assert!(choices(&other).contains(&Choice::CancelYes(first.id)));
    talk.says("sí");
    assert_eq!(
        states(&talk),
        [Reservation::Cancelled, Reservation::Confirmed]
    );
}

#[test]
fn nothing_to_cancel_is_said_so() {
    let mut talk = Talk::new();
    assert_eq!(
        keys(&talk.says("quiero cancelar mi reserva")),
        ["cancel-none"]
    );
    let booked = held(&mut talk);
    becomes(&mut talk, &booked, Reservation::Expired);
    assert_eq!(keys(&talk.says("cancelar")), ["cancel-none"]);
    assert_eq!(
        keys(&talk.taps(&Choice::Cancel(booked.id))),
        ["cancel-over"]
    );
    becomes(&mut talk, &booked, Reservation::Cancelled);
    assert_eq!(
        keys(&talk.taps(&Choice::CancelYes(booked.id))),
        ["cancel-already"]
    );
}

#[test]
fn the_question_what_cancelling_costs_cancels_and_asks_nothing() {
    let mut talk = Talk::new();
    confirmed(&mut talk);
    let decision = talk.says("cuál es la política de cancelación?");
    assert_eq!(keys(&decision), ["words", "cancel-about"]);
    assert_ne!(decision.chat.state, State::CancelConfirm);
}

#[test]
fn an_ended_hold_is_looked_for_again_at_todays_price() {
    let mut talk = Talk::new();
    let booked = held(&mut talk);
    talk.later(TimeDelta::minutes(40));
    let decision = talk.taps(&Choice::Again(booked.id));
    assert_eq!(decision.chat.state, State::Confirm);
    assert_eq!(talk.world.bookings.len(), 1);
    let choice = super::talk::hold_of(&decision);
    talk.taps(&choice);
    assert_eq!(talk.world.bookings.len(), 2);
}

#[test]
fn a_living_booking_is_shown_and_a_past_one_begins_anew() {
    let mut talk = Talk::new();
    let booked = confirmed(&mut talk);
    assert_eq!(
        keys(&talk.taps(&Choice::Again(booked.id))),
        ["booking-card"]
    );
    becomes(&mut talk, &booked, Reservation::Expired);
    talk.later(TimeDelta::days(60));
    let decision = talk.taps(&Choice::Again(booked.id));
    assert_eq!(keys(&decision)[0], "again-past");
    assert_eq!(decision.chat.state, State::Dates);
}

#[test]
fn a_yes_counts_for_what_the_last_bubble_asked_and_for_nothing_else() {
    let mut talk = Talk::new();
    confirmed(&mut talk);
    talk.says("quiero cancelar mi reserva");
    let between = talk.says("hay cochera?");
    assert_eq!(keys(&between), ["words", "cancel-about", "cancel-sure"]);
    talk.says("me hacés un descuento?");
    talk.says("sí");
    assert_eq!(states(&talk), [Reservation::Confirmed]);
}

#[test]
fn a_yes_to_a_question_about_the_price_books_nothing() {
    let mut talk = Talk::new();
    talk.desk.texts.remove("discounts");
    talk.says("del 10 al 15 de enero, 2 adultos, en la Lago");
    talk.says("me hacés un descuento?");
    let again = talk.says("dale");
    assert!(talk.world.bookings.is_empty());
    assert_eq!(again.chat.state, State::Confirm, "asked outright");
    talk.says("dale");
    assert_eq!(talk.world.bookings.len(), 1);
}
