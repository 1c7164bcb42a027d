//! Random markets, asked at random: what is offered is what can be sold, no less and nothing else.

use chrono::Days;
use proptest::{collection::vec, prelude::*};

use super::{
    super::{Among, Offer, SHIFTS},
    ask, day, kind, limits, market, window,
};
use crate::{
    availability::{Kind, Market, NightSet, Search},
    conditions::{Checks, Wanted, check},
    nights::{Period, Weekdays},
    party::Party,
};

#[derive(Debug, Clone)]
struct Unit {
    capacity: u32,
    night: i64,
    least: u32,
    arrival: Option<u8>,
    taken: Vec<Vec<(u64, u64)>>,
}

fn units() -> impl Strategy<Value = Unit> {
    (
        1..7_u32,
        1..1_000_i64,
        1..6_u32,
        prop::option::weighted(0.3, 1..=127_u8),
        vec(vec((0..140_u64, 1..9_u64), 0..16), 1..4),
    )
        .prop_map(|(capacity, night, least, arrival, taken)| Unit {
            capacity,
            night,
            least,
            arrival,
            taken,
        })
}

fn at(days: u64) -> chrono::NaiveDate {
    // Nine days before today.
    day("2026-11-11") + Days::new(days)
}

fn sellable(kind: &Kind, units: &Unit, period: Period, party: &Party) -> Vec<u128> {
    let wanted = Wanted {
        period,
        party,
        capacity: kind.capacity,
        active: true,
        rates: kind.rates.as_ref(),
        seasons: &[],
    };
    if check(&wanted, &limits(), Checks::Guest).is_err() {
        return Vec::new();
    }
    let free = kind.cabins.iter().zip(&units.taken).filter(|(_, taken)| {
        !period.nights().any(|night| {
            let mut taken = taken.iter();
            taken.any(|(first, len)| at(*first) <= night && night < at(first + len))
        })
    });
    free.map(|(cabin, _)| cabin.id.uuid().as_u128()).collect()
}

fn build(units: &[Unit], search: &Search) -> Market {
    let (from, until) = window(search, &limits(), 6);
    let kinds = (1..).zip(units).map(|(id, unit)| {
        let mut kind = kind(id, unit.capacity, unit.night, unit.taken.len() as u128);
        let rates = kind.rates.as_mut().unwrap();
        rates.min_nights = unit.least;
        rates.arrival_days = unit.arrival.and_then(Weekdays::from_bits);
        for (cabin, taken) in kind.cabins.iter_mut().zip(&unit.taken) {
            cabin.taken = NightSet::none(from, until);
            for (first, len) in taken {
                cabin.taken.add(at(*first), at(first + len));
            }
        }
        kind
    });
    market(kinds.collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn everything_offered_can_be_sold_and_everything_that_can_be_sold_is_offered(
        units in vec(units(), 1..5), first in 0..100_u64, nights in 1..9_u64, adults in 1..8_u8, children in 0..4_usize,
    ) {
        let search = Search {
            period: Period::new(at(first), at(first + nights)).unwrap(),
            party: Party::new(adults, vec![Some(5); children], 0).unwrap(),
            among: Among::All,
        };
        let market = build(&units, &search);
        let sold = |period: Period| -> Vec<Vec<u128>> {
            let pairs = market.kinds.iter().zip(&units);
            pairs.map(|(kind, units)| sellable(kind, units, period, &search.party)).filter(|it| !it.is_empty()).collect()
        };
        let right = |offer: &Offer| {
            let free: Vec<_> = offer.free.iter().map(|id| id.uuid().as_u128()).collect();
            sold(offer.period).contains(&free)
        };
        let found = ask(&market, &limits(), &search);
        let expected = sold(search.period);
        prop_assert_eq!(found.offers.len(), expected.len());
        prop_assert!(found.offers.iter().all(right));
        prop_assert!(found.offers.is_sorted_by_key(|it| it.price.charge.minor));
        prop_assert_eq!(found.refusal.is_some(), expected.is_empty());
        let alternatives = &found.alternatives;
        prop_assert!(alternatives.dates.iter().all(right) && alternatives.longer.iter().all(right));
        // The cheapest of the day.
        for offer in &alternatives.dates {
            let kinds = market.kinds.iter().zip(&units);
            let cheapest = kinds.filter(|(kind, units)| !sellable(kind, units, offer.period, &search.party).is_empty())
                .map(|(_, unit)| unit.night * i64::try_from(nights).unwrap()).min();
            prop_assert_eq!(cheapest, Some(offer.price.total.minor));
        }
        // Dates are missing only if there are none.
        if !expected.is_empty() {
            prop_assert!(alternatives.is_empty());
        } else if alternatives.dates.is_empty() {
            let possible = (1..=i64::from(SHIFTS)).flat_map(|days| [days, -days])
                .filter_map(|days| search.period.shifted(days)).any(|period| !sold(period).is_empty());
            prop_assert!(!possible);
        }
        // Both halves can be sold, to everybody who comes and nobody else.
        for pair in &alternatives.together {
            prop_assert_ne!(pair.halves[0].cabin, pair.halves[1].cabin);
            let guests: u32 = pair.halves.iter().map(|half| half.party.guests()).sum();
            prop_assert_eq!(guests, search.party.guests());
            for half in &pair.halves {
                let mut kinds = market.kinds.iter().zip(&units);
                let (kind, units) = kinds.find(|(kind, _)| kind.id == half.unit_type).unwrap();
                let free = sellable(kind, units, pair.period, &half.party);
                prop_assert!(free.contains(&half.cabin.uuid().as_u128()));
            }
        }
    }
}
