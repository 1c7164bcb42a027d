//! Locking cabins: the lock that keeps two sellers of one night apart, and imports of other channels too.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::BookingError;
use crate::{
    catalog,
    error::Doing as _,
    ids::{AccommodationId, TenantId},
};

/// Locks the cabins until the transaction ends, in ascending order, and then reads the database's clock: what has
/// expired is decided after everybody else's turn, not at the transaction's beginning. `FOR NO KEY UPDATE`, since a
/// foreign key's check of a cabin must not wait for it.
pub async fn lock(
    tx: &mut PgConnection,
    tenant: TenantId,
    cabins: &[AccommodationId],
) -> Result<DateTime<Utc>, BookingError> {
    let ids = ascending(cabins);
    let locked = sqlx::query_scalar!(
        "SELECT id FROM accommodations WHERE tenant_id = $1 AND id = ANY($2) ORDER BY id FOR NO KEY UPDATE",
        tenant.uuid(),
        &ids,
    )
    .fetch_all(&mut *tx)
    .await
    .doing("lock the cabins")?;
    if locked.len() != ids.len() {
        return Err(BookingError::NotFound("accommodation"));
    }
    Ok(catalog::now(tx).await?)
}

/// Locks them if nobody else has any of them.
pub(super) async fn try_lock(
    tx: &mut PgConnection,
    tenant: TenantId,
    cabins: &[AccommodationId],
) -> Result<bool, BookingError> {
    let ids = ascending(cabins);
    let locked = sqlx::query_scalar!(
        "SELECT id FROM accommodations WHERE tenant_id = $1 AND id = ANY($2) ORDER BY id
         FOR NO KEY UPDATE SKIP LOCKED",
        tenant.uuid(),
        &ids,
    )
    .fetch_all(tx)
    .await
    .doing("lock the cabins that nobody works on")?;
    Ok(locked.len() == ids.len())
}

fn ascending(cabins: &[AccommodationId]) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = cabins.iter().map(|cabin| cabin.uuid()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
