//! Two cabins for a party that one cannot take.

use super::{
    Half, Kind, MOST_ALTERNATIVES, Together,
    search::{Asking, wanted},
};
use crate::{
    conditions::{Checks, check},
    ids::AccommodationId,
    nights::Period,
    party::Party,
    quote::places,
};

/// Pairs that are tried: bounds the work, whatever is asked.
const MOST_TRIED: usize = 12;

/// Pairs of cabins that take the party between them, at least one adult in each. The best filling pairs are tried, the
/// cheapest come first.
pub(super) fn together(asking: &Asking<'_>, period: Period) -> Vec<Together> {
    let party = asking.party;
    if party.adults() < 2 {
        return Vec::new();
    }
    let kinds: Vec<(&Kind, Vec<AccommodationId>)> = asking
        .market
        .kinds
        .iter()
        .map(|kind| (kind, free(asking, kind, period)))
        .filter(|(_, free)| !free.is_empty())
        .collect();
    let mut pairs = Vec::new();
    for (at, (first, of_first)) in kinds.iter().enumerate() {
        for (second, of_second) in kinds.iter().skip(at) {
            let same = first.id == second.id;
            let cabins = (of_first.first(), of_second.get(usize::from(same)));
            let needed = first.rates.as_ref().map(|rates| places(rates, party));
            let room = first.capacity.saturating_add(second.capacity);
            let spare = needed.and_then(|needed| room.checked_sub(needed));
            if let (Some(spare), (Some(a), Some(b))) = (spare, cabins) {
                pairs.push((spare, [(*first, *a), (*second, *b)]));
            }
        }
    }
    pairs.sort_by_key(|(spare, _)| *spare);
    let mut found: Vec<Together> = pairs
        .into_iter()
        .take(MOST_TRIED)
        .filter_map(|(_, pair)| share(asking, period, pair))
        .take(MOST_ALTERNATIVES)
        .collect();
    found.sort_by_key(|together| together.price.charge.minor);
    found
}

/// The units of a type that somebody could sleep in.
fn free(asking: &Asking<'_>, kind: &Kind, period: Period) -> Vec<AccommodationId> {
    let Ok(somebody) = Party::new(1, Vec::new(), 0) else {
        return Vec::new();
    };
    let possible = check(
        &wanted(kind, period, &somebody),
        asking.limits,
        Checks::Guest,
    );
    if possible.is_err() {
        return Vec::new();
    }
    let cabins = kind.cabins.iter();
    cabins
        .filter(|cabin| cabin.active && !cabin.taken.touches(period))
        .map(|cabin| cabin.id)
        .collect()
}

/// Who sleeps where, so that both are filled alike; priced as one booking.
fn share(
    asking: &Asking<'_>,
    period: Period,
    [(first, a), (second, b)]: [(&Kind, AccommodationId); 2],
) -> Option<Together> {
    let fits = |kind: &Kind, party: &Party| {
        check(&wanted(kind, period, party), asking.limits, Checks::Guest).is_ok()
    };
    let (one, other) = splits(asking.party)
        .filter(|(one, other)| fits(first, one) && fits(second, other))
        .min_by_key(|(one, other)| {
            let filled = u64::from(one.guests()) * u64::from(second.capacity);
            filled.abs_diff(u64::from(other.guests()) * u64::from(first.capacity))
        })?;
    let price = asking
        .price(&[(first, &one), (second, &other)], period)
        .ok()?;
    let half = |kind: &Kind, cabin, party| Half {
        unit_type: kind.id,
        unit_type_name: kind.name.clone(),
        cabin,
        party,
    };
    Some(Together {
        halves: [half(first, a, one), half(second, b, other)],
        period,
        price,
    })
}

/// The ways to part a party: some adults here and some there, the elder children here and the younger there, pets with
/// either.
fn splits(party: &Party) -> impl Iterator<Item = (Party, Party)> {
    let mut children = party.children().to_vec();
    children.sort_by(|a, b| b.cmp(a));
    let pets: &[(u8, u8)] = if party.pets() == 0 {
        &[(0, 0)]
    } else {
        &[(1, 0), (0, 1)]
    };
    let adults = party.adults();
    (1..adults).flat_map(move |here| {
        let children = children.clone();
        (0..=children.len()).flat_map(move |elder| {
            let (elder, younger) = children.split_at(elder);
            let (elder, younger) = (elder.to_vec(), younger.to_vec());
            pets.iter().filter_map(move |(with_us, with_them)| {
                let ours = Party::new(here, elder.clone(), party.pets() * with_us).ok()?;
                let them = party.pets() * with_them;
                let theirs = Party::new(adults - here, younger.clone(), them).ok()?;
                Some((ours, theirs))
            })
        })
    })
}
