//! What happened to money and links, said in the chat.

use chrono::TimeDelta;

use super::{
    booked::{becomes, confirmed, held},
    events::registered,
    talk::{Talk, at, choices, in_full, keys, text_of, value},
};
use crate::{
    dialogue::{Booked, Choice, Content, Decision, Event, Link, Value},
    ids::ReservationId,
    mode::Mode,
    money::Money,
    payment::Why,
    reservation::{Awaiting, Hold, Reservation},
    understand::PayBy,
};

const URL: &str = "https://mp.example/checkout?pref_id=1-2";

/// A held booking of a desk with both ways, whose link is live.
pub(super) fn linked() -> (Talk, Booked) {
    let mut talk = Talk::new();
    talk.desk.mercadopago = true;
    talk.says("hola");
    held(&mut talk);
    let last = talk.world.bookings.last_mut().unwrap();
    last.pay_by = Some(PayBy::MercadoPago);
    last.link = Link::Ready {
        url: URL.to_owned(),
    };
    let booked = last.clone();
    (talk, booked)
}

/// Confirmed meanwhile, with its deposit paid.
fn sold(talk: &mut Talk, booked: &Booked) {
    becomes(talk, booked, Reservation::Confirmed);
    let last = talk.world.bookings.last_mut().unwrap();
    last.paid = last.deposit;
    last.link = Link::None;
}

pub(super) fn together(talk: &mut Talk, events: &[Event]) -> Decision {
    let contents = events.iter().cloned();
    talk.turn(contents.map(|event| Content::Event { event }).collect())
}

fn every(reservation: ReservationId, amount: Money) -> Vec<Event> {
    let ends = at(3600);
    vec![
        Event::LinkReady { reservation },
        Event::LinkFailed { reservation },
        Event::PaymentAsked { reservation },
        Event::PaymentPending {
            reservation,
            review: false,
        },
        Event::PaymentPending {
            reservation,
            review: true,
        },
        Event::PaymentRejected {
            reservation,
            why: Why::Funds,
        },
        Event::PaidTooLate {
            reservation,
            amount,
        },
        Event::PaidTooMuch {
            reservation,
            amount,
        },
        Event::Refunded {
            reservation,
            amount,
        },
        Event::Credited {
            reservation,
            amount,
            until: ends,
        },
        Event::HoldProlonged { reservation, ends },
    ]
}

#[test]
fn the_link_is_told_when_it_is_there_with_how_much_and_until_when() {
    let (mut talk, booked) = linked();
    let event = Event::LinkReady {
        reservation: booked.id,
    };
    let decision = talk.event(event.clone());
    assert_eq!(keys(&decision), ["pay-link"]);
    assert!(in_full(&decision).contains(URL));
    let amount = Some(Value::Money(booked.deposit));
    assert_eq!(value(&decision, "pay-link", "amount"), amount);
    let Reservation::Held(hold) = booked.state else {
        unreachable!()
    };
    assert_eq!(decision.reply.unwrap().useful_until, Some(hold.expires_at));
    // Once: what she asks in the same turn is answered with the same link.
    let decision = talk.turn(vec![Content::Event { event }, text_of("cómo pago?")]);
    assert_eq!(
        keys(&decision)
            .iter()
            .filter(|key| **key == "pay-link")
            .count(),
        1
    );
}

#[test]
fn a_link_is_not_told_when_there_is_nothing_to_pay_by_it() {
    let (mut talk, booked) = linked();
    let event = Event::LinkReady {
        reservation: booked.id,
    };
    talk.world.bookings[0].pay_by = Some(PayBy::Transfer);
    assert_eq!(talk.event(event.clone()).reply, None);
    talk.world.bookings[0].pay_by = Some(PayBy::MercadoPago);
    talk.world.bookings[0].receipt_waits = true;
    assert_eq!(talk.event(event.clone()).reply, None);
    sold(&mut talk, &booked);
    for event in [
        event,
        Event::LinkFailed {
            reservation: booked.id,
        },
        Event::HoldProlonged {
            reservation: booked.id,
            ends: at(3600),
        },
    ] {
        assert_eq!(talk.event(event.clone()).reply, None, "{event:?}");
    }
}

#[test]
fn a_confirmation_is_said_whatever_else_happened_to_the_booking() {
    let (mut talk, booked) = linked();
    sold(&mut talk, &booked);
    let confirmed = Event::Confirmed {
        reservation: booked.id,
    };
    for other in every(booked.id, booked.deposit) {
        let beside = matches!(
            other,
            Event::PaidTooMuch { .. } | Event::Refunded { .. } | Event::Credited { .. }
        );
        for events in [
            [confirmed.clone(), other.clone()],
            [other.clone(), confirmed.clone()],
        ] {
            let said = keys(&together(&mut talk, &events)).join(" ");
            assert!(said.contains("event-confirmed"), "{other:?}: {said}");
            assert!(!said.contains("rejected") && !said.contains("pending"));
            assert_eq!(
                said.contains("event-paid-too-much")
                    || said.contains("event-refunded")
                    || said.contains("event-credited"),
                beside,
                "{other:?}: {said}"
            );
        }
    }
}

#[test]
fn a_link_for_the_balance_comes_after_the_confirmation() {
    let (mut talk, booked) = linked();
    let link = talk.world.bookings[0].link.clone();
    sold(&mut talk, &booked);
    let last = &mut talk.world.bookings[0];
    last.to_pay = Some(Money::new(
        last.charge.minor - last.paid.minor,
        last.charge.currency,
    ));
    last.pay_by = Some(PayBy::MercadoPago);
    last.link = link;
    let reservation = booked.id;
    let events = [
        Event::LinkReady { reservation },
        Event::Confirmed { reservation },
    ];
    let decision = together(&mut talk, &events);
    assert_eq!(
        keys(&decision),
        ["event-confirmed", "words", "pay-link-balance"]
    );
}

#[test]
fn of_a_payment_that_is_refused_and_the_next_that_waits_the_later_is_told() {
    let (mut talk, booked) = linked();
    let reservation = booked.id;
    let refused = Event::PaymentRejected {
        reservation,
        why: Why::Funds,
    };
    let pending = Event::PaymentPending {
        reservation,
        review: false,
    };
    let decision = together(&mut talk, &[refused.clone(), pending.clone()]);
    assert_eq!(keys(&decision), ["event-payment-pending"]);
    let decision = together(&mut talk, &[pending, refused]);
    assert_eq!(keys(&decision), ["event-payment-rejected", "pay-link"]);
    assert!(in_full(&decision).contains(URL));
}

#[test]
fn a_refused_payment_says_why_and_gives_the_link_again() {
    let (mut talk, booked) = linked();
    for why in [Why::Funds, Why::CardData, Why::Risk, Why::Other] {
        let decision = talk.event(Event::PaymentRejected {
            reservation: booked.id,
            why,
        });
        assert_eq!(keys(&decision), ["event-payment-rejected", "pay-link"]);
    }
    talk.world.bookings[0].link = Link::None;
    talk.world.bookings[0].pay_by = Some(PayBy::Transfer);
    let decision = talk.event(Event::PaymentRejected {
        reservation: booked.id,
        why: Why::Other,
    });
    assert_eq!(keys(&decision), ["event-payment-rejected"]);
    assert!(choices(&decision).contains(&Choice::Pay(booked.id)));
}

#[test]
fn money_that_came_too_late_goes_back_and_other_cabins_follow() {
    let (mut talk, booked) = linked();
    becomes(&mut talk, &booked, Reservation::Expired);
    talk.world.fill(1, "2027-01-10", "2027-01-15");
    let reservation = booked.id;
    let events = [
        Event::HoldExpired { reservation },
        Event::PaidTooLate {
            reservation,
            amount: booked.deposit,
        },
    ];
    let decision = together(&mut talk, &events);
    assert_eq!(keys(&decision)[0], "event-paid-too-late");
    assert!(keys(&decision).len() > 1 && !choices(&decision).is_empty());
    assert!(!keys(&decision).contains(&"event-hold-expired"));
    // Who called it off herself wants no others.
    becomes(&mut talk, &booked, Reservation::Cancelled);
    let decision = talk.event(events[1].clone());
    assert_eq!(keys(&decision), ["event-paid-too-late"]);
}

#[test]
fn the_end_of_a_hold_is_reminded_of_with_its_link() {
    let (mut talk, booked) = linked();
    let event = Event::HoldEnding {
        reservation: booked.id,
        ends: at(1800),
    };
    let decision = talk.event(event);
    assert_eq!(keys(&decision), ["event-hold-ending-link", "pay-here"]);
    assert!(in_full(&decision).contains(URL));
}

#[test]
fn when_the_provider_does_not_answer_the_truth_is_told() {
    let (mut talk, booked) = linked();
    let reservation = booked.id;
    let ends = at(3600);
    let prolonged = Event::HoldProlonged { reservation, ends };
    let Reservation::Held(hold) = booked.state else {
        unreachable!()
    };
    let until = Some(Value::Moment(hold.expires_at));
    let decision = talk.event(prolonged);
    assert_eq!(value(&decision, "event-hold-prolonged", "until"), until);
    talk.world.bookings[0].link = Link::Soon;
    let decision = talk.event(Event::LinkFailed { reservation });
    assert_eq!(keys(&decision), ["pay-link-late"]);
    assert!(choices(&decision).contains(&Choice::PayBy(reservation, PayBy::Transfer)));
    talk.world.bookings[0].link = Link::Failed;
    let decision = talk.event(Event::LinkFailed { reservation });
    assert_eq!(keys(&decision), ["pay-link-failed"]);
}

#[test]
fn what_is_to_be_paid_otherwise_is_asked_for_with_how() {
    let mut talk = Talk::new();
    talk.says("hola");
    let booked = confirmed(&mut talk);
    let last = &mut talk.world.bookings[0];
    last.to_pay = Some(last.deposit);
    last.pay_by = Some(PayBy::Transfer);
    let event = Event::PaymentAsked {
        reservation: booked.id,
    };
    assert_eq!(
        keys(&talk.event(event.clone())),
        [
            "event-payment-asked",
            "pay-transfer-balance",
            "words",
            "pay-send-receipt"
        ]
    );
    talk.world.bookings[0].pay_by = Some(PayBy::Cash);
    assert_eq!(
        keys(&talk.event(event.clone())),
        ["event-payment-asked", "pay-cash"]
    );
    talk.world.bookings[0].pay_by = Some(PayBy::MercadoPago);
    assert_eq!(talk.event(event).reply, None, "the link comes by itself");
}

#[test]
fn in_a_chat_that_a_person_has_the_link_is_told_without_buttons() {
    let (mut talk, booked) = linked();
    talk.turn(vec![Content::Person]);
    for event in every(booked.id, booked.deposit) {
        let decision = talk.event(event.clone());
        assert_eq!(choices(&decision), [], "{event:?}");
        assert_eq!(talk.chat.mode, Mode::Human);
    }
    assert_eq!(
        keys(&talk.event(Event::LinkReady {
            reservation: booked.id
        })),
        ["pay-link"]
    );
}

#[test]
fn nobody_hears_of_a_strangers_money() {
    let (mut talk, _) = linked();
    let theirs = talk.world.strangers[0].clone();
    for event in every(theirs.id, theirs.deposit) {
        assert_eq!(talk.event(event.clone()).reply, None, "{event:?}");
    }
}

#[test]
fn after_a_day_what_she_must_know_goes_out_as_a_template_and_the_rest_waits() {
    let (mut talk, booked) = linked();
    talk.later(TimeDelta::hours(24));
    let reservation = booked.id;
    let amount = booked.deposit;
    talk.world.bookings[0].state = Reservation::Held(Hold {
        expires_at: talk.now + TimeDelta::hours(1),
        awaiting: Awaiting::Payment,
    });
    let name = |talk: &mut Talk, event: Event| {
        let decision = talk.event(event.clone());
        let template = decision.reply.and_then(|reply| reply.template);
        if let Some(template) = &template {
            let gaps_and_buttons = (template.parameters.len(), template.choices.len());
            assert_eq!(registered(template.name), Some(gaps_and_buttons));
        } else {
            let told = matches!(event, Event::Credited { .. });
            assert_eq!(!decision.attention.is_empty(), told, "{event:?}");
        }
        template.map(|template| template.name)
    };
    let names: Vec<_> = every(reservation, amount)
        .into_iter()
        .map(|event| name(&mut talk, event))
        .collect();
    let due = Some("payment_due");
    let rejected = Some("payment_rejected");
    let refunded = Some("payment_refunded");
    assert_eq!(
        names,
        [
            due, None, due, None, None, rejected, None, None, refunded, None, None
        ]
    );
    becomes(&mut talk, &booked, Reservation::Expired);
    let late = Event::PaidTooLate {
        reservation,
        amount,
    };
    assert_eq!(name(&mut talk, late), Some("payment_too_late"));
}
