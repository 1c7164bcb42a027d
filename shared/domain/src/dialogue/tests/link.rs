//! Paying by a link of Mercado Pago's, beside the transfer or without one.

use chrono::TimeDelta;

use super::{
    booked::{becomes, confirmed, held, held_for},
    talk::{Talk, choices, hold_of, in_full, keys, says, value},
    world::nights,
};
use crate::{
    dialogue::{Booked, Choice, Link, Phrase, Value},
    money::Money,
    reservation::{Awaiting, Reservation},
    understand::PayBy,
};

const URL: &str = "https://mp.example/checkout?pref_id=1-2";

/// A desk where links are made; with and without a transfer beside them.
fn links(transfer: bool) -> Talk {
    let mut talk = Talk::new();
    talk.desk.mercadopago = true;
    if !transfer {
        talk.desk.texts.remove("transfer");
    }
    talk
}

/// Held, to be paid by a link that is this far.
fn held_by_link(talk: &mut Talk, link: Link) -> Booked {
    held(talk);
    let last = talk.world.bookings.last_mut().unwrap();
    last.pay_by = Some(PayBy::MercadoPago);
    last.link = link;
    last.clone()
}

fn ready() -> Link {
    Link::Ready {
        url: URL.to_owned(),
    }
}

#[test]
fn a_tap_holds_for_a_link_where_there_are_links_and_says_that_it_comes() {
    let mut talk = links(true);
    let book = hold_of(&talk.says("del 10 al 15 de enero, 2 adultos, en la Lago"));
    let decision = talk.taps(&book);
    assert_eq!(keys(&decision), ["held", "pay-link-soon"]);
    let id = talk.world.bookings[0].id;
    assert_eq!(talk.world.bookings[0].pay_by, Some(PayBy::MercadoPago));
    assert_eq!(
        choices(&decision),
        [
            Choice::PayBy(id, PayBy::Transfer),
            Choice::Booking(id),
            Choice::Human
        ]
    );
    let other = talk.taps(&Choice::PayBy(id, PayBy::Transfer));
    assert_eq!(keys(&other), ["pay-transfer", "words", "pay-send-receipt"]);
    assert!(choices(&other).contains(&Choice::PayBy(id, PayBy::MercadoPago)));
    assert_eq!(talk.world.bookings[0].pay_by, Some(PayBy::Transfer));
    let back = talk.taps(&Choice::PayBy(id, PayBy::MercadoPago));
    assert_eq!(keys(&back), ["pay-link-soon"]);
}

#[test]
fn a_typed_yes_takes_the_way_it_names_and_hears_the_truth_about_one_there_is_not() {
    let mut talk = links(true);
    talk.says("del 10 al 15 de enero, 2 adultos, en la Lago");
    let decision = talk.says("dale, por transferencia");
    assert!(says(&decision, "pay-transfer"), "{:?}", keys(&decision));
    let mut talk = Talk::new();
    talk.desk.texts.remove("payment");
    talk.says("del 10 al 15 de enero, 2 adultos, en la Lago");
    let decision = talk.says("dale, con tarjeta");
    assert!(says(&decision, "pay-transfer") && says(&decision, "pay-ways"));
    assert_eq!(talk.world.bookings[0].pay_by, Some(PayBy::Transfer));
}

#[test]
fn how_to_pay_is_told_by_the_state_of_the_link_and_never_a_dead_end() {
    for (link, key) in [
        (Link::Soon, "pay-link-soon"),
        (ready(), "pay-link"),
        (Link::Late, "pay-link-late"),
        (Link::Failed, "pay-link-failed"),
    ] {
        for transfer in [true, false] {
            let mut talk = links(transfer);
            let booked = held_by_link(&mut talk, link.clone());
            for decision in [talk.taps(&Choice::Pay(booked.id)), talk.says("cómo pago?")] {
                assert!(says(&decision, key), "{key}: {:?}", keys(&decision));
                let way_on = choices(&decision).iter().any(|choice| {
                    matches!(
                        choice,
                        Choice::PayBy(..) | Choice::Human | Choice::MyBookings
                    )
                });
                assert!(way_on);
                assert_eq!(in_full(&decision).contains(URL), link == ready());
                assert_eq!(
                    choices(&decision).contains(&Choice::PayBy(booked.id, PayBy::Transfer)),
                    transfer
                );
            }
        }
    }
}

#[test]
fn where_to_transfer_is_told_to_who_asks_and_her_link_stays() {
    for words in [
        "prefiero transferencia",
        "puedo pagar por transferencia?",
        "me pasás el alias?",
    ] {
        let mut talk = links(true);
        held_by_link(&mut talk, ready());
        let decision = talk.says(words);
        assert!(
            says(&decision, "pay-transfer"),
            "{words}: {:?}",
            keys(&decision)
        );
        assert!(!in_full(&decision).contains(URL), "{words}");
        assert_eq!(talk.world.bookings[0].pay_by, Some(PayBy::MercadoPago));
    }
}

#[test]
fn who_asks_for_the_link_gets_one() {
    for words in ["me pasás el link?", "puedo pagar con tarjeta?"] {
        let mut talk = links(true);
        held(&mut talk);
        let decision = talk.says(words);
        assert!(
            says(&decision, "pay-link-soon"),
            "{words}: {:?}",
            keys(&decision)
        );
        assert_eq!(talk.world.bookings[0].pay_by, Some(PayBy::MercadoPago));
    }
}

#[test]
fn the_balance_is_asked_for_by_link_when_she_asks_how_to_pay_it() {
    let mut talk = links(false);
    let booked = confirmed(&mut talk);
    let decision = talk.taps(&Choice::Pay(booked.id));
    assert_eq!(keys(&decision), ["pay-link-soon-balance"]);
    talk.world.bookings[0].link = ready();
    let decision = talk.says("cómo pago el saldo?");
    assert!(says(&decision, "pay-link-balance"), "{:?}", keys(&decision));
    let owed = Money::new(
        booked.charge.minor - booked.paid.minor,
        booked.charge.currency,
    );
    assert_eq!(
        value(&decision, "pay-link-balance", "amount"),
        Some(Value::Money(owed))
    );
}

#[test]
fn an_extra_is_owed_on_top_of_the_price() {
    let mut talk = links(true);
    let booked = confirmed(&mut talk);
    let extra = Money::new(50_000, booked.charge.currency);
    let last = talk.world.bookings.last_mut().unwrap();
    last.paid = last.charge;
    last.extras = extra;
    let decision = talk.taps(&Choice::Booking(booked.id));
    assert!(choices(&decision).contains(&Choice::Pay(booked.id)));
    let Some(Value::Phrase(status)) = value(&decision, "booking-card", "status") else {
        panic!("{decision:#?}");
    };
    assert!(status.values.contains(&("open", Value::Money(extra))));
}

#[test]
fn who_says_she_has_paid_by_link_is_asked_for_no_receipt_but_the_provider_is_asked() {
    for words in ["ya pagué", "ya pagué por mercado pago", "listo el pago"] {
        let mut talk = links(true);
        let booked = held_by_link(&mut talk, ready());
        let decision = talk.says(words);
        assert_eq!(keys(&decision), ["pay-not-seen"], "{words}");
        assert_eq!(talk.world.looked_for, [booked.id], "{words}");
        assert!(choices(&decision).contains(&Choice::Pay(booked.id)));
    }
    let mut talk = links(true);
    held_by_link(&mut talk, ready());
    let decision = talk.says("ya te transferí");
    assert_eq!(keys(&decision), ["pay-receipt-please"]);
}

#[test]
fn who_has_paid_hears_that_it_is_so() {
    let mut talk = links(true);
    confirmed(&mut talk);
    let decision = talk.says("ya pagué");
    assert_eq!(keys(&decision), ["booking-card"]);
    talk.world.bookings[0].paid = talk.world.bookings[0].charge;
    let decision = talk.says("ya pagué");
    let status = Value::from(Phrase::new("status-confirmed-paid"));
    assert_eq!(value(&decision, "booking-card", "status"), Some(status));
}

#[test]
fn who_says_she_has_paid_when_the_hold_is_over_is_looked_after_too() {
    let mut talk = links(true);
    let booked = held_by_link(&mut talk, ready());
    becomes(&mut talk, &booked, Reservation::Expired);
    assert_eq!(keys(&talk.says("pero ya pagué")), ["pay-looked-for"]);
    assert_eq!(talk.world.looked_for, [booked.id]);
}

#[test]
fn a_payment_that_is_reviewed_is_no_transfer_and_asks_for_nothing() {
    let mut talk = links(true);
    held_for(
        &mut talk,
        Awaiting::Verification,
        nights("2027-01-10", "2027-01-15"),
    );
    let last = talk.world.bookings.last_mut().unwrap();
    last.receipt_waits = false;
    last.to_pay = Some(last.deposit);
    last.pay_by = Some(PayBy::MercadoPago);
    last.link = ready();
    for words in ["cómo pago?", "ya pagué"] {
        let decision = talk.says(words);
        assert!(
            says(&decision, "status-reviewing"),
            "{words}: {:?}",
            keys(&decision)
        );
        assert!(!in_full(&decision).contains(URL));
    }
}

#[test]
fn a_photo_while_a_link_is_open_is_a_receipt_and_the_provider_is_asked() {
    let mut talk = links(true);
    let booked = held_by_link(&mut talk, ready());
    assert_eq!(keys(&talk.photo()), ["receipt-received"]);
    assert_eq!(talk.world.receipts[0].0, booked.id);
    assert_eq!(talk.world.looked_for, [booked.id]);
    let decision = talk.taps(&Choice::PayBy(booked.id, PayBy::Transfer));
    assert_eq!(keys(&decision), ["receipt-waits"]);
}

#[test]
fn the_button_of_a_way_shows_only_how_it_stands_when_nothing_is_to_pay() {
    let mut talk = links(true);
    let booked = held_by_link(&mut talk, ready());
    becomes(&mut talk, &booked, Reservation::Cancelled);
    for way in [PayBy::Transfer, PayBy::MercadoPago, PayBy::Cash] {
        let decision = talk.taps(&Choice::PayBy(booked.id, way));
        assert_eq!(keys(&decision), ["booking-card"]);
    }
    let stranger = talk.world.strangers[0].id;
    let decision = talk.taps(&Choice::PayBy(stranger, PayBy::MercadoPago));
    assert_eq!(keys(&decision), ["booking-not-found"]);
    let asked = held_for(
        &mut talk,
        Awaiting::Owner,
        nights("2027-03-01", "2027-03-05"),
    );
    let decision = talk.taps(&Choice::PayBy(asked.id, PayBy::MercadoPago));
    assert_eq!(keys(&decision), ["booking-card"]);
    assert_eq!(talk.world.bookings.last().unwrap().pay_by, None);
}

#[test]
fn a_way_that_is_none_here_is_answered_with_those_that_are() {
    let mut talk = Talk::new();
    let booked = held(&mut talk);
    let decision = talk.taps(&Choice::PayBy(booked.id, PayBy::MercadoPago));
    assert_eq!(
        keys(&decision),
        ["pay-ways", "pay-transfer", "words", "pay-send-receipt"]
    );
}

#[test]
fn which_ways_there_are_is_told_before_anything_is_booked() {
    let mut talk = links(true);
    talk.desk.texts.remove("payment");
    let decision = talk.says("qué formas de pago tienen?");
    let told = value(&decision, "pay-ways", "ways");
    assert_eq!(told, Some(Value::Which("both")), "{:?}", keys(&decision));
    let mut talk = links(false);
    let decision = talk.says("me pasás el cbu?");
    assert_eq!(
        value(&decision, "pay-ways", "ways"),
        Some(Value::Which("link"))
    );
}

#[test]
fn news_is_asked_of_the_provider_too() {
    let mut talk = links(true);
    let booked = held_by_link(&mut talk, ready());
    talk.later(TimeDelta::minutes(5));
    assert_eq!(keys(&talk.says("llegó?")), ["booking-card"]);
    assert_eq!(talk.world.looked_for, [booked.id]);
}
