//! The nights that were asked for, and why not.

use super::{
    Alternatives, Among, Kind, Market, Offer, Offers, Search, alternatives, together::together,
};
use crate::{
    conditions::{Checks, Limits, Wanted, check, check_dates},
    ids::AccommodationId,
    nights::Period,
    party::Party,
    quote::{Breakdown, Inputs, StayInputs, price},
    refusal::Refusal,
};

/// What can be sold of what was asked for; where nothing can, why, and what comes nearest.
#[must_use]
pub fn offers(market: &Market, limits: &Limits, search: &Search) -> Offers {
    let asking = Asking {
        market,
        limits,
        party: &search.party,
    };
    let (offers, refusal) = asking.ask(search.among, search.period);
    if !offers.is_empty() {
        return Offers {
            offers,
            refusal: None,
            alternatives: Alternatives::default(),
        };
    }
    let cabins = match search.among {
        Among::All => Vec::new(),
        Among::Type(_) | Among::Cabin(_) => asking.ask(Among::All, search.period).0,
    };
    let longer = match refusal {
        Some(Refusal::BelowMinimum { min_nights }) => {
            alternatives::longer(&asking, search.among, search.period, min_nights)
        }
        _ => Vec::new(),
    };
    let together = if cabins.is_empty() {
        together(&asking, search.period)
    } else {
        Vec::new()
    };
    Offers {
        offers,
        alternatives: Alternatives {
            cabins,
            dates: if depends_on_dates(refusal.as_ref()) {
                alternatives::dates(&asking, search.among, search.period)
            } else {
                Vec::new()
            },
            longer,
            together,
        },
        refusal,
    }
}

/// Whose question it is, whatever the nights.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) market: &'a Market,
    pub(super) limits: &'a Limits,
    pub(super) party: &'a Party,
}

impl<'a> Asking<'a> {
    /// The offers for these nights, the cheapest first, or why there are none.
    pub(super) fn ask(&self, among: Among, period: Period) -> (Vec<Offer>, Option<Refusal>) {
        if let Err(refusal) = check_dates(period, self.limits, Checks::Guest) {
            return (Vec::new(), Some(refusal));
        }
        let mut offers = Vec::new();
        let mut refusal = None;
        for kind in &self.market.kinds {
            match self.offer(kind, among, period) {
                Some(Ok(offer)) => offers.push(offer),
                Some(Err(why)) => refusal = Some(nearer(refusal, why)),
                None => {}
            }
        }
        offers.sort_by_key(|offer| (offer.price.charge.minor, offer.capacity));
        if !offers.is_empty() {
            return (offers, None);
        }
        let what = match among {
            Among::All | Among::Type(_) => "unit_type",
            Among::Cabin(_) => "accommodation",
        };
        let unknown = || Refusal::Unknown {
            what: what.to_owned(),
        };
        (offers, Some(refusal.unwrap_or_else(unknown)))
    }

    /// The offer of one type, or why not; none if it is not meant.
    fn offer(
        &self,
        kind: &'a Kind,
        among: Among,
        period: Period,
    ) -> Option<Result<Offer, Refusal>> {
        let meant: Vec<_> = match among {
            Among::All => kind.cabins.iter().collect(),
            Among::Type(id) if id == kind.id => kind.cabins.iter().collect(),
            Among::Type(_) => return None,
            Among::Cabin(id) => {
                let cabin = kind.cabins.iter().find(|cabin| cabin.id == id)?;
                vec![cabin]
            }
        };
        let let_out: Vec<_> = meant.into_iter().filter(|cabin| cabin.active).collect();
        let wanted = wanted(kind, period, self.party);
        let wanted = Wanted {
            active: kind.active && !let_out.is_empty(),
            ..wanted
        };
        if let Err(why) = check(&wanted, self.limits, Checks::Guest) {
            return Some(Err(why));
        }
        let free: Vec<AccommodationId> = let_out
            .iter()
            .filter(|cabin| !cabin.taken.touches(period))
            .map(|cabin| cabin.id)
            .collect();
        if free.is_empty() {
            let nights = period
                .nights()
                .filter(|night| let_out.iter().all(|cabin| cabin.taken.contains(*night)));
            return Some(Err(Refusal::Taken {
                nights: nights.collect(),
            }));
        }
        let price = self.price(&[(kind, self.party)], period);
        Some(price.map(|price| Offer {
            unit_type: kind.id,
            unit_type_name: kind.name.clone(),
            capacity: kind.capacity,
            period,
            free,
            price,
        }))
    }

    /// What these cost in one booking, as a quote for them would say.
    pub(super) fn price(
        &self,
        stays: &[(&Kind, &Party)],
        period: Period,
    ) -> Result<Breakdown, Refusal> {
        let Market {
            exchange,
            charge_currency,
            ..
        } = self.market;
        let mut inputs = Inputs {
            v: 1,
            priced_on: self.limits.today,
            stays: Vec::with_capacity(stays.len()),
            holidays: self
                .market
                .holidays
                .range(period.check_in()..=period.check_out())
                .copied()
                .collect(),
            adjustments: Vec::new(),
            exchange: None,
            deposit: self.market.deposit,
            policy: None,
        };
        for (kind, party) in stays {
            let rates = kind.rates.clone().ok_or(Refusal::NoPrice)?;
            if rates.currency != *charge_currency {
                let possible = vec![rates.currency];
                inputs.exchange = Some(exchange.clone().ok_or(Refusal::WrongCurrency {
                    asked: *charge_currency,
                    possible,
                })?);
            }
            let seasons = kind.seasons.iter();
            inputs.stays.push(StayInputs {
                unit_type: kind.id,
                unit_type_name: kind.name.clone(),
                accommodation: None,
                capacity: kind.capacity,
                period,
                party: (*party).clone(),
                rates,
                seasons: seasons.filter(|it| it.touches(period)).cloned().collect(),
            });
        }
        price(&inputs)
    }
}

/// A type, as the conditions of sale look at it.
pub(super) fn wanted<'a>(kind: &'a Kind, period: Period, party: &'a Party) -> Wanted<'a> {
    Wanted {
        period,
        party,
        capacity: kind.capacity,
        active: kind.active,
        rates: kind.rates.as_ref(),
        seasons: &kind.seasons,
    }
}

/// Of two reasons, the one that says better what would have to be different: what is only taken comes before what is
/// too short, that before the wrong day, and so on down to what is not let at all.
fn nearer(known: Option<Refusal>, other: Refusal) -> Refusal {
    let Some(known) = known else { return other };
    match (known, other) {
        (Refusal::Taken { nights: a }, Refusal::Taken { nights: b }) => Refusal::Taken {
            nights: a.into_iter().filter(|night| b.contains(night)).collect(),
        },
        (Refusal::BelowMinimum { min_nights: a }, Refusal::BelowMinimum { min_nights: b }) => {
            Refusal::BelowMinimum {
                min_nights: a.min(b),
            }
        }
        (Refusal::Pets { most: a }, Refusal::Pets { most: b }) => Refusal::Pets { most: a.max(b) },
        (
            Refusal::TooManyGuests {
                guests,
                capacity: a,
            },
            Refusal::TooManyGuests { capacity: b, .. },
        ) => Refusal::TooManyGuests {
            guests,
            capacity: a.max(b),
        },
        (known, other) => {
            if distance(&other) < distance(&known) {
                other
            } else {
                known
            }
        }
    }
}

/// Whether other dates could help.
const fn depends_on_dates(refusal: Option<&Refusal>) -> bool {
    matches!(
        refusal,
        Some(
            Refusal::Taken { .. }
                | Refusal::BelowMinimum { .. }
                | Refusal::ArrivalDay { .. }
                | Refusal::Past { .. }
                | Refusal::BeyondHorizon { .. }
        )
    )
}

const fn distance(refusal: &Refusal) -> u8 {
    match refusal {
        Refusal::Taken { .. } => 0,
        Refusal::BelowMinimum { .. } => 1,
        Refusal::ArrivalDay { .. } => 2,
        Refusal::Pets { .. } => 3,
        Refusal::TooManyGuests { .. } => 4,
        Refusal::NoPrice | Refusal::WrongCurrency { .. } | Refusal::PriceImpossible => 5,
        _ => 6,
    }
}
