//! Known questions, answered in the owner's words: those about the cabin that is spoken of first, then the property's.
//!
//! Guaranteed: how to get in (`access`) is said to nobody but a guest whose stay is confirmed, wholly paid and near;
//! where to send money (`transfer`) to nobody who has nothing to pay. What has no text is answered from what is known,
//! or by a person.

mod subject;

use chrono::TimeDelta;

use self::subject::Subject;
use super::{
    Booked, Choice, Part, Phrase, State, Value, World, discount, person, stay, turn::Turn,
};
use crate::{
    mode::Mode,
    reservation::{Reservation, Status},
    understand::{PayBy, Topic},
};

/// From so long before the arrival on the way in is told.
const ACCESS_BEFORE: TimeDelta = TimeDelta::hours(48);
/// Questions answered in one turn at most.
const MOST: usize = 6;

/// Answers these, in order. `named`: a cabin or kind of cabin that was named beside them.
pub(super) async fn answer<W: World>(
    turn: &mut Turn<'_, W>,
    topics: &[Topic],
    named: Option<&str>,
) -> Result<(), W::Error> {
    let bookings = turn.world.bookings().await?;
    let subjects = subject::of(turn, named, &bookings);
    for topic in topics.iter().take(MOST) {
        match topic {
            Topic::Transfer => transfer(turn, &bookings).await?,
            Topic::Payment => payment(turn, &subjects, &bookings),
            Topic::Discounts if turn.desk.text("discounts").is_none() => {
                discount::ask(turn, None, "").await?;
            }
            Topic::CheckIn => {
                check_in(turn, &subjects);
                access(turn, &bookings);
            }
            Topic::Wifi => {
                known(turn, *topic, &subjects);
                access(turn, &bookings);
            }
            // What comes back was just said: "sí, cancelala" asks for no policy.
            Topic::Cancellation if turn.chat.state == State::CancelConfirm => {}
            // What it would be for the guest's own booking is said next.
            Topic::Cancellation
                if subject::texts(turn.desk, topic.key(), &subjects).is_empty()
                    && bookings.iter().any(is_living) => {}
            Topic::Capacity => capacity(turn, &subjects),
            Topic::MinimumStay => {
                if !texts(turn, topic.key(), &subjects) {
                    turn.say(Phrase::new("minimum-depends"));
                }
            }
            _ => known(turn, *topic, &subjects),
        }
    }
    Ok(())
}

/// The owner's text; else that about services, with a person for the rest; else the person.
fn known<W: World>(turn: &mut Turn<'_, W>, topic: Topic, subjects: &[Subject<'_>]) {
    if texts(turn, topic.key(), subjects) {
        return;
    }
    let amenity = !matches!(
        topic,
        Topic::Location | Topic::Services | Topic::Cancellation
    );
    if amenity && texts(turn, "services", subjects) {
        let more = Part::Say(Phrase::new("more-detail"));
        if turn.chat.mode != Mode::Waiting && turn.once(more) {
            turn.button(Choice::Human, Phrase::new("button-human"));
        }
        return;
    }
    person::hand_over(turn, person::Reason::Unanswerable);
}

/// Says the texts of a key, once a turn. Whether there is one.
fn texts<W: World>(turn: &mut Turn<'_, W>, key: &str, subjects: &[Subject<'_>]) -> bool {
    let found = subject::texts(turn.desk, key, subjects);
    for text in &found {
        turn.once(Part::Words(text.clone()));
    }
    !found.is_empty()
}

/// The hours, which are known even where the owner has written nothing.
fn check_in<W: World>(turn: &mut Turn<'_, W>, subjects: &[Subject<'_>]) {
    if !texts(turn, "check_in", subjects) {
        let hours = Phrase::new("check-in-hours")
            .with("from", turn.desk.check_in_from)
            .with("until", turn.desk.check_out_until);
        turn.say(hours);
    }
}

/// How to get in: to whom it may be told.
fn access<W: World>(turn: &mut Turn<'_, W>, bookings: &[Booked]) {
    let desk = turn.desk;
    let mine: Vec<(&Booked, Vec<&str>)> = bookings
        .iter()
        .filter(|booked| {
            matches!(
                booked.state,
                Reservation::Confirmed | Reservation::CheckedIn
            )
        })
        .map(|booked| (booked, subject::access(desk, booked)))
        .filter(|(_, known)| !known.is_empty())
        .collect();
    let near = mine.iter().find(|(booked, _)| may_enter(turn, booked));
    if let Some((booked, known)) = near {
        turn.once(Part::Say(
            Phrase::new("access").with("code", booked.code.clone()),
        ));
        for text in known {
            turn.once(Part::Words((*text).to_owned()));
        }
    } else if let Some((booked, _)) = mine.first() {
        let unpaid = stay::words::balance(booked).is_some();
        turn.once(Part::Say(if unpaid {
            Phrase::new("access-when-paid")
        } else {
            Phrase::new("access-later")
        }));
    }
}

/// Wholly paid, and the arrival is near or past; until the day of departure.
fn may_enter<W: World>(turn: &Turn<'_, W>, booked: &Booked) -> bool {
    let total = booked.total();
    let paid = booked.paid.currency == total.currency && booked.paid.minor >= total.minor;
    let Some(period) = stay::words::period(booked) else {
        return false;
    };
    let opens = period.check_in().and_time(turn.desk.check_in_from);
    let now = turn.now.with_timezone(&turn.desk.hours.zone).naive_local();
    paid && opens - now <= ACCESS_BEFORE && turn.today() <= period.check_out()
}

/// Where to send money: with something to pay only.
async fn transfer<W: World>(turn: &mut Turn<'_, W>, bookings: &[Booked]) -> Result<(), W::Error> {
    let ways = turn.desk.ways();
    match stay::pick::to_pay(bookings, turn.chat.slots.booking) {
        Some(booked) if ways.transfer => stay::payment::by(turn, booked, Some(PayBy::Transfer)),
        Some(booked) => stay::payment::how(turn, booked).await?,
        None if ways.mercadopago && !ways.transfer => {
            stay::payment::ways_there_are(turn);
        }
        None => turn.say(Phrase::new("transfer-with-booking")),
    }
    Ok(())
}

/// Which ways there are to pay. Whoever has something to pay is told how by [`stay`].
fn payment<W: World>(turn: &mut Turn<'_, W>, subjects: &[Subject<'_>], bookings: &[Booked]) {
    let told = texts(turn, "payment", subjects);
    let to_pay = stay::pick::to_pay(bookings, turn.chat.slots.booking);
    // With a booking, how is said next, by whoever takes the words.
    if to_pay.is_none() && !told && !stay::payment::ways_there_are(turn) {
        person::hand_over(turn, person::Reason::Unanswerable);
    }
}

/// How many fit where.
fn capacity<W: World>(turn: &mut Turn<'_, W>, subjects: &[Subject<'_>]) {
    if texts(turn, "capacity", subjects) {
        return;
    }
    let kinds: Vec<_> = if subjects.is_empty() {
        turn.desk.kinds.iter().collect()
    } else {
        subjects.iter().map(|subject| subject.kind).collect()
    };
    if kinds.is_empty() {
        return person::hand_over(turn, person::Reason::Unanswerable);
    }
    let lines: Vec<Phrase> = kinds
        .into_iter()
        .map(|kind| {
            Phrase::new("capacity-line")
                .with("name", kind.name.clone())
                .with("guests", kind.capacity)
        })
        .collect();
    turn.say(Phrase::new("capacity").with("kinds", Value::Lines(lines)));
}

/// Whether the guest has this booking still before her, or is there.
pub(super) fn is_living(booked: &Booked) -> bool {
    matches!(
        booked.state.status(),
        Status::Held | Status::Confirmed | Status::CheckedIn
    )
}
