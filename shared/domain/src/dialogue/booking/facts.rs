//! What a guest's words change in what we know of her stay.
//!
//! New facts replace old ones; the parts she did not speak of stay ("mejor 3 noches" keeps the arrival, a new departure
//! keeps it too). Nothing is guessed: where two readings remain, the other one is passed on to be offered.

use chrono::{Datelike as _, Days, NaiveDate};

use crate::{
    dialogue::{KindOfCabin, Slots},
    understand::{Dates, Understanding},
};

/// What was new.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// When.
    pub(super) dates: bool,
    /// Who.
    pub(super) party: bool,
    /// Which cabins, or how many.
    pub(super) cabins: bool,
    /// Other ways to read when.
    pub(super) readings: Vec<Dates>,
}

impl Facts {
    /// Whether there was anything.
    pub(super) const fn any(&self) -> bool {
        self.dates || self.party || self.cabins
    }
}

/// Takes what was understood into the slots.
pub(super) fn take(slots: &mut Slots, it: &Understanding, kinds: &[KindOfCabin]) -> Facts {
    let mut facts = Facts {
        party: super::party::take(slots, it),
        ..Facts::default()
    };
    if facts.party && it.cabins.is_none() && slots.cabins.is_some_and(|cabins| cabins > 2) {
        // "Y para 6, ¿cuánto sale?" after three cabins for fifteen.
        slots.cabins = None;
    }
    let whole_stay = it.check_in.is_some() && it.check_out.is_some();
    let named = it.accommodation.as_deref().and_then(|name| {
        kinds
            .iter()
            .find(|kind| kind.name == name || kind.cabins.iter().any(|cabin| cabin.name == name))
    });
    facts.dates = when(slots, it, &mut facts.readings);
    if let Some(kind) = named {
        slots.kinds = vec![kind.id];
        slots.cabins = it.cabins;
        facts.cabins = true;
    } else if let Some(cabins) = it.cabins {
        slots.cabins = Some(cabins);
        slots.kinds.clear();
        facts.cabins = true;
    } else if whole_stay && !it.correction {
        // Another stay: all cabins are looked at again.
        slots.kinds.clear();
    }
    facts
}

fn when(slots: &mut Slots, it: &Understanding, readings: &mut Vec<Dates>) -> bool {
    readings.extend(&it.alternatives);
    match (it.check_in, it.check_out) {
        (Some(check_in), Some(check_out)) => {
            set(slots, Some(check_in), Some(check_out));
            true
        }
        (Some(check_in), None) => {
            arrival(slots, check_in, it.nights, readings);
            true
        }
        (None, Some(check_out)) => {
            // Before the arrival it cannot be: then the arrival is what has to be asked.
            let check_in = slots.check_in.filter(|check_in| *check_in < check_out);
            let check_in = check_in.or_else(|| earlier(check_out, it.nights.or(slots.nights)));
            set(slots, check_in, Some(check_out));
            true
        }
        (None, None) => match it.nights {
            Some(nights) => {
                if slots.check_in.is_none() && it.vague_month.is_some() {
                    // "3 noches en marzo".
                    slots.vague_month = it.vague_month;
                }
                length(slots, nights);
                true
            }
            // "Diciembre", of days that are in December.
            None if it.vague_month.is_some_and(|month| is_in(slots, month)) => true,
            None if it.vague.is_some() => {
                set(slots, None, None);
                slots.vague_month = it.vague_month;
                true
            }
            None => false,
        },
    }
}

fn is_in(slots: &Slots, month: NaiveDate) -> bool {
    slots
        .check_in
        .is_some_and(|day| (day.year(), day.month()) == (month.year(), month.month()))
}

fn set(slots: &mut Slots, check_in: Option<NaiveDate>, check_out: Option<NaiveDate>) {
    slots.check_in = check_in;
    slots.check_out = check_out;
    if check_in.is_some() && check_out.is_some() {
        slots.nights = None;
        slots.vague_month = None;
    }
}

/// An arrival alone.
fn arrival(slots: &mut Slots, check_in: NaiveDate, nights: Option<u32>, readings: &mut Vec<Dates>) {
    let nights = nights.or(slots.nights);
    if let Some(nights) = nights {
        set(slots, Some(check_in), later(check_in, Some(nights)));
        return;
    }
    let Some(check_out) = slots.check_out else {
        set(slots, Some(check_in), None);
        return;
    };
    let length = slots.check_in.and_then(|before| {
        u32::try_from((check_out - before).num_days())
            .ok()
            .filter(|nights| *nights > 0)
    });
    let same_length = later(check_in, length);
    if check_in < check_out {
        // "Mejor llegamos el 12": the departure stays; or the whole stay moves.
        if same_length.is_some() && same_length != Some(check_out) {
            readings.push(Dates {
                check_in,
                check_out: same_length,
            });
        }
        set(slots, Some(check_in), Some(check_out));
    } else {
        set(slots, Some(check_in), same_length);
    }
}

/// A number of nights alone.
fn length(slots: &mut Slots, nights: u32) {
    match (slots.check_in, slots.check_out) {
        (Some(check_in), _) => set(slots, Some(check_in), later(check_in, Some(nights))),
        (None, Some(check_out)) => {
            set(slots, earlier(check_out, Some(nights)), Some(check_out));
        }
        (None, None) => slots.nights = Some(nights),
    }
}

fn later(check_in: NaiveDate, nights: Option<u32>) -> Option<NaiveDate> {
    check_in.checked_add_days(Days::new(nights.filter(|nights| *nights > 0)?.into()))
}

fn earlier(check_out: NaiveDate, nights: Option<u32>) -> Option<NaiveDate> {
    check_out.checked_sub_days(Days::new(nights.filter(|nights| *nights > 0)?.into()))
}
