//! Who comes: what was said about it, and the party it makes.

use crate::{
    dialogue::{Quoted, Slots},
    party::Party,
    refusal::Refusal,
    understand::{Asked, Understanding},
};

/// Takes what was said about people and animals. Whether there was anything.
pub(super) fn take(slots: &mut Slots, it: &Understanding) -> bool {
    let pets = it.pets.is_some();
    if pets {
        slots.pets = it.pets;
    }
    people(slots, it) || pets
}

fn people(slots: &mut Slots, it: &Understanding) -> bool {
    match (it.adults, it.children, it.guests_total) {
        (Some(adults), children, _) => {
            slots.adults = Some(adults);
            slots.guests_total = None;
            brood(slots, children.or(Some(0)), it);
            true
        }
        (None, Some(children), Some(total)) => {
            slots.adults = total.checked_sub(children);
            slots.guests_total = None;
            brood(slots, Some(children), it);
            true
        }
        (None, Some(children), None) => {
            of_known_adults(slots, children, it);
            true
        }
        (None, None, Some(total)) => {
            // "Somos 5 en realidad": the children that were told stay children.
            let children = slots.children.filter(|children| *children < total);
            match children {
                Some(children) if children > 0 => slots.adults = Some(total - children),
                _ => {
                    slots.adults = None;
                    slots.guests_total = Some(total);
                    brood(slots, None, it);
                }
            }
            true
        }
        (None, None, None) if !it.ages.is_empty() => {
            slots.ages.clone_from(&it.ages);
            let known = u32::try_from(it.ages.len()).unwrap_or(u32::MAX);
            slots.children = Some(slots.children.unwrap_or(0).max(known));
            true
        }
        (None, None, None) => false,
    }
}

/// Children alone: they belong to what was said before ("somos 4" … "2 son chicos"), but a baby is one more.
fn of_known_adults(slots: &mut Slots, children: u32, it: &Understanding) {
    let babies = it.infants.unwrap_or(0) >= children;
    if let Some(total) = slots.guests_total.take() {
        slots.adults = match total.checked_sub(children) {
            Some(adults) if adults > 0 && !babies => Some(adults),
            _ => Some(total),
        };
    }
    let answers_ages = slots.asked == Some(Asked::Ages);
    if babies
        && !answers_ages
        && slots.children.is_some_and(|known| known > 0)
        && slots.infants.is_none()
    {
        slots.children = slots.children.map(|known| known.saturating_add(children));
        slots.infants = it.infants;
    } else {
        brood(slots, Some(children), it);
    }
}

fn brood(slots: &mut Slots, children: Option<u32>, it: &Understanding) {
    slots.children = children;
    slots.infants = it.infants;
    slots.ages.clone_from(&it.ages);
}

/// The party, if enough was said; or why such a party cannot come.
pub(in crate::dialogue) fn of(slots: &Slots) -> Option<Result<Party, Refusal>> {
    let children = slots.children.unwrap_or(0);
    let adults = match (slots.adults, slots.guests_total) {
        (Some(adults), _) => adults,
        (None, Some(total)) => total.saturating_sub(children),
        (None, None) => return None,
    };
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    // More than any cabin holds is refused with the number that was said.
    if adults.saturating_add(children) > u32::from(u8::MAX) {
        return Some(Err(Refusal::TooManyGuests {
            guests: adults.saturating_add(children),
            capacity: None,
        }));
    }
    Some(Party::new(
        small(adults),
        ages(slots, children),
        small(slots.pets.unwrap_or(0)),
    ))
}

/// Each child's age where it is known; those in arms are 0 unless an age was said.
fn ages(slots: &Slots, children: u32) -> Vec<Option<u8>> {
    let children = usize::try_from(children).unwrap_or(usize::MAX);
    let mut ages: Vec<Option<u8>> = slots.ages.iter().copied().map(Some).collect();
    let told = ages.iter().flatten().filter(|age| **age <= 2).count();
    let infants = usize::try_from(slots.infants.unwrap_or(0)).unwrap_or(usize::MAX);
    let room = children.saturating_sub(ages.len());
    let babies = infants.saturating_sub(told).min(room);
    ages.extend(std::iter::repeat_n(Some(0), babies));
    ages.resize(children, None);
    ages
}

/// How many children's ages nobody said.
pub(super) fn unknown_ages(party: &Party) -> usize {
    let children = party.children().iter();
    children.filter(|age| age.is_none()).count()
}

/// Takes these parties, one a cabin, as if the guest had just said so.
pub(super) fn remember<'p>(slots: &mut Slots, parties: impl Iterator<Item = &'p Party>) {
    let mut adults = 0_u32;
    let mut children = 0_u32;
    let mut pets = 0_u32;
    slots.ages.clear();
    for party in parties {
        adults += u32::from(party.adults());
        pets += u32::from(party.pets());
        children += party.guests() - u32::from(party.adults());
        slots.ages.extend(party.children().iter().flatten());
    }
    slots.adults = Some(adults);
    slots.children = Some(children);
    slots.pets = (pets > 0).then_some(pets);
    slots.infants = None;
    slots.guests_total = None;
}

/// Everybody of a quote, cabin by cabin.
pub(super) fn of_quote(quoted: &Quoted) -> impl Iterator<Item = &Party> {
    quoted.stays.iter().map(|(wanted, _)| &wanted.party)
}

/// Everybody in one party, for the words.
pub(super) fn sum<'p>(parties: impl Iterator<Item = &'p Party>) -> Option<Party> {
    let mut slots = Slots::default();
    remember(&mut slots, parties);
    of(&slots)?.ok()
}
