//! What is asked before anything can be looked for: one thing at a time.

use chrono::Datelike as _;

use crate::{
    dialogue::{Choice, Phrase, State, World, person, turn::Turn},
    nights::Period,
    refusal::Refusal,
    understand::Asked,
};

/// The nights; or asks for what is missing of them.
pub(super) fn period<W: World>(turn: &mut Turn<'_, W>) -> Option<Period> {
    let slots = &turn.chat.slots;
    match (slots.check_in, slots.check_out) {
        (Some(check_in), Some(check_out)) => match Period::new(check_in, check_out) {
            Ok(period) => return Some(period),
            Err(refusal) => {
                turn.chat.slots.check_out = None;
                turn.say(Phrase::new("refused").with("why", refusal));
                ask_check_out(turn, check_in);
            }
        },
        (Some(check_in), None) => ask_check_out(turn, check_in),
        (None, Some(check_out)) => {
            let question = Phrase::new("ask-check-in").with("until", check_out);
            turn.ask(State::Dates, Asked::Dates, question);
        }
        (None, None) => ask_dates(turn),
    }
    None
}

/// Asks from when to when, with what is known of it.
pub(super) fn ask_dates<W: World>(turn: &mut Turn<'_, W>) {
    let slots = &turn.chat.slots;
    let question = match (slots.vague_month, slots.nights) {
        (Some(month), Some(nights)) if nights > 1 => Phrase::new("ask-dates-in-month-for-nights")
            .with("nights", nights)
            .with("month", month.month()),
        (Some(month), _) => Phrase::new("ask-dates-in-month").with("month", month.month()),
        (None, Some(nights)) => Phrase::new("ask-dates-for-nights").with("nights", nights),
        (None, None) => Phrase::new("ask-dates"),
    };
    turn.ask(State::Dates, Asked::Dates, question);
}

fn ask_check_out<W: World>(turn: &mut Turn<'_, W>, check_in: chrono::NaiveDate) {
    let question = Phrase::new("ask-check-out").with("from", check_in);
    turn.ask(State::CheckOut, Asked::CheckOut, question);
    super::readings::buttons(turn);
}

/// Who comes, as far as it was said.
pub(super) enum Party {
    /// A party that can come.
    Known(crate::party::Party),
    /// Not said yet.
    Unknown,
    /// Cannot come, whatever the cabin: it has been said why, and what to do.
    Impossible,
}

/// Who comes, if it was said and is possible.
pub(super) fn party<W: World>(turn: &mut Turn<'_, W>) -> Party {
    let refusal = match super::party::of(&turn.chat.slots) {
        None => return Party::Unknown,
        Some(Ok(party)) => return Party::Known(party),
        Some(Err(refusal)) => refusal,
    };
    let slots = &mut turn.chat.slots;
    slots.adults = None;
    slots.guests_total = None;
    if refusal == Refusal::NoAdult {
        turn.say(Phrase::new("refused").with("why", refusal));
        ask_party(turn);
    } else {
        slots.children = None;
        slots.infants = None;
        slots.ages.clear();
        turn.stand(State::Menu, None);
        turn.say(Phrase::new("refused").with("why", refusal));
        person::hand_over(turn, person::Reason::Unanswerable);
    }
    Party::Impossible
}

/// Asks who comes.
pub(super) fn ask_party<W: World>(turn: &mut Turn<'_, W>) {
    let question = match turn.chat.slots.children {
        Some(children) if children > 0 => Phrase::new("ask-adults").with("children", children),
        _ => Phrase::new("ask-guests"),
    };
    turn.ask(State::Guests, Asked::Guests, question);
    super::readings::buttons(turn);
}

/// Asks how old the children are, once.
pub(super) fn ask_ages<W: World>(turn: &mut Turn<'_, W>, children: usize) {
    turn.chat.slots.ages_asked = true;
    let children = u32::try_from(children).unwrap_or(u32::MAX);
    let question = Phrase::new("ask-ages").with("children", children);
    turn.ask(State::Guests, Asked::Ages, question);
}

/// So many pets cannot come: asks whether the stay is wanted with fewer.
pub(super) fn ask_pets<W: World>(turn: &mut Turn<'_, W>, most: u8) {
    turn.chat.slots.pets_most = Some(most);
    let question = Phrase::new("ask-fewer-pets").with("most", u32::from(most));
    turn.ask(State::Guests, Asked::YesOrNo, question);
    let title = Phrase::new("button-fewer-pets").with("most", u32::from(most));
    turn.button(Choice::Pets(most), title);
    turn.button(Choice::Human, Phrase::new("button-person"));
}

/// After something that could not be sold: other dates, or a person.
pub(super) fn ask_other_dates<W: World>(turn: &mut Turn<'_, W>) {
    turn.ask(State::Dates, Asked::Dates, Phrase::new("ask-other-dates"));
    turn.button(Choice::Human, Phrase::new("button-person"));
}
