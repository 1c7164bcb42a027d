//! Nights the owner keeps to herself.

use axum::extract::State;
use chrono::{DateTime, Utc};
use http::StatusCode;
use posta_store::{blocks, ids::PropertyId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    auth::{Readonly, Staff},
    dto::{Date, Stretch, words_or_none},
    extract::{Body, Path, Query},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list_blocks, add_block))
        .routes(routes!(remove_block))
}

const MOST_REASON: usize = 500;

/// Which blocks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BlocksQuery {
    /// Of one property.
    property: Option<Uuid>,
    /// With a night on or after this day.
    #[param(value_type = String, format = Date)]
    from: Date,
    /// With a night before this day.
    #[param(value_type = String, format = Date)]
    until: Date,
}

/// Blocks.
#[derive(Debug, Serialize, ToSchema)]
struct Blocks {
    /// The earliest first, 1,000 at most.
    blocks: Vec<Block>,
}

/// Nights that are kept.
#[derive(Debug, Serialize, ToSchema)]
struct Block {
    /// Which.
    id: Uuid,
    /// Of which cabin.
    accommodation: Uuid,
    /// The first night.
    check_in: Date,
    /// The day on which it is free again.
    check_out: Date,
    /// In her words.
    reason: String,
    /// Who did it.
    created_by: String,
    /// When.
    created_at: DateTime<Utc>,
}

/// Nights to keep.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BlockBody {
    /// Of which cabin.
    accommodation: Uuid,
    /// The first night.
    check_in: Date,
    /// The day on which it is free again.
    check_out: Date,
    /// In her words.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Nights that are kept
#[utoipa::path(get, path = "/owner/blocks", tag = "owner", operation_id = "list_blocks", params(BlocksQuery),
    responses((status = 200, description = "Those that touch these days.", body = Blocks)))]
async fn list_blocks(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Query(query): Query<BlocksQuery>,
) -> Result<Body<Blocks>, Problem> {
    let (from, until) = (query.from.day()?, query.until.day()?);
    let property = query.property.map(PropertyId::from);
    let mut conn = state.store.acquire().await?;
    let rows = blocks::list(&mut conn, principal.tenant, property, from, until).await?;
    Ok(Body(Blocks {
        blocks: rows.into_iter().map(Block::from).collect(),
    }))
}

/// Keep nights of a cabin
#[utoipa::path(post, path = "/owner/blocks", tag = "owner", operation_id = "add_block",
    request_body = BlockBody,
    responses((status = 201, description = "Nobody can book them.", body = Block),
              (status = 404, description = "There is no such cabin."),
              (status = 409, description = "Somebody has some of the nights.")))]
async fn add_block(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Body(body): Body<BlockBody>,
) -> Result<(StatusCode, Body<Block>), Problem> {
    let period = Stretch {
        check_in: body.check_in,
        check_out: body.check_out,
    }
    .period()?;
    let reason = words_or_none("reason", body.reason.as_deref(), MOST_REASON)?;
    let (by, cabin) = (principal.by(), body.accommodation.into());
    let reason = reason.unwrap_or_default();
    let row = blocks::add(&state.store, &by, cabin, period, &reason).await?;
    Ok((StatusCode::CREATED, Body(row.into())))
}

/// Let the nights of a block again
#[utoipa::path(delete, path = "/owner/blocks/{id}", tag = "owner", operation_id = "remove_block",
    params(("id" = Uuid, Path, description = "The block.")),
    responses((status = 204, description = "They can be booked."),
              (status = 409, description = "It is not possible as things are.")))]
async fn remove_block(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    blocks::remove(&state.store, &principal.by(), id.into()).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<blocks::BlockRow> for Block {
    fn from(row: blocks::BlockRow) -> Self {
        Self {
            id: row.id.uuid(),
            accommodation: row.accommodation.uuid(),
            check_in: row.period.check_in().into(),
            check_out: row.period.check_out().into(),
            reason: row.reason,
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }
}
