//! Money and links at the wrong moment.

use chrono::TimeDelta;

use super::{
    booked::{becomes, confirmed},
    paid::{linked, together},
    talk::{Talk, choices, keys, says, tap_of, value},
};
use crate::{
    dialogue::{Booked, Choice, Content, Event, Link, Value},
    mode::Mode,
    money::Money,
    reservation::{Awaiting, Hold, Reservation},
    understand::PayBy,
};

/// Sold, and the balance asked for this way.
fn balance(talk: &mut Talk, way: PayBy, link: Link) -> Booked {
    let booked = confirmed(talk);
    let last = talk.world.bookings.last_mut().unwrap();
    let open = last.charge.minor - last.paid.minor;
    last.to_pay = Some(Money::new(open, last.charge.currency));
    last.pay_by = Some(way);
    last.link = link;
    booked
}

#[test]
fn nobody_is_told_how_to_pay_what_she_calls_off_in_the_same_turn() {
    let mut talk = Talk::new();
    talk.says("hola");
    let booked = balance(&mut talk, PayBy::Transfer, Link::None);
    talk.taps(&Choice::Cancel(booked.id));
    let event = Event::PaymentAsked {
        reservation: booked.id,
    };
    let decision = talk.turn(vec![
        Content::Event { event },
        tap_of(&Choice::CancelYes(booked.id)),
    ]);
    assert!(says(&decision, "cancel-done"), "{:?}", keys(&decision));
    assert!(!says(&decision, "pay-transfer-balance") && !says(&decision, "words"));
}

#[test]
fn a_chat_that_a_person_has_stays_hers_when_there_is_no_way_to_pay() {
    let mut talk = Talk::new();
    talk.says("hola");
    talk.desk.texts.remove("transfer");
    let booked = balance(&mut talk, PayBy::Transfer, Link::None);
    talk.turn(vec![Content::Person]);
    let decision = talk.event(Event::PaymentAsked {
        reservation: booked.id,
    });
    assert!(says(&decision, "event-payment-asked"));
    assert_eq!((talk.chat.mode, decision.attention), (Mode::Human, vec![]));
}

#[test]
fn who_paid_for_what_the_owner_has_just_called_off_hears_that_it_was_and_what_goes_back() {
    let (mut talk, booked) = linked();
    becomes(&mut talk, &booked, Reservation::Cancelled);
    talk.world.bookings[0].refund_due = booked.deposit;
    let reservation = booked.id;
    let cancelled = Event::CancelledByOwner { reservation };
    let late = Event::PaidTooLate {
        reservation,
        amount: booked.deposit,
    };
    for events in [[cancelled.clone(), late.clone()], [late, cancelled]] {
        let decision = together(&mut talk, &events);
        assert_eq!(
            keys(&decision),
            ["event-cancelled", "cancel-refund-follows"]
        );
    }
}

#[test]
fn what_was_paid_of_a_hold_that_is_over_is_said_to_go_back() {
    for (state, event) in [
        (
            Reservation::Expired,
            (|reservation| Event::HoldExpired { reservation }) as fn(_) -> Event,
        ),
        (Reservation::Yielded, |reservation| Event::HoldYielded {
            reservation,
        }),
    ] {
        let (mut talk, booked) = linked();
        becomes(&mut talk, &booked, state);
        assert!(!says(
            &talk.event(event(booked.id)),
            "cancel-refund-follows"
        ));
        talk.world.bookings[0].refund_due = booked.deposit;
        let decision = talk.event(event(booked.id));
        let amount = value(&decision, "cancel-refund-follows", "amount");
        assert_eq!(amount, Some(Value::Money(booked.deposit)));
    }
}

#[test]
fn a_balance_that_is_paid_after_the_stay_is_thanked_for() {
    let (mut talk, booked) = linked();
    becomes(&mut talk, &booked, Reservation::Completed);
    talk.world.bookings[0].paid = booked.charge;
    let decision = talk.event(Event::Paid {
        reservation: booked.id,
        amount: booked.charge,
    });
    assert_eq!(keys(&decision), ["event-paid"]);
}

#[test]
fn a_part_of_the_deposit_is_thanked_for_with_the_way_to_pay_the_rest() {
    let (mut talk, booked) = linked();
    let half = Money::new(booked.deposit.minor / 2, booked.deposit.currency);
    let last = &mut talk.world.bookings[0];
    (last.paid, last.to_pay) = (half, Some(half));
    (last.pay_by, last.link) = (None, Link::None);
    let decision = talk.event(Event::Paid {
        reservation: booked.id,
        amount: half,
    });
    assert_eq!(keys(&decision), ["event-paid"]);
    assert!(choices(&decision).contains(&Choice::Pay(booked.id)));
}

#[test]
fn a_balance_whose_link_does_not_come_is_asked_for_all_the_same() {
    let mut talk = Talk::new();
    talk.desk.mercadopago = true;
    talk.says("hola");
    let booked = balance(&mut talk, PayBy::MercadoPago, Link::Failed);
    let reservation = booked.id;
    let decision = talk.event(Event::PaymentAsked { reservation });
    assert_eq!(keys(&decision), ["event-payment-asked", "pay-link-failed"]);
    talk.world.bookings[0].link = Link::Late;
    let late = talk.event(Event::PaymentAsked { reservation });
    assert_eq!(keys(&late), ["event-payment-asked", "pay-link-late"]);
    talk.world.bookings[0].link = Link::Failed;
    assert!(choices(&decision).contains(&Choice::PayBy(reservation, PayBy::Transfer)));
    talk.later(TimeDelta::hours(24));
    for event in [
        Event::LinkFailed { reservation },
        Event::PaymentAsked { reservation },
    ] {
        let template = talk.event(event).reply.and_then(|reply| reply.template);
        assert_eq!(template.map(|it| it.name), Some("payment_due"));
    }
}

#[test]
fn who_wants_no_messages_of_ours_is_asked_for_money_by_a_person() {
    let mut talk = Talk::new();
    talk.desk.mercadopago = true;
    talk.says("hola");
    let url = "https://mp.example/1".to_owned();
    let booked = balance(&mut talk, PayBy::MercadoPago, Link::Ready { url });
    let event = Event::LinkReady {
        reservation: booked.id,
    };
    talk.says("baja");
    assert!(says(&talk.event(event.clone()), "pay-link-balance"));
    talk.later(TimeDelta::hours(24));
    let decision = talk.event(event);
    assert_eq!(decision.reply, None);
    assert_eq!(decision.attention.len(), 1);
}

#[test]
fn who_says_she_has_paid_after_taking_another_way_is_looked_for_too() {
    let (mut talk, booked) = linked();
    talk.taps(&Choice::PayBy(booked.id, PayBy::Transfer));
    assert_eq!(keys(&talk.says("ya pagué")), ["pay-receipt-please"]);
    assert_eq!(talk.world.looked_for, [booked.id]);
    assert_eq!(
        keys(&talk.says("ya hice el depósito")),
        ["pay-receipt-please"]
    );
    assert_eq!(talk.world.looked_for, [booked.id], "a transfer is no link");
}

#[test]
fn a_receipt_that_is_refused_while_the_provider_looks_asks_for_no_transfer() {
    let (mut talk, booked) = linked();
    talk.world.bookings[0].state = Reservation::Held(Hold {
        expires_at: talk.now + TimeDelta::hours(48),
        awaiting: Awaiting::Verification,
    });
    let decision = talk.event(Event::ReceiptRefused {
        reservation: booked.id,
    });
    assert_eq!(keys(&decision), ["receipt-of-a-review"]);
}
