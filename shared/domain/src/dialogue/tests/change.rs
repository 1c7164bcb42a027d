//! Changing a booking.

use super::{
    booked::confirmed,
    talk::{Talk, choices, in_full, keys, says, value},
    world::nights,
};
use crate::{
    dialogue::{Booked, Choice, Decision, State, Value},
    nights::Period,
};

fn begun() -> (Talk, Booked) {
    let mut talk = Talk::new();
    let booked = confirmed(&mut talk);
    talk.says("quiero cambiar la fecha de mi reserva");
    (talk, booked)
}

fn period(talk: &Talk) -> Period {
    talk.world.bookings[0].stays[0].period
}

fn shown(decision: &Decision) -> Option<Value> {
    value(decision, "change-price", "period")
}

#[test]
fn a_change_asks_to_what_and_shows_the_difference() {
    let (mut talk, booked) = begun();
    assert_eq!(talk.chat.state, State::ChangeDates);
    let decision = talk.says("del 20 al 26 de enero");
    assert_eq!(keys(&decision), ["change-price", "change-sure"]);
    assert_eq!(
        shown(&decision),
        Some(nights("2027-01-20", "2027-01-26").into())
    );
    assert!(in_full(&decision).contains("difference-more"));
    assert!(matches!(choices(&decision)[0], Choice::ChangeYes(id, _) if id == booked.id));
    assert_eq!(period(&talk), nights("2027-01-10", "2027-01-15"));
}

#[test]
fn a_tap_or_a_typed_yes_changes() {
    for typed in [true, false] {
        let (mut talk, _) = begun();
        let price = talk.says("del 20 al 26 de enero");
        let decision = if typed {
            talk.says("dale")
        } else {
            talk.taps(&choices(&price)[0])
        };
        assert_eq!(keys(&decision)[0], "change-done");
        assert_eq!(period(&talk), nights("2027-01-20", "2027-01-26"));
    }
}

#[test]
fn all_in_one_message_goes_straight_to_the_price() {
    let mut talk = Talk::new();
    confirmed(&mut talk);
    let decision = talk.says("quiero cambiar mi reserva del 20 al 26 de enero");
    assert_eq!(
        shown(&decision),
        Some(nights("2027-01-20", "2027-01-26").into())
    );
}

#[test]
fn one_end_keeps_the_rest_and_a_correction_starts_from_what_was_shown() {
    let (mut talk, _) = begun();
    assert_eq!(
        shown(&talk.says("desde el 20 de enero")),
        Some(nights("2027-01-20", "2027-01-25").into())
    );
    assert_eq!(
        shown(&talk.says("mejor 3 noches")),
        Some(nights("2027-01-20", "2027-01-23").into())
    );
    let people = talk.says("somos 4");
    assert_eq!(
        shown(&people),
        Some(nights("2027-01-20", "2027-01-23").into())
    );
    assert_eq!(period(&talk), nights("2027-01-10", "2027-01-15"));
}

#[test]
fn days_without_a_month_are_the_bookings_month() {
    let (mut talk, _) = begun();
    assert_eq!(
        shown(&talk.says("del 12 al 18")),
        Some(nights("2027-01-12", "2027-01-18").into())
    );
    assert_eq!(
        shown(&talk.says("no, del 12 al 18 de diciembre")),
        Some(nights("2026-12-12", "2026-12-18").into())
    );
}

#[test]
fn its_own_nights_are_not_in_its_way() {
    let (mut talk, _) = begun();
    let price = talk.says("del 12 al 17 de enero");
    assert_eq!(keys(&price), ["change-price", "change-sure"]);
    talk.taps(&choices(&price)[0]);
    assert_eq!(period(&talk), nights("2027-01-12", "2027-01-17"));
}

#[test]
fn taken_nights_are_said_with_the_nearest_free_ones_to_choose_from() {
    let (mut talk, _) = begun();
    talk.world.fill(1, "2027-01-20", "2027-01-27");
    let decision = talk.says("del 20 al 25 de enero");
    assert_eq!(keys(&decision), ["change-full-near", "change-one-of-these"]);
    let near = talk.chat.slots.offered[0].clone();
    let chosen = talk.says("la primera");
    let wanted = Period::new(near.check_in, near.check_out).unwrap();
    assert_eq!(shown(&chosen), Some(wanted.into()));
}

#[test]
fn what_is_not_sold_so_is_said_why() {
    let (mut talk, _) = begun();
    let decision = talk.says("somos 9");
    assert_eq!(keys(&decision)[0], "stay-refused");
    assert_eq!(decision.chat.state, State::ChangeDates);
}

#[test]
fn another_cabin_may_be_named_and_a_month_alone_is_asked_about() {
    let (mut talk, _) = begun();
    assert_eq!(keys(&talk.says("en febrero")), ["change-to-what"]);
    talk.says("pasame a la Bosque");
    talk.says("dale");
    assert_eq!(talk.world.bookings[0].stays[0].unit_type_name, "Bosque");
}

#[test]
fn what_only_the_owner_may_allow_goes_to_her() {
    let (mut talk, _) = begun();
    talk.world.needs_owner = true;
    let price = talk.says("del 20 al 26 de enero");
    let decision = talk.taps(&choices(&price)[0]);
    assert_eq!(
        keys(&decision),
        ["change-needs-owner", "person-will-answer"]
    );
    assert_eq!(period(&talk), nights("2027-01-10", "2027-01-15"));
}

#[test]
fn an_old_yes_button_only_asks_again_and_doubts_change_nothing() {
    let (mut talk, booked) = begun();
    let price = talk.says("del 20 al 26 de enero");
    let yes = choices(&price)[0].clone();
    talk.says("no, dejala así");
    let again = talk.taps(&yes);
    assert_eq!(keys(&again), ["change-price", "change-sure"]);
    for doubt in [
        "si cambio, pierdo algo?",
        "y con 3 noches cuánto sería?",
        "gracias",
    ] {
        talk.says(doubt);
    }
    assert_eq!(period(&talk), nights("2027-01-10", "2027-01-15"));
    assert_eq!(talk.world.bookings[0].quote, booked.quote);
}

#[test]
fn a_yes_tapped_twice_changes_once() {
    let (mut talk, _) = begun();
    let price = talk.says("del 20 al 26 de enero");
    let yes = choices(&price)[0].clone();
    talk.taps(&yes);
    let second = talk.taps(&yes);
    assert_eq!(keys(&second), ["booking-card"]);
    assert_eq!(period(&talk), nights("2027-01-20", "2027-01-26"));
}

#[test]
fn without_a_booking_there_is_nothing_to_change() {
    let mut talk = Talk::new();
    assert!(says(&talk.says("quiero cambiar mi reserva"), "change-none"));
}
