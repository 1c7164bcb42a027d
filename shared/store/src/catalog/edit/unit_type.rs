//! Kinds of cabins: their texts, capacity and prices.

use posta_domain::{money::Currency, rates::Rates};
use serde_json::json;
use sqlx::{PgConnection, types::Json};

use super::{all_right, check, lock, record_changes};
use crate::{
    audit::{self, By},
    catalog::{
        EditError, Problem,
        read::{Of, property_of},
    },
    error::Doing as _,
    ids::{PropertyId, UnitTypeId},
    pool::Store,
};

/// A new kind of cabin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUnitType {
    /// As guests know it.
    pub name: String,
    /// In a sentence.
    pub description: String,
    /// Guests at most.
    pub capacity: u32,
    /// Addresses of pictures.
    pub photos: Vec<String>,
    /// Prices outside seasons; none: sold by hand only.
    pub rates: Option<Rates>,
}

/// What changes; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitTypeEdit {
    /// As guests know it.
    pub name: Option<String>,
    /// In a sentence.
    pub description: Option<String>,
    /// Guests at most. Bookings that were made with another capacity stay.
    pub capacity: Option<u32>,
    /// Addresses of pictures.
    pub photos: Option<Vec<String>>,
    /// Whether it is let.
    pub active: Option<bool>,
    /// Prices outside seasons; `Some(None)`: sold by hand only.
    pub rates: Option<Option<Rates>>,
}

/// Adds a kind of cabin.
pub async fn add_unit_type(
    store: &Store,
    by: &By,
    property: PropertyId,
    new: &NewUnitType,
) -> Result<UnitTypeId, EditError> {
    let mut tx = store.begin().await?;
    let place = lock(&mut tx, by, property).await?;
    let id = add_unit_type_in(&mut tx, by, property, place.property.currency, new).await?;
    tx.commit().await.doing("commit the unit type")?;
    Ok(id)
}

/// The same within the caller's transaction, which has locked the property.
pub(crate) async fn add_unit_type_in(
    tx: &mut PgConnection,
    by: &By,
    property: PropertyId,
    currency: Currency,
    new: &NewUnitType,
) -> Result<UnitTypeId, EditError> {
    let mut problems = Vec::new();
    new.check("", currency, &mut problems);
    all_right(problems)?;
    let id = UnitTypeId::fresh();
    sqlx::query!(
        "INSERT INTO unit_types (tenant_id, id, property_id, name, description, capacity, photos, rates)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        by.tenant.uuid(),
        id.uuid(),
        property.uuid(),
        new.name,
        new.description,
        i32::try_from(new.capacity).unwrap_or(i32::MAX),
        json!(new.photos),
        new.rates.as_ref().map(Json) as _,
    )
    .execute(&mut *tx)
    .await
    .doing("add the unit type")?;
    let detail = json!({ "property": property, "name": new.name, "capacity": new.capacity, "rates": new.rates });
    audit::record(
        tx,
        by,
        &format!("unit_type:{id}"),
        "unit_type_added",
        detail,
    )
    .await?;
    Ok(id)
}

/// Changes a kind of cabin.
pub async fn edit_unit_type(
    store: &Store,
    by: &By,
    id: UnitTypeId,
    edit: &UnitTypeEdit,
) -> Result<(), EditError> {
    let mut tx = store.begin().await?;
    let property = property_of(&mut tx, by.tenant, Of::UnitType(id))
        .await?
        .ok_or(EditError::NotFound("unit_type"))?;
    let place = lock(&mut tx, by, property).await?;
    edit_unit_type_in(&mut tx, by, id, place.property.currency, edit).await?;
    tx.commit().await.doing("commit the unit type")?;
    Ok(())
}

/// The same within the caller's transaction, which has locked the property.
pub(crate) async fn edit_unit_type_in(
    tx: &mut PgConnection,
    by: &By,
    id: UnitTypeId,
    currency: Currency,
    edit: &UnitTypeEdit,
) -> Result<(), EditError> {
    let mut problems = Vec::new();
    edit.check("", currency, &mut problems);
    all_right(problems)?;
    let before = sqlx::query_scalar!(
        r#"SELECT to_jsonb(t) AS "row!" FROM unit_types t WHERE t.tenant_id = $1 AND t.id = $2"#,
        by.tenant.uuid(),
        id.uuid()
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("read the unit type")?
    .ok_or(EditError::NotFound("unit_type"))?;
    let rates = edit.rates.as_ref().and_then(Option::as_ref);
    let after = sqlx::query_scalar!(
        r#"UPDATE unit_types t
           SET name = coalesce($3, name), description = coalesce($4, description), capacity = coalesce($5, capacity),
               photos = coalesce($6, photos), active = coalesce($7, active),
               rates = CASE WHEN $8 THEN $9 ELSE rates END
           WHERE t.tenant_id = $1 AND t.id = $2
           RETURNING to_jsonb(t) AS "row!""#,
        by.tenant.uuid(),
        id.uuid(),
        edit.name,
        edit.description,
        edit.capacity
            .map(|capacity| i32::try_from(capacity).unwrap_or(i32::MAX)),
        edit.photos.as_ref().map(|photos| json!(photos)),
        edit.active,
        edit.rates.is_some(),
        rates.map(Json) as _,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("change the unit type")?;
    let subject = format!("unit_type:{id}");
    record_changes(tx, by, &subject, "unit_type_edited", &before, &after).await?;
    Ok(())
}

// === checks ===

impl NewUnitType {
    /// Adds what is not possible; `at` is put before each field's name.
    pub(crate) fn check(&self, at: &str, currency: Currency, problems: &mut Vec<Problem>) {
        UnitTypeEdit {
            name: Some(self.name.clone()),
            description: Some(self.description.clone()),
            capacity: Some(self.capacity),
            photos: Some(self.photos.clone()),
            active: None,
            rates: Some(self.rates.clone()),
        }
        .check(at, currency, problems);
    }
}

impl UnitTypeEdit {
    /// Likewise.
    pub(crate) fn check(&self, at: &str, currency: Currency, problems: &mut Vec<Problem>) {
        if let Some(name) = &self.name {
            check::name(&format!("{at}name"), name, problems);
        }
        if let Some(description) = &self.description {
            check::text(&format!("{at}description"), description, true, problems);
        }
        if let Some(capacity) = self.capacity {
            check::between(&format!("{at}capacity"), capacity, 1, 50, problems);
        }
        if let Some(photos) = &self.photos {
            check::photos(&format!("{at}photos"), photos, problems);
        }
        if let Some(Some(rates)) = &self.rates {
            check::rates(&format!("{at}rates"), rates, currency, problems);
        }
    }
}
