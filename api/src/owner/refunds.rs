//! Money that is owed back.

use axum::extract::State;
use chrono::{DateTime, Utc};
use posta_store::booking::{
    money::Method,
    refunds::{self, Given, RefundRow},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::payments::MOST_REFERENCE;
use crate::{
    auth::{Owner, Readonly},
    dto::{Money, words_or_none},
    extract::{Body, Path, Query},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list_refunds))
        .routes(routes!(refund_done))
}

/// Which refunds.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RefundsQuery {
    /// Also those that went back already.
    #[serde(default)]
    all: bool,
}

/// Refunds.
#[derive(Debug, Serialize, ToSchema)]
struct Refunds {
    /// Those that are owed.
    refunds: Vec<Refund>,
}

/// Money that is owed back, or went back.
#[derive(Debug, Serialize, ToSchema)]
struct Refund {
    /// Which.
    id: Uuid,
    /// Of which booking.
    reservation: Uuid,
    /// Its code.
    code: String,
    /// How much.
    amount: Money,
    /// Why: cancelled, overpaid, `nights_gone`, …
    reason: String,
    /// due, requested, done, failed, `by_hand`.
    state: String,
    /// Since when.
    created_at: DateTime<Utc>,
    /// When it went back.
    done_at: Option<DateTime<Utc>>,
}

/// How it went back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DoneBody {
    /// By which way.
    method: HandMethod,
    /// The bank's, or the caller's; the same one again changes nothing.
    #[schema(max_length = 200)]
    reference: Option<String>,
}

/// Ways of paying that a person records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum HandMethod {
    Cash,
    Transfer,
}

impl From<HandMethod> for Method {
    fn from(method: HandMethod) -> Self {
        match method {
            HandMethod::Cash => Self::Cash,
            HandMethod::Transfer => Self::Transfer,
        }
    }
}

/// Money that is owed back
#[utoipa::path(get, path = "/owner/refunds", tag = "owner", operation_id = "list_refunds", params(RefundsQuery),
    responses((status = 200, description = "The refunds.", body = Refunds)))]
async fn list_refunds(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Query(query): Query<RefundsQuery>,
) -> Result<Body<Refunds>, Problem> {
    let mut conn = state.store.acquire().await?;
    let rows = refunds::list(&mut conn, principal.tenant, !query.all).await?;
    Ok(Body(Refunds {
        refunds: rows.into_iter().map(Refund::from).collect(),
    }))
}

/// Say that a refund went back
#[utoipa::path(post, path = "/owner/refunds/{id}/done", tag = "owner", operation_id = "refund_done",
    params(("id" = Uuid, Path, description = "The refund.")),
    request_body = DoneBody,
    responses((status = 200, description = "It is in the ledger.", body = Refund),
              (status = 409, description = "It went back already, another way.")))]
async fn refund_done(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<DoneBody>,
) -> Result<Body<Refund>, Problem> {
    let reference = words_or_none("reference", body.reference.as_deref(), MOST_REFERENCE)?;
    let given = Given {
        method: body.method.into(),
        reference: reference.unwrap_or_default(),
    };
    let row = refunds::done(&state.store, &principal.by(), id.into(), &given).await?;
    Ok(Body(row.into()))
}

impl From<RefundRow> for Refund {
    fn from(row: RefundRow) -> Self {
        Self {
            id: row.id.uuid(),
            reservation: row.reservation.uuid(),
            code: row.code,
            amount: row.amount.into(),
            reason: row.reason,
            state: row.state,
            created_at: row.created_at,
            done_at: row.done_at,
        }
    }
}
