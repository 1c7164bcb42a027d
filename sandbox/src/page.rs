//! The chat page: a person plays the guest, and the owner, in a browser.
//!
//! Static files; everything they show comes from the control API and is put in as text, never as markup.

use std::future::{Ready, ready};

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: \
                      https:; base-uri 'none'; form-action 'none'";

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route(
            "/",
            get(|| {
                file(
                    "text/html; charset=utf-8",
                    include_str!("../assets/page/chat.html"),
                )
            }),
        )
        .route(
            "/chat.js",
            get(|| {
                file(
                    "text/javascript; charset=utf-8",
                    include_str!("../assets/page/chat.js"),
                )
            }),
        )
        .route(
            "/chat.css",
            get(|| {
                file(
                    "text/css; charset=utf-8",
                    include_str!("../assets/page/chat.css"),
                )
            }),
        )
}

fn file(kind: &'static str, content: &'static str) -> Ready<impl IntoResponse> {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    ready((headers, content))
}
