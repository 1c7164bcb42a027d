//! Which nights a hold or a change is about to take: for the fast first layer.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use posta_domain::ids::{AccommodationId, UnitTypeId};
use posta_runtime::night_lock::{Guard, Nights};
use posta_store::{
    booking::{Asked, Quote, What},
    catalog::Place,
};
use uuid::Uuid;

use crate::state::AppState;

/// Takes them, or goes on without; counted.
pub(crate) async fn take(state: &AppState, wanted: Vec<Nights>) -> Guard {
    let guard = state.night_lock.take(wanted).await;
    let outcome = guard.outcome().as_str();
    let counted = state.metrics.night_locks.with_label_values(&[outcome]);
    counted.inc();
    guard
}

/// The nights of every cabin that might be chosen: those that are named, the one the quote names, or all of the type.
pub(crate) fn wanted(place: &Place, quote: &Quote, named: &[AccommodationId]) -> Vec<Nights> {
    let mut wanted = Wanted::new();
    for (at, stay) in quote.inputs.stays.iter().enumerate() {
        let cabins: Vec<_> = match (named.get(at), &stay.accommodation) {
            (Some(cabin), _) | (None, Some(cabin)) => vec![*cabin],
            (None, None) => of_kind(place, stay.unit_type),
        };
        for cabin in cabins {
            let nights = wanted.entry(cabin.uuid()).or_default();
            nights.extend(stay.period.nights());
        }
    }
    listed(wanted)
}

/// The same for stays that have no price yet.
pub(crate) fn asked(place: &Place, stays: &[Asked]) -> Vec<Nights> {
    let mut wanted = Wanted::new();
    for stay in stays {
        let cabins = match stay.what {
            What::Cabin(cabin) => vec![cabin],
            What::Type(kind) => of_kind(place, kind),
        };
        for cabin in cabins {
            let nights = wanted.entry(cabin.uuid()).or_default();
            nights.extend(stay.period.nights());
        }
    }
    listed(wanted)
}

type Wanted = BTreeMap<Uuid, BTreeSet<NaiveDate>>;

fn of_kind(place: &Place, kind: UnitTypeId) -> Vec<AccommodationId> {
    let cabins = place.cabins_of(kind).filter(|cabin| cabin.active);
    cabins.map(|cabin| cabin.id).collect()
}

fn listed(wanted: Wanted) -> Vec<Nights> {
    wanted
        .into_iter()
        .map(|(accommodation, nights)| Nights {
            accommodation,
            nights: nights.into_iter().collect(),
        })
        .collect()
}
