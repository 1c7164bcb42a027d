//! What can be had.

use posta_domain::availability;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Breakdown, Party, Stretch};

/// A type of cabin for some nights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Offer {
    /// The type: what to ask a quote for.
    pub unit_type: Uuid,
    /// Its name.
    pub name: String,
    /// Guests at most.
    pub capacity: u32,
    /// The nights.
    pub period: Stretch,
    /// Its cabins that are free all these nights.
    pub free: Vec<Uuid>,
    /// What one of them costs.
    pub price: Breakdown,
}

/// What comes nearest to what was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Alternatives {
    /// The same nights in other cabins.
    pub cabins: Vec<Offer>,
    /// As many nights a little earlier or later, the nearest first.
    pub dates: Vec<Offer>,
    /// As many nights as are needed, where too few were asked for.
    pub longer: Vec<Offer>,
    /// The same nights with the party in two cabins.
    pub together: Vec<Together>,
}

/// Two cabins for one party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Together {
    /// Who sleeps where: two.
    pub halves: Vec<Half>,
    /// The nights, of both.
    pub period: Stretch,
    /// What the two cost in one booking.
    pub price: Breakdown,
}

/// One of two cabins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Half {
    /// The type.
    pub unit_type: Uuid,
    /// Its name.
    pub name: String,
    /// A cabin of it that is free.
    pub cabin: Uuid,
    /// Who sleeps in it.
    pub party: Party,
}

impl From<&availability::Offer> for Offer {
    fn from(offer: &availability::Offer) -> Self {
        Self {
            unit_type: offer.unit_type.uuid(),
            name: offer.unit_type_name.clone(),
            capacity: offer.capacity,
            period: offer.period.into(),
            free: offer.free.iter().map(|cabin| cabin.uuid()).collect(),
            price: (&offer.price).into(),
        }
    }
}

impl From<&availability::Together> for Together {
    fn from(together: &availability::Together) -> Self {
        let half = |half: &availability::Half| Half {
            unit_type: half.unit_type.uuid(),
            name: half.unit_type_name.clone(),
            cabin: half.cabin.uuid(),
            party: (&half.party).into(),
        };
        Self {
            halves: together.halves.iter().map(half).collect(),
            period: together.period.into(),
            price: (&together.price).into(),
        }
    }
}

impl From<&availability::Alternatives> for Alternatives {
    fn from(found: &availability::Alternatives) -> Self {
        let offers = |offers: &[availability::Offer]| offers.iter().map(Into::into).collect();
        Self {
            cabins: offers(&found.cabins),
            dates: offers(&found.dates),
            longer: offers(&found.longer),
            together: found.together.iter().map(Into::into).collect(),
        }
    }
}
