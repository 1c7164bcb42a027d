//! What a change costs, and what is free instead of nights that are taken.

use super::{start, target};
use crate::{
    availability::{Among, Offers, Search},
    dialogue::{
        Booked, Choice, Offered, Phrase, Quoted, State, Value, Wanted, World,
        stay::{ask_yes, speak_of, words},
        turn::Turn,
    },
    money::Money,
    refusal::Refusal,
    understand::Asked,
};

/// Dates shown at most where the wished ones are taken.
const MOST_DATES: usize = 3;

/// What it would cost, and whether to.
pub(super) async fn price<W: World>(
    turn: &mut Turn<'_, W>,
    booked: &Booked,
    stays: Vec<Wanted>,
) -> Result<(), W::Error> {
    if let Some(offers) = taken(turn, booked, &stays).await? {
        full(turn, booked, &offers);
        return Ok(());
    }
    match turn.world.quote(&stays).await? {
        Ok(quoted) => show(turn, booked, &quoted),
        Err(refusal) => not_so(turn, &refusal),
    }
    Ok(())
}

/// What is free instead, if some nights are taken by somebody else. The booking's own nights count as free here; the
/// change itself decides.
async fn taken<W: World>(
    turn: &mut Turn<'_, W>,
    booked: &Booked,
    stays: &[Wanted],
) -> Result<Option<Offers>, W::Error> {
    for wanted in stays {
        let search = Search {
            period: wanted.period,
            party: wanted.party.clone(),
            among: Among::Type(wanted.unit_type),
        };
        let offers = turn.world.offers(&search).await?;
        let own = |night| {
            booked.stays.iter().any(|stay| {
                stay.unit_type == wanted.unit_type && stay.period.nights().any(|own| own == night)
            })
        };
        let others = match &offers.refusal {
            Some(Refusal::Taken { nights }) => {
                nights.is_empty() || nights.iter().any(|night| !own(*night))
            }
            // Anything else the quote will say.
            _ => false,
        };
        if offers.offers.is_empty() && others {
            return Ok(Some(offers));
        }
    }
    Ok(None)
}

/// Those nights are taken: the nearest that are free, to choose from.
fn full<W: World>(turn: &mut Turn<'_, W>, booked: &Booked, offers: &Offers) {
    start(turn, booked);
    turn.ask(
        State::ChangeDates,
        Asked::Dates,
        Phrase::new("change-other-dates"),
    );
    let dates: Vec<_> = offers.alternatives.dates.iter().take(MOST_DATES).collect();
    if dates.is_empty() || booked.stays.len() > 1 {
        turn.say(Phrase::new("change-full"));
        return;
    }
    turn.chat.slots.offered = dates
        .iter()
        .map(|offer| Offered {
            kinds: vec![offer.unit_type],
            check_in: offer.period.check_in(),
            check_out: offer.period.check_out(),
            charge: offer.price.charge,
        })
        .collect();
    let lines = dates
        .iter()
        .map(|offer| Phrase::new("change-free-line").with("period", offer.period));
    turn.say(Phrase::new("change-full-near").with("dates", Value::Lines(lines.collect())));
    turn.ask(
        State::ChangeDates,
        Asked::Option,
        Phrase::new("change-one-of-these"),
    );
}

/// Not possible so: why, and what else.
pub(super) fn not_so<W: World>(turn: &mut Turn<'_, W>, refusal: &Refusal) {
    if let Refusal::TooManyGuests { guests, .. } = refusal {
        let kinds = turn.desk.kinds.iter();
        let room: Vec<&str> = kinds
            .filter(|kind| kind.capacity >= *guests)
            .map(|kind| kind.name.as_str())
            .collect();
        if !room.is_empty() {
            let question = Phrase::new("change-other-cabin")
                .with("guests", *guests)
                .with("cabins", words::kinds(room.into_iter()));
            turn.ask(State::ChangeDates, Asked::Option, question);
            turn.chat.slots.guests_total = Some(*guests);
            turn.button(Choice::Human, Phrase::new("button-human"));
            return;
        }
    }
    turn.say(Phrase::new("stay-refused").with("refusal", refusal.clone()));
    turn.ask(
        State::ChangeDates,
        Asked::Dates,
        Phrase::new("change-other-dates"),
    );
    turn.button(Choice::Human, Phrase::new("button-human"));
}

fn show<W: World>(turn: &mut Turn<'_, W>, booked: &Booked, quoted: &Quoted) {
    let id = booked.id;
    speak_of(turn, id);
    turn.chat.slots.changing = Some(id);
    turn.chat.slots.quote = Some(quoted.id);
    let new = quoted.stays.first().map(|(wanted, _)| wanted);
    let names = quoted.stays.iter().map(|(_, name)| name.as_str());
    let party = target::party_of(quoted).map_or_else(|| Value::from(""), Value::from);
    let period = new.map_or_else(|| Value::from(""), |new| new.period.into());
    turn.say(
        Phrase::new("change-price")
            .with("code", booked.code.clone())
            .with("cabins", words::kinds(names))
            .with("period", period)
            .with("party", party)
            .with("total", quoted.price.charge)
            .with("difference", difference(booked.charge, quoted.price.charge)),
    );
    ask_yes(
        turn,
        State::ChangeConfirm,
        Phrase::new("change-sure"),
        [
            (
                Choice::ChangeYes(id, quoted.id),
                Phrase::new("button-change-yes"),
            ),
            (Choice::Keep(id), Phrase::new("button-keep")),
        ],
    );
}

fn difference(old: Money, new: Money) -> Phrase {
    let by = new.minor.saturating_sub(old.minor);
    let amount = Money::new(by.saturating_abs(), new.currency);
    if old.currency != new.currency {
        Phrase::new("difference-unknown")
    } else if by > 0 {
        Phrase::new("difference-more").with("amount", amount)
    } else if by < 0 {
        Phrase::new("difference-less").with("amount", amount)
    } else {
        Phrase::new("difference-none")
    }
}
