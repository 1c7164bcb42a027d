//! The nights that are taken. Parts of the caller's transaction, which has locked the cabins ([`super::units`]).
//!
//! Guaranteed, by the table's exclusion constraint and not by this code: no night of a cabin has two claims. What this
//! code adds is that the constraint never has to refuse: it looks first, under the lock, and so can say which nights.
//! Nights sold on other channels are outside the constraint; [`taken`] is what keeps them from being sold here.

use chrono::{DateTime, NaiveDate, Utc};
use posta_domain::nights::Period;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{BookingError, expire, view::Booking};
use crate::{
    error::{Doing as _, StoreError},
    ids::{AccommodationId, BlockId, StayId, TenantId},
};

/// Nights that cannot be sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Of which cabin.
    pub accommodation: AccommodationId,
    /// Which, as far as they lie in the window that was asked for.
    pub period: Period,
    /// By whom.
    pub by: TakenBy,
}

/// Who has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenBy {
    /// A stay of ours.
    Stay {
        /// Which.
        stay: StayId,
        /// Whether it is only held.
        hold: bool,
    },
    /// The owner.
    Block(BlockId),
    /// Another channel.
    Elsewhere,
}

/// What a stay's claim is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Until a moment.
    Hold {
        /// From then on the nights are free.
        until: DateTime<Utc>,
    },
    /// Sold.
    Stay,
}

/// Expires the holds whose time is over and that take any of these nights, reservation included. All that a transaction
/// wants are named at once: the bookings are locked in one ascending statement, so that two transactions that each hold
/// one cabin of the same two holds cannot wait for one another.
pub async fn free_expired(
    tx: &mut PgConnection,
    wanted: &[(AccommodationId, Period)],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    free_expired_and(tx, wanted, Vec::new(), now).await
}

/// The same, with other bookings whose time as a hold may be over, locked in the same statement.
pub(super) async fn free_expired_and(
    tx: &mut PgConnection,
    wanted: &[(AccommodationId, Period)],
    mut others: Vec<Uuid>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let cabins: Vec<Uuid> = wanted.iter().map(|(cabin, _)| cabin.uuid()).collect();
    let first: Vec<NaiveDate> = wanted.iter().map(|(_, it)| it.check_in()).collect();
    let until: Vec<NaiveDate> = wanted.iter().map(|(_, it)| it.check_out()).collect();
    let overdue = sqlx::query_scalar!(
        "SELECT DISTINCT s.reservation_id
         FROM unnest($1::uuid[], $2::date[], $3::date[]) AS wanted (cabin, first, until)
         JOIN claims c ON c.accommodation_id = wanted.cabin AND c.period && daterange(wanted.first, wanted.until)
         JOIN stays s ON s.id = c.stay_id
         WHERE c.expires_at <= $4",
        &cabins,
        &first,
        &until,
        now,
    )
    .fetch_all(&mut *tx)
    .await
    .doing("look for holds whose time is over")?;
    others.extend(overdue);
    others.sort_unstable();
    others.dedup();
    expire::those(tx, &others, now).await.map(|_| ())
}

/// What is taken of the window, by cabin and day. Holds whose time is over at `now` take nothing.
pub async fn taken(
    conn: &mut PgConnection,
    cabins: &[AccommodationId],
    window: Period,
    now: DateTime<Utc>,
) -> Result<Vec<Taken>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT c.accommodation_id AS "accommodation!", greatest(lower(c.period), $2) AS "first!",
                  least(upper(c.period), $3) AS "until!", c.kind = 'hold' AS "hold!", c.stay_id, c.block_id
           FROM claims c
           WHERE c.accommodation_id = ANY($1) AND c.period && daterange($2, $3)
             AND (c.expires_at IS NULL OR c.expires_at > $4)
           UNION ALL
           SELECT n.accommodation_id, n.night, n.night + 1, false, NULL, NULL
           FROM external_nights n
           WHERE n.accommodation_id = ANY($1) AND n.night >= $2 AND n.night < $3
           ORDER BY 1, 2"#,
        &uuids(cabins),
        window.check_in(),
        window.check_out(),
        now,
    )
    .fetch_all(conn)
    .await
    .doing("read which nights are taken")?;
    rows.into_iter()
        .map(|row| {
            Ok(Taken {
                accommodation: row.accommodation.into(),
                period: period(row.first, row.until)?,
                by: match (row.stay_id, row.block_id) {
                    (Some(stay), _) => TakenBy::Stay {
                        stay: stay.into(),
                        hold: row.hold,
                    },
                    (None, Some(block)) => TakenBy::Block(block.into()),
                    (None, None) => TakenBy::Elsewhere,
                },
            })
        })
        .collect()
}

fn period(first: NaiveDate, until: NaiveDate) -> Result<Period, StoreError> {
    Period::new(first, until).map_err(|source| StoreError::Unreadable {
        what: "claims.period",
        source: source.into(),
    })
}

/// Takes the nights for a stay. The constraint's no, should it ever come to that, is `Refusal::Taken`, and the
/// transaction is over.
pub async fn take(
    tx: &mut PgConnection,
    tenant: TenantId,
    stay: StayId,
    accommodation: AccommodationId,
    period: Period,
    kind: Kind,
) -> Result<(), BookingError> {
    let (kind, until) = match kind {
        Kind::Hold { until } => ("hold", Some(until)),
        Kind::Stay => ("stay", None),
    };
    sqlx::query!(
        "INSERT INTO claims (tenant_id, id, accommodation_id, period, kind, stay_id, expires_at)
         VALUES ($1, $2, $3, daterange($4, $5), $6, $7, $8)",
        tenant.uuid(),
        Uuid::now_v7(),
        accommodation.uuid(),
        period.check_in(),
        period.check_out(),
        kind,
        stay.uuid(),
        until,
    )
    .execute(tx)
    .await
    .doing("claim the nights")?;
    Ok(())
}

/// Turns its holds into stays: every one of them, or the transaction must be rolled back.
pub async fn confirm(tx: &mut PgConnection, booking: &Booking) -> Result<(), StoreError> {
    let changed = sqlx::query!(
        "UPDATE claims SET kind = 'stay', expires_at = NULL
         WHERE tenant_id = $1 AND stay_id = ANY($2) AND kind = 'hold'",
        booking.tenant.uuid(),
        &stays(booking),
    )
    .execute(tx)
    .await
    .doing("turn the hold into a stay")?
    .rows_affected();
    every(booking, changed)
}

/// Keeps its nights until another moment, likewise.
pub async fn extend(
    tx: &mut PgConnection,
    booking: &Booking,
    until: DateTime<Utc>,
) -> Result<(), StoreError> {
    let changed = sqlx::query!(
        "UPDATE claims SET expires_at = $3 WHERE tenant_id = $1 AND stay_id = ANY($2) AND kind = 'hold'",
        booking.tenant.uuid(),
        &stays(booking),
        until,
    )
    .execute(tx)
    .await
    .doing("keep the nights until another time")?
    .rows_affected();
    every(booking, changed)
}

/// Gives back what it has.
pub async fn release(tx: &mut PgConnection, booking: &Booking) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM claims WHERE tenant_id = $1 AND stay_id = ANY($2)",
        booking.tenant.uuid(),
        &stays(booking),
    )
    .execute(tx)
    .await
    .doing("give the nights back")
    .map(|_| ())
}

fn every(booking: &Booking, changed: u64) -> Result<(), StoreError> {
    if usize::try_from(changed).ok() == Some(booking.stays.len()) {
        Ok(())
    } else {
        Err(StoreError::Conflict("a stay has lost its claim"))
    }
}

fn stays(booking: &Booking) -> Vec<Uuid> {
    booking.stays.iter().map(|stay| stay.id.uuid()).collect()
}

fn uuids(cabins: &[AccommodationId]) -> Vec<Uuid> {
    cabins.iter().map(|cabin| cabin.uuid()).collect()
}
