//! The configuration as the owner reads it.

use std::collections::BTreeMap;

use posta_domain::{
    cancellation::Policy,
    nights::Weekdays,
    rates::{BookingMode, Rates, SeasonPrices},
};
use posta_store::catalog::{self, About};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::schema;
use crate::{dto::Date, owner::field::Clock};

/// Texts by what they are about.
type CabinTexts = BTreeMap<About, BTreeMap<String, String>>;

/// All properties.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Properties {
    /// In the order they were made.
    pub(super) properties: Vec<Settings>,
}

/// A property's settings.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Settings {
    /// Which.
    id: Uuid,
    /// As guests know it.
    name: String,
    /// IANA.
    #[schema(example = "America/Argentina/Salta")]
    zone: String,
    /// ISO 3166, two letters.
    country: String,
    /// Of its prices.
    currency: String,
    /// Of what guests pay.
    charge_currency: String,
    /// Hundredths of a percent of the charge, due to confirm.
    deposit_bp: u16,
    /// How long a hold waits for money.
    hold_minutes: u32,
    /// How long it waits for a look at a receipt.
    verification_hours: u32,
    /// How long it waits for the owner's yes.
    request_hours: u32,
    /// How long before a hold ends its guest is reminded; 0: never.
    remind_minutes: u32,
    /// What becomes of more than was asked for.
    #[schema(value_type = schema::Overpaid)]
    overpaid: catalog::Overpaid,
    /// How long a credit can be used.
    credit_days: u32,
    /// How many days before arrival the balance is asked for; 0: never, it is paid at the desk.
    balance_days: u32,
    /// How long a quote can be booked.
    quote_minutes: u32,
    /// How far ahead nights are sold.
    horizon_days: u32,
    /// How many nights are sold at once.
    max_nights: u32,
    /// What goes back when a guest cancels.
    #[schema(value_type = schema::CancellationPolicy)]
    cancellation: Policy,
    /// Arrival from.
    check_in_from: Clock,
    /// Departure until.
    check_out_until: Clock,
    /// When a person usually answers, from.
    answers_from: Clock,
    /// And until.
    answers_until: Clock,
    /// Whether anything of it is let.
    active: bool,
}

/// A property with all it lets.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PropertyView {
    /// Its settings.
    settings: Settings,
    /// The owner's texts, by key.
    texts: BTreeMap<String, String>,
    /// Kinds of cabins, those that are not let too.
    unit_types: Vec<UnitType>,
    /// Cabins, those that are not let too.
    accommodations: Vec<Accommodation>,
    /// The earliest first.
    seasons: Vec<Season>,
    /// By day.
    holidays: Vec<Holiday>,
}

/// A kind of cabin.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UnitType {
    /// Which.
    id: Uuid,
    /// As guests know it.
    name: String,
    /// In a sentence.
    description: String,
    /// Guests at most.
    capacity: u32,
    /// Addresses of pictures.
    photos: Vec<String>,
    /// Whether it is let.
    active: bool,
    /// The owner's texts about it, by key; they go before the property's.
    texts: BTreeMap<String, String>,
    /// Prices outside seasons; null: not priced yet, sold by hand only.
    #[schema(value_type = Option<schema::Rates>)]
    rates: Option<Rates>,
}

/// A cabin.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Accommodation {
    /// Which.
    id: Uuid,
    /// Of which kind.
    unit_type: Uuid,
    /// As guests know it.
    name: String,
    /// Whether it is let.
    active: bool,
    /// The owner's texts about it, by key; they go before the kind's.
    texts: BTreeMap<String, String>,
}

/// A part of the year with its own prices or conditions.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Season {
    /// Which.
    pub(super) id: Uuid,
    /// As the owner calls it.
    name: String,
    /// The first night of it.
    first_night: Date,
    /// The last one.
    last_night: Date,
    /// Where seasons overlap the higher one gives the price of the night.
    priority: i32,
    /// At least so many nights, if any night of the stay is in it.
    min_nights: Option<u32>,
    /// Arrivals within it on these days only; null: on any.
    #[schema(value_type = Option<Vec<schema::Weekday>>)]
    arrival_days: Option<Weekdays>,
    /// For stays with a night in it; null: as outside seasons.
    #[schema(value_type = Option<schema::BookingMode>)]
    booking_mode: Option<BookingMode>,
    /// By kind of cabin (its id); one that is missing keeps its prices outside seasons.
    #[schema(value_type = BTreeMap<String, schema::SeasonPrices>)]
    prices: BTreeMap<Uuid, SeasonPrices>,
}

/// A holiday.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Holiday {
    /// The day; the night before it is priced as a holiday's.
    day: Date,
    /// Its name.
    name: String,
}

impl From<&catalog::Property> for Settings {
    fn from(property: &catalog::Property) -> Self {
        Self {
            id: property.id.uuid(),
            name: property.name.clone(),
            zone: property.zone.name().to_owned(),
            country: property.country.clone(),
            currency: property.currency.to_string(),
            charge_currency: property.charge_currency.to_string(),
            deposit_bp: property.deposit.get(),
            hold_minutes: property.hold_minutes,
            verification_hours: property.verification_hours,
            request_hours: property.request_hours,
            remind_minutes: property.remind_minutes,
            overpaid: property.overpaid,
            credit_days: property.credit_days,
            balance_days: property.balance_days,
            quote_minutes: property.quote_minutes,
            horizon_days: property.horizon_days,
            max_nights: property.max_nights,
            cancellation: property.cancellation.clone(),
            check_in_from: property.check_in_from.into(),
            check_out_until: property.check_out_until.into(),
            answers_from: property.answers_from.into(),
            answers_until: property.answers_until.into(),
            active: property.active,
        }
    }
}

impl PropertyView {
    pub(super) fn of(
        place: &catalog::Place,
        texts: BTreeMap<String, String>,
        of_cabins: &CabinTexts,
    ) -> Self {
        let kinds = place.types.iter();
        let cabins = place.cabins.iter();
        Self {
            settings: (&place.property).into(),
            texts,
            unit_types: kinds.map(|it| UnitType::of(it, of_cabins)).collect(),
            accommodations: cabins.map(|it| Accommodation::of(it, of_cabins)).collect(),
            seasons: place.seasons.iter().map(Season::from).collect(),
            holidays: holidays(place),
        }
    }
}

pub(super) fn holidays(place: &catalog::Place) -> Vec<Holiday> {
    let holiday = |(day, name): (&chrono::NaiveDate, &String)| Holiday {
        day: (*day).into(),
        name: name.clone(),
    };
    place.holidays.iter().map(holiday).collect()
}

impl UnitType {
    pub(super) fn of(unit_type: &catalog::UnitType, texts: &CabinTexts) -> Self {
        let texts = texts.get(&About::Kind(unit_type.id));
        Self {
            texts: texts.cloned().unwrap_or_default(),
            id: unit_type.id.uuid(),
            name: unit_type.name.clone(),
            description: unit_type.description.clone(),
            capacity: unit_type.capacity,
            photos: unit_type.photos.clone(),
            active: unit_type.active,
            rates: unit_type.rates.clone(),
        }
    }
}

impl Accommodation {
    fn of(cabin: &catalog::Cabin, texts: &CabinTexts) -> Self {
        let texts = texts.get(&About::Cabin(cabin.id));
        Self {
            texts: texts.cloned().unwrap_or_default(),
            id: cabin.id.uuid(),
            unit_type: cabin.unit_type.uuid(),
            name: cabin.name.clone(),
            active: cabin.active,
        }
    }
}

impl From<&catalog::SeasonOfPlace> for Season {
    fn from(of: &catalog::SeasonOfPlace) -> Self {
        let season = &of.season;
        Self {
            id: season.id.uuid(),
            name: season.name.clone(),
            first_night: season.first_night.into(),
            last_night: season.last_night.into(),
            priority: season.priority,
            min_nights: season.min_nights,
            arrival_days: season.arrival_days,
            booking_mode: season.booking_mode,
            prices: of
                .prices
                .iter()
                .map(|(id, prices)| (id.uuid(), *prices))
                .collect(),
        }
    }
}
