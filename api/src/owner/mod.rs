//! What the owner and her staff do.
//!
//! Reading needs the role `readonly`; bookings, payments, blocks, chats and matters need `staff`; configuration and
//! whatever gives money back or writes it off need `owner`. The extractor in each handler's signature says which. Everything is looked
//! for among the caller's tenant's: another tenant's id is a 404 like an id of nothing. Each change is one use case of
//! the store, which writes who did it.

mod attention;
mod blocks;
mod bookings;
mod catalog;
mod chats;
mod contacts;
mod credits;
mod error;
mod field;
mod ledger;
mod media;
mod payments;
mod provider;
mod refunds;
mod requests;
mod templates;

use utoipa_axum::router::OpenApiRouter;

use crate::state::AppState;

/// Paths are relative to `/api/v1` (each begins with `/owner`).
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .merge(catalog::router())
        .merge(bookings::router())
        .merge(payments::router())
        .merge(requests::router())
        .merge(provider::router())
        .merge(refunds::router())
        .merge(credits::router())
        .merge(ledger::router())
        .merge(blocks::router())
        .merge(chats::router())
        .merge(contacts::router())
        .merge(media::router())
        .merge(templates::router())
        .merge(attention::router())
}
