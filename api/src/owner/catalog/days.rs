//! Holidays, and what a price is charged at today.

use axum::extract::State;
use http::StatusCode;
use posta_domain::money::RateMicros;
use posta_store::{catalog, ids::PropertyId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::{
    place,
    view::{Holiday, holidays},
};
use crate::{
    auth::{Owner, Readonly},
    dto::Date,
    extract::{Body, Path},
    owner::field::currency,
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list_holidays))
        .routes(routes!(put_holiday, remove_holiday))
        .routes(routes!(set_exchange_rate))
}

/// All holidays.
#[derive(Debug, Serialize, ToSchema)]
struct Holidays {
    /// By day.
    holidays: Vec<Holiday>,
}

/// A holiday's name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HolidayBody {
    /// As the owner calls it.
    name: String,
}

/// What one unit of the prices' currency costs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExchangeBody {
    /// In this currency.
    #[schema(pattern = "^[A-Z]{3}$", example = "ARS")]
    to: String,
    /// In millionths: 1450500000 is 1,450.50.
    #[schema(minimum = 1)]
    rate_micros: i64,
    /// Who says so; guests read it.
    #[schema(example = "Banco Nación, vendedor")]
    source: String,
}

/// A property's holidays
#[utoipa::path(get, path = "/owner/properties/{id}/holidays", tag = "owner", operation_id = "list_holidays",
    params(("id" = Uuid, Path, description = "The property.")),
    responses((status = 200, description = "All of them.", body = Holidays)))]
async fn list_holidays(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<Holidays>, Problem> {
    let place = place(&state, &principal, id).await?;
    Ok(Body(Holidays {
        holidays: holidays(&place),
    }))
}

/// Add or rename a holiday
#[utoipa::path(put, path = "/owner/properties/{id}/holidays/{day}", tag = "owner", operation_id = "put_holiday",
    params(("id" = Uuid, Path, description = "The property."),
           ("day" = String, Path, description = "YYYY-MM-DD.", format = Date)),
    request_body = HolidayBody,
    responses((status = 204, description = "The night before it is priced as a holiday's.")))]
async fn put_holiday(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path((id, day)): Path<(Uuid, Date)>,
    Body(body): Body<HolidayBody>,
) -> Result<StatusCode, Problem> {
    let (property, day) = (PropertyId::from(id), day.day()?);
    catalog::put_holiday(&state.store, &principal.by(), property, day, &body.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Remove a holiday
#[utoipa::path(delete, path = "/owner/properties/{id}/holidays/{day}", tag = "owner", operation_id = "remove_holiday",
    params(("id" = Uuid, Path, description = "The property."),
           ("day" = String, Path, description = "YYYY-MM-DD.", format = Date)),
    responses((status = 204, description = "It is a day like others."),
              (status = 422, description = "Not a day.")))]
async fn remove_holiday(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path((id, day)): Path<(Uuid, Date)>,
) -> Result<StatusCode, Problem> {
    let (property, day) = (PropertyId::from(id), day.day()?);
    catalog::remove_holiday(&state.store, &principal.by(), property, day).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say what prices are charged at from now on
#[utoipa::path(put, path = "/owner/properties/{id}/exchange-rate", tag = "owner", operation_id = "set_exchange_rate",
    params(("id" = Uuid, Path, description = "The property.")),
    request_body = ExchangeBody,
    responses((status = 204, description = "What is quoted from now on is charged at it.")))]
async fn set_exchange_rate(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<ExchangeBody>,
) -> Result<StatusCode, Problem> {
    let to = currency(&body.to, "to")?;
    let rate = RateMicros::new(body.rate_micros).ok_or_else(|| Problem::invalid("rate_micros"))?;
    let (property, by) = (PropertyId::from(id), principal.by());
    catalog::set_exchange_rate(&state.store, &by, property, to, rate, &body.source).await?;
    Ok(StatusCode::NO_CONTENT)
}
