//! What happened to bookings, said in the chat.

use chrono::TimeDelta;

use super::{
    booked::{becomes, confirmed, held, held_for},
    talk::{Talk, at, choices, keys, says, text_of, value},
    world::nights,
};
use crate::{
    dialogue::{Attention, Choice, Content, Event, Menu, Value, Verdict},
    mode::Mode,
    reservation::{Awaiting, Reservation},
};

fn ending(talk: &Talk) -> Event {
    Event::HoldEnding {
        reservation: talk.world.bookings[0].id,
        ends: at(1800),
    }
}

#[test]
fn a_hold_that_ends_soon_is_reminded_of_and_the_reminder_is_of_no_use_after_it() {
    let mut talk = Talk::new();
    talk.says("hola");
    let booked = held(&mut talk);
    let decision = talk.event(ending(&talk));
    assert_eq!(keys(&decision), ["event-hold-ending"]);
    let reply = decision.reply.as_ref().unwrap();
    let Reservation::Held(hold) = booked.state else {
        unreachable!()
    };
    assert_eq!(reply.useful_until, Some(hold.expires_at));
    assert_eq!(reply.template, None);
    assert!(choices(&decision).contains(&Choice::Pay(booked.id)));
}

#[test]
fn what_is_no_longer_true_is_not_said() {
    let mut talk = Talk::new();
    talk.says("hola");
    let booked = held(&mut talk);
    let id = booked.id;
    becomes(&mut talk, &booked, Reservation::Confirmed);
    for event in [
        ending(&talk),
        Event::HoldExpired { reservation: id },
        Event::HoldYielded { reservation: id },
        Event::CancelledByOwner { reservation: id },
    ] {
        let decision = talk.event(event.clone());
        assert_eq!(decision.reply, None, "{event:?}");
        assert_eq!(decision.verdict, Verdict::Nothing);
    }
}

#[test]
fn an_expired_hold_is_told_with_the_way_back_but_not_to_who_booked_those_days_again() {
    let mut talk = Talk::new();
    talk.says("hola");
    let booked = held(&mut talk);
    becomes(&mut talk, &booked, Reservation::Expired);
    let event = Event::HoldExpired {
        reservation: booked.id,
    };
    let decision = talk.event(event.clone());
    assert_eq!(keys(&decision), ["event-hold-expired"]);
    assert_eq!(choices(&decision)[0], Choice::Again(booked.id));
    talk.world.confirmed(2, nights("2027-01-11", "2027-01-13"));
    assert_eq!(talk.event(event).reply, None);
}

#[test]
fn a_hold_that_yielded_comes_with_what_else_there_is() {
    let mut talk = Talk::new();
    talk.says("hola");
    let booked = held(&mut talk);
    becomes(&mut talk, &booked, Reservation::Yielded);
    talk.world.fill(1, "2027-01-10", "2027-01-15");
    let decision = talk.event(Event::HoldYielded {
        reservation: booked.id,
    });
    assert_eq!(keys(&decision)[0], "event-hold-yielded");
    assert!(keys(&decision).len() > 1 && !choices(&decision).is_empty());
}

#[test]
fn a_confirmation_says_what_where_and_when() {
    let mut talk = Talk::new();
    talk.says("hola");
    let booked = confirmed(&mut talk);
    let decision = talk.event(Event::Confirmed {
        reservation: booked.id,
    });
    assert_eq!(keys(&decision), ["event-confirmed", "words"]);
    assert_eq!(decision.chat.slots.booking, Some(booked.id));
}

#[test]
fn money_that_came_is_told_with_what_is_still_open() {
    let mut talk = Talk::new();
    talk.says("hola");
    let booked = held(&mut talk);
    let paid = Event::Paid {
        reservation: booked.id,
        amount: booked.deposit,
    };
    let decision = talk.event(paid.clone());
    assert_eq!(keys(&decision), ["event-paid"]);
    becomes(&mut talk, &booked, Reservation::Confirmed);
    talk.world.bookings[0].paid = booked.charge;
    let decision = talk.event(paid.clone());
    assert_eq!(
        value(&decision, "event-paid", "status"),
        Some(Value::from(crate::dialogue::Phrase::new("paid-wholly")))
    );
    becomes(&mut talk, &booked, Reservation::Cancelled);
    assert!(talk.event(paid).reply.is_none());
}

#[test]
fn what_the_owner_agreed_to_is_to_be_paid_now() {
    let mut talk = Talk::new();
    talk.says("hola");
    let booked = held(&mut talk);
    let decision = talk.event(Event::Agreed {
        reservation: booked.id,
    });
    assert_eq!(
        keys(&decision),
        ["event-agreed", "pay-transfer", "words", "pay-send-receipt"]
    );
}

#[test]
fn a_receipt_without_money_and_her_changes_and_cancellations_are_told() {
    let mut talk = Talk::new();
    talk.says("hola");
    let booked = held(&mut talk);
    let reservation = booked.id;
    assert_eq!(
        keys(&talk.event(Event::ReceiptRefused { reservation })),
        ["event-receipt-refused"]
    );
    assert_eq!(
        keys(&talk.event(Event::ChangedByOwner { reservation })),
        ["event-changed"]
    );
    becomes(&mut talk, &booked, Reservation::Cancelled);
    talk.world.bookings[0].refund_due = booked.deposit;
    assert_eq!(
        keys(&talk.event(Event::CancelledByOwner { reservation })),
        ["event-cancelled", "cancel-refund-follows"]
    );
}

#[test]
fn an_event_and_a_message_of_one_turn_are_one_bubble() {
    let mut talk = Talk::new();
    talk.says("hola");
    let booked = confirmed(&mut talk);
    let decision = talk.turn(vec![
        Content::Event {
            event: Event::Confirmed {
                reservation: booked.id,
            },
        },
        text_of("hay cochera?"),
    ]);
    assert_eq!(keys(&decision), ["event-confirmed", "words", "words"]);
    assert_eq!(decision.reply.unwrap().useful_until, None);
}

#[test]
fn in_a_chat_that_a_person_has_it_is_told_without_buttons_and_in_a_muted_one_not_at_all() {
    let mut talk = Talk::new();
    talk.turn(vec![text_of("hola"), Content::Person]);
    let booked = confirmed(&mut talk);
    let event = Event::Confirmed {
        reservation: booked.id,
    };
    let decision = talk.event(event.clone());
    assert!(says(&decision, "event-confirmed"));
    assert_eq!(decision.reply.unwrap().menu, Menu::None);
    assert_eq!(decision.chat.mode, Mode::Human);
    talk.chat.mode = Mode::Muted;
    assert_eq!(talk.event(event).reply, None);
}

/// How many gaps and buttons the template of this name has, as it is submitted to Meta.
pub(super) fn registered(name: &str) -> Option<(usize, usize)> {
    let file = include_str!("../../../../../locales/es-AR/templates.json");
    let all: serde_json::Value = serde_json::from_str(file).unwrap();
    let mut all = all.as_array().unwrap().iter();
    let template = all.find(|template| template["name"] == name)?;
    let parts = &template["components"];
    let gaps = parts[0]["text"].as_str().unwrap().matches("{{").count();
    Some((gaps, parts[1]["buttons"].as_array().map_or(0, Vec::len)))
}

#[test]
fn after_a_day_it_goes_out_as_a_template() {
    let day = TimeDelta::hours(24);
    let mut talk = Talk::new();
    talk.says("hola");
    talk.later(day);
    let booked = held(&mut talk);
    let reservation = booked.id;
    let name = |talk: &mut Talk, event: Event| {
        let decision = talk.event(event);
        let template = decision.reply.unwrap().template.unwrap();
        let gaps_and_buttons = (template.parameters.len(), template.choices.len());
        assert_eq!(registered(template.name), Some(gaps_and_buttons));
        (template.name, template.parameters.len(), template.choices)
    };
    let and_a_person = |choice| vec![choice, Choice::Human];
    let event = ending(&talk);
    assert_eq!(
        name(&mut talk, event),
        ("hold_ending", 3, and_a_person(Choice::Pay(reservation)))
    );
    assert_eq!(
        name(&mut talk, Event::Agreed { reservation }),
        ("pay_request", 4, and_a_person(Choice::Pay(reservation)))
    );
    assert_eq!(
        name(&mut talk, Event::ReceiptRefused { reservation }),
        ("receipt_refused", 2, and_a_person(Choice::Pay(reservation)))
    );
    assert_eq!(
        name(&mut talk, Event::ChangedByOwner { reservation }),
        (
            "booking_changed",
            4,
            and_a_person(Choice::Booking(reservation))
        )
    );
    becomes(&mut talk, &booked, Reservation::Expired);
    assert_eq!(
        name(&mut talk, Event::HoldExpired { reservation }),
        ("hold_expired", 2, and_a_person(Choice::Again(reservation)))
    );
    becomes(&mut talk, &booked, Reservation::Yielded);
    assert_eq!(
        name(&mut talk, Event::HoldYielded { reservation }),
        ("hold_yielded", 2, and_a_person(Choice::Again(reservation)))
    );
    becomes(&mut talk, &booked, Reservation::Confirmed);
    assert_eq!(
        name(&mut talk, Event::Confirmed { reservation }),
        (
            "booking_confirmed",
            4,
            and_a_person(Choice::Booking(reservation))
        )
    );
    let amount = booked.deposit;
    assert_eq!(
        name(
            &mut talk,
            Event::Paid {
                reservation,
                amount
            }
        ),
        (
            "payment_received",
            2,
            and_a_person(Choice::Booking(reservation))
        )
    );
    becomes(&mut talk, &booked, Reservation::Cancelled);
    assert_eq!(
        name(&mut talk, Event::CancelledByOwner { reservation }),
        (
            "booking_cancelled",
            2,
            and_a_person(Choice::Booking(reservation))
        )
    );
    let quote = booked.quote;
    talk.world.quotes[0].0.valid_until = talk.now + day;
    assert_eq!(
        name(&mut talk, Event::Offer { quote }),
        ("offer", 4, and_a_person(Choice::Hold(quote)))
    );
}

#[test]
fn after_a_day_one_template_goes_out_and_the_rest_is_a_persons() {
    let mut talk = Talk::new();
    talk.says("hola");
    talk.later(TimeDelta::hours(24));
    let sold = confirmed(&mut talk);
    let held = held_for(
        &mut talk,
        Awaiting::Payment,
        nights("2027-03-01", "2027-03-05"),
    );
    let decision = talk.turn(vec![
        Content::Event {
            event: Event::HoldEnding {
                reservation: held.id,
                ends: talk.now,
            },
        },
        Content::Event {
            event: Event::Confirmed {
                reservation: sold.id,
            },
        },
    ]);
    let template = decision.reply.unwrap().template.unwrap();
    assert_eq!(template.name, "booking_confirmed");
    assert_eq!(decision.attention[0].kind, Attention::UNANSWERED);
    let none = talk.event(Event::NoDiscount);
    assert_eq!(none.reply, None);
    assert_eq!(none.attention[0].kind, Attention::UNANSWERED);
}

#[test]
fn who_wants_no_messages_hears_of_her_bookings_end_and_confirmation_only() {
    let mut talk = Talk::new();
    talk.says("baja");
    let booked = held(&mut talk);
    let reservation = booked.id;
    let event = ending(&talk);
    assert_eq!(talk.event(event).reply, None);
    becomes(&mut talk, &booked, Reservation::Expired);
    assert_eq!(talk.event(Event::HoldExpired { reservation }).reply, None);
    becomes(&mut talk, &booked, Reservation::Confirmed);
    assert!(talk.event(Event::Confirmed { reservation }).reply.is_some());
    becomes(&mut talk, &booked, Reservation::Cancelled);
    assert!(
        talk.event(Event::CancelledByOwner { reservation })
            .reply
            .is_some()
    );
    talk.later(TimeDelta::hours(25));
    let quote = booked.quote;
    talk.world.quotes[0].0.valid_until = talk.now + TimeDelta::days(1);
    assert_eq!(talk.event(Event::Offer { quote }).reply, None);
}

#[test]
fn an_offer_gives_a_chat_she_had_back_so_that_its_button_is_answered() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero, 2 adultos, en la Lago");
    let quote = talk.world.quotes.last().unwrap().0.id;
    talk.turn(vec![Content::Person]);
    let decision = talk.event(Event::Offer { quote });
    assert_eq!(decision.chat.mode, Mode::Bot);
    talk.taps(&Choice::Hold(quote));
    assert_eq!(talk.world.bookings.len(), 1);
}

#[test]
fn what_happened_to_somebody_elses_booking_is_not_told() {
    let mut talk = Talk::new();
    talk.says("hola");
    let theirs = talk.world.strangers[0].clone();
    let reservation = theirs.id;
    for event in [
        Event::Confirmed { reservation },
        Event::HoldExpired { reservation },
        Event::Offer {
            quote: theirs.quote,
        },
    ] {
        assert_eq!(talk.event(event).reply, None);
    }
}

#[test]
fn after_news_a_bare_yes_books_and_cancels_nothing() {
    let mut talk = Talk::new();
    let over = held(&mut talk);
    becomes(&mut talk, &over, Reservation::Expired);
    let event = Event::HoldExpired {
        reservation: over.id,
    };
    let price = talk.says("del 20 al 25 de enero, 2 adultos, en la Lago");
    talk.event(event.clone());
    let yes = talk.says("dale");
    assert_eq!(
        talk.world.bookings.len(),
        1,
        "it is looked for again, no more"
    );
    assert_ne!(choices(&yes), choices(&price));
    let sold = talk.world.confirmed(2, nights("2027-02-10", "2027-02-15"));
    talk.taps(&Choice::Cancel(sold.id));
    talk.event(event);
    talk.says("sí");
    assert_eq!(talk.world.bookings[1].state, Reservation::Confirmed);
}

#[test]
fn what_was_written_before_the_news_was_read_answers_what_was_asked_before_it() {
    let mut talk = Talk::new();
    let other = confirmed(&mut talk);
    let sold = talk.world.confirmed(2, nights("2027-02-10", "2027-02-15"));
    talk.taps(&Choice::Cancel(sold.id));
    let event = Event::ChangedByOwner {
        reservation: other.id,
    };
    talk.turn(vec![Content::Event { event }, text_of("sí")]);
    assert_eq!(talk.world.bookings[0].state, Reservation::Confirmed);
    assert_eq!(talk.world.bookings[1].state, Reservation::Cancelled);
}

#[test]
fn a_yes_written_before_an_offer_was_read_does_not_take_it() {
    let mut talk = Talk::new();
    talk.says("del 10 al 15 de enero, 2 adultos, en la Lago");
    let quote = talk.world.quotes.last().unwrap().0.id;
    talk.says("gracias");
    let event = Event::Offer { quote };
    let decision = talk.turn(vec![Content::Event { event }, text_of("dale")]);
    assert!(talk.world.bookings.is_empty());
    assert!(choices(&decision).contains(&Choice::Hold(quote)));
}
