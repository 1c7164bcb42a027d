//! A price given by the desk: beyond the conditions guests meet, and with what she takes off or puts on.

use axum::extract::State;
use http::StatusCode;
use posta_domain::quote::Adjustment;
use posta_store::booking::{Checks, QuoteRequest, quotes};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    auth::{Principal, Staff},
    dto::{Asked, Quote, words},
    extract::Body,
    owner::field::currency,
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(owner_quote))
}

/// So many adjustments of one price at most.
const MOST_ADJUSTMENTS: usize = 20;
/// A line that a guest reads.
const MOST_REASON: usize = 200;

/// What is to be priced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnerQuoteBody {
    /// Where.
    property: Uuid,
    /// One for each cabin, 1 to 10.
    #[schema(min_items = 1, max_items = 10)]
    stays: Vec<Asked>,
    /// What to charge in; absent: as the property does.
    #[schema(pattern = "^[A-Z]{3}$")]
    charge_currency: Option<String>,
    /// Taken off (negative) or put on.
    #[serde(default)]
    #[schema(max_items = 20)]
    adjustments: Vec<AdjustmentBody>,
    /// For whom, if she is known.
    guest: Option<Uuid>,
}

/// What she takes off or puts on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AdjustmentBody {
    /// Minor units of the prices' currency; negative is off.
    amount_minor: i64,
    /// The guest reads it.
    #[schema(
        min_length = 1,
        max_length = 200,
        example = "Descuento por pago en efectivo"
    )]
    reason: String,
}

/// Give a price, with adjustments
#[utoipa::path(post, path = "/owner/quotes", tag = "owner", operation_id = "owner_quote",
    request_body = OwnerQuoteBody,
    responses((status = 201, description = "It can be booked until `valid_until`.", body = Quote),
              (status = 404, description = "There is no such property, cabin, kind or guest."),
              (status = 409, description = "It is not possible as things are.")))]
async fn owner_quote(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Body(body): Body<OwnerQuoteBody>,
) -> Result<(StatusCode, Body<Quote>), Problem> {
    let stays = body.stays.iter().map(Asked::asked);
    let charge = body.charge_currency.as_deref();
    let request = QuoteRequest {
        property: body.property.into(),
        stays: stays.collect::<Result<_, _>>()?,
        charge_currency: charge
            .map(|code| currency(code, "charge_currency"))
            .transpose()?,
        adjustments: adjustments(&principal, body.adjustments)?,
        guest: body.guest.map(Into::into),
        checks: Checks::Owner,
    };
    let quote = quotes::make(&state.store, &principal.by(), &request).await?;
    Ok((StatusCode::CREATED, Body((&quote).into())))
}

/// As the price keeps them, with who made them.
pub(super) fn adjustments(
    principal: &Principal,
    bodies: Vec<AdjustmentBody>,
) -> Result<Vec<Adjustment>, Problem> {
    if bodies.len() > MOST_ADJUSTMENTS {
        return Err(Problem::invalid("adjustments"));
    }
    let read = |body: AdjustmentBody| {
        Ok(Adjustment {
            amount: body.amount_minor,
            reason: words("adjustments.reason", &body.reason, MOST_REASON)?,
            author: principal.actor.clone(),
        })
    };
    bodies.into_iter().map(read).collect()
}
