//! Which nights a hold is about to take: for the fast first layer.

use std::collections::{BTreeMap, BTreeSet};

use posta_domain::ids::AccommodationId;
use posta_runtime::night_lock::Nights;
use posta_store::{booking::Quote, catalog::Place};

/// The nights of every cabin that might be chosen: those that are named, the one the quote names, or all of the type.
pub(crate) fn wanted(place: &Place, quote: &Quote, named: &[AccommodationId]) -> Vec<Nights> {
    let mut wanted: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (at, stay) in quote.inputs.stays.iter().enumerate() {
        let cabins: Vec<_> = match (named.get(at), &stay.accommodation) {
            (Some(cabin), _) | (None, Some(cabin)) => vec![*cabin],
            (None, None) => place
                .cabins_of(stay.unit_type)
                .filter(|cabin| cabin.active)
                .map(|cabin| cabin.id)
                .collect(),
        };
        for cabin in cabins {
            wanted
                .entry(cabin.uuid())
                .or_default()
                .extend(stay.period.nights());
        }
    }
    wanted
        .into_iter()
        .map(|(accommodation, nights)| Nights {
            accommodation,
            nights: nights.into_iter().collect(),
        })
        .collect()
}
