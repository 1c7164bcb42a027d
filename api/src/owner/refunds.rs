//! Money that is owed back.
//!
//! What came by Mercado Pago goes back by Mercado Pago, without anybody's doing; what it refuses for good, and what came
//! another way, is the owner's to give back ([`refund_done`]) or to try once more ([`refund_again`]).

use axum::extract::State;
use chrono::{DateTime, Utc};
use posta_store::{
    booking::{
        money::Method,
        refunds::{self, Given, RefundRow},
    },
    ids::{PaymentId, ReservationId},
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
        .routes(routes!(refund_again))
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
    /// Of which booking; null: of a payment that belonged to none.
    reservation: Option<Uuid>,
    /// Its code.
    code: Option<String>,
    /// The payment it goes back through; null: you give it back by hand.
    payment: Option<Uuid>,
    /// How much.
    amount: Money,
    /// Why: cancelled, overpaid, `nights_gone`, …
    reason: String,
    /// due, requested, done, failed, `by_hand`, credited, `charged_back` (the payer's bank took it before).
    state: String,
    /// Why Mercado Pago has not given it back, if it was tried.
    error: Option<String>,
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

/// Try once more by Mercado Pago
///
/// Where it was refused for good (the account had not enough, say) and may be possible now.
#[utoipa::path(post, path = "/owner/refunds/{id}/retry", tag = "owner", operation_id = "refund_again",
    params(("id" = Uuid, Path, description = "The refund.")),
    responses((status = 200, description = "It is tried again.", body = Refund),
              (status = 409, description = "It went back already, or did not come by Mercado Pago.")))]
async fn refund_again(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<Refund>, Problem> {
    let row = refunds::again(&state.store, &principal.by(), id.into()).await?;
    Ok(Body(row.into()))
}

impl From<RefundRow> for Refund {
    fn from(row: RefundRow) -> Self {
        Self {
            id: row.id.uuid(),
            reservation: row.reservation.map(ReservationId::uuid),
            code: Some(row.code).filter(|code| !code.is_empty()),
            payment: row.payment.map(PaymentId::uuid),
            amount: row.amount.into(),
            reason: row.reason,
            state: row.state,
            error: row.error,
            created_at: row.created_at,
            done_at: row.done_at,
        }
    }
}
