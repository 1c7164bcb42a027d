//! Seasons: written whole.

use std::collections::BTreeMap;

use axum::extract::State;
use http::StatusCode;
use posta_domain::{
    nights::Weekdays,
    rates::{BookingMode, SeasonPrices},
};
use posta_store::{
    catalog::{self, Of, SeasonEdit},
    ids::{PropertyId, SeasonId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{place, schema, view::Season};
use crate::{
    auth::{Owner, Readonly},
    dto::Date,
    extract::{Body, Path},
    owner::field::Made,
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list_seasons, add_season))
        .routes(routes!(put_season, remove_season))
}

/// All seasons.
#[derive(Debug, Serialize, ToSchema)]
struct Seasons {
    /// The earliest first.
    seasons: Vec<Season>,
}

/// A season, whole.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeasonBody {
    /// As the owner calls it; guests read it in the price.
    name: String,
    /// The first night of it.
    first_night: Date,
    /// The last one.
    last_night: Date,
    /// Where seasons overlap the higher one gives the price of the night.
    #[serde(default)]
    priority: i32,
    /// At least so many nights, if any night of the stay is in it.
    #[schema(minimum = 1, maximum = 365)]
    min_nights: Option<u32>,
    /// Arrivals within it on these days only; null or absent: on any.
    #[schema(value_type = Option<Vec<schema::Weekday>>)]
    arrival_days: Option<Weekdays>,
    /// For stays with a night in it; null or absent: as outside seasons.
    #[schema(value_type = Option<schema::BookingMode>)]
    booking_mode: Option<BookingMode>,
    /// By kind of cabin (its id); one that is missing keeps its prices outside seasons.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, schema::SeasonPrices>)]
    prices: BTreeMap<Uuid, SeasonPrices>,
}

impl SeasonBody {
    fn edit(self) -> Result<SeasonEdit, Problem> {
        Ok(SeasonEdit {
            name: self.name,
            first_night: self.first_night.day()?,
            last_night: self.last_night.day()?,
            priority: self.priority,
            min_nights: self.min_nights,
            arrival_days: self.arrival_days,
            booking_mode: self.booking_mode,
            prices: self
                .prices
                .into_iter()
                .map(|(id, prices)| (id.into(), prices))
                .collect(),
        })
    }
}

/// A property's seasons
#[utoipa::path(get, path = "/owner/properties/{id}/seasons", tag = "owner", operation_id = "list_seasons",
    params(("id" = Uuid, Path, description = "The property.")),
    responses((status = 200, description = "All of them.", body = Seasons)))]
async fn list_seasons(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<Seasons>, Problem> {
    let place = place(&state, &principal, id).await?;
    Ok(Body(Seasons {
        seasons: place.seasons.iter().map(Season::from).collect(),
    }))
}

/// Add a season
#[utoipa::path(post, path = "/owner/properties/{id}/seasons", tag = "owner", operation_id = "add_season",
    params(("id" = Uuid, Path, description = "The property.")),
    request_body = SeasonBody,
    responses((status = 201, description = "It counts for what is quoted from now on.", body = Made),
              (status = 409, description = "Another one has that name.")))]
async fn add_season(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<SeasonBody>,
) -> Result<(StatusCode, Body<Made>), Problem> {
    let edit = body.edit()?;
    let property = PropertyId::from(id);
    let made = catalog::put_season(&state.store, &principal.by(), property, None, &edit).await?;
    Ok((StatusCode::CREATED, Body(Made { id: made.uuid() })))
}

/// Put a season in the place of what it was
#[utoipa::path(put, path = "/owner/seasons/{id}", tag = "owner", operation_id = "put_season",
    params(("id" = Uuid, Path, description = "The season.")),
    request_body = SeasonBody,
    responses((status = 204, description = "It counts for what is quoted from now on."),
              (status = 409, description = "Another one has that name.")))]
async fn put_season(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<SeasonBody>,
) -> Result<StatusCode, Problem> {
    let (id, edit) = (SeasonId::from(id), body.edit()?);
    let mut conn = state.store.acquire().await?;
    let property = catalog::property_of(&mut conn, principal.tenant, Of::Season(id))
        .await?
        .ok_or_else(|| Problem::not_found("season"))?;
    drop(conn);
    catalog::put_season(&state.store, &principal.by(), property, Some(id), &edit).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a season
#[utoipa::path(delete, path = "/owner/seasons/{id}", tag = "owner", operation_id = "remove_season",
    params(("id" = Uuid, Path, description = "The season.")),
    responses((status = 204, description = "What is quoted from now on knows nothing of it.")))]
async fn remove_season(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    catalog::remove_season(&state.store, &principal.by(), SeasonId::from(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
