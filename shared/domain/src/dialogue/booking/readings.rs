//! The other way to read the dates, as a button: what we took them for is said in words beside it.

use chrono::{Datelike as _, NaiveDate};

use crate::{
    dialogue::{Choice, Phrase, World, turn::Turn},
    understand::Dates,
};

/// Buttons there is room for.
const MOST: usize = 2;

/// A button for each other reading.
pub(super) fn buttons<W: World>(turn: &mut Turn<'_, W>) {
    for reading in others(turn).into_iter().take(MOST) {
        let title = title(reading);
        turn.button(choice(reading), title);
    }
}

/// The other readings that are still possible, without the one that was taken.
pub(super) fn others<W: World>(turn: &Turn<'_, W>) -> Vec<Dates> {
    let slots = &turn.chat.slots;
    let today = turn.today();
    let mut others: Vec<Dates> = Vec::new();
    for reading in &turn.readings {
        let taken = slots.check_in == Some(reading.check_in)
            && (reading.check_out.is_none() || slots.check_out == reading.check_out);
        let possible =
            reading.check_in >= today && reading.check_out.is_none_or(|out| out > reading.check_in);
        if possible && !taken && !others.contains(reading) {
            others.push(*reading);
        }
    }
    others
}

/// What a tap on it means.
pub(super) const fn choice(reading: Dates) -> Choice {
    Choice::Dates {
        check_in: reading.check_in,
        check_out: reading.check_out,
    }
}

/// Short enough for a button.
pub(super) fn title(reading: Dates) -> Phrase {
    let Dates {
        check_in,
        check_out,
    } = reading;
    match check_out {
        Some(check_out) => short(check_in, check_out),
        None => Phrase::new("dates-from")
            .with("day", check_in.day())
            .with("month", check_in.month()),
    }
}

/// "Del 9 al 15/1", "Del 30/12 al 3/1".
pub(super) fn short(check_in: NaiveDate, check_out: NaiveDate) -> Phrase {
    let key = if check_in.month() == check_out.month() {
        "dates-in-month"
    } else {
        "dates-across"
    };
    Phrase::new(key)
        .with("day", check_in.day())
        .with("month", check_in.month())
        .with("until", check_out.day())
        .with("until_month", check_out.month())
}
