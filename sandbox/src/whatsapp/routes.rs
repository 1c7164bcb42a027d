//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::simulator::Inner;
use super::{api, control, media};
use crate::page;

/// The control API takes pictures in base64.
const MOST_BODY: usize = 24 * 1024 * 1024;

pub(crate) fn router(inner: Arc<Inner>) -> Router {
    let graph = Router::new()
        .route("/attachments", get(media::download))
        .route("/{version}/{number}/messages", post(api::messages))
        .route(
            "/{version}/{account}/subscribed_apps",
            get(api::subscribed_apps),
        )
        .route("/{version}/{id}", get(api::lookup));
    let control = Router::new()
        .route("/whatsapp/say", post(control::say))
        .route("/whatsapp/echo", post(control::echo))
        .route("/whatsapp/raw", post(control::raw))
        .route("/whatsapp/history", post(control::history))
        .route("/whatsapp/chat/{from}", get(control::chat))
        .route(
            "/faults",
            post(control::add_fault).delete(control::clear_faults),
        )
        .route("/clock", post(control::clock))
        .route("/state", get(control::state));
    Router::new()
        .nest("/whatsapp", graph)
        .nest("/control", control)
        .merge(page::routes())
        .layer(DefaultBodyLimit::max(MOST_BODY))
        .with_state(inner)
}
