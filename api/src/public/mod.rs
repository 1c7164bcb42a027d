//! What needs no login: what can be let, what it costs, and holding it; and, by a signed link, one's own booking.

mod accommodations;
mod availability;
mod guest;
mod place;
mod quotes;
pub(crate) mod reservations;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::state::AppState;

/// Open to everybody.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(accommodations::accommodations))
        .routes(routes!(availability::availability))
        .routes(routes!(availability::calendar))
        .routes(routes!(quotes::make_quote))
        .routes(routes!(quotes::quote))
}

/// What is one guest's: kept out of caches and referrers.
pub fn personal_router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(reservations::reserve))
        .routes(routes!(guest::booking))
        .routes(routes!(guest::cancellation))
        .routes(routes!(guest::cancel))
        .routes(routes!(guest::change))
        .routes(routes!(guest::pay::pay))
}
