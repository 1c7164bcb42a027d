//! Cabins.

use serde_json::json;
use sqlx::PgConnection;

use super::{all_right, check, lock, record_changes};
use crate::{
    audit::{self, By},
    catalog::{
        EditError,
        read::{Of, property_of},
    },
    error::Doing as _,
    ids::{AccommodationId, UnitTypeId},
    pool::Store,
};

/// What changes; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CabinEdit {
    /// As guests know it.
    pub name: Option<String>,
    /// Whether it is let. Bookings that it has stay.
    pub active: Option<bool>,
}

/// Adds a cabin to a type.
pub async fn add_cabin(
    store: &Store,
    by: &By,
    unit_type: UnitTypeId,
    name: &str,
) -> Result<AccommodationId, EditError> {
    let mut tx = store.begin().await?;
    let property = property_of(&mut tx, by.tenant, Of::UnitType(unit_type))
        .await?
        .ok_or(EditError::NotFound("unit_type"))?;
    lock(&mut tx, by, property).await?;
    let id = add_cabin_in(&mut tx, by, unit_type, name).await?;
    tx.commit().await.doing("commit the cabin")?;
    Ok(id)
}

/// The same within the caller's transaction, which has locked the property.
pub(crate) async fn add_cabin_in(
    tx: &mut PgConnection,
    by: &By,
    unit_type: UnitTypeId,
    name: &str,
) -> Result<AccommodationId, EditError> {
    let mut problems = Vec::new();
    check::name("name", name, &mut problems);
    all_right(problems)?;
    let id = AccommodationId::fresh();
    sqlx::query!(
        "INSERT INTO accommodations (tenant_id, id, unit_type_id, name) VALUES ($1, $2, $3, $4)",
        by.tenant.uuid(),
        id.uuid(),
        unit_type.uuid(),
        name,
    )
    .execute(&mut *tx)
    .await
    .doing("add the cabin")?;
    let subject = format!("accommodation:{id}");
    let detail = json!({ "unit_type": unit_type, "name": name });
    audit::record(tx, by, &subject, "accommodation_added", detail).await?;
    Ok(id)
}

/// Renames a cabin, or lets it no more, or again.
pub async fn edit_cabin(
    store: &Store,
    by: &By,
    id: AccommodationId,
    edit: &CabinEdit,
) -> Result<(), EditError> {
    let mut tx = store.begin().await?;
    let property = property_of(&mut tx, by.tenant, Of::Cabin(id))
        .await?
        .ok_or(EditError::NotFound("accommodation"))?;
    lock(&mut tx, by, property).await?;
    let mut problems = Vec::new();
    if let Some(name) = &edit.name {
        check::name("name", name, &mut problems);
    }
    all_right(problems)?;
    // Waits for whoever is claiming this cabin just now, and claims made later see what is written here.
    let before = sqlx::query_scalar!(
        r#"SELECT to_jsonb(a) AS "row!" FROM accommodations a WHERE a.tenant_id = $1 AND a.id = $2
           FOR NO KEY UPDATE"#,
        by.tenant.uuid(),
        id.uuid()
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("lock the cabin")?
    .ok_or(EditError::NotFound("accommodation"))?;
    let after = sqlx::query_scalar!(
        r#"UPDATE accommodations a SET name = coalesce($3, name), active = coalesce($4, active)
           WHERE a.tenant_id = $1 AND a.id = $2
           RETURNING to_jsonb(a) AS "row!""#,
        by.tenant.uuid(),
        id.uuid(),
        edit.name,
        edit.active,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("change the cabin")?;
    let subject = format!("accommodation:{id}");
    record_changes(
        &mut tx,
        by,
        &subject,
        "accommodation_edited",
        &before,
        &after,
    )
    .await?;
    tx.commit().await.doing("commit the cabin")?;
    Ok(())
}
