//! Asking the owner for her yes: a booking on request waits for it, and she cannot say it unheard of.

use chrono::{DateTime, Utc};
use posta_domain::{
    ids::{ReservationId, TenantId},
    reservation::{Awaiting, Hold, Reservation},
};
use sqlx::PgConnection;

use crate::{
    attention::{self, NewAttention},
    error::StoreError,
};

/// The matter's kind. Its actions: `accepted` is [`super::confirm()`], `refused` is [`super::cancel`] by the owner.
pub const BOOKING_REQUESTED: &str = "booking_requested";

/// Until when the owner's yes is waited for, if it is.
pub(super) const fn waits(state: Reservation) -> Option<DateTime<Utc>> {
    match state {
        Reservation::Held(Hold {
            awaiting: Awaiting::Owner,
            expires_at,
        }) => Some(expires_at),
        _ => None,
    }
}

/// Tells her, by when.
pub(super) async fn ask(
    tx: &mut PgConnection,
    tenant: TenantId,
    id: ReservationId,
    code: &str,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    let matter = NewAttention {
        tenant,
        kind: BOOKING_REQUESTED,
        subject: &format!("reservation:{id}"),
        detail: serde_json::json!({ "reservation": id, "code": code }),
        deadline: Some(until),
    };
    attention::raise_with(tx, &matter, &["accepted", "refused"]).await
}

/// A step leads from one state to another: what no longer waits for her needs her no more.
pub(super) async fn after(
    tx: &mut PgConnection,
    tenant: TenantId,
    id: ReservationId,
    (from, to): (Reservation, Reservation),
) -> Result<(), StoreError> {
    if waits(from).is_some() && waits(to).is_none() {
        attention::close(tx, tenant, BOOKING_REQUESTED, &format!("reservation:{id}")).await?;
    }
    Ok(())
}
