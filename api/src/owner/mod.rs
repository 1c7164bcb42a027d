//! What the owner and her staff do.

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// Paths are relative to `/api/v1` (each begins with `/owner`).
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
}
