//! A property's row, and what it says.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use posta_domain::{
    ids::SeasonId,
    money::BasisPoints,
    nights::Weekdays,
    rates::{BookingMode, Rates, Season, SeasonPrices},
};
use serde::{Deserialize, de::DeserializeOwned};
use uuid::Uuid;

use super::place::{Cabin, Place, Property, SeasonOfPlace, UnitType};
use crate::{
    error::StoreError,
    ids::{AccommodationId, UnitTypeId},
};

/// The row of a property, with its parts as JSON.
pub(super) struct Row {
    pub(super) tenant_id: Uuid,
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) zone: String,
    pub(super) country: String,
    pub(super) currency: String,
    pub(super) charge_currency: Option<String>,
    pub(super) deposit_bp: i32,
    pub(super) hold_minutes: i32,
    pub(super) verification_hours: i32,
    pub(super) request_hours: i32,
    pub(super) remind_minutes: i32,
    pub(super) overpaid: String,
    pub(super) credit_days: i32,
    pub(super) balance_days: i32,
    pub(super) quote_minutes: i32,
    pub(super) horizon_days: i32,
    pub(super) max_nights: i32,
    pub(super) cancellation: serde_json::Value,
    pub(super) check_in_from: chrono::NaiveTime,
    pub(super) check_out_until: chrono::NaiveTime,
    pub(super) answers_from: chrono::NaiveTime,
    pub(super) answers_until: chrono::NaiveTime,
    pub(super) active: bool,
    pub(super) types: serde_json::Value,
    pub(super) cabins: serde_json::Value,
    pub(super) seasons: serde_json::Value,
    pub(super) holidays: serde_json::Value,
}

#[derive(Deserialize)]
struct TypeRow {
    id: UnitTypeId,
    name: String,
    description: String,
    capacity: u32,
    photos: Vec<String>,
    active: bool,
    rates: Option<Rates>,
}

#[derive(Deserialize)]
struct CabinRow {
    id: AccommodationId,
    unit_type: UnitTypeId,
    name: String,
    active: bool,
}

#[derive(Deserialize)]
struct SeasonRow {
    id: SeasonId,
    name: String,
    first_night: NaiveDate,
    last_night: NaiveDate,
    priority: i32,
    min_nights: Option<u32>,
    arrival_days: Option<u8>,
    booking_mode: Option<BookingMode>,
    prices: BTreeMap<UnitTypeId, SeasonPrices>,
}

// === impl Row ===

impl Row {
    pub(super) fn read(self) -> Result<Place, StoreError> {
        let currency = parsed("properties.currency", &self.currency)?;
        let charge_currency = match &self.charge_currency {
            Some(code) => parsed("properties.charge_currency", code)?,
            None => currency,
        };
        let deposit = u16::try_from(self.deposit_bp)
            .ok()
            .and_then(BasisPoints::new);
        Ok(Place {
            types: json::<Vec<TypeRow>>("unit_types", self.types)?
                .into_iter()
                .map(TypeRow::read)
                .collect(),
            cabins: json::<Vec<CabinRow>>("accommodations", self.cabins)?
                .into_iter()
                .map(CabinRow::read)
                .collect(),
            seasons: json::<Vec<SeasonRow>>("seasons", self.seasons)?
                .into_iter()
                .map(SeasonRow::read)
                .collect(),
            holidays: json("holidays", self.holidays)?,
            property: Property {
                id: self.id.into(),
                tenant: self.tenant_id.into(),
                name: self.name,
                zone: parsed("properties.zone", &self.zone)?,
                country: self.country,
                currency,
                charge_currency,
                deposit: deposit
                    .ok_or_else(|| unreadable("properties.deposit_bp", "out of range"))?,
                hold_minutes: count("properties.hold_minutes", self.hold_minutes)?,
                verification_hours: count(
                    "properties.verification_hours",
                    self.verification_hours,
                )?,
                request_hours: count("properties.request_hours", self.request_hours)?,
                remind_minutes: count("properties.remind_minutes", self.remind_minutes)?,
                overpaid: parsed("properties.overpaid", &self.overpaid)?,
                credit_days: count("properties.credit_days", self.credit_days)?,
                balance_days: count("properties.balance_days", self.balance_days)?,
                quote_minutes: count("properties.quote_minutes", self.quote_minutes)?,
                horizon_days: count("properties.horizon_days", self.horizon_days)?,
                max_nights: count("properties.max_nights", self.max_nights)?,
                cancellation: json("properties.cancellation", self.cancellation)?,
                check_in_from: self.check_in_from,
                check_out_until: self.check_out_until,
                answers_from: self.answers_from,
                answers_until: self.answers_until,
                active: self.active,
            },
        })
    }
}

impl TypeRow {
    fn read(self) -> UnitType {
        UnitType {
            id: self.id,
            name: self.name,
            description: self.description,
            capacity: self.capacity,
            photos: self.photos,
            active: self.active,
            rates: self.rates,
        }
    }
}

impl CabinRow {
    fn read(self) -> Cabin {
        Cabin {
            id: self.id,
            unit_type: self.unit_type,
            name: self.name,
            active: self.active,
        }
    }
}

impl SeasonRow {
    fn read(self) -> SeasonOfPlace {
        SeasonOfPlace {
            season: Season {
                id: self.id,
                name: self.name,
                first_night: self.first_night,
                last_night: self.last_night,
                priority: self.priority,
                prices: None,
                min_nights: self.min_nights,
                arrival_days: self.arrival_days.and_then(Weekdays::from_bits),
                booking_mode: self.booking_mode,
            },
            prices: self.prices,
        }
    }
}

fn json<T: DeserializeOwned>(
    what: &'static str,
    value: serde_json::Value,
) -> Result<T, StoreError> {
    serde_json::from_value(value).map_err(|error| unreadable(what, error))
}

fn parsed<T: std::str::FromStr>(what: &'static str, text: &str) -> Result<T, StoreError>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|error| unreadable(what, error))
}

fn count(what: &'static str, value: i32) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|error| unreadable(what, error))
}

pub(super) fn unreadable(
    what: &'static str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> StoreError {
    StoreError::Unreadable {
        what,
        source: source.into(),
    }
}
