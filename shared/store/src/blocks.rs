//! Nights the owner keeps to herself.
//!
//! Guaranteed: a block takes nights nobody else has, and gives them back when it is removed. A block may lie over nights
//! sold on another channel: they are taken anyway, and keeping them is the owner's right.

use chrono::{DateTime, NaiveDate, Utc};
use posta_domain::{nights::Period, refusal::Refusal};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    audit::{self, By},
    booking::{BookingError, claims::TakenBy, nights, units},
    error::{Doing as _, StoreError},
    ids::{AccommodationId, BlockId, PropertyId, TenantId},
    pool::Store,
    text::first,
};

/// One block that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockRow {
    /// Which.
    pub id: BlockId,
    /// Of which cabin.
    pub accommodation: AccommodationId,
    /// Which nights.
    pub period: Period,
    /// In the owner's words.
    pub reason: String,
    /// As the audit writes it.
    pub created_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Longer words are cut.
const MOST_WORDS: usize = 500;

/// Keeps the nights.
pub async fn add(
    store: &Store,
    by: &By,
    accommodation: AccommodationId,
    period: Period,
    reason: &str,
) -> Result<BlockRow, BookingError> {
    let reason = first(reason, MOST_WORDS);
    let id = BlockId::fresh();
    let mut tx = store.begin().await?;
    let now = units::lock(&mut tx, by.tenant, &[accommodation]).await?;
    let nights = nights::taken(&mut tx, accommodation, period, now, |by| {
        !matches!(by, TakenBy::Elsewhere)
    })
    .await?;
    if !nights.is_empty() {
        return Err(Refusal::Taken { nights }.into());
    }
    let created_at = sqlx::query_scalar!(
        "INSERT INTO blocks (tenant_id, id, accommodation_id, period, reason, created_by)
         VALUES ($1, $2, $3, daterange($4, $5, '[)'), $6, $7)
         RETURNING created_at",
        by.tenant.uuid(),
        id.uuid(),
        accommodation.uuid(),
        period.check_in(),
        period.check_out(),
        reason,
        by.actor,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("note the block")?;
    sqlx::query!(
        "INSERT INTO claims (tenant_id, id, accommodation_id, period, kind, block_id)
         VALUES ($1, $2, $3, daterange($4, $5, '[)'), 'block', $6)",
        by.tenant.uuid(),
        Uuid::now_v7(),
        accommodation.uuid(),
        period.check_in(),
        period.check_out(),
        id.uuid(),
    )
    .execute(&mut *tx)
    .await
    .doing("take the nights of the block")?;
    audit::record(
        &mut tx,
        by,
        &format!("block:{id}"),
        "blocked",
        serde_json::json!({ "accommodation": accommodation, "period": period, "reason": reason }),
    )
    .await?;
    tx.commit().await.doing("commit the block")?;
    Ok(BlockRow {
        id,
        accommodation,
        period,
        reason,
        created_by: by.actor.clone(),
        created_at,
    })
}

/// Gives the nights back. Removing it again changes nothing.
pub async fn remove(store: &Store, by: &By, id: BlockId) -> Result<(), BookingError> {
    let mut tx = store.begin().await?;
    let accommodation = sqlx::query_scalar!(
        "SELECT accommodation_id FROM blocks WHERE tenant_id = $1 AND id = $2",
        by.tenant.uuid(),
        id.uuid(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("look for the block")?
    .ok_or(BookingError::NotFound("block"))?;
    units::lock(&mut tx, by.tenant, &[accommodation.into()]).await?;
    let removed = sqlx::query!(
        "UPDATE blocks SET removed_at = clock_timestamp() WHERE id = $1 AND removed_at IS NULL",
        id.uuid(),
    )
    .execute(&mut *tx)
    .await
    .doing("remove the block")?
    .rows_affected();
    if removed == 1 {
        sqlx::query!("DELETE FROM claims WHERE block_id = $1", id.uuid())
            .execute(&mut *tx)
            .await
            .doing("give the nights of the block back")?;
        audit::record(
            &mut tx,
            by,
            &format!("block:{id}"),
            "unblocked",
            serde_json::json!({}),
        )
        .await?;
    }
    tx.commit().await.doing("commit that the block is gone")?;
    Ok(())
}

/// The blocks that touch nights from `from` until before `until`, by cabin and night.
pub async fn list(
    conn: &mut PgConnection,
    tenant: TenantId,
    property: Option<PropertyId>,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<BlockRow>, StoreError> {
    // An inverted window is an empty one: daterange() would refuse it.
    let until = until.max(from);
    let rows = sqlx::query!(
        r#"SELECT b.id, b.accommodation_id, lower(b.period) AS "check_in!", upper(b.period) AS "check_out!",
                  b.reason, b.created_by, b.created_at
           FROM blocks b
           JOIN accommodations a ON a.id = b.accommodation_id
           JOIN unit_types t     ON t.id = a.unit_type_id
           WHERE b.tenant_id = $1 AND b.removed_at IS NULL
             AND ($2::uuid IS NULL OR t.property_id = $2)
             AND b.period && daterange($3, $4, '[)')
           ORDER BY lower(b.period), b.accommodation_id
           LIMIT 1000"#,
        tenant.uuid(),
        property.map(PropertyId::uuid),
        from,
        until,
    )
    .fetch_all(conn)
    .await
    .doing("list the blocks")?;
    rows.into_iter()
        .map(|row| {
            Ok(BlockRow {
                id: row.id.into(),
                accommodation: row.accommodation_id.into(),
                period: Period::new(row.check_in, row.check_out).map_err(|source| {
                    StoreError::Unreadable {
                        what: "blocks.period",
                        source: source.into(),
                    }
                })?,
                reason: row.reason,
                created_by: row.created_by,
                created_at: row.created_at,
            })
        })
        .collect()
}
