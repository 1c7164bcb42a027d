//! Payments at Mercado Pago, as they were read there last; those without a booking are hers to place.
//!
//! An orphan's money ends in one of three ways: it is assigned to a booking, as if it had arrived for it; it goes back;
//! or it is dismissed as none of this business's. Saying the same again changes nothing; saying another thing is a 409.

mod view;

use axum::extract::State;
use posta_store::payments::{
    self,
    list::{Filter, one},
    orphans,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::field::limit;
use crate::{
    auth::{Owner, Principal, Readonly, Staff},
    extract::{Body, Path, Query},
    problem::Problem,
    state::AppState,
};
use view::ProviderPayments;

pub(super) use view::ProviderPayment;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list_provider_payments))
        .routes(routes!(get_provider_payment))
        .routes(routes!(assign_payment))
        .routes(routes!(refund_payment))
        .routes(routes!(dismiss_payment))
}

/// Which payments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PaymentsQuery {
    /// Which of them; all, if absent.
    #[serde(default)]
    #[param(inline)]
    state: Which,
    /// Go on after this one in the list: the last page's `next`.
    after: Option<Uuid>,
    /// So many at most; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u16>,
}

/// `orphan`: money without a booking, which waits for the owner. `open`: nothing has come yet. `all`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Which {
    Orphan,
    Open,
    #[default]
    All,
}

/// Where the money belongs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AssignBody {
    /// The booking.
    reservation: Uuid,
}

/// Payments at Mercado Pago, newest first
#[utoipa::path(get, path = "/owner/payments", tag = "owner", operation_id = "list_provider_payments",
    params(PaymentsQuery),
    responses((status = 200, description = "A page of payments.", body = ProviderPayments)))]
async fn list_provider_payments(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Query(query): Query<PaymentsQuery>,
) -> Result<Body<ProviderPayments>, Problem> {
    let limit = limit(query.limit)?;
    let mut conn = state.store.acquire().await?;
    let before = match query.after {
        None => None,
        Some(after) => {
            let last = one(&mut conn, principal.tenant, after.into()).await?;
            let last = last.ok_or_else(|| Problem::invalid("after"))?;
            Some((last.created_at, last.id))
        }
    };
    let filter = Filter {
        verdict: match query.state {
            Which::Orphan => Some("orphan".to_owned()),
            Which::Open => Some("open".to_owned()),
            Which::All => None,
        },
        before,
        limit: limit.into(),
    };
    let found = payments::list(&mut conn, principal.tenant, &filter).await?;
    let full = found.len() == usize::from(limit);
    Ok(Body(ProviderPayments {
        next: found.last().filter(|_| full).map(|last| last.id.uuid()),
        payments: found.into_iter().map(ProviderPayment::from).collect(),
    }))
}

/// A payment at Mercado Pago
#[utoipa::path(get, path = "/owner/payments/{id}", tag = "owner", operation_id = "get_provider_payment",
    params(("id" = Uuid, Path, description = "The payment.")),
    responses((status = 200, description = "As it was read last.", body = ProviderPayment)))]
async fn get_provider_payment(
    Readonly(principal): Readonly,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<ProviderPayment>, Problem> {
    show(&state, &principal, id).await
}

async fn show(
    state: &AppState,
    principal: &Principal,
    id: Uuid,
) -> Result<Body<ProviderPayment>, Problem> {
    let mut conn = state.store.acquire().await?;
    let found = one(&mut conn, principal.tenant, id.into()).await?;
    let found = found.ok_or_else(|| Problem::not_found("payment"))?;
    Ok(Body(found.into()))
}

/// Say which booking an orphan belongs to
///
/// The money is entered as if it had arrived for that booking: what it confirms is confirmed, what is too much is owed
/// back.
#[utoipa::path(post, path = "/owner/payments/{id}/assign", tag = "owner", operation_id = "assign_payment",
    params(("id" = Uuid, Path, description = "The payment.")),
    request_body = AssignBody,
    responses((status = 200, description = "It is that booking's.", body = ProviderPayment),
              (status = 409, description = "It is no orphan any more.")))]
async fn assign_payment(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
    Body(body): Body<AssignBody>,
) -> Result<Body<ProviderPayment>, Problem> {
    let to = body.reservation.into();
    orphans::assign(&state.store, &principal.by(), id.into(), to).await?;
    show(&state, &principal, id).await
}

/// Give an orphan's money back
///
/// By Mercado Pago, to whoever paid.
#[utoipa::path(post, path = "/owner/payments/{id}/refund", tag = "owner", operation_id = "refund_payment",
    params(("id" = Uuid, Path, description = "The payment.")),
    responses((status = 200, description = "It is owed back.", body = ProviderPayment),
              (status = 409, description = "It is no orphan any more.")))]
async fn refund_payment(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<ProviderPayment>, Problem> {
    orphans::refund(&state.store, &principal.by(), id.into()).await?;
    show(&state, &principal, id).await
}

/// Say that a payment is none of the bookings'
///
/// Something else was sold by the same account: the money stays there and counts for nothing here.
#[utoipa::path(post, path = "/owner/payments/{id}/dismiss", tag = "owner", operation_id = "dismiss_payment",
    params(("id" = Uuid, Path, description = "The payment.")),
    responses((status = 200, description = "It is on no list any more.", body = ProviderPayment),
              (status = 409, description = "It is no orphan any more.")))]
async fn dismiss_payment(
    Owner(principal): Owner,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Body<ProviderPayment>, Problem> {
    orphans::dismiss(&state.store, &principal.by(), id.into()).await?;
    show(&state, &principal, id).await
}
