//! The approved messages for what happened, with their values in the order of `locales/<locale>/templates.json`.
//! None where a value is missing.

use chrono::{DateTime, NaiveTime, Utc};

use crate::{
    dialogue::{Booked, Choice, Quoted, Template, Value, stay::words},
    money::Money,
};

fn of(name: &'static str, booked: &Booked, rest: Vec<Value>, choice: Choice) -> Template {
    let mut parameters = vec![Value::from(booked.code.clone())];
    parameters.extend(rest);
    Template {
        name,
        parameters,
        choices: vec![choice, Choice::Human],
    }
}

fn period(booked: &Booked) -> Option<Value> {
    words::period(booked).map(Value::from)
}

pub(super) fn ending(booked: &Booked, ends: DateTime<Utc>) -> Option<Template> {
    let rest = vec![period(booked)?, ends.into()];
    Some(of("hold_ending", booked, rest, Choice::Pay(booked.id)))
}

pub(super) fn expired(booked: &Booked) -> Option<Template> {
    let rest = vec![period(booked)?];
    Some(of("hold_expired", booked, rest, Choice::Again(booked.id)))
}

pub(super) fn yielded(booked: &Booked) -> Option<Template> {
    let rest = vec![period(booked)?];
    Some(of("hold_yielded", booked, rest, Choice::Again(booked.id)))
}

pub(super) fn confirmed(booked: &Booked, from: NaiveTime) -> Option<Template> {
    let rest = vec![words::cabins(booked), period(booked)?, from.into()];
    Some(of(
        "booking_confirmed",
        booked,
        rest,
        Choice::Booking(booked.id),
    ))
}

pub(super) fn to_pay(booked: &Booked, amount: Money, until: DateTime<Utc>) -> Option<Template> {
    let rest = vec![period(booked)?, amount.into(), until.into()];
    Some(of("pay_request", booked, rest, Choice::Pay(booked.id)))
}

pub(super) fn paid(booked: &Booked, amount: Money) -> Template {
    let rest = vec![amount.into()];
    let choice = Choice::Booking(booked.id);
    of("payment_received", booked, rest, choice)
}

pub(super) fn refused(booked: &Booked, amount: Money) -> Template {
    let rest = vec![amount.into()];
    of("receipt_refused", booked, rest, Choice::Pay(booked.id))
}

pub(super) fn due(booked: &Booked, amount: Money) -> Option<Template> {
    let rest = vec![period(booked)?, amount.into()];
    Some(of("payment_due", booked, rest, Choice::Pay(booked.id)))
}

pub(super) fn rejected(booked: &Booked, amount: Money) -> Template {
    let rest = vec![amount.into()];
    of("payment_rejected", booked, rest, Choice::Pay(booked.id))
}

pub(super) fn too_late(booked: &Booked, amount: Money) -> Option<Template> {
    let rest = vec![period(booked)?, amount.into()];
    let choice = Choice::Again(booked.id);
    Some(of("payment_too_late", booked, rest, choice))
}

pub(super) fn refunded(booked: &Booked, amount: Money) -> Template {
    let rest = vec![amount.into()];
    let choice = Choice::Booking(booked.id);
    of("payment_refunded", booked, rest, choice)
}

pub(super) fn cancelled(booked: &Booked) -> Option<Template> {
    let rest = vec![period(booked)?];
    let choice = Choice::Booking(booked.id);
    Some(of("booking_cancelled", booked, rest, choice))
}

pub(super) fn changed(booked: &Booked) -> Option<Template> {
    let rest = vec![words::cabins(booked), period(booked)?, booked.charge.into()];
    let choice = Choice::Booking(booked.id);
    Some(of("booking_changed", booked, rest, choice))
}

pub(super) fn offer(quoted: &Quoted) -> Option<Template> {
    let (wanted, _) = quoted.stays.first()?;
    let names = quoted.stays.iter().map(|(_, name)| name.as_str());
    Some(Template {
        name: "offer",
        parameters: vec![
            words::kinds(names),
            wanted.period.into(),
            quoted.price.charge.into(),
            quoted.valid_until.into(),
        ],
        choices: vec![Choice::Hold(quoted.id), Choice::Human],
    })
}
