//! Who takes a place, and who pays beyond the guests that the night includes.
//!
//! Included places are filled by adults first, then by children, the oldest first; who is left pays the price of the
//! age band. Guests whose band takes no place (babies in a cot) never use an included place nor the cabin's capacity,
//! and pay their band's price, which is mostly nothing. A child whose age nobody said is taken for one of the band that
//! costs most: where elder children cost more, and babies nothing, saying the age never makes the stay dearer.

use crate::{
    party::{ADULT_FROM, Party},
    rates::{AgeBand, Rates},
};

/// Guests of one price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extra {
    /// The band's oldest age; none: adults, or older than every band.
    pub(crate) up_to_age: Option<u8>,
    /// How many.
    pub(crate) guests: u32,
    /// Each, a night.
    pub(crate) night: i64,
}

/// What one guest counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Class {
    up_to_age: Option<u8>,
    night: i64,
    takes_place: bool,
}

/// How many of the party take a place of the cabin.
#[must_use]
pub fn places(rates: &Rates, party: &Party) -> u32 {
    let children = party.children().iter();
    let placed = children.filter(|age| class(rates, **age).takes_place);
    u32::from(party.adults()) + u32::try_from(placed.count()).unwrap_or(u32::MAX)
}

/// Those who pay, one entry for each price, the oldest first.
pub(crate) fn extras(rates: &Rates, party: &Party) -> Vec<Extra> {
    let adult = adult(rates);
    let mut guests = vec![adult; usize::from(party.adults())];
    guests.extend(party.children().iter().map(|age| class(rates, *age)));
    // Within a band everybody costs the same, so ordering bands orders guests. None is the oldest.
    guests.sort_by_key(|class| std::cmp::Reverse(class.up_to_age.unwrap_or(u8::MAX)));
    let mut included = rates.included_guests;
    let mut extras: Vec<Extra> = Vec::new();
    for class in guests {
        if class.takes_place && included > 0 {
            included -= 1;
            continue;
        }
        match extras.last_mut() {
            Some(last) if last.up_to_age == class.up_to_age => last.guests += 1,
            _ => extras.push(Extra {
                up_to_age: class.up_to_age,
                guests: 1,
                night: class.night,
            }),
        }
    }
    extras
}

const fn adult(rates: &Rates) -> Class {
    Class {
        up_to_age: None,
        night: rates.extra_guest_night,
        takes_place: true,
    }
}

fn class(rates: &Rates, age: Option<u8>) -> Class {
    let of_band = |band: &AgeBand| Class {
        up_to_age: Some(band.up_to),
        night: band.extra_night,
        takes_place: band.takes_place,
    };
    let mut bands = rates.age_bands.iter();
    if let Some(age) = age {
        return bands
            .find(|band| age <= band.up_to)
            .map_or_else(|| adult(rates), of_band);
    }
    let oldest = rates.age_bands.last().map(|band| band.up_to);
    let beyond = oldest.is_none_or(|oldest| oldest + 1 < ADULT_FROM);
    let possible = || {
        let bands = rates.age_bands.iter().map(of_band);
        bands.chain(beyond.then(|| adult(rates)))
    };
    let dearest = possible().max_by_key(|class| (class.night, class.takes_place));
    Class {
        takes_place: possible().any(|class| class.takes_place),
        ..dearest.unwrap_or_else(|| adult(rates))
    }
}
