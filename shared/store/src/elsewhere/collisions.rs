//! Nights of ours that another channel has sold too.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::uuids;
use crate::{
    attention::{self, NewAttention},
    error::{Doing as _, StoreError},
    ids::{AccommodationId, FeedId, ReservationId, StayId, TenantId},
};

/// One that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollisionRow {
    /// Which.
    pub id: Uuid,
    /// In which cabin.
    pub accommodation: AccommodationId,
    /// Whose nights.
    pub stay: StayId,
    /// Of which booking.
    pub reservation: ReservationId,
    /// Which nights.
    pub nights: Vec<NaiveDate>,
    /// Since when.
    pub opened_at: DateTime<Utc>,
}

/// What an import met.
#[derive(Debug, Default)]
pub(super) struct Meeting {
    /// Open collisions of the feed.
    pub(super) open: u64,
    /// Bookings whose hold should give way.
    pub(super) giving_way: Vec<ReservationId>,
}

/// A booking or hold of ours on nights of the feed.
struct Met {
    stay: Uuid,
    reservation: Uuid,
    code: String,
    status: String,
    awaiting: Option<String>,
    nights: Vec<NaiveDate>,
}

/// Compares the feed's nights with our claims: opens what is new, closes what is gone. The cabin is locked.
pub(super) async fn open(
    tx: &mut PgConnection,
    tenant: TenantId,
    feed: FeedId,
    complete: bool,
    now: DateTime<Utc>,
) -> Result<Meeting, StoreError> {
    let met = met(tx, feed, now).await?;
    let gone = sqlx::query_scalar!(
        "SELECT stay_id FROM collisions WHERE feed_id = $1 AND state = 'open' AND stay_id <> ALL($2::uuid[])",
        feed.uuid(),
        &met.iter().map(|met| met.stay).collect::<Vec<_>>() as &[Uuid],
    )
    .fetch_all(&mut *tx)
    .await
    .doing("look for collisions that are over")?;
    close(tx, tenant, Some(feed), &gone, "nights_gone").await?;
    let mut meeting = Meeting::default();
    for met in met {
        let known = note(tx, tenant, feed, complete, &met).await?;
        meeting.open += 1;
        let verifying = met.awaiting.as_deref() == Some("verification");
        if met.status != "held" || verifying {
            tell(tx, tenant, &met).await?;
        } else if known && complete {
            meeting.giving_way.push(met.reservation.into());
        }
    }
    meeting.giving_way.sort_unstable();
    meeting.giving_way.dedup();
    Ok(meeting)
}

async fn met(
    tx: &mut PgConnection,
    feed: FeedId,
    now: DateTime<Utc>,
) -> Result<Vec<Met>, StoreError> {
    sqlx::query_as!(
        Met,
        r#"SELECT s.id AS stay, r.id AS reservation, r.code, r.status, r.awaiting,
                  array_agg(n.night ORDER BY n.night) AS "nights!"
           FROM external_nights n
           JOIN claims c       ON c.accommodation_id = n.accommodation_id AND c.period @> n.night
           JOIN stays s        ON s.id = c.stay_id
           JOIN reservations r ON r.id = s.reservation_id
           WHERE n.feed_id = $1
             -- Nights that are over anywhere on earth need nobody any more.
             AND n.night >= ($2::timestamptz)::date - 1
             AND (c.kind = 'stay' OR c.kind = 'hold' AND c.expires_at > $2)
           GROUP BY s.id, r.id
           ORDER BY s.id"#,
        feed.uuid(),
        now,
    )
    .fetch_all(tx)
    .await
    .doing("compare the nights sold elsewhere with ours")
}

/// Writes it down. True when it was open already.
async fn note(
    tx: &mut PgConnection,
    tenant: TenantId,
    feed: FeedId,
    complete: bool,
    met: &Met,
) -> Result<bool, StoreError> {
    sqlx::query_scalar!(
        r#"INSERT INTO collisions AS c (tenant_id, id, feed_id, accommodation_id, stay_id, nights, seen)
           SELECT $1, $2, f.id, f.accommodation_id, $4, $5, $6 FROM calendar_feeds f WHERE f.id = $3
           ON CONFLICT (feed_id, stay_id) WHERE state = 'open'
           DO UPDATE SET nights = excluded.nights, seen = c.seen + excluded.seen
           RETURNING c.id <> $2 AS "known!""#,
        tenant.uuid(),
        Uuid::now_v7(),
        feed.uuid(),
        met.stay,
        &met.nights,
        i32::from(complete),
    )
    .fetch_one(tx)
    .await
    .doing("note a collision")
}

async fn tell(tx: &mut PgConnection, tenant: TenantId, met: &Met) -> Result<(), StoreError> {
    let matter = NewAttention {
        tenant,
        kind: "collision",
        subject: &format!("stay:{}", met.stay),
        detail: serde_json::json!({
            "reservation": met.reservation, "code": met.code, "nights": met.nights,
        }),
        deadline: None,
    };
    attention::raise_with(tx, &matter, &["reassign"]).await
}

/// The stays' collisions are over, in whatever way.
pub(crate) async fn resolve(
    tx: &mut PgConnection,
    tenant: TenantId,
    stays: &[StayId],
    resolution: &str,
) -> Result<(), StoreError> {
    close(tx, tenant, None, &uuids(stays, StayId::uuid), resolution).await
}

async fn close(
    tx: &mut PgConnection,
    tenant: TenantId,
    feed: Option<FeedId>,
    stays: &[Uuid],
    resolution: &str,
) -> Result<(), StoreError> {
    if stays.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "UPDATE collisions SET state = 'resolved', resolution = $4, resolved_at = clock_timestamp()
         WHERE tenant_id = $1 AND stay_id = ANY($2) AND state = 'open' AND ($3::uuid IS NULL OR feed_id = $3)",
        tenant.uuid(),
        stays,
        feed.map(FeedId::uuid),
        resolution,
    )
    .execute(&mut *tx)
    .await
    .doing("close collisions")?;
    // Unless another channel has sold one of its nights too.
    let clear = sqlx::query_scalar!(
        r#"SELECT stay AS "stay!" FROM unnest($1::uuid[]) AS closed (stay)
           WHERE NOT EXISTS (SELECT FROM collisions c WHERE c.stay_id = closed.stay AND c.state = 'open')"#,
        stays,
    )
    .fetch_all(&mut *tx)
    .await
    .doing("look for collisions that are still open")?;
    for stay in clear {
        attention::close(tx, tenant, "collision", &format!("stay:{stay}")).await?;
    }
    Ok(())
}

/// Those that are open, the oldest first.
pub async fn collisions(
    conn: &mut PgConnection,
    tenant: TenantId,
) -> Result<Vec<CollisionRow>, StoreError> {
    let rows = sqlx::query!(
        "SELECT c.id, c.accommodation_id, c.stay_id, s.reservation_id, c.nights, c.opened_at
         FROM collisions c JOIN stays s ON s.id = c.stay_id
         WHERE c.tenant_id = $1 AND c.state = 'open'
         ORDER BY c.opened_at, c.id",
        tenant.uuid(),
    )
    .fetch_all(conn)
    .await
    .doing("list the collisions")?;
    Ok(rows
        .into_iter()
        .map(|row| CollisionRow {
            id: row.id,
            accommodation: row.accommodation_id.into(),
            stay: row.stay_id.into(),
            reservation: row.reservation_id.into(),
            nights: row.nights,
            opened_at: row.opened_at,
        })
        .collect())
}
