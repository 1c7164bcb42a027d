//! Asking without being told: of holds that end soon, of links that were paid late, of what is open for long.
//!
//! Notices may be days late. Guaranteed: before a hold with a link ends, a reading of its reference is wanted, and again
//! when late reviews are over; where the provider could not be asked in time, the hold lasts longer, once, and its guest
//! is told the truth. Not guaranteed: that the provider answers.

use posta_domain::dialogue::Event;
use uuid::Uuid;

use super::reads::{self, ReadKind};
use crate::{
    audit::By,
    booking::{
        BookingError, lock,
        prolong::{self, Reason},
    },
    error::{Doing as _, StoreError},
    events,
    ids::ReservationId,
    pool::Store,
};

/// Who prolongs holds.
const ACTOR: &str = "system:payments";
/// At once; the next round is seconds later.
const AT_ONCE: i64 = 200;

/// Wants a reading of everything that may have been paid unheard; answers how many.
pub async fn want_ending(store: &Store) -> Result<u64, StoreError> {
    let due = sqlx::query!(
        r#"SELECT q.tenant_id, l.account_id, q.external_reference
           FROM payment_requests q
           JOIN reservations r ON r.id = q.reservation_id
           -- Without a link that was ever tried there is nothing anybody could have paid.
           JOIN LATERAL (SELECT account_id FROM payment_links
                         WHERE payment_request_id = q.id AND tried_at IS NOT NULL
                         ORDER BY created_at DESC, id DESC LIMIT 1) AS l ON true
           JOIN channel_accounts a ON a.id = l.account_id AND a.stopped_at IS NULL
           LEFT JOIN payment_reads p
                ON p.account_id = l.account_id AND p.kind = 'reference' AND p.resource = q.external_reference
           WHERE q.method = 'mercadopago'
             AND (p.account_id IS NULL OR p.done_at IS NOT NULL)
             AND CASE
                 -- A hold that ends soon.
                 WHEN q.state = 'open' AND r.status = 'held' AND r.awaiting IN ('payment', 'verification')
                      AND r.hold_expires_at <= clock_timestamp() + interval '3 minutes'
                 THEN p.done_at IS NULL OR p.done_at <= clock_timestamp() - interval '2 minutes'
                 -- What waits for long: the balance, a card under review.
                 WHEN q.state = 'open' AND (r.status IN ('confirmed', 'checked_in')
                                            OR r.status = 'held' AND r.awaiting = 'verification')
                 THEN coalesce(p.done_at, q.created_at) <= clock_timestamp() - interval '1 hour'
                 -- A review that ended after the hold did.
                 WHEN q.state = 'expired' AND q.closed_at > clock_timestamp() - interval '1 hour'
                      AND q.closed_at <= clock_timestamp() - interval '10 minutes'
                 THEN p.done_at IS NULL OR p.done_at < q.closed_at + interval '10 minutes'
                 ELSE false END
           ORDER BY r.hold_expires_at NULLS LAST, q.id
           LIMIT $1"#,
        AT_ONCE,
    )
    .fetch_all(store.pool())
    .await
    .doing("look for what may have been paid")?;
    let mut conn = store.acquire().await?;
    let mut wanted = 0;
    for row in due {
        reads::want(
            &mut conn,
            row.tenant_id.into(),
            row.account_id.into(),
            ReadKind::Reference,
            &row.external_reference,
        )
        .await?;
        wanted += 1;
    }
    Ok(wanted)
}

/// Gives the holds more time that are about to end and whose link nobody could ask about; answers how many got it.
pub async fn prolong_unasked(store: &Store) -> Result<u64, StoreError> {
    let due = sqlx::query!(
        "SELECT DISTINCT r.tenant_id, r.id, r.hold_expires_at
         FROM reservations r
         JOIN payment_requests q ON q.reservation_id = r.id AND q.state = 'open' AND q.method = 'mercadopago'
         JOIN payment_links l ON l.payment_request_id = q.id AND l.live_at IS NOT NULL
         JOIN payment_reads p
              ON p.account_id = l.account_id AND p.kind = 'reference' AND p.resource = q.external_reference
         WHERE r.status = 'held' AND r.awaiting = 'payment' AND r.hold_expires_at > clock_timestamp()
           AND r.hold_expires_at <= clock_timestamp() + interval '60 seconds'
           -- Wanted and not answered for a while, or asked for in vain. What was answered two minutes ago is wanted in
           -- the last minute only: a longer while would be over after the hold.
           AND p.done_at IS NULL
           AND (p.wanted_at <= clock_timestamp() - interval '20 seconds' OR p.error IS NOT NULL)
           AND NOT EXISTS (SELECT FROM hold_prolongations h WHERE h.reservation_id = r.id AND h.reason = 'outage')
         ORDER BY r.hold_expires_at, r.id
         LIMIT $1",
        AT_ONCE,
    )
    .fetch_all(store.pool())
    .await
    .doing("look for holds that nobody could ask about")?;
    let mut prolonged = 0;
    for row in due {
        let by = By {
            tenant: row.tenant_id.into(),
            actor: ACTOR.to_owned(),
            request_id: None,
        };
        match one(store, &by, row.id).await {
            Ok(done) => prolonged += u64::from(done),
            Err(BookingError::Store(error)) if error.is_unavailable() => return Err(error),
            // Somebody works on it: the next round, as long as it lasts.
            Err(BookingError::Busy(_)) => {}
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, reservation = %row.id, "a hold could not be prolonged");
            }
        }
    }
    Ok(prolonged)
}

async fn one(store: &Store, by: &By, id: Uuid) -> Result<bool, BookingError> {
    let mut tx = store.begin().await?;
    let reservation = ReservationId::from(id);
    let locked = lock::whole(&mut tx, by.tenant, reservation, &[]).await?;
    let Some(ends) = prolong::once(&mut tx, by, &locked, Reason::Outage).await? else {
        // Whatever it was, it is no longer so; a hold whose time was over has been expired.
        tx.commit().await.doing("commit what was found")?;
        return Ok(false);
    };
    let event = Event::HoldProlonged { reservation, ends };
    let key = format!("prolonged:{reservation}");
    events::tell(&mut tx, by.tenant, locked.booking.guest, &event, &key).await?;
    tx.commit().await.doing("commit the hold's new end")?;
    Ok(true)
}
