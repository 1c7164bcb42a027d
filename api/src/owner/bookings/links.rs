//! The guest's way to her booking: made anew, or shut.

use axum::extract::State;
use chrono::{DateTime, Utc};
use http::StatusCode;
use posta_store::{Doing as _, access::links, ids::ReservationId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::booking;
use crate::{
    auth::Staff,
    extract::{Body, Path},
    problem::Problem,
    state::AppState,
};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(make_guest_link, revoke_guest_links))
}

/// How long after the last departure a link still opens the booking.
const DAYS_AFTER: i32 = 30;

/// A link.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = GuestLinkMade)]
struct Made {
    /// For `/guest/{token}`; shown this once.
    token: String,
    /// Where the guest opens it.
    url: String,
    /// Until then.
    expires_at: DateTime<Utc>,
}

/// Make a link for the guest
#[utoipa::path(post, path = "/owner/reservations/{id}/links", tag = "owner", operation_id = "make_guest_link",
    params(("id" = Uuid, Path, description = "The booking.")),
    responses((status = 201, description = "Whoever has it reaches the booking.", body = Made)))]
async fn make_guest_link(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Body<Made>), Problem> {
    let (by, id) = (principal.by(), ReservationId::from(id));
    let mut tx = state.store.begin().await?;
    let link = links::make(&mut tx, &by, id, DAYS_AFTER)
        .await?
        .ok_or_else(|| Problem::not_found("reservation"))?;
    tx.commit().await.doing("commit the guest's link")?;
    let token = state.auth.link_token(link.id);
    let base = state.config.public_url.as_str().trim_end_matches('/');
    let made = Made {
        url: format!("{base}/r/{token}"),
        token,
        expires_at: link.expires_at,
    };
    Ok((StatusCode::CREATED, Body(made)))
}

/// Shut every link to a booking
#[utoipa::path(delete, path = "/owner/reservations/{id}/links", tag = "owner", operation_id = "revoke_guest_links",
    params(("id" = Uuid, Path, description = "The booking.")),
    responses((status = 204, description = "None of them opens it any more.")))]
async fn revoke_guest_links(
    Staff(principal): Staff,
    State(state): State<AppState>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    booking(&state, &principal, id).await?;
    let mut tx = state.store.begin().await?;
    links::revoke(&mut tx, &principal.by(), ReservationId::from(id)).await?;
    tx.commit()
        .await
        .doing("commit that the guest's links are shut")?;
    Ok(StatusCode::NO_CONTENT)
}
