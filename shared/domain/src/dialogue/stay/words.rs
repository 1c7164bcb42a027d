//! A booking in phrases.

use crate::{
    dialogue::{Booked, Phrase, Value},
    money::Money,
    nights::Period,
    party::Party,
    reservation::{Awaiting, Reservation},
    understand::PayBy,
};

/// From the first arrival to the last departure.
pub(in crate::dialogue) fn period(booked: &Booked) -> Option<Period> {
    let first = booked.stays.iter().map(|stay| stay.period.check_in()).min();
    let last = booked
        .stays
        .iter()
        .map(|stay| stay.period.check_out())
        .max();
    Period::new(first?, last?).ok()
}

/// The kinds of its cabins: which cabin of a kind it will be may still change.
pub(in crate::dialogue) fn cabins(booked: &Booked) -> Value {
    kinds(booked.stays.iter().map(|stay| stay.unit_type_name.as_str()))
}

/// Names of kinds, with their number where one comes several times.
pub(in crate::dialogue) fn kinds<'a>(names: impl Iterator<Item = &'a str>) -> Value {
    let mut counted: Vec<(&str, u32)> = Vec::new();
    for name in names {
        match counted.iter_mut().find(|(known, _)| *known == name) {
            Some((_, times)) => *times += 1,
            None => counted.push((name, 1)),
        }
    }
    let words = counted.into_iter().map(|(name, times)| {
        Value::Words(if times == 1 {
            name.to_owned()
        } else {
            format!("{name} (×{times})")
        })
    });
    Value::List(words.collect())
}

/// Everybody who comes.
fn party(booked: &Booked) -> Option<Party> {
    let mut adults = 0_u8;
    let mut children = Vec::new();
    let mut pets = 0_u8;
    for stay in &booked.stays {
        adults = adults.saturating_add(stay.party.adults());
        children.extend_from_slice(stay.party.children());
        pets = pets.saturating_add(stay.party.pets());
    }
    Party::new(adults, children, pets).ok()
}

/// A phrase that names the booking: `$code`, `$cabins`, `$period`.
pub(in crate::dialogue) fn naming(phrase: Phrase, booked: &Booked) -> Phrase {
    let phrase = phrase
        .with("code", booked.code.clone())
        .with("cabins", cabins(booked));
    match period(booked) {
        Some(period) => phrase.with("period", period),
        None => phrase.with("period", ""),
    }
}

/// All about it, and where it stands.
pub(in crate::dialogue) fn card(booked: &Booked) -> Phrase {
    let party = party(booked).map_or_else(|| Value::from(""), Value::from);
    naming(Phrase::new("booking-card"), booked)
        .with("party", party)
        .with("status", status(booked))
}

/// Where it stands, as a sentence.
pub(in crate::dialogue) fn status(booked: &Booked) -> Phrase {
    match booked.state {
        Reservation::Held(hold) => match hold.awaiting {
            Awaiting::Payment => Phrase::new("status-to-pay")
                .with("amount", owed(booked).unwrap_or(booked.deposit))
                .with("until", hold.expires_at),
            Awaiting::Verification if reviewed(booked) => {
                Phrase::new("status-reviewing").with("until", hold.expires_at)
            }
            Awaiting::Verification => {
                Phrase::new("status-verifying").with("until", hold.expires_at)
            }
            Awaiting::Owner => Phrase::new("status-requested").with("until", hold.expires_at),
        },
        Reservation::Confirmed | Reservation::CheckedIn => match balance(booked) {
            Some(open) => Phrase::new("status-confirmed-open")
                .with("paid", booked.paid)
                .with("open", open),
            None => Phrase::new("status-confirmed-paid"),
        },
        Reservation::Completed => Phrase::new("status-completed"),
        Reservation::Expired => Phrase::new("status-expired"),
        Reservation::Yielded => Phrase::new("status-yielded"),
        Reservation::NoShow => Phrase::new("status-no-show"),
        Reservation::Cancelled if booked.refund_due.minor > 0 => {
            Phrase::new("status-cancelled-refund").with("amount", booked.refund_due)
        }
        Reservation::Cancelled => Phrase::new("status-cancelled"),
    }
}

/// Whether her payment has been made and the provider still looks at it.
pub(in crate::dialogue) fn reviewed(booked: &Booked) -> bool {
    let verifying =
        matches!(booked.state, Reservation::Held(hold) if hold.awaiting == Awaiting::Verification);
    verifying && !booked.receipt_waits && booked.pay_by == Some(PayBy::MercadoPago)
}

/// Until when the nights are kept, as a sentence; nothing where they are sold.
pub(in crate::dialogue) fn kept(booked: &Booked) -> Value {
    match booked.state {
        Reservation::Held(hold) => Phrase::new("kept-until")
            .with("until", hold.expires_at)
            .into(),
        _ => Value::from(""),
    }
}

/// What of a confirmed booking is paid, as a sentence.
pub(in crate::dialogue) fn money(booked: &Booked) -> Phrase {
    match balance(booked) {
        Some(open) => Phrase::new("paid-and-open")
            .with("paid", booked.paid)
            .with("open", open),
        None => Phrase::new("paid-wholly"),
    }
}

/// What remains of the whole price, if anything does.
pub(in crate::dialogue) fn balance(booked: &Booked) -> Option<Money> {
    let total = booked.total();
    let open = total.minor.saturating_sub(booked.paid.minor);
    let same = total.currency == booked.paid.currency;
    (same && open > 0).then(|| Money::new(open, total.currency))
}

/// What the guest can pay now: what was asked for, or the balance of a booking that is confirmed.
pub(in crate::dialogue) fn owed(booked: &Booked) -> Option<Money> {
    match booked.state {
        Reservation::Held(hold) if hold.awaiting == Awaiting::Owner => None,
        Reservation::Held(_) => booked.to_pay.filter(|open| open.minor > 0),
        Reservation::Confirmed | Reservation::CheckedIn => booked
            .to_pay
            .filter(|open| open.minor > 0)
            .or_else(|| balance(booked)),
        _ => None,
    }
}
