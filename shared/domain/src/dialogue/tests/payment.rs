//! Paying by transfer: how, and the receipt.

use super::{
    booked::{becomes, confirmed, held, held_for},
    talk::{Talk, choices, in_full, keys, says},
    world::nights,
};
use crate::{
    dialogue::{Attention, Choice, Content, FileKind},
    mode::Mode,
    reservation::{Awaiting, Reservation, Status},
};

#[test]
fn how_to_pay_says_how_much_until_when_and_where_to() {
    let mut talk = Talk::new();
    let booked = held(&mut talk);
    for decision in [talk.taps(&Choice::Pay(booked.id)), talk.says("cómo pago?")] {
        assert!(in_full(&decision).contains("los.aromos"));
        assert!(says(&decision, "pay-transfer") && says(&decision, "pay-send-receipt"));
    }
}

#[test]
fn without_the_owners_data_a_person_sends_them() {
    let mut talk = Talk::new();
    talk.desk.texts.remove("transfer");
    let booked = held(&mut talk);
    let decision = talk.taps(&Choice::Pay(booked.id));
    assert_eq!(keys(&decision), ["status-to-pay", "person-will-answer"]);
    assert_eq!(decision.attention[0].kind, Attention::WAITING);
}

#[test]
fn a_receipt_is_registered_for_the_booking_that_waits_for_money() {
    let mut talk = Talk::new();
    confirmed(&mut talk);
    let waits = held_for(
        &mut talk,
        Awaiting::Payment,
        nights("2027-03-01", "2027-03-05"),
    );
    let decision = talk.photo();
    assert_eq!(keys(&decision), ["receipt-received"]);
    assert_eq!(talk.world.receipts[0].0, waits.id);
    assert_eq!(decision.chat.mode, Mode::Bot);
    assert!(
        decision.attention.is_empty(),
        "the store tells the owner of the receipt"
    );
}

#[test]
fn of_two_that_wait_the_one_spoken_of_gets_it_else_the_older() {
    let talk = || {
        let mut talk = Talk::new();
        let older = held_for(
            &mut talk,
            Awaiting::Payment,
            nights("2027-02-10", "2027-02-15"),
        );
        talk.now += chrono::TimeDelta::minutes(1);
        let newer = held_for(
            &mut talk,
            Awaiting::Payment,
            nights("2027-03-01", "2027-03-05"),
        );
        (talk, older, newer)
    };
    let (mut plain, older, _) = talk();
    plain.photo();
    assert_eq!(plain.world.receipts[0].0, older.id);
    let (mut spoken, _, newer) = talk();
    spoken.taps(&Choice::Pay(newer.id));
    spoken.photo();
    assert_eq!(spoken.world.receipts[0].0, newer.id);
}

#[test]
fn a_second_receipt_hears_that_one_is_being_looked_at() {
    let mut talk = Talk::new();
    held(&mut talk);
    talk.photo();
    let decision = talk.photo();
    assert_eq!(keys(&decision), ["receipt-waits"]);
    assert_eq!(talk.world.receipts.len(), 1);
    assert_eq!(keys(&talk.says("ya transferí")), ["receipt-waits"]);
}

#[test]
fn two_photos_of_one_turn_are_one_receipt_and_one_reply() {
    let mut talk = Talk::new();
    held(&mut talk);
    let photo = || Content::File {
        file: FileKind::Image,
        caption: Some("comprobante de la seña".to_owned()),
    };
    let decision = talk.turn(vec![photo(), photo()]);
    assert_eq!(keys(&decision), ["receipt-received"]);
    assert_eq!(talk.world.receipts.len(), 1);
}

#[test]
fn a_photo_of_somebody_with_nothing_to_pay_is_looked_at_by_a_person() {
    let mut talk = Talk::new();
    let decision = talk.photo();
    assert_eq!(keys(&decision), ["person-will-look"]);
    assert_eq!(decision.chat.mode, Mode::Waiting);
    assert!(talk.world.receipts.is_empty());
}

#[test]
fn in_a_chat_that_a_person_has_a_receipt_is_registered_without_a_word() {
    let mut talk = Talk::new();
    held(&mut talk);
    talk.turn(vec![Content::Person]);
    let decision = talk.photo();
    assert_eq!(decision.reply, None);
    assert_eq!(talk.world.receipts.len(), 1);
}

#[test]
fn who_says_the_money_is_sent_is_asked_for_the_receipt() {
    let mut talk = Talk::new();
    held(&mut talk);
    assert_eq!(keys(&talk.says("ya transferí")), ["pay-receipt-please"]);
    let mut nobody = Talk::new();
    assert!(says(&nobody.says("ya transferí"), "person-will-answer"));
}

#[test]
fn to_cancel_the_balance_is_to_pay_it() {
    let mut talk = Talk::new();
    confirmed(&mut talk);
    let decision = talk.says("quiero cancelar el saldo");
    assert!(
        says(&decision, "pay-transfer-balance"),
        "{:?}",
        keys(&decision)
    );
}

#[test]
fn a_request_that_waits_for_the_owner_is_not_paid_yet() {
    let mut talk = Talk::new();
    let booked = held_for(
        &mut talk,
        Awaiting::Owner,
        nights("2027-01-10", "2027-01-15"),
    );
    let decision = talk.taps(&Choice::Pay(booked.id));
    assert_eq!(keys(&decision), ["status-requested"]);
    assert!(!in_full(&decision).contains("los.aromos"));
}

#[test]
fn what_has_ended_is_not_paid_but_looked_for_again() {
    let mut talk = Talk::new();
    let booked = held(&mut talk);
    becomes(&mut talk, &booked, Reservation::Expired);
    let decision = talk.taps(&Choice::Pay(booked.id));
    assert!(choices(&decision).contains(&Choice::Again(booked.id)));
    assert!(!in_full(&decision).contains("los.aromos"));
    talk.photo();
    assert!(talk.world.receipts.is_empty());
    assert_eq!(talk.world.bookings[0].state.status(), Status::Expired);
}

#[test]
fn ways_to_pay_are_told_before_there_is_a_booking_and_its_deposit_with_a_price() {
    let mut talk = Talk::new();
    let decision = talk.says("qué formas de pago tienen?");
    assert!(in_full(&decision).contains("text of payment"));
    assert!(!in_full(&decision).contains("los.aromos"));
    talk.says("del 10 al 15 de enero, 2 adultos, en la Lago");
    let deposit = talk.says("de cuánto es la seña?");
    assert!(says(&deposit, "deposit-of"), "{:?}", keys(&deposit));
}
