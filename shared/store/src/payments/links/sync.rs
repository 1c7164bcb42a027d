//! Which links there should be.

use sqlx::PgConnection;
use uuid::Uuid;

use super::outcome::slow;
use crate::{
    booking::requests,
    error::{Doing as _, StoreError},
    ids::{PaymentLinkId, ReservationId},
    pool::Store,
};

/// Brings the links of a booking in line with what it is asked for: a wish where one is missing, an end where one is no
/// longer wanted. The caller holds the booking. A booking that waits for the owner's yes gives nobody a way to pay.
pub async fn sync(tx: &mut PgConnection, reservation: ReservationId) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE payment_links AS l
         SET state      = CASE WHEN l.state = 'wanted' AND l.tried_at IS NULL THEN 'closed' ELSE 'closing' END,
             closed_at  = CASE WHEN l.state = 'wanted' AND l.tried_at IS NULL THEN clock_timestamp() END,
             not_before = clock_timestamp(), attempts = 0, error = NULL
         FROM payment_requests q JOIN reservations r ON r.id = q.reservation_id
         WHERE q.reservation_id = $1 AND l.payment_request_id = q.id AND l.state IN ('wanted', 'live')
           AND NOT (q.state = 'open' AND q.method = 'mercadopago'
                    AND (r.status IN ('confirmed', 'checked_in')
                         OR r.status = 'held' AND r.awaiting IN ('payment', 'verification')))",
        reservation.uuid(),
    )
    .execute(&mut *tx)
    .await
    .doing("take back the links that are no longer wanted")?;
    let missing = sqlx::query!(
        r#"SELECT q.tenant_id, q.id, a.id AS account
           FROM payment_requests q
           JOIN reservations r ON r.id = q.reservation_id
           JOIN LATERAL (SELECT id FROM channel_accounts
                         WHERE tenant_id = q.tenant_id AND provider = 'mercadopago'
                         ORDER BY stopped_at IS NOT NULL, created_at, id LIMIT 1) AS a ON true
           WHERE q.reservation_id = $1 AND q.state = 'open' AND q.method = 'mercadopago'
             AND (r.status IN ('confirmed', 'checked_in')
                  OR r.status = 'held' AND r.awaiting IN ('payment', 'verification'))
             -- While one is being taken back by its reference, another one of that reference would go with it.
             AND NOT EXISTS (SELECT FROM payment_links l
                             WHERE l.payment_request_id = q.id AND l.state IN ('wanted', 'live', 'closing', 'failed'))"#,
        reservation.uuid(),
    )
    .fetch_all(&mut *tx)
    .await
    .doing("look for requests without a link")?;
    for row in missing {
        sqlx::query!(
            "INSERT INTO payment_links (tenant_id, id, payment_request_id, account_id) VALUES ($1, $2, $3, $4)",
            row.tenant_id,
            PaymentLinkId::fresh().uuid(),
            row.id,
            row.account,
        )
        .execute(&mut *tx)
        .await
        .doing("want a link")?;
    }
    Ok(())
}

/// Brings about so many bookings in line that nobody has: what a change forgot, or what ended by itself; and tells guests
/// whose link takes too long. Answers how many bookings were looked at. One somebody works on is left for the next round.
pub async fn sync_due(store: &Store, limit: i64) -> Result<u64, StoreError> {
    requests::expire_due(store, limit).await?;
    let due = sqlx::query_scalar!(
        r#"SELECT DISTINCT q.reservation_id AS "id!"
           FROM payment_requests q
           JOIN reservations r ON r.id = q.reservation_id
           CROSS JOIN LATERAL (
               SELECT q.state = 'open' AND q.method = 'mercadopago'
                      AND (r.status IN ('confirmed', 'checked_in')
                           OR r.status = 'held' AND r.awaiting IN ('payment', 'verification')) AS payable) AS it
           WHERE (q.state = 'open' OR q.closed_at > clock_timestamp() - interval '1 day')
             AND (EXISTS (SELECT FROM payment_links l
                          WHERE l.payment_request_id = q.id AND l.state IN ('wanted', 'live') AND NOT it.payable)
                  OR it.payable
                     AND NOT EXISTS (SELECT FROM payment_links l
                                     WHERE l.payment_request_id = q.id
                                       AND l.state IN ('wanted', 'live', 'closing', 'failed'))
                     AND EXISTS (SELECT FROM channel_accounts a
                                 WHERE a.tenant_id = q.tenant_id AND a.provider = 'mercadopago'))
           LIMIT $1"#,
        limit,
    )
    .fetch_all(store.pool())
    .await
    .doing("look for bookings whose links are not as they should be")?;
    let mut done = 0;
    for id in due {
        done += u64::from(one(store, id).await?);
    }
    slow(store, limit).await?;
    Ok(done)
}

async fn one(store: &Store, id: Uuid) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let locked = sqlx::query_scalar!(
        "SELECT id FROM reservations WHERE id = $1 FOR NO KEY UPDATE SKIP LOCKED",
        id
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("lock the booking whose links are looked at")?;
    if locked.is_none() {
        return Ok(false);
    }
    sync(&mut tx, id.into()).await?;
    tx.commit().await.doing("commit the booking's links")?;
    Ok(true)
}
