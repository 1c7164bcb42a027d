//! What needs no login: what can be let, what it costs, and holding it; and, by a signed link, one's own booking.

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// Open to everybody.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
}

/// By a guest's link: kept out of caches and referrers.
pub fn personal_router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
}
