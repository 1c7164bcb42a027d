//! Configuration: properties, kinds of cabins, cabins, seasons, holidays, texts, the exchange rate.
//!
//! What is edited counts for what is quoted from then on; quotes and bookings keep what they were made with.

mod cabins;
mod days;
mod properties;
mod schema;
mod seasons;
mod texts;
mod types;
mod view;

use posta_store::{catalog, catalog::Place, ids::PropertyId};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{auth::Principal, problem::Problem, state::AppState};

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .merge(properties::router())
        .merge(texts::router())
        .merge(types::router())
        .merge(cabins::router())
        .merge(seasons::router())
        .merge(days::router())
}

/// The caller's property.
async fn place(state: &AppState, principal: &Principal, id: Uuid) -> Result<Place, Problem> {
    let mut conn = state.store.acquire().await?;
    catalog::place(&mut conn, Some(principal.tenant), PropertyId::from(id))
        .await?
        .ok_or_else(|| Problem::not_found("property"))
}
