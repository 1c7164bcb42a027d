use chrono::TimeDelta;

use super::super::{
    talk::{Talk, choices, hold_of, says, tap_of, text_of},
    world::kind_id,
};
use crate::{
    dialogue::{Choice, Content, Event, State},
    rates::BookingMode,
    reservation::Reservation,
};

/// A chat in front of a price, and the button that books it.
fn priced() -> (Talk, Choice) {
    let mut talk = Talk::new();
    let decision = talk.says("del 10 al 15 de enero para 6");
    let book = hold_of(&decision);
    (talk, book)
}

#[test]
fn a_tap_holds_the_nights_and_says_how_to_pay() {
    let (mut talk, book) = priced();
    let decision = talk.taps(&book);
    assert!(says(&decision, "held"));
    assert_eq!(talk.world.bookings.len(), 1);
    assert_eq!(talk.chat.state, State::Held);
    assert_eq!(talk.chat.slots.booking, Some(talk.world.bookings[0].id));
    assert_eq!(talk.chat.slots.check_in, None, "the search is over");
}

#[test]
fn a_typed_yes_right_after_the_price_holds_too() {
    for yes in [
        "dale",
        "sí",
        "si, confirmo",
        "dale, reservala",
        "joya, mandale",
        "reservo",
        "quiero reservar",
        "Sí por favor",
    ] {
        let (mut talk, _) = priced();
        let decision = talk.says(yes);
        assert!(says(&decision, "held"), "{yes}: {decision:#?}");
    }
}

#[test]
fn a_yes_with_anything_else_in_it_holds_nothing() {
    for doubt in [
        "sí pero somos 5",
        "dale, y el 20?",
        "si tiene pileta la reservo",
        "sí, pero lo consulto con mi marido y te aviso",
        "dale dejame pensarlo",
        "sí? y cuánto es la seña?",
        "ok, lo hablo y te confirmo mañana",
        "no",
        "no sé",
        "si puedo reservo",
        "la reserva",
        "gracias",
    ] {
        let (mut talk, _) = priced();
        talk.says(doubt);
        assert!(talk.world.bookings.is_empty(), "{doubt}");
    }
}

#[test]
fn a_nod_is_asked_again_with_the_button() {
    for nod in ["ok", "👍", "perfecto", "bueno, gracias"] {
        let (mut talk, book) = priced();
        let decision = talk.says(nod);
        assert!(choices(&decision).contains(&book), "{nod}: {decision:#?}");
        assert!(talk.world.bookings.is_empty(), "{nod}");
    }
}

#[test]
fn no_other_date_asks_for_it() {
    let (mut talk, _) = priced();
    assert!(says(&talk.says("no, otra fecha"), "ask-dates"));
}

#[test]
fn another_of_those_shown_before_can_still_be_pointed_at() {
    for (said, kind) in [("mejor la 3", 2), ("quiero otra más barata", 3)] {
        let mut talk = Talk::new();
        talk.says("del 10 al 15 de enero para 2 personas");
        talk.says("la 2");
        assert!(says(&talk.says(said), "price"), "{said}");
        assert_eq!(talk.chat.slots.kinds, [kind_id(kind)], "{said}");
    }
}

#[test]
fn asking_for_others_shows_them_all() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero para 2 personas");
    talk.says("la 1");
    assert_eq!(talk.chat.state, State::Confirm);
    assert!(says(&talk.says("qué otras tenés?"), "options-for"));
}

#[test]
fn a_voice_note_a_sticker_a_photo_and_a_strange_button_hold_nothing() {
    let (mut talk, _) = priced();
    talk.turn(vec![Content::Voice]);
    talk.turn(vec![Content::Sticker]);
    talk.turn(vec![Content::Tap {
        id: "prereserve:7f3c:confirm".to_owned(),
        title: "dale".to_owned(),
    }]);
    assert!(talk.world.bookings.is_empty());
}

#[test]
fn a_yes_to_nothing_holds_nothing() {
    let mut talk = Talk::new();
    talk.says("hola");
    talk.says("sí");
    talk.says("del 10 al 15 de enero");
    talk.says("dale");
    talk.says("somos 2");
    talk.says("dale");
    assert!(talk.world.bookings.is_empty());
    assert_eq!(talk.chat.state, State::Options);
}

#[test]
fn a_dale_to_something_else_is_asked_what_it_means() {
    let (mut talk, book) = priced();
    let decision = talk.says("me hacés precio?");
    assert!(says(&decision, "discount-asked"), "{decision:#?}");
    let decision = talk.says("dale");
    assert!(talk.world.bookings.is_empty());
    assert!(choices(&decision).contains(&book), "{decision:#?}");
    assert!(says(&talk.says("dale"), "held"));
}

#[test]
fn a_yes_days_later_shows_the_price_again() {
    let (mut talk, _) = priced();
    talk.later(TimeDelta::hours(25));
    talk.says("dale");
    assert!(talk.world.bookings.is_empty());
}

#[test]
fn an_offer_in_a_chat_that_a_person_has_can_be_taken() {
    let (mut talk, book) = priced();
    let Choice::Hold(quote) = book else {
        unreachable!("it books")
    };
    talk.turn(vec![Content::Person]);
    assert_eq!(talk.taps(&book).reply, None, "she has the chat");
    let offer = talk.event(Event::Offer { quote });
    let decision = talk.taps(&hold_of(&offer));
    assert!(says(&decision, "held"), "{decision:#?}");
}

#[test]
fn two_taps_are_one_booking_shown_twice() {
    let (mut talk, book) = priced();
    talk.taps(&book);
    let again = talk.taps(&book);
    assert!(says(&again, "held-already"));
    let both = talk.turn(vec![tap_of(&book), tap_of(&book)]);
    assert!(says(&both, "held-already"));
    assert_eq!(talk.world.bookings.len(), 1);
}

#[test]
fn a_tap_and_a_typed_yes_together_are_one_booking() {
    let (mut talk, book) = priced();
    let decision = talk.turn(vec![tap_of(&book), text_of("dale")]);
    assert!(says(&decision, "held"));
    assert_eq!(talk.world.bookings.len(), 1);
}

#[test]
fn wanting_to_book_what_is_held_shows_it() {
    let (mut talk, book) = priced();
    talk.taps(&book);
    let decision = talk.says("quiero reservar");
    assert!(says(&decision, "held-already"), "{decision:#?}");
}

#[test]
fn an_old_button_is_a_question_about_today() {
    let (mut talk, book) = priced();
    talk.later(TimeDelta::days(3));
    let decision = talk.taps(&book);
    assert!(says(&decision, "price-was-old") && says(&decision, "price"));
    assert_ne!(hold_of(&decision), book);
    assert!(talk.world.bookings.is_empty());
}

#[test]
fn a_button_tapped_after_its_hold_ended_shows_the_same_stay_today() {
    let (mut talk, book) = priced();
    talk.taps(&book);
    talk.later(TimeDelta::hours(2));
    let decision = talk.taps(&book);
    assert!(says(&decision, "hold-was-over") && says(&decision, "price"));
    assert!(matches!(
        talk.world.bookings[0].state.at(talk.now),
        Reservation::Expired
    ));
    let decision = talk.taps(&hold_of(&decision));
    assert!(says(&decision, "held"));
}

#[test]
fn what_was_taken_meanwhile_gets_alternatives() {
    let (mut talk, book) = priced();
    talk.world.fill(2, "2027-01-08", "2027-01-16");
    let decision = talk.taps(&book);
    assert!(says(&decision, "just-taken"), "{decision:#?}");
    assert!(!says(&decision, "refused-for"), "said once");
    assert!(
        choices(&decision)
            .iter()
            .all(|it| matches!(it, Choice::Option { .. }))
    );
    assert!(!choices(&decision).is_empty());
    assert!(talk.world.bookings.is_empty());
}

#[test]
fn somebody_elses_button_is_nobodys() {
    let mut talk = Talk::new();
    let stranger = talk.world.strangers_quotes[0].id;
    let decision = talk.taps(&Choice::Hold(stranger));
    assert!(says(&decision, "price-is-gone") && says(&decision, "ask-dates"));
    assert!(talk.world.bookings.is_empty());
}

#[test]
fn what_the_owner_must_agree_to_is_said_so() {
    let mut talk = Talk::new();
    talk.world.rates(2).booking_mode = BookingMode::Request;
    let priced = talk.says("del 10 al 15 de enero para 6");
    let decision = talk.taps(&hold_of(&priced));
    assert!(says(&decision, "held-for-owner"));
}

#[test]
fn no_to_the_price_leaves_the_guest_in_peace_and_the_stay_known() {
    let (mut talk, _) = priced();
    let decision = talk.says("no gracias");
    assert!(says(&decision, "no-hurry"), "{decision:#?}");
    talk.says("dale");
    assert!(talk.world.bookings.is_empty());
    talk.says("del 20 al 25 de enero");
    assert_eq!(talk.chat.slots.kinds, [kind_id(2)]);
}

#[test]
fn another_stay_after_a_hold_begins_afresh() {
    let (mut talk, book) = priced();
    talk.taps(&book);
    let decision = talk.says("y para febrero tenes lugar?");
    assert!(says(&decision, "ask-dates-in-month"), "{decision:#?}");
    assert!(says(&talk.says("del 10 al 15 de febrero"), "ask-guests"));
}

#[test]
fn a_second_tap_on_nights_that_were_just_taken_offers_them_no_more() {
    let (mut talk, book) = priced();
    talk.world.fill_all("2027-01-10", "2027-01-15");
    for _ in 0..2 {
        let decision = talk.taps(&book);
        assert!(!choices(&decision).contains(&book), "{decision:#?}");
    }
    assert!(talk.world.bookings.is_empty());
}

#[test]
fn a_second_tap_does_not_come_between_the_guest_and_what_she_taps_next() {
    let (mut talk, book) = priced();
    talk.world.fill_all("2027-01-10", "2027-01-15");
    talk.taps(&book);
    let next = Choice::Dates {
        check_in: "2027-03-08".parse().unwrap(),
        check_out: "2027-03-12".parse().ok(),
    };
    let decision = talk.turn(vec![tap_of(&book), tap_of(&next)]);
    assert_eq!(talk.chat.slots.check_in, "2027-03-08".parse().ok());
    assert!(!says(&decision, "just-taken"), "{decision:#?}");
    assert!(!choices(&decision).contains(&book));
}
