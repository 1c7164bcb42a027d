//! What a booking is to be changed to, out of a guest's words and of what it is now.

use chrono::{Datelike as _, Days, NaiveDate};

use crate::{
    dialogue::{Booked, Desk, Offered, Quoted, Wanted, World, said::Said, stay::words, turn::Turn},
    ids::UnitTypeId,
    nights::{MOST_NIGHTS, Period},
    party::Party,
    refusal::Refusal,
    understand::{Context, Pointer, Understanding, understand},
};

/// Whether the words say anything about dates, people or another cabin.
pub(in crate::dialogue::stay) fn says_what(it: &Understanding) -> bool {
    it.check_in.is_some()
        || it.check_out.is_some()
        || it.nights.is_some()
        || it.accommodation.is_some()
        || says_who(it)
}

pub(super) fn says_who(it: &Understanding) -> bool {
    it.adults.is_some() || it.children.is_some() || it.guests_total.is_some() || it.pets.is_some()
}

/// What was said, with days without a month read in the month of the booking, not in the next that comes: to move a stay
/// of January, "del 12 al 18" is January.
pub(super) fn near<W: World>(
    turn: &Turn<'_, W>,
    said: &Said<'_>,
    booked: &Booked,
) -> Understanding {
    let it = said.understood.clone();
    let Some(month) = words::period(booked).and_then(|it| it.check_in().with_day(1)) else {
        return it;
    };
    let context = turn.context();
    let there = understand(
        &said.text,
        &Context {
            today: month.max(context.today),
            ..context
        },
    );
    // A month that was named is the same from wherever one looks; "mañana" falls on another day.
    let no_month = it
        .check_in
        .zip(there.check_in)
        .is_some_and(|(here, there)| here.day() == there.day() && here.month() != there.month());
    if no_month { there } else { it }
}

/// "Una noche más": as many as now and so many more.
pub(super) fn longer(it: &mut Understanding, said: &Said<'_>, booked: &Booked) {
    let said_when = it.check_in.is_some() || it.check_out.is_some();
    let nights = ["noche", "noches", "día", "dia", "días", "dias"];
    let more = said.speaks_of("más") || said.speaks_of("mas");
    if said_when || !more || !nights.iter().any(|word| said.speaks_of(word)) {
        return;
    }
    let extra = it.nights.or_else(|| {
        let one = ["una", "un", "1"];
        one.iter().any(|word| said.speaks_of(word)).then_some(1)
    });
    if let Some((extra, now)) = extra.zip(words::period(booked)) {
        it.nights = Some(now.len().saturating_add(extra));
    }
}

/// The stays that are wanted; none if the words say nothing new. `from`: the dates that were spoken of last, if not
/// the booking's own.
pub(super) fn wanted(
    desk: &Desk,
    booked: &Booked,
    from: Option<Period>,
    it: &Understanding,
) -> Option<Result<Vec<Wanted>, Refusal>> {
    let now = words::period(booked)?;
    let period = match period(from.unwrap_or(now), it) {
        Ok(period) => period,
        Err(refusal) => return Some(Err(refusal)),
    };
    let mut stays = moved(booked, period);
    if says_who(it)
        && let [only] = stays.as_mut_slice()
    {
        match party(&only.party, it) {
            Ok(party) => only.party = party,
            Err(refusal) => return Some(Err(refusal)),
        }
    }
    if let [only] = stays.as_mut_slice()
        && let Some(kind) = named(desk, it)
    {
        only.unit_type = kind;
    }
    let same = stays.iter().zip(&booked.stays).all(|(new, old)| {
        new.period == old.period && new.party == old.party && new.unit_type == old.unit_type
    });
    (!same).then_some(Ok(stays))
}

/// Another kind of cabin, if one was named.
fn named(desk: &Desk, it: &Understanding) -> Option<UnitTypeId> {
    let name = it.accommodation.as_ref()?;
    let kind = desk
        .kinds
        .iter()
        .find(|kind| kind.name == *name || kind.cabins.iter().any(|cabin| cabin.name == *name))?;
    Some(kind.id)
}

/// All its cabins' kinds in another period.
pub(super) fn moved(booked: &Booked, period: Period) -> Vec<Wanted> {
    let stays = booked.stays.iter();
    stays
        .map(|stay| Wanted {
            unit_type: stay.unit_type,
            cabin: None,
            period,
            party: stay.party.clone(),
        })
        .collect()
}

/// As many nights as before, where only one end is said and it is not the other's.
fn period(from: Period, it: &Understanding) -> Result<Period, Refusal> {
    let nights = it.nights.unwrap_or(from.len()).clamp(1, MOST_NIGHTS);
    let nights = Days::new(u64::from(nights));
    let too_far = || Refusal::TooLong { most: MOST_NIGHTS };
    let until = |check_in: NaiveDate| {
        let check_out = check_in.checked_add_days(nights).ok_or_else(too_far)?;
        Period::new(check_in, check_out)
    };
    match (it.check_in, it.check_out) {
        (Some(check_in), Some(check_out)) => Period::new(check_in, check_out),
        (Some(check_in), None) => until(check_in),
        (None, Some(check_out)) if it.nights.is_some() => {
            let check_in = check_out.checked_sub_days(nights).ok_or_else(too_far)?;
            Period::new(check_in, check_out)
        }
        (None, Some(check_out)) => Period::new(from.check_in(), check_out),
        (None, None) => until(from.check_in()),
    }
}

/// Who comes now, out of who was to come.
fn party(old: &Party, it: &Understanding) -> Result<Party, Refusal> {
    let known = u32::try_from(old.children().len()).unwrap_or(0);
    let children = it.children.unwrap_or(match it.guests_total {
        // Only a number: the children that were coming still are, as far as it allows.
        Some(total) => known.min(total.saturating_sub(1)),
        None => known,
    });
    let adults = it.adults.unwrap_or_else(|| match it.guests_total {
        Some(total) => total.saturating_sub(children),
        None => u32::from(old.adults()),
    });
    let ages = ages(old, it, children);
    let small = |count: u32| u8::try_from(count).unwrap_or(u8::MAX);
    Party::new(
        small(adults),
        ages,
        it.pets.map_or_else(|| old.pets(), small),
    )
}

fn ages(old: &Party, it: &Understanding, children: u32) -> Vec<Option<u8>> {
    let count = usize::try_from(children.min(100)).unwrap_or(0);
    let mut ages: Vec<Option<u8>> = if it.children.is_some() {
        it.ages.iter().copied().map(Some).collect()
    } else {
        old.children().to_vec()
    };
    let infants = usize::try_from(it.infants.unwrap_or(0).min(100)).unwrap_or(0);
    if it.children.is_some() && it.ages.is_empty() {
        ages.extend(std::iter::repeat_n(Some(0), infants));
    }
    ages.resize(count, None);
    ages
}

/// Who comes, to all its cabins together.
pub(super) fn party_of(quoted: &Quoted) -> Option<Party> {
    let mut adults = 0_u8;
    let mut children = Vec::new();
    let mut pets = 0_u8;
    for (wanted, _) in &quoted.stays {
        adults = adults.saturating_add(wanted.party.adults());
        children.extend_from_slice(wanted.party.children());
        pets = pets.saturating_add(wanted.party.pets());
    }
    Party::new(adults, children, pets).ok()
}

/// One of the dates that were shown.
pub(super) fn shown(offered: &[Offered], pointer: Option<Pointer>) -> Option<Period> {
    let offered = match pointer? {
        Pointer::Nth(nth) => offered.get(usize::try_from(nth).ok()?.checked_sub(1)?),
        Pointer::Last => offered.last(),
        Pointer::Cheapest => offered.iter().min_by_key(|offered| offered.charge.minor),
        Pointer::Best => offered.iter().max_by_key(|offered| offered.charge.minor),
    }?;
    Period::new(offered.check_in, offered.check_out).ok()
}
