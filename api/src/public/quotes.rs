//! Prices that are given.

use axum::extract::State;
use http::StatusCode;
use posta_domain::{ids::QuoteId, refusal::Refusal};
use posta_store::{
    audit::By,
    booking::{Checks, QuoteRequest, quotes},
    catalog,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    dto::{Asked, Quote},
    extract::{Body, Path, RequestId},
    problem::Problem,
    public::place,
    state::AppState,
};

/// So many cabins in one booking at most.
pub(super) const MOST_STAYS: usize = 10;

/// What a price is wanted for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuoteRequest)]
pub(super) struct NewQuote {
    /// May be left out where there is only one.
    #[serde(default)]
    property: Option<Uuid>,
    /// One for each cabin.
    #[schema(min_items = 1, max_items = 10)]
    stays: Vec<Asked>,
    /// What to charge in; the property's own choice otherwise.
    #[serde(default)]
    #[schema(example = "ARS", pattern = "^[A-Z]{3}$")]
    charge_currency: Option<String>,
}

/// Ask for a price
///
/// A quote keeps its price until `valid_until`, whatever prices do meanwhile. It holds no nights: that is what
/// `POST /reservations` does with it.
#[utoipa::path(
    post,
    path = "/quotes",
    tag = "booking",
    request_body = NewQuote,
    responses(
        (status = 201, description = "The price.", body = Quote),
        (status = 404, description = "There is no such property, type or cabin."),
    )
)]
pub(super) async fn make_quote(
    State(state): State<AppState>,
    request_id: RequestId,
    Body(asked): Body<NewQuote>,
) -> Result<(StatusCode, Body<Quote>), Problem> {
    if asked.stays.is_empty() || asked.stays.len() > MOST_STAYS {
        return Err(Refusal::StaysImpossible.into());
    }
    let stays = asked
        .stays
        .iter()
        .map(Asked::asked)
        .collect::<Result<_, _>>()?;
    let charge_currency = asked
        .charge_currency
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(|_| Problem::invalid("charge_currency"))?;
    let mut conn = state.store.acquire().await?;
    let property = match asked.property {
        Some(id) => id.into(),
        None => place::only(&mut conn).await?,
    };
    let tenant = catalog::place(&mut conn, None, property)
        .await?
        .map(|place| place.property.tenant)
        .ok_or_else(|| Refusal::Unknown {
            what: "property".to_owned(),
        })?;
    drop(conn);
    let by = By {
        tenant,
        actor: "web".to_owned(),
        request_id: request_id.text(),
    };
    let request = QuoteRequest {
        property,
        stays,
        charge_currency,
        adjustments: Vec::new(),
        guest: None,
        checks: Checks::Guest,
    };
    let quote = quotes::make(&state.store, &by, &request).await?;
    Ok((StatusCode::CREATED, Body(Quote::from(&quote))))
}

/// A price that was given
#[utoipa::path(
    get,
    path = "/quotes/{id}",
    tag = "booking",
    params(("id" = Uuid, Path, description = "The quote.")),
    responses((status = 200, description = "The price, as it was given.", body = Quote))
)]
pub(super) async fn quote(
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<Quote>, Problem> {
    let mut conn = state.store.acquire().await?;
    let quote = quotes::get(&mut conn, None, QuoteId::from(id)).await?;
    let quote = quote.ok_or_else(|| Refusal::Unknown {
        what: "quote".to_owned(),
    })?;
    Ok(Body(Quote::from(&quote)))
}
