//! Guests whose hold ends soon and is not paid are reminded, once for each end it has.
//!
//! Guaranteed: a reminder is put into the guest's mailbox at most once per hold and end, however many schedulers run;
//! nobody is reminded who wants no messages that we begin, nor of a hold that is younger than twice the notice (a hold of
//! ten minutes would be reminded of at once). Not guaranteed: that it is said; whoever has no chat with us hears nothing.

use chrono::{DateTime, Utc};
use posta_domain::dialogue::Event;
use uuid::Uuid;

use crate::{
    error::{Doing as _, StoreError},
    events,
    ids::ReservationId,
    pool::Store,
};

/// Reminds about so many; answers how many were told. A booking somebody works on at the moment is left for the next round, and one
/// that fails stops no other.
pub async fn remind_due(store: &Store, limit: u32) -> Result<u64, StoreError> {
    let due = sqlx::query_scalar!(
        "SELECT r.id
         FROM reservations r
         JOIN properties p ON p.id = r.property_id
         JOIN guests g ON g.id = r.guest_id
         WHERE r.status = 'held' AND r.awaiting = 'payment' AND r.hold_expires_at > clock_timestamp()
           -- No notice is longer: the index is read no further.
           AND r.hold_expires_at <= clock_timestamp() + interval '1440 minutes'
           AND r.hold_expires_at <= clock_timestamp() + make_interval(mins => p.remind_minutes)
           AND r.created_at <= clock_timestamp() - make_interval(mins => 2 * p.remind_minutes)
           AND r.reminded_of IS DISTINCT FROM r.hold_expires_at
           AND p.remind_minutes > 0 AND g.opted_out_at IS NULL AND g.kind = 'guest'
         ORDER BY r.hold_expires_at, r.id
         LIMIT $1",
        i64::from(limit),
    )
    .fetch_all(store.pool())
    .await
    .doing("look for holds that end soon")?;
    let mut reminded = 0;
    for id in due {
        match one(store, id).await {
            Ok(said) => reminded += u64::from(said),
            Err(error) if error.is_unavailable() => return Err(error),
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, reservation = %id, "a guest could not be reminded of a hold");
            }
        }
    }
    Ok(reminded)
}

async fn one(store: &Store, id: Uuid) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let locked = sqlx::query_scalar!(
        "SELECT id FROM reservations WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED",
        id
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("lock the hold that ends soon")?;
    if locked.is_none() {
        return Ok(false);
    }
    // A statement of its own: what the lock guards has changed if somebody had it.
    let row = sqlx::query!(
        r#"UPDATE reservations r SET reminded_of = r.hold_expires_at
           WHERE r.id = $1 AND r.status = 'held' AND r.awaiting = 'payment' AND r.hold_expires_at > clock_timestamp()
             AND r.reminded_of IS DISTINCT FROM r.hold_expires_at
           RETURNING r.tenant_id, r.guest_id, r.hold_expires_at AS "ends!""#,
        id,
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("note that the guest is reminded")?;
    let Some(row) = row else { return Ok(false) };
    let event = ending(id.into(), row.ends);
    let key = format!("hold_ending:{id}:{}", row.ends.timestamp_micros());
    let told = events::tell(
        &mut tx,
        row.tenant_id.into(),
        row.guest_id.into(),
        &event,
        &key,
    )
    .await?;
    tx.commit().await.doing("commit the reminder")?;
    Ok(told)
}

const fn ending(reservation: ReservationId, ends: DateTime<Utc>) -> Event {
    Event::HoldEnding { reservation, ends }
}
