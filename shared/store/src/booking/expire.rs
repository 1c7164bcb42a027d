//! Holds whose time is over.
//!
//! Nobody depends on the sweep: whoever wants the nights expires the hold first ([`super::claims::free_expired`]), and
//! whoever reads it sees it expired. The sweep ([`expire_due`]) is for what nobody asks about: the guest is owed what
//! she had paid, and is to be told.

use chrono::{DateTime, Utc};
use posta_domain::{
    dialogue::Event,
    reservation::{End, on_end},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    BookingError, claims,
    money::{self, RequestEnd},
    units,
    view::{self, Booking, load},
};
use crate::{
    audit::{self, By},
    catalog, elsewhere,
    error::{Doing as _, StoreError},
    events,
    ids::{AccommodationId, ReservationId, StayId, TenantId},
    pool::Store,
};

/// Who expires holds.
const ACTOR: &str = "system:expiry";

/// Expires about so many holds whose time is over; answers how many. One whose cabin somebody works on at the moment is
/// left for the next round, and one that fails stops no other.
pub async fn expire_due(store: &Store, limit: u32) -> Result<u64, StoreError> {
    let mut expired = 0;
    let (mut after, mut id) = (DateTime::<Utc>::UNIX_EPOCH, Uuid::nil());
    // Page after page, so that those that fail or are busy, the oldest of all, never keep the others from their turn.
    while expired < u64::from(limit) {
        let due = page(store, (after, id), limit).await?;
        let Some(last) = due.last() else { break };
        (after, id) = (last.expires_at, last.id);
        for row in due {
            expired += u64::from(swept(store, &row).await?);
        }
    }
    Ok(expired)
}

struct Due {
    tenant_id: Uuid,
    id: Uuid,
    expires_at: DateTime<Utc>,
}

/// The next of those whose time is over.
async fn page(
    store: &Store,
    (after, id): (DateTime<Utc>, Uuid),
    limit: u32,
) -> Result<Vec<Due>, StoreError> {
    sqlx::query_as!(
        Due,
        r#"SELECT tenant_id, id, hold_expires_at AS "expires_at!" FROM reservations
           WHERE status = 'held' AND hold_expires_at <= clock_timestamp()
             AND (hold_expires_at, id) > ($1, $2)
           ORDER BY hold_expires_at, id
           LIMIT $3"#,
        after,
        id,
        i64::from(limit),
    )
    .fetch_all(store.pool())
    .await
    .doing("look for holds whose time is over")
}

/// Whether it was expired.
async fn swept(store: &Store, row: &Due) -> Result<bool, StoreError> {
    match one(store, row.tenant_id.into(), row.id.into()).await {
        Ok(expired) => Ok(expired),
        Err(BookingError::Busy(_)) => Ok(false),
        Err(BookingError::Store(error)) if error.is_unavailable() => Err(error),
        Err(error) => {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, reservation = %row.id, "a hold could not be expired");
            Ok(false)
        }
    }
}

async fn one(store: &Store, tenant: TenantId, id: ReservationId) -> Result<bool, BookingError> {
    let mut tx = store.begin().await?;
    let cabins = sqlx::query_scalar!(
        "SELECT accommodation_id FROM stays WHERE tenant_id = $1 AND reservation_id = $2",
        tenant.uuid(),
        id.uuid(),
    )
    .fetch_all(&mut *tx)
    .await
    .doing("read which cabins the hold has")?;
    let cabins: Vec<_> = cabins.into_iter().map(AccommodationId::from).collect();
    if !units::try_lock(&mut tx, tenant, &cabins).await? {
        return Ok(false);
    }
    let now = catalog::now(&mut tx).await?;
    let expired = those(&mut tx, &[id.uuid()], now).await?;
    tx.commit().await.doing("commit the hold's end")?;
    Ok(expired > 0)
}

/// Expires those of the bookings that are holds whose time is over; answers how many were. Locks them in ascending
/// order; the caller holds the cabins whose nights it wants.
pub(super) async fn those(
    tx: &mut PgConnection,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut expired = 0;
    sqlx::query_scalar!(
        "SELECT id FROM reservations WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
        ids
    )
    .fetch_all(&mut *tx)
    .await
    .doing("lock the holds whose time is over")?;
    for (booking, _) in load(tx, None, ids).await? {
        if booking.state.expire(now).is_ok() {
            carry_out(tx, &booking, now).await?;
            expired += 1;
        }
    }
    Ok(expired)
}

/// Ends a hold that is locked and whose time is over: its nights are free, what was asked for is asked no more, and what
/// was paid is owed back.
pub(super) async fn carry_out(
    tx: &mut PgConnection,
    booking: &Booking,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let to = booking
        .state
        .expire(now)
        .map_err(|_| StoreError::Conflict("the hold's time is not over"))?;
    match view::step(tx, booking, to).await {
        Ok(_) => {}
        Err(BookingError::Store(error) | BookingError::Busy(error)) => return Err(error),
        // Locked and just read: somebody writes without locking.
        Err(_) => return Err(StoreError::Conflict("the hold changed under its lock")),
    }
    claims::release(tx, booking).await?;
    money::close_requests(tx, booking.id, RequestEnd::Expired).await?;
    let by = By {
        tenant: booking.tenant,
        actor: ACTOR.to_owned(),
        request_id: None,
    };
    let ended = on_end(End::Expired, booking.paid);
    money::ended(tx, &by, booking.id, booking.guest, ended).await?;
    let stays: Vec<StayId> = booking.stays.iter().map(|stay| stay.id).collect();
    elsewhere::resolve(tx, booking.tenant, &stays, "expired").await?;
    let event = Event::HoldExpired {
        reservation: booking.id,
    };
    let key = format!("expired:{}", booking.id);
    events::tell(tx, booking.tenant, booking.guest, &event, &key).await?;
    let detail = serde_json::json!({ "owed_back": booking.paid });
    audit::record(tx, &by, &booking.subject(), "expired", detail).await
}
