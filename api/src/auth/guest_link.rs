//! A guest's way to her own booking: `/guest/{token}`.

use axum::{
    RequestPartsExt as _,
    extract::{FromRequestParts, RawPathParams},
};
use chrono::{DateTime, Utc};
use http::request::Parts;
use posta_domain::ids::{GuestLinkId, ReservationId, TenantId};
use posta_store::{access::links, audit::By};
use uuid::Uuid;

use super::{address::ClientAddress, throttle};
use crate::{extract::RequestId, problem::Problem, state::AppState};

/// Whoever holds the link of one booking. Takes the path parameter `{token}`.
///
/// The signature is looked at first, so guesses cost no query. Wrong, over, revoked: one and the same 404.
#[derive(Debug, Clone, Copy)]
pub struct GuestLink {
    /// Whose data.
    pub tenant: TenantId,
    /// The one booking.
    pub reservation: ReservationId,
    /// Which link.
    pub link: GuestLinkId,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    request: RequestId,
}

impl GuestLink {
    /// On whose behalf, for the audit.
    pub fn by(&self) -> By {
        By {
            tenant: self.tenant,
            actor: format!("guest:{}", self.link),
            request_id: self.request.text(),
        }
    }
}

impl FromRequestParts<AppState> for GuestLink {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let request = RequestId::from_request_parts(parts, state).await?;
        let named = parts
            .extract::<RawPathParams>()
            .await
            .ok()
            .and_then(|params| {
                let (_, token) = params.iter().find(|(name, _)| *name == "token")?;
                state.auth.links.open(token, &[])
            });
        let Some(name) = named else {
            let from = ClientAddress::of(parts, &state.config);
            return Err(match state.auth.guesses.bad(from) {
                Ok(()) => Problem::not_found("link"),
                Err(wait) => Problem::too_many(throttle::seconds(wait.retry_after)),
            });
        };
        let mut conn = state.store.acquire().await?;
        let link = links::find(&mut conn, Uuid::from_bytes(name).into())
            .await?
            .ok_or_else(|| Problem::not_found("link"))?;
        Ok(Self {
            tenant: link.tenant,
            reservation: link.reservation,
            link: link.id,
            expires_at: link.expires_at,
            request,
        })
    }
}
