//! Nights sold on other channels, and where they meet ours.
//!
//! Actors: whoever reads a channel's calendar calls [`import`] with what it says; claiming a night and importing one
//! both lock the cabin first, so whichever comes second sees the other: a claim is refused, an import is stored and
//! opens a collision. Guaranteed: an import never fails because of a booking, and nothing it finds is dropped or
//! silent. A booking stays and its owner is told; a hold gives way, but only when a later complete fetch still says so
//! and not while a receipt is being looked at. Not guaranteed here: judging whether a calendar can be believed; that is
//! the caller's, before it says `complete`.

mod collisions;
mod yielding;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sqlx::PgConnection;
use uuid::Uuid;

pub(crate) use collisions::resolve;
pub use collisions::{CollisionRow, collisions};

use crate::{
    audit::{self, By},
    booking::{BookingError, units},
    error::{Doing as _, StoreError},
    ids::{AccommodationId, FeedId, TenantId},
    pool::Store,
};

/// What a channel's calendar said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fetched {
    /// Whether all of it could be read: only then does a missing night mean that it is free there.
    pub complete: bool,
    /// The nights it has sold.
    pub nights: BTreeSet<NaiveDate>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Nights that were not known.
    pub added: u64,
    /// Nights that are gone.
    pub removed: u64,
    /// Bookings and holds of ours on these nights, open now.
    pub collisions: u64,
    /// Holds that gave way.
    pub yielded: u64,
}

/// The feed of a cabin on a channel, made when it is new.
pub async fn feed(
    store: &Store,
    by: &By,
    accommodation: AccommodationId,
    channel: &str,
) -> Result<FeedId, BookingError> {
    let mut tx = store.begin().await?;
    units::lock(&mut tx, by.tenant, &[accommodation]).await?;
    let known = sqlx::query_scalar!(
        "SELECT id FROM calendar_feeds WHERE accommodation_id = $1 AND channel = $2",
        accommodation.uuid(),
        channel,
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("look for the feed")?;
    if let Some(known) = known {
        return Ok(known.into());
    }
    let id = FeedId::fresh();
    sqlx::query!(
        "INSERT INTO calendar_feeds (tenant_id, id, accommodation_id, channel) VALUES ($1, $2, $3, $4)",
        by.tenant.uuid(),
        id.uuid(),
        accommodation.uuid(),
        channel,
    )
    .execute(&mut *tx)
    .await
    .doing("make the feed")?;
    audit::record(
        &mut tx,
        by,
        &format!("feed:{id}"),
        "feed_made",
        serde_json::json!({ "accommodation": accommodation, "channel": channel }),
    )
    .await?;
    tx.commit().await.doing("commit the feed")?;
    Ok(id)
}

/// Stores what the calendar said and acts on it. Harmless to repeat: but each complete repetition counts as the
/// calendar saying so again.
pub async fn import(
    store: &Store,
    tenant: TenantId,
    feed: FeedId,
    fetched: &Fetched,
) -> Result<Imported, BookingError> {
    let by = By {
        tenant,
        actor: "system:calendar".to_owned(),
        request_id: None,
    };
    let mut tx = store.begin().await?;
    let accommodation = accommodation(&mut tx, tenant, feed).await?;
    let now = units::lock(&mut tx, tenant, &[accommodation]).await?;
    let added = add(&mut tx, tenant, feed, accommodation, &fetched.nights).await?;
    let removed = if fetched.complete {
        remove(&mut tx, feed, &fetched.nights).await?
    } else {
        0
    };
    let meeting = collisions::open(&mut tx, tenant, feed, fetched.complete, now).await?;
    if added + removed > 0 {
        audit::record(
            &mut tx,
            &by,
            &format!("feed:{feed}"),
            "nights_imported",
            serde_json::json!({ "added": added, "removed": removed, "collisions": meeting.open }),
        )
        .await?;
    }
    tx.commit().await.doing("commit what the calendar said")?;
    // Each in a transaction of its own: a booking's other cabins are locked before it is. What a crash leaves undone
    // here is done by the next complete fetch.
    let mut yielded = 0;
    for reservation in meeting.giving_way {
        yielded += u64::from(yielding::give_way(store, &by, reservation).await?);
    }
    Ok(Imported {
        added,
        removed,
        collisions: meeting.open,
        yielded,
    })
}

async fn accommodation(
    tx: &mut PgConnection,
    tenant: TenantId,
    feed: FeedId,
) -> Result<AccommodationId, BookingError> {
    sqlx::query_scalar!(
        "SELECT accommodation_id FROM calendar_feeds WHERE tenant_id = $1 AND id = $2",
        tenant.uuid(),
        feed.uuid(),
    )
    .fetch_optional(tx)
    .await
    .doing("look for the feed")?
    .map(AccommodationId::from)
    .ok_or(BookingError::NotFound("feed"))
}

async fn add(
    tx: &mut PgConnection,
    tenant: TenantId,
    feed: FeedId,
    accommodation: AccommodationId,
    nights: &BTreeSet<NaiveDate>,
) -> Result<u64, StoreError> {
    let nights: Vec<NaiveDate> = nights.iter().copied().collect();
    sqlx::query!(
        "INSERT INTO external_nights (tenant_id, feed_id, accommodation_id, night)
         SELECT $1, $2, $3, night FROM unnest($4::date[]) AS said (night)
         ON CONFLICT (feed_id, night) DO NOTHING",
        tenant.uuid(),
        feed.uuid(),
        accommodation.uuid(),
        &nights,
    )
    .execute(tx)
    .await
    .doing("store the nights sold elsewhere")
    .map(|done| done.rows_affected())
}

async fn remove(
    tx: &mut PgConnection,
    feed: FeedId,
    nights: &BTreeSet<NaiveDate>,
) -> Result<u64, StoreError> {
    let nights: Vec<NaiveDate> = nights.iter().copied().collect();
    sqlx::query!(
        "DELETE FROM external_nights WHERE feed_id = $1 AND night <> ALL($2::date[])",
        feed.uuid(),
        &nights as &[NaiveDate],
    )
    .execute(tx)
    .await
    .doing("remove the nights no longer sold elsewhere")
    .map(|done| done.rows_affected())
}

/// Ids of rows, as the database takes them.
fn uuids<T: Copy>(ids: &[T], uuid: impl Fn(T) -> Uuid) -> Vec<Uuid> {
    ids.iter().copied().map(uuid).collect()
}
