//! How it went with a link. Whoever's lease ran out changes nothing.

use std::time::Duration;

use posta_domain::dialogue::Event;
use sqlx::PgConnection;

use super::{ClaimedLink, sync::sync};
use crate::{
    attention::{self, NewAttention},
    error::{Doing as _, StoreError},
    events,
    ids::{GuestId, PaymentLinkId, ReservationId, TenantId},
    outbox::claim::interval,
    pool::Store,
};

/// A link that takes longer than this is spoken of: the guest looks at her phone and waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// The owner hears that there will be no link.
pub(crate) const LINK_FAILED: &str = "link_failed";

/// From now on there may be one at the provider. False: it is not wanted any more, or somebody else is at it.
pub async fn tried(store: &Store, link: &ClaimedLink) -> Result<bool, StoreError> {
    sqlx::query!(
        "UPDATE payment_links SET tried_at = coalesce(tried_at, clock_timestamp())
         WHERE id = $1 AND state = 'wanted' AND lease_until = $2",
        link.id.uuid(),
        link.lease,
    )
    .execute(store.pool())
    .await
    .doing("note that a link is being made")
    .map(|done| done.rows_affected() == 1)
}

/// It can be paid: the guest is told. False: it is not wanted any more and will be taken back.
pub async fn live(
    store: &Store,
    link: &ClaimedLink,
    preference_id: &str,
    url: &str,
) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    let booking = lock(&mut tx, link.id).await?;
    let lives = sqlx::query!(
        "UPDATE payment_links
         SET state = 'live', preference_id = $3, url = $4, expires_at = $5, live_at = clock_timestamp(),
             tried_at = coalesce(tried_at, clock_timestamp()), lease_until = NULL, attempts = 0, error = NULL,
             not_before = clock_timestamp()
         WHERE id = $1 AND state = 'wanted' AND lease_until = $2",
        link.id.uuid(),
        link.lease,
        preference_id,
        url,
        link.expires_at,
    )
    .execute(&mut *tx)
    .await
    .doing("note that a link can be paid")?
    .rows_affected()
        == 1;
    if lives {
        let subject = format!("reservation:{}", booking.id);
        attention::close(&mut tx, booking.tenant, LINK_FAILED, &subject).await?;
        let event = Event::LinkReady {
            reservation: booking.id,
        };
        let key = format!("link_ready:{}", link.id);
        events::tell(&mut tx, booking.tenant, booking.guest, &event, &key).await?;
    } else {
        // What was asked for ended while the link was made.
        sqlx::query!(
            "UPDATE payment_links SET preference_id = $3, lease_until = NULL
             WHERE id = $1 AND state = 'closing' AND lease_until = $2",
            link.id.uuid(),
            link.lease,
            preference_id,
        )
        .execute(&mut *tx)
        .await
        .doing("note which link is to be taken back")?;
    }
    tx.commit().await.doing("commit the link")?;
    Ok(lives)
}

/// Its end is where [`ClaimedLink::expires_at`] said.
pub async fn extended(store: &Store, link: &ClaimedLink) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE payment_links SET expires_at = $3, lease_until = NULL, attempts = 0, error = NULL
         WHERE id = $1 AND lease_until = $2",
        link.id.uuid(),
        link.lease,
        link.expires_at,
    )
    .execute(store.pool())
    .await
    .doing("note until when a link can be paid")
    .map(|_| ())
}

/// It cannot be paid any more.
pub async fn closed(store: &Store, link: &ClaimedLink) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let booking = lock(&mut tx, link.id).await?;
    sqlx::query!(
        "UPDATE payment_links
         SET state = 'closed', closed_at = clock_timestamp(), lease_until = NULL, error = NULL
         WHERE id = $1 AND state = 'closing' AND lease_until = $2",
        link.id.uuid(),
        link.lease,
    )
    .execute(&mut *tx)
    .await
    .doing("note that a link was taken back")?;
    // It may be wanted again.
    sync(&mut tx, booking.id).await?;
    tx.commit().await.doing("commit the end of the link")
}

/// It could not be done now. `counts`: it is the link's own failure, and not that nobody could be asked. The guest hears
/// of it once where she has waited for some time.
pub async fn retry(
    store: &Store,
    link: &ClaimedLink,
    after: Duration,
    error: &str,
    counts: bool,
) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let booking = lock(&mut tx, link.id).await?;
    let waiting = sqlx::query_scalar!(
        r#"UPDATE payment_links
           SET lease_until = NULL, attempts = attempts + $4::integer, error = $5, not_before = clock_timestamp() + $3
           WHERE id = $1 AND lease_until = $2
           RETURNING state = 'wanted' AND created_at <= clock_timestamp() - $6::interval AS "waiting!""#,
        link.id.uuid(),
        link.lease,
        interval(after),
        i32::from(counts),
        error,
        interval(PATIENCE),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("put off a link")?;
    if waiting == Some(true) {
        regret(&mut tx, &booking, link.id).await?;
    }
    tx.commit().await.doing("commit that a link is put off")
}

/// The provider will not make it: the guest pays another way, and the owner is told why.
pub async fn failed(store: &Store, link: &ClaimedLink, error: &str) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let booking = lock(&mut tx, link.id).await?;
    let failed = sqlx::query!(
        "UPDATE payment_links SET state = 'failed', lease_until = NULL, error = $3, closed_at = clock_timestamp()
         WHERE id = $1 AND state = 'wanted' AND lease_until = $2",
        link.id.uuid(),
        link.lease,
        error,
    )
    .execute(&mut *tx)
    .await
    .doing("note that there will be no link")?
    .rows_affected();
    if failed == 1 {
        let matter = NewAttention {
            tenant: booking.tenant,
            kind: LINK_FAILED,
            subject: &format!("reservation:{}", booking.id),
            detail: serde_json::json!({ "reservation": booking.id, "code": booking.code, "error": error }),
            deadline: None,
        };
        attention::raise(&mut tx, &matter).await?;
        regret(&mut tx, &booking, link.id).await?;
    }
    tx.commit().await.doing("commit that there will be no link")
}

/// Tells the guests whose link nobody could try to make: the provider is not asked at the moment.
pub(super) async fn slow(store: &Store, limit: i64) -> Result<(), StoreError> {
    let slow = sqlx::query_scalar!(
        r#"SELECT l.id
           FROM payment_links l JOIN payment_requests q ON q.id = l.payment_request_id
           WHERE l.state = 'wanted' AND l.created_at <= clock_timestamp() - $1::interval
             -- Longer ago, she was told often enough: once, since the key is the same.
             AND l.created_at > clock_timestamp() - interval '1 hour'
             AND q.state = 'open' AND (q.expires_at IS NULL OR q.expires_at > clock_timestamp())
           ORDER BY l.created_at
           LIMIT $2"#,
        interval(PATIENCE),
        limit,
    )
    .fetch_all(store.pool())
    .await
    .doing("look for guests who wait for a link")?;
    for id in slow {
        let mut tx = store.begin().await?;
        let booking = lock(&mut tx, id.into()).await?;
        regret(&mut tx, &booking, id.into()).await?;
        tx.commit()
            .await
            .doing("commit that a link takes its time")?;
    }
    Ok(())
}

/// Says once that there is no link for now.
async fn regret(
    tx: &mut PgConnection,
    booking: &Whose,
    link: PaymentLinkId,
) -> Result<(), StoreError> {
    let event = Event::LinkFailed {
        reservation: booking.id,
    };
    let key = format!("link_failed:{link}");
    events::tell(tx, booking.tenant, booking.guest, &event, &key)
        .await
        .map(|_| ())
}

/// The booking of a link, whose lock the transaction has.
struct Whose {
    tenant: TenantId,
    id: ReservationId,
    guest: GuestId,
    code: String,
}

async fn lock(tx: &mut PgConnection, link: PaymentLinkId) -> Result<Whose, StoreError> {
    let id = sqlx::query_scalar!(
        "SELECT id FROM reservations
         WHERE id = (SELECT q.reservation_id FROM payment_links l JOIN payment_requests q ON q.id = l.payment_request_id
                     WHERE l.id = $1)
         FOR NO KEY UPDATE",
        link.uuid(),
    )
    .fetch_one(&mut *tx)
    .await
    .doing("lock the link's booking")?;
    let row = sqlx::query!(
        "SELECT tenant_id, guest_id, code FROM reservations WHERE id = $1",
        id
    )
    .fetch_one(tx)
    .await
    .doing("read the link's booking")?;
    Ok(Whose {
        tenant: row.tenant_id.into(),
        id: id.into(),
        guest: row.guest_id.into(),
        code: row.code,
    })
}
