//! Who asks, and what they may.
//!
//! - People log in with e-mail and password and get a session: a cookie for the pages (`HttpOnly`, `SameSite=Lax`,
//!   `Secure` where the public URL is), and a CSRF token that every unsafe request repeats in a header.
//! - Machines carry a token, made by a person and no mightier than she is at the moment.
//! - Guests carry a signed link to one booking.
//!
//! Handlers ask by their first argument: [`Readonly`], [`Staff`], [`Owner`] or [`GuestLink`]; whatever follows is read
//! only when that is granted. Guaranteed: who may not is told nothing but that (401, 403, and for links one and the
//! same 404); guesses at passwords and links get slower; no secret is stored, logged or compared byte by byte. Not
//! guaranteed: that a row belongs to the asker's tenant. Each use case takes the tenant from the principal and finds
//! other tenants' rows as little as rows that do not exist.

mod address;
mod cookies;
mod guest_link;
mod login;
mod principal;
mod secret;
mod signer;
mod throttle;
mod token_routes;

use std::sync::Arc;

use anyhow::Context as _;
use posta_domain::ids::GuestLinkId;
use posta_runtime::{clock::Clock, config::ApiConfig, passwords::Passwords};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use address::ClientAddress;
pub use guest_link::GuestLink;
pub use principal::{CSRF_HEADER, Means, Owner, Principal, Readonly, Staff};

use crate::state::AppState;

/// Keys and counters of this part. Clones share them.
#[derive(Clone)]
pub struct Auth {
    passwords: Passwords,
    links: signer::Signer,
    devices: signer::Signer,
    guesses: Arc<throttle::LinkGuesses>,
    secure: bool,
}

impl Auth {
    /// Reads its settings.
    pub(crate) fn new(config: &ApiConfig, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let signer = |purpose| {
            signer::Signer::new(&config.session_key, purpose)
                .context("could not use SESSION_KEY as a key")
        };
        Ok(Self {
            passwords: Passwords::new().context("could not prepare the checking of passwords")?,
            links: signer("posta guest link v1")?,
            devices: signer("posta device v1")?,
            guesses: Arc::new(throttle::LinkGuesses::new(clock)),
            secure: config.public_url.scheme() == "https",
        })
    }

    /// What a guest's link ends in. Whoever has it can do with the booking what its guest can.
    pub fn link_token(&self, id: GuestLinkId) -> String {
        self.links.sign(*id.uuid().as_bytes(), &[])
    }
}

/// Login, logout, tokens. Paths are relative to `/api/v1`.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(login::login))
        .routes(routes!(login::logout))
        .routes(routes!(login::me))
        .routes(routes!(token_routes::list, token_routes::make))
        .routes(routes!(token_routes::revoke))
}
