//! Asking for a lower price.

use super::talk::{Talk, choices, hold_of, keys, says};
use crate::dialogue::{Attention, Choice, Event, State};

fn priced() -> (Talk, Choice) {
    let mut talk = Talk::new();
    talk.desk.texts.remove("discounts");
    let price = talk.says("del 10 al 15 de enero, 2 adultos, en la Lago");
    let hold = hold_of(&price);
    (talk, hold)
}

#[test]
fn the_owner_is_asked_with_the_quote_and_the_guests_words() {
    let (mut talk, hold) = priced();
    let decision = talk.says("me hacés un descuento?");
    assert!(says(&decision, "discount-asked"));
    let asked = &decision.attention[0];
    assert_eq!(asked.kind, Attention::DISCOUNT);
    assert_eq!(asked.actions, ["offer", "decline"]);
    let Choice::Hold(quote) = hold else {
        unreachable!()
    };
    assert!(asked.detail.contains(&("quote", quote.to_string())));
    assert!(
        asked
            .detail
            .contains(&("asked", "me hacés un descuento?".to_owned()))
    );
    assert!(choices(&decision).contains(&hold), "the price still stands");
    assert_eq!(decision.attention.len(), 1);
}

#[test]
fn asking_again_hears_that_it_was_asked() {
    let (mut talk, hold) = priced();
    let Choice::Hold(quote) = hold else {
        unreachable!()
    };
    talk.taps(&Choice::Discount(quote));
    assert!(says(&talk.taps(&Choice::Discount(quote)), "discount-waits"));
}

#[test]
fn without_a_price_the_dates_come_first() {
    let mut talk = Talk::new();
    talk.desk.texts.remove("discounts");
    let decision = talk.says("me hacés un descuento?");
    assert_eq!(keys(&decision)[0], "discount-needs-dates");
    assert!(decision.attention.is_empty());
}

#[test]
fn the_owners_words_about_discounts_come_first() {
    let mut talk = Talk::new();
    let decision = talk.says("me hacés un descuento?");
    assert_eq!(keys(&decision)[0], "words");
    assert_eq!(
        keys(&decision)
            .iter()
            .filter(|key| **key == "words")
            .count(),
        1
    );
}

#[test]
fn her_offer_is_a_price_to_say_yes_to() {
    let (mut talk, hold) = priced();
    let Choice::Hold(quote) = hold else {
        unreachable!()
    };
    talk.says("me hacés un descuento?");
    let decision = talk.event(Event::Offer { quote });
    assert_eq!(keys(&decision)[0], "event-offer");
    assert!(choices(&decision).contains(&hold));
    assert_eq!(decision.chat.state, State::Confirm);
    talk.says("dale");
    assert_eq!(talk.world.bookings.len(), 1);
}

#[test]
fn her_no_is_told_and_the_price_still_stands() {
    let (mut talk, _) = priced();
    talk.says("me hacés un descuento?");
    assert_eq!(keys(&talk.event(Event::NoDiscount)), ["event-no-discount"]);
}
