//! What is free: the database's part of [`posta_domain::availability`].
//!
//! Nothing here is cached and nothing is locked: an answer is what was committed when it was asked. A night that is
//! offered may be gone a moment later, which holding it finds out; a night that is taken is never offered, but for the
//! moment between reading and answering. Holds whose time is over are not counted, by the database's clock, whether they
//! have been swept or not.

mod taken;

use std::collections::HashMap;

use chrono::NaiveDate;
use posta_domain::{
    availability::{
        self, Cabin, Calendar, CalendarError, Kind, Market, NightSet, Offers, Search, window,
    },
    conditions::Limits,
    quote::Exchange,
    rates::Season,
};
use sqlx::PgConnection;

pub use taken::{Taken, taken};

use crate::{
    catalog::{self, Place, UnitType},
    error::StoreError,
    ids::AccommodationId,
};

/// What can be sold of what was asked for, or why not and what comes nearest. `today` is the property's
/// ([`catalog::today`]).
pub async fn offers(
    conn: &mut PgConnection,
    place: &Place,
    today: NaiveDate,
    search: &Search,
) -> Result<Offers, StoreError> {
    let limits = limits(place, today);
    let (from, until) = window(search, &limits, longest_minimum(place));
    let market = market(conn, place, from, until).await?;
    Ok(availability::offers(&market, &limits, search))
}

/// The nights from `from` to `until`, which is not in it.
pub async fn calendar(
    conn: &mut PgConnection,
    place: &Place,
    today: NaiveDate,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Result<Calendar, CalendarError>, StoreError> {
    let limits = limits(place, today);
    if let Err(refused) = availability::check_range(from, until) {
        return Ok(Err(refused));
    }
    let market = market(conn, place, from, until).await?;
    Ok(availability::calendar(&market, &limits, from, until))
}

/// How far ahead and how much at once this place sells.
#[must_use]
pub const fn limits(place: &Place, today: NaiveDate) -> Limits {
    Limits {
        today,
        horizon_days: place.property.horizon_days,
        max_nights: place.property.max_nights,
    }
}

/// What is let, with the nights of the window that are taken.
async fn market(
    conn: &mut PgConnection,
    place: &Place,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Market, StoreError> {
    let active = place.cabins.iter().filter(|cabin| cabin.active);
    let cabins: Vec<_> = active.map(|cabin| cabin.id).collect();
    let mut sets: HashMap<AccommodationId, NightSet> = HashMap::new();
    for row in taken(conn, &cabins, from, until).await? {
        sets.entry(row.accommodation)
            .or_insert_with(|| NightSet::none(from, until))
            .add(row.first, row.until);
    }
    let exchange = exchange(conn, place).await?;
    let kinds = place.types.iter().map(|of| Kind {
        id: of.id,
        name: of.name.clone(),
        capacity: of.capacity,
        active: of.active && place.property.active,
        rates: of.rates.clone(),
        seasons: seasons(place, of, from, until),
        cabins: place
            .cabins_of(of.id)
            .map(|cabin| Cabin {
                id: cabin.id,
                name: cabin.name.clone(),
                active: cabin.active,
                taken: sets
                    .remove(&cabin.id)
                    .unwrap_or_else(|| NightSet::none(from, until)),
            })
            .collect(),
    });
    let holidays = place.holidays.keys().copied();
    Ok(Market {
        kinds: kinds.collect(),
        holidays: holidays.collect(),
        charge_currency: place.property.charge_currency,
        exchange,
        deposit: place.property.deposit,
    })
}

/// The seasons that nights of the window may be in, with the type's prices.
fn seasons(place: &Place, of: &UnitType, from: NaiveDate, until: NaiveDate) -> Vec<Season> {
    let seasons = place.seasons.iter();
    seasons
        .filter(|it| it.season.first_night < until && from <= it.season.last_night)
        .map(|it| Season {
            prices: it.prices.get(&of.id).copied(),
            ..it.season.clone()
        })
        .collect()
}

async fn exchange(conn: &mut PgConnection, place: &Place) -> Result<Option<Exchange>, StoreError> {
    let property = &place.property;
    if property.currency == property.charge_currency {
        return Ok(None);
    }
    catalog::exchange(
        conn,
        property.id,
        property.currency,
        property.charge_currency,
    )
    .await
}

fn longest_minimum(place: &Place) -> u32 {
    let rates = place.types.iter().filter_map(|of| of.rates.as_ref());
    let seasons = place.seasons.iter();
    rates
        .map(|rates| rates.min_nights)
        .chain(seasons.filter_map(|it| it.season.min_nights))
        .max()
        .unwrap_or(1)
}
