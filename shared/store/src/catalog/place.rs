//! A property with everything that is let there, as one value.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use posta_domain::{
    cancellation,
    money::{BasisPoints, Currency},
    nights::Period,
    rates::{Rates, Season, SeasonPrices},
};
use serde::{Deserialize, Serialize};

use crate::ids::{AccommodationId, PropertyId, TenantId, UnitTypeId};

/// A property and what it lets, as it was at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The property.
    pub property: Property,
    /// Kinds of cabins, those that are not let at the moment too, in the order they were made.
    pub types: Vec<UnitType>,
    /// Cabins of all types, likewise.
    pub cabins: Vec<Cabin>,
    /// Seasons, the earliest first.
    pub seasons: Vec<SeasonOfPlace>,
    /// Holidays by day, with their names.
    pub holidays: BTreeMap<NaiveDate, String>,
}

/// The settings of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Which.
    pub id: PropertyId,
    /// Whose.
    pub tenant: TenantId,
    /// As guests know it.
    pub name: String,
    /// Its days begin and end here.
    pub zone: Tz,
    /// ISO 3166, two letters: whose holidays it was given.
    pub country: String,
    /// Of its prices.
    pub currency: Currency,
    /// Of what guests pay; where it is another one, a rate is needed.
    pub charge_currency: Currency,
    /// Part of the charge that is due to confirm.
    pub deposit: BasisPoints,
    /// How long a hold waits for money.
    pub hold_minutes: u32,
    /// How long it waits for the owner's look at a receipt.
    pub verification_hours: u32,
    /// How long it waits for the owner's yes.
    pub request_hours: u32,
    /// How long before a hold ends its guest is reminded; 0: never.
    pub remind_minutes: u32,
    /// What becomes of more than was asked for.
    pub overpaid: Overpaid,
    /// How long a credit can be used.
    pub credit_days: u32,
    /// How many days before arrival the balance is asked for; 0: never, it is paid at the desk.
    pub balance_days: u32,
    /// How long a quote can be booked.
    pub quote_minutes: u32,
    /// How far ahead nights are sold.
    pub horizon_days: u32,
    /// How many nights are sold at once.
    pub max_nights: u32,
    /// What goes back when somebody cancels.
    pub cancellation: cancellation::Policy,
    /// Arrival from.
    pub check_in_from: NaiveTime,
    /// Departure until.
    pub check_out_until: NaiveTime,
    /// When a person usually answers, from.
    pub answers_from: NaiveTime,
    /// And until.
    pub answers_until: NaiveTime,
    /// Whether anything of it is let.
    pub active: bool,
}

/// What becomes of money that is more than was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overpaid {
    /// It goes back.
    Refund,
    /// It is kept for the guest's next stay.
    Credit,
}

/// Neither `refund` nor `credit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be refund or credit")]
pub struct NotOverpaid;

/// A kind of cabin; its units are interchangeable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitType {
    /// Which.
    pub id: UnitTypeId,
    /// As guests know it.
    pub name: String,
    /// In a sentence.
    pub description: String,
    /// Guests at most.
    pub capacity: u32,
    /// Addresses of pictures.
    pub photos: Vec<String>,
    /// Whether it is let.
    pub active: bool,
    /// Prices outside seasons. None: not priced yet, sold by hand only.
    pub rates: Option<Rates>,
}

/// A cabin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cabin {
    /// Which.
    pub id: AccommodationId,
    /// Of which kind.
    pub unit_type: UnitTypeId,
    /// As guests know it.
    pub name: String,
    /// Whether it is let.
    pub active: bool,
}

/// A season, with its prices for every type that has some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeasonOfPlace {
    /// The season; its own `prices` are none.
    pub season: Season,
    /// By type. A type that is missing keeps its prices outside seasons.
    pub prices: BTreeMap<UnitTypeId, SeasonPrices>,
}

impl Overpaid {
    /// As it is written in files and rows.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Credit => "credit",
        }
    }
}

impl std::str::FromStr for Overpaid {
    type Err = NotOverpaid;

    fn from_str(text: &str) -> Result<Self, NotOverpaid> {
        match text {
            "refund" => Ok(Self::Refund),
            "credit" => Ok(Self::Credit),
            _ => Err(NotOverpaid),
        }
    }
}

// === impl Place ===

impl Place {
    /// The seasons that the nights touch, with their prices for one type.
    #[must_use]
    pub fn seasons_for(&self, unit_type: UnitTypeId, period: Period) -> Vec<Season> {
        self.seasons
            .iter()
            .filter(|of| {
                of.season.first_night < period.check_out()
                    && of.season.last_night >= period.check_in()
            })
            .map(|of| Season {
                prices: of.prices.get(&unit_type).copied(),
                ..of.season.clone()
            })
            .collect()
    }

    /// Holidays that matter for the nights: from the day of arrival to the day of departure, since the night before a
    /// holiday may cost more.
    #[must_use]
    pub fn holidays_for(&self, period: Period) -> BTreeSet<NaiveDate> {
        self.holidays
            .range(period.check_in()..=period.check_out())
            .map(|(day, _)| *day)
            .collect()
    }

    /// A type of this place.
    #[must_use]
    pub fn unit_type(&self, id: UnitTypeId) -> Option<&UnitType> {
        self.types.iter().find(|unit_type| unit_type.id == id)
    }

    /// A cabin of this place.
    #[must_use]
    pub fn cabin(&self, id: AccommodationId) -> Option<&Cabin> {
        self.cabins.iter().find(|cabin| cabin.id == id)
    }

    /// The cabins of a type, those that are not let too.
    pub fn cabins_of(&self, unit_type: UnitTypeId) -> impl Iterator<Item = &Cabin> {
        self.cabins
            .iter()
            .filter(move |cabin| cabin.unit_type == unit_type)
    }
}
