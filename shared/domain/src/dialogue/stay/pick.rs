//! Which of the guest's bookings is meant.

use chrono::{Datelike as _, NaiveDate};

use crate::{
    dialogue::{Booked, Choice, Phrase, Row, World, said::Said, turn::Turn},
    ids::ReservationId,
    reservation::{Reservation, Status},
    understand::{Pointer, Understanding},
};

use super::words;

/// What a guest's words leave of her bookings.
pub(super) enum Picked {
    /// None there is.
    None,
    /// This one.
    One(Box<Booked>),
    /// One of these, in the order they are shown.
    Several(Vec<Booked>),
}

/// Whether the words point at one of several.
pub(super) fn points(said: &Said<'_>) -> bool {
    let it = &said.understood;
    it.pointer.is_some()
        || it.check_in.is_some()
        || it.vague_month.is_some()
        || it.accommodation.is_some()
        || said.text.split(|c: char| !c.is_alphanumeric()).any(is_code)
}

/// As a booking's code is written; a word of seven capitals or with figures in it, at least.
fn is_code(word: &str) -> bool {
    word.len() == 7
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !word.bytes().any(|byte| b"aeiouAEIOU01".contains(&byte))
}

/// The one that is meant: by its code, its name, its day of arrival, or as the nth of those shown.
pub(super) fn pick(mut bookings: Vec<Booked>, said: &Said<'_>) -> Picked {
    if bookings.len() > 1
        && let Some(at) = position(&bookings, said)
    {
        bookings.swap(0, at);
        bookings.truncate(1);
    }
    match bookings.len() {
        0 => Picked::None,
        1 => bookings
            .pop()
            .map_or(Picked::None, |one| Picked::One(Box::new(one))),
        _ => Picked::Several(bookings),
    }
}

fn position(bookings: &[Booked], said: &Said<'_>) -> Option<usize> {
    let it = &said.understood;
    let text = said.text.to_uppercase();
    only(bookings, |booked| {
        text.split(|c: char| !c.is_alphanumeric())
            .any(|word| word == booked.code)
    })
    .or_else(|| only(bookings, |booked| arrives(booked, it)))
    .or_else(|| only(bookings, |booked| is_named(booked, it)))
    .or_else(|| match it.pointer {
        Some(Pointer::Nth(nth)) => {
            let at = usize::try_from(nth).ok()?.checked_sub(1)?;
            (at < bookings.len()).then_some(at)
        }
        Some(Pointer::Last) => bookings.len().checked_sub(1),
        _ => None,
    })
}

/// The only one of which it is true.
fn only(bookings: &[Booked], is: impl Fn(&Booked) -> bool) -> Option<usize> {
    let mut found = bookings
        .iter()
        .enumerate()
        .filter(|(_, booked)| is(booked))
        .map(|(at, _)| at);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn arrives(booked: &Booked, it: &Understanding) -> bool {
    let days = it.check_in.into_iter();
    let days = days.chain(it.alternatives.iter().map(|dates| dates.check_in));
    let mut days = days;
    let month = |day: NaiveDate| (day.year(), day.month());
    let in_month = it.vague_month.is_some_and(|vague| {
        booked
            .stays
            .iter()
            .any(|stay| month(stay.period.check_in()) == month(vague))
    });
    in_month
        || days.any(|day| {
            booked
                .stays
                .iter()
                .any(|stay| stay.period.check_in() <= day && day < stay.period.check_out())
        })
}

fn is_named(booked: &Booked, it: &Understanding) -> bool {
    it.accommodation.as_ref().is_some_and(|name| {
        booked
            .stays
            .iter()
            .any(|stay| *name == stay.unit_type_name || *name == stay.cabin_name)
    })
}

/// The booking to pay: one whose nights are lost without it before one with a balance; of each the one spoken of, else
/// the oldest.
pub(in crate::dialogue) fn to_pay(
    bookings: &[Booked],
    spoken_of: Option<ReservationId>,
) -> Option<&Booked> {
    let owes = |booked: &&Booked| words::owed(booked).is_some();
    let oldest = |held: bool| {
        bookings
            .iter()
            .filter(owes)
            .filter(|booked| held == (booked.state.status() == Status::Held))
            .min_by_key(|booked| booked.created_at)
    };
    let named = |held: bool| {
        let spoken_of = bookings.iter().find(|booked| Some(booked.id) == spoken_of);
        spoken_of
            .filter(owes)
            .filter(|booked| held == (booked.state.status() == Status::Held))
    };
    named(true)
        .or_else(|| oldest(true))
        .or_else(|| named(false))
        .or_else(|| oldest(false))
}

/// Those the guest can still do something about: held or confirmed.
pub(super) fn open(bookings: Vec<Booked>) -> Vec<Booked> {
    let mut open = bookings;
    open.retain(is_open);
    open
}

/// Whether it is held or confirmed.
pub(super) const fn is_open(booked: &Booked) -> bool {
    matches!(booked.state, Reservation::Held(_) | Reservation::Confirmed)
}

/// Shows several, to choose one of.
pub(in crate::dialogue) fn list<W: World>(
    turn: &mut Turn<'_, W>,
    bookings: &[Booked],
    choice: impl Fn(ReservationId) -> Choice,
) {
    let rows = bookings.iter().take(10).map(|booked| Row {
        choice: choice(booked.id),
        title: words::naming(Phrase::new("row-booking"), booked),
        description: Some(words::naming(Phrase::new("row-booking-dates"), booked)),
    });
    turn.list(Phrase::new("list-bookings"), rows.collect());
}
