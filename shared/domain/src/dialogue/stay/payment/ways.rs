//! What is said of each way to pay.

use crate::{
    dialogue::{Booked, Desk, Link, Part, Phrase, Value, World, stay::words, turn::Turn},
    money::Money,
    reservation::{Reservation, Status},
    understand::PayBy,
};

/// Whether the way that was asked for is one that can be told. Cash is for the arrival: it keeps no nights.
pub(super) fn can_be_told(desk: &Desk, booked: &Booked) -> bool {
    match booked.pay_by {
        Some(PayBy::MercadoPago) => booked.link != Link::None || desk.mercadopago,
        Some(PayBy::Transfer) => desk.ways().transfer,
        Some(PayBy::Cash) => booked.state.status() != Status::Held,
        None => false,
    }
}

/// The link, or what became of it.
pub(in crate::dialogue) fn by_link(desk: &Desk, booked: &Booked, amount: Money) -> Phrase {
    let held = match booked.state {
        Reservation::Held(hold) => Some(hold.expires_at),
        _ => None,
    };
    let phrase = match (&booked.link, held) {
        (Link::Ready { url }, Some(until)) => Phrase::new("pay-link")
            .with("until", until)
            .with("url", url.clone()),
        (Link::Ready { url }, None) => Phrase::new("pay-link-balance").with("url", url.clone()),
        (Link::None | Link::Soon, Some(until)) => Phrase::new("pay-link-soon").with("until", until),
        (Link::None | Link::Soon, None) => Phrase::new("pay-link-soon-balance"),
        (Link::Late, _) => stuck(Phrase::new("pay-link-late"), desk, booked),
        (Link::Failed, _) => stuck(Phrase::new("pay-link-failed"), desk, booked),
    };
    words::naming(phrase, booked).with("amount", amount)
}

fn stuck(phrase: Phrase, desk: &Desk, booked: &Booked) -> Phrase {
    let other = if desk.ways().transfer {
        "transfer"
    } else {
        "person"
    };
    phrase
        .with("other", Value::Which(other))
        .with("kept", words::kept(booked))
}

/// The owner's data, and that the receipt is wanted.
pub(super) fn by_transfer<W: World>(turn: &mut Turn<'_, W>, booked: &Booked, amount: Money) {
    let desk = turn.desk;
    let Some(transfer) = desk.text("transfer") else {
        return;
    };
    let pay = match booked.state {
        Reservation::Held(hold) => Phrase::new("pay-transfer")
            .with("amount", amount)
            .with("until", hold.expires_at),
        _ => Phrase::new("pay-transfer-balance").with("amount", amount),
    };
    if turn.once(Part::Say(pay)) {
        turn.words(transfer);
        turn.say(Phrase::new("pay-send-receipt").with("code", booked.code.clone()));
    }
}

/// What the button of a way reads.
pub(super) const fn title(way: PayBy) -> Phrase {
    match way {
        PayBy::MercadoPago => Phrase::new("button-pay-link"),
        PayBy::Transfer | PayBy::Cash => Phrase::new("button-pay-transfer"),
    }
}
