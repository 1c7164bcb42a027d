//! The routes and the layers before them, outermost first:
//!
//! 1. [`observe`]: request id, span, metrics, and the words of every problem.
//! 2. [`guard`]: so many at once, so long at most, no panic and no leaving client ends the work.
//! 3. the cap on bodies (256 KiB).
//! 4. [`rate_limit`]: per address and route.
//! 5. what is personal is kept out of caches and referrers.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::get,
};
use http::{HeaderValue, header};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    auth, guard, observe, openapi, owner, pago, problem::Problem, public, rate_limit,
    state::AppState,
};

/// Where all of it is.
pub const BASE: &str = "/api/v1";
/// No body here is larger than a manual booking with long notes.
const MAX_BODY: usize = 256 * 1024;

/// Every documented route. Paths are whole.
pub fn routes() -> OpenApiRouter<AppState> {
    let open = public::router();
    let personal = OpenApiRouter::default()
        .merge(public::personal_router())
        .merge(auth::router())
        .merge(owner::router())
        .layer(from_fn(keep_private));
    OpenApiRouter::with_openapi(openapi::head()).nest(BASE, open.merge(personal))
}

/// The whole server.
pub fn router(state: AppState) -> anyhow::Result<Router> {
    let (router, document) = routes().split_for_parts();
    let document = openapi::finish(document)?;
    let served = openapi::serve(&document)?;
    Ok(router
        .merge(pago::router(&state.texts))
        .route("/api/v1/openapi.json", get(move || async move { served }))
        .fallback(async || Problem::not_found("route"))
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(from_fn_with_state(state.clone(), rate_limit::layer))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(state.clone(), guard::layer))
        .layer(from_fn_with_state(state.clone(), observe::layer))
        .with_state(state))
}

/// Neither a shared cache nor the next page's server learns of it.
async fn keep_private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_two_parts_give_one_name_to_two_schemas() {
        let mut known = BTreeMap::new();
        for router in [
            public::router(),
            public::personal_router(),
            auth::router(),
            owner::router(),
        ] {
            let document = router.into_openapi();
            for (name, schema) in document.components.unwrap_or_default().schemas {
                let schema = serde_json::to_value(schema).unwrap();
                let before = known.insert(name.clone(), schema.clone());
                assert!(
                    before.is_none_or(|before| before == schema),
                    "{name} is two things"
                );
            }
        }
        assert!(known.len() > 50);
    }
}
