//! Bookings as the desk handles them: quoted with her own adjustments, made by hand, and every step of their life.
//!
//! A step may name the `version` it was decided on; if the booking has moved on since, nothing happens and the answer is
//! 409. A double tap of the same step is therefore harmless with a version, and refused as not possible without.

mod change;
mod links;
mod list;
mod manual;
mod quote;
mod steps;
mod view;

use posta_store::{
    booking::{self, Booking},
    ids::ReservationId,
};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

pub(super) use view::BookingView;

use crate::{auth::Principal, problem::Problem, state::AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .merge(quote::router())
        .merge(list::router())
        .merge(manual::router())
        .merge(steps::router())
        .merge(change::router())
        .merge(links::router())
}

/// The caller's booking.
pub(super) async fn booking(
    state: &AppState,
    principal: &Principal,
    id: Uuid,
) -> Result<Booking, Problem> {
    let mut conn = state.store.acquire().await?;
    booking::view::view(&mut conn, principal.tenant, ReservationId::from(id))
        .await?
        .ok_or_else(|| Problem::not_found("reservation"))
}
