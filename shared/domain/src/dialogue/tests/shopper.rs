//! What guests who were played against the whole system met with, each as a short chat.

use chrono::TimeDelta;

use super::{
    booked::{confirmed, held, held_for},
    talk::{Talk, choices, hold_of, keys, says, value},
    world::{kind_id, nights},
};
use crate::{
    dialogue::{Attention, Choice, Content, Event, State, Value},
    mode::Mode,
    reservation::{Awaiting, Reservation, Status},
};

#[test]
fn an_old_button_shows_its_price_and_only_the_new_one_holds() {
    let mut talk = Talk::new();
    let first = hold_of(&talk.says("del 10 al 15 de enero para 6"));
    talk.says("mejor del 20 al 25 de enero");
    talk.says("y en febrero?");
    let decision = talk.taps(&first);
    assert!(says(&decision, "price"), "{:?}", keys(&decision));
    assert!(talk.world.bookings.is_empty());
    let decision = talk.taps(&hold_of(&decision));
    assert!(says(&decision, "held"));
}

#[test]
fn the_button_of_a_hold_that_ended_shows_todays_price() {
    let mut talk = Talk::new();
    let book = hold_of(&talk.says("del 10 al 15 de enero para 6"));
    talk.taps(&book);
    let first = talk.world.bookings[0].clone();
    assert!(says(&talk.taps(&book), "held-already"));
    super::booked::becomes(&mut talk, &first, Reservation::Expired);
    talk.event(Event::HoldExpired {
        reservation: first.id,
    });
    let decision = talk.taps(&book);
    assert!(says(&decision, "hold-was-over") && says(&decision, "price"));
    assert_eq!(talk.world.bookings.len(), 1);
    assert!(says(&talk.taps(&hold_of(&decision)), "held"));
    // And "is it still free?" of the one that ended is answered with the one she has.
    assert!(says(&talk.taps(&Choice::Again(first.id)), "booking-card"));
}

#[test]
fn a_fourth_unpaid_hold_is_not_made() {
    let mut talk = Talk::new();
    for (from, until) in [("2027-03-01", "2027-03-04"), ("2027-03-05", "2027-03-08")] {
        held_for(&mut talk, Awaiting::Payment, nights(from, until));
    }
    held(&mut talk);
    let book = hold_of(&talk.says("del 10 al 15 de abril para 6"));
    let decision = talk.taps(&book);
    assert_eq!(keys(&decision), ["holds-enough"]);
    assert_eq!(choices(&decision).len(), 3);
    assert_eq!(talk.world.bookings.len(), 3);
}

#[test]
fn which_one_is_asked_in_a_line_after_the_list() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero para 2 personas");
    assert_eq!(keys(&talk.says("dale reservala")), ["ask-option"]);
}

#[test]
fn who_wants_to_think_it_over_finds_it_as_she_left_it() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero para 2 personas");
    assert!(says(
        &talk.says("lo hablo con mi marido y te confirmo"),
        "no-hurry"
    ));
    talk.later(TimeDelta::days(3));
    let decision = talk.says("hola! seguimos interesados");
    assert!(says(&decision, "options"), "{:?}", keys(&decision));
    assert!(says(&talk.says("la 1"), "price"));
    assert!(says(&talk.says("no sé"), "no-hurry"));
    assert!(says(&talk.says("dale"), "ask-confirm-again"));
    assert!(says(&talk.says("dale"), "held"));
}

#[test]
fn one_more_person_is_one_more_in_the_booking_there_is() {
    for words in ["somos 3 al final", "sumamos un amigo, somos 3"] {
        let mut talk = Talk::new();
        confirmed(&mut talk);
        let decision = talk.says(words);
        assert!(
            says(&decision, "change-price"),
            "{words}: {:?}",
            keys(&decision)
        );
        assert_eq!(talk.chat.state, State::ChangeConfirm);
    }
    let mut talk = Talk::new();
    confirmed(&mut talk);
    assert!(says(&talk.says("quiero otra cabaña para 3"), "ask-dates"));
}

#[test]
fn the_ages_count_when_they_come_after_the_options() {
    let mut talk = Talk::new();
    talk.world.fill(1, "2027-01-10", "2027-01-15");
    talk.world.fill(2, "2027-01-10", "2027-01-15");
    talk.says("del 10 al 15 de enero 2 adultos y 2 chicos");
    talk.chat.state = State::Options;
    let decision = talk.says("7 y 9");
    assert!(!says(&decision, "not-understood"), "{:?}", keys(&decision));
    assert_eq!(talk.chat.slots.ages, [7, 9]);
}

#[test]
fn something_broken_is_a_persons_at_once() {
    for words in [
        "hola el calefón no anda y estamos en la cabaña",
        "no funciona el wifi",
        "estamos sin agua caliente!!",
        "se cortó la luz",
    ] {
        let mut talk = Talk::new();
        confirmed(&mut talk);
        let decision = talk.says(words);
        assert!(says(&decision, "trouble"), "{words}: {:?}", keys(&decision));
        assert!(says(&decision, "person-will-answer"), "{words}");
        assert_eq!(talk.chat.mode, Mode::Waiting);
    }
}

#[test]
fn who_asks_whether_this_is_a_machine_hears_that_it_is() {
    for words in ["sos un robot?", "es un bot esto?", "con quién hablo?"] {
        let mut talk = Talk::new();
        let decision = talk.says(words);
        assert_eq!(keys(&decision), ["i-am-a-machine"], "{words}");
        assert!(choices(&decision).contains(&Choice::Human));
    }
    let mut talk = Talk::new();
    assert!(says(
        &talk.says("no quiero hablar con un robot"),
        "person-will-answer"
    ));
}

#[test]
fn a_file_and_a_plea_are_heard_while_a_person_is_waited_for() {
    let mut talk = Talk::new();
    talk.says("quiero hablar con una persona");
    talk.later(TimeDelta::minutes(1));
    assert!(says(&talk.photo(), "person-told"));
    talk.later(TimeDelta::minutes(1));
    assert!(says(
        &talk.says("necesito hablar con alguien"),
        "person-told"
    ));
}

#[test]
fn what_is_not_understood_leaves_the_question_open() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero para 2 personas");
    let decision = talk.says("blablá zzz");
    assert_eq!(keys(&decision), ["not-understood-briefly", "ask-option"]);
    assert_eq!(talk.chat.state, State::Options);
}

#[test]
fn a_picture_without_a_word_at_first_is_a_hello() {
    for picture in ["😊", "👋", "❤️"] {
        let mut talk = Talk::new();
        assert!(says(&talk.says(picture), "welcome"), "{picture}");
    }
}

#[test]
fn a_receipt_is_for_the_booking_that_is_lost_without_it() {
    let mut talk = Talk::new();
    let paid = confirmed(&mut talk);
    let period = nights("2027-03-01", "2027-03-05");
    let unpaid = held_for(&mut talk, Awaiting::Payment, period);
    talk.chat.slots.booking = Some(paid.id);
    talk.photo();
    assert_eq!(talk.world.receipts[0].0, unpaid.id);
}

#[test]
fn what_is_over_is_not_left_as_it_is() {
    let mut talk = Talk::new();
    let booked = held(&mut talk);
    super::booked::becomes(&mut talk, &booked, Reservation::Cancelled);
    assert_eq!(keys(&talk.taps(&Choice::Keep(booked.id))), ["booking-card"]);
    let again = talk.taps(&Choice::CancelYes(booked.id));
    assert_eq!(keys(&again), ["cancel-already"]);
}

#[test]
fn a_stay_of_other_nights_is_shown_with_them() {
    let mut talk = Talk::new();
    for kind in 1..=3 {
        talk.world.rates(kind).min_nights = 4;
    }
    let decision = talk.says("una noche el 11 de enero para 6");
    let Some(Value::Lines(lines)) = value(&decision, "options", "lines") else {
        panic!("{decision:#?}");
    };
    assert!(!lines.is_empty());
    assert!(lines.iter().all(|line| line.key == "option-other-nights"));
}

#[test]
fn two_cabins_cost_what_was_shown() {
    let mut talk = Talk::new();
    for kind in 1..=3 {
        let rates = talk.world.rates(kind);
        rates.included_guests = 2;
        rates.extra_guest_night = 100_000;
    }
    talk.says("dos cabañas del 10 al 13 de enero, somos 6");
    let offered = talk.chat.slots.offered.clone();
    for (n, one) in (1..).zip(&offered) {
        let chat = talk.chat.clone();
        let mut talk = Talk::new();
        talk.chat = chat;
        for kind in 1..=3 {
            let rates = talk.world.rates(kind);
            rates.included_guests = 2;
            rates.extra_guest_night = 100_000;
        }
        let decision = talk.says(&format!("la {n}"));
        let (quoted, _) = talk.world.quotes.last().unwrap();
        assert!(says(&decision, "price"));
        assert_eq!(quoted.price.charge, one.charge, "{n}");
    }
}

#[test]
fn a_smaller_party_is_not_looked_for_in_three_cabins() {
    let mut talk = Talk::new();
    talk.says("tres cabañas del 10 al 14 de mayo, somos 12");
    let decision = talk.says("y para 6 cuánto sale?");
    assert!(says(&decision, "price"), "{:?}", keys(&decision));
    assert_eq!(talk.chat.slots.kinds, [kind_id(2)]);
}

#[test]
fn the_owner_is_told_of_every_trouble() {
    let mut talk = Talk::new();
    let decision = talk.turn(vec![Content::Text {
        text: "hay olor a gas".to_owned(),
    }]);
    let kinds: Vec<_> = decision.attention.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [Attention::WAITING]);
    assert_eq!(
        talk.world
            .bookings
            .iter()
            .map(|it| it.state.status())
            .collect::<Vec<Status>>(),
        []
    );
}

#[test]
fn everything_in_one_message_with_the_way_to_pay_is_a_search() {
    let mut talk = Talk::new();
    let decision = talk.says(
        "hola, me llamo Sofía, cel 1155667788, del 20 al 23 de abril, 6 adultos, pago por transferencia, gracias!",
    );
    assert!(says(&decision, "price"), "{:?}", keys(&decision));
}

#[test]
fn a_dog_that_stays_at_home_forgets_no_dates() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero para 2 personas");
    let decision = talk.says("no, sin el perro al final");
    assert!(says(&decision, "options"), "{:?}", keys(&decision));
    assert_eq!(talk.chat.slots.pets, Some(0));
}

#[test]
fn a_month_that_was_named_stays() {
    let mut talk = Talk::new();
    talk.says("buenas, cuánto salen 3 noches en marzo?");
    assert!(says(&talk.says("del 12"), "free"));
    let from = talk.chat.slots.check_in.unwrap();
    assert_eq!(from.to_string(), "2027-03-12");
    let decision = talk.says("marzo");
    assert!(!says(&decision, "ask-dates-in-month"));
    assert_eq!(talk.chat.slots.check_in, Some(from));
}

#[test]
fn one_night_more_is_one_night_more() {
    let mut talk = Talk::new();
    let booked = confirmed(&mut talk);
    let decision = talk.says("queremos quedarnos una noche mas");
    assert_eq!(
        value(&decision, "change-price", "period"),
        Some(Value::Period(nights("2027-01-10", "2027-01-16"))),
        "{booked:?}"
    );
}

#[test]
fn more_than_fit_are_asked_for_another_cabin_and_stay_as_many() {
    let mut talk = Talk::new();
    confirmed(&mut talk);
    let decision = talk.says("al final somos 6");
    assert_eq!(keys(&decision), ["change-other-cabin"]);
    let decision = talk.says("en bosque");
    assert!(says(&decision, "change-price"), "{:?}", keys(&decision));
    let (quoted, _) = talk.world.quotes.last().unwrap();
    assert_eq!(quoted.stays[0].0.party.guests(), 6);
}

#[test]
fn who_asks_for_news_reads_how_it_stands() {
    for words in ["me confirmas?", "llegó?", "novedades?"] {
        let mut talk = Talk::new();
        let period = nights("2027-03-01", "2027-03-05");
        held_for(&mut talk, Awaiting::Verification, period);
        let decision = talk.says(words);
        assert!(
            says(&decision, "booking-card") || says(&decision, "receipt-waits"),
            "{words}: {:?}",
            keys(&decision)
        );
    }
}

#[test]
fn hours_asked_by_who_has_booked_begin_no_search() {
    let mut talk = Talk::new();
    confirmed(&mut talk);
    assert_eq!(keys(&talk.says("a que hora entramos?"))[0], "words");
    assert_eq!(talk.chat.slots.asked, None);
}
