//! What can be let.

use axum::extract::State;
use posta_domain::money;
use posta_store::catalog::{Place, UnitType};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    dto::Money,
    extract::{Body, Query},
    problem::Problem,
    public::place,
    state::AppState,
};

/// Which property.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// May be left out where there is only one.
    property: Option<Uuid>,
}

/// A property and what can be let there.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Accommodations {
    /// The property.
    property: Property,
    /// Types of cabins; the cabins of one type are interchangeable.
    unit_types: Vec<Kind>,
}

/// A property.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenProperty)]
pub(super) struct Property {
    /// Which.
    id: Uuid,
    /// Its name.
    name: String,
    /// The zone of its days, IANA.
    #[schema(example = "America/Argentina/Buenos_Aires")]
    zone: String,
    /// Of its prices.
    #[schema(example = "ARS")]
    currency: String,
    /// Of what is charged.
    #[schema(example = "ARS")]
    charge_currency: String,
    /// Arrival from, at the property.
    #[schema(example = "14:00")]
    check_in_from: String,
    /// Departure until, at the property.
    #[schema(example = "10:00")]
    check_out_until: String,
    /// Nights are sold so many days ahead.
    horizon_days: u32,
    /// And so many at once.
    max_nights: u32,
}

/// A type of cabin.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenUnitType)]
pub(super) struct Kind {
    /// Which.
    id: Uuid,
    /// Its name.
    name: String,
    /// In a sentence.
    description: String,
    /// Guests at most.
    capacity: u32,
    /// Addresses of pictures.
    photos: Vec<String>,
    /// A plain night outside seasons. Absent: no price yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    night: Option<Money>,
    /// The cabins of it.
    cabins: Vec<Cabin>,
}

/// A cabin.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenCabin)]
pub(super) struct Cabin {
    /// Which.
    id: Uuid,
    /// Its name.
    name: String,
}

/// What can be let
#[utoipa::path(
    get,
    path = "/accommodations",
    tag = "catalogue",
    params(Asked),
    responses(
        (status = 200, description = "The property with its types of cabins.", body = Accommodations),
        (status = 404, description = "There is no such property."),
    )
)]
pub(super) async fn accommodations(
    State(state): State<AppState>,
    Query(asked): Query<Asked>,
) -> Result<Body<Accommodations>, Problem> {
    let mut conn = state.store.acquire().await?;
    let place = place::find(&mut conn, asked.property).await?;
    Ok(Body(Accommodations::of(&place)))
}

impl Accommodations {
    fn of(place: &Place) -> Self {
        let property = &place.property;
        let active = place.types.iter().filter(|unit_type| unit_type.active);
        Self {
            property: Property {
                id: property.id.uuid(),
                name: property.name.clone(),
                zone: property.zone.name().to_owned(),
                currency: property.currency.to_string(),
                charge_currency: property.charge_currency.to_string(),
                check_in_from: property.check_in_from.format("%H:%M").to_string(),
                check_out_until: property.check_out_until.format("%H:%M").to_string(),
                horizon_days: property.horizon_days,
                max_nights: property.max_nights,
            },
            unit_types: active.map(|unit_type| Kind::of(place, unit_type)).collect(),
        }
    }
}

impl Kind {
    fn of(place: &Place, unit_type: &UnitType) -> Self {
        let night = unit_type
            .rates
            .as_ref()
            .map(|rates| money::Money::new(rates.night, rates.currency).into());
        Self {
            id: unit_type.id.uuid(),
            name: unit_type.name.clone(),
            description: unit_type.description.clone(),
            capacity: unit_type.capacity,
            photos: unit_type.photos.clone(),
            night,
            cabins: place
                .cabins_of(unit_type.id)
                .filter(|cabin| cabin.active)
                .map(|cabin| Cabin {
                    id: cabin.id.uuid(),
                    name: cabin.name.clone(),
                })
                .collect(),
        }
    }
}
