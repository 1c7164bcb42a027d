//! A place as the owner describes it in a file, made or renewed by its names.
//!
//! Importing the same file twice changes nothing; a changed text, capacity or hour is taken over. Nothing is deleted:
//! a type or a cabin that the file no longer names may have stays.

use chrono::NaiveTime;
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    error::{Doing as _, StoreError},
    ids::{PropertyId, TenantId},
    pool::Store,
};

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyFile {
    /// The place.
    pub property: Place,
    /// What it lets.
    pub unit_types: Vec<UnitType>,
}

/// The place.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// As guests know it.
    pub name: String,
    /// IANA zone.
    pub zone: String,
    /// ISO 4217.
    pub currency: String,
    /// Check-in from, `HH:MM`.
    #[serde(deserialize_with = "hour")]
    pub check_in_from: NaiveTime,
    /// Check-out until.
    #[serde(deserialize_with = "hour")]
    pub check_out_until: NaiveTime,
    /// When a person usually answers, from.
    #[serde(deserialize_with = "hour")]
    pub answers_from: NaiveTime,
    /// And until.
    #[serde(deserialize_with = "hour")]
    pub answers_until: NaiveTime,
    /// What the desk says: welcome, location, services, `check_in`, ….
    pub texts: std::collections::BTreeMap<String, String>,
}

/// One kind of cabin.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitType {
    /// As guests know it.
    pub name: String,
    /// In a sentence.
    #[serde(default)]
    pub description: String,
    /// Guests at most.
    pub capacity: i32,
    /// The cabins of this kind, by name.
    pub accommodations: Vec<String>,
}

/// What the import left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// The property.
    pub property: PropertyId,
    /// Whether it was made just now.
    pub is_new: bool,
    /// Types the file names.
    pub unit_types: usize,
    /// Cabins the file names.
    pub accommodations: usize,
}

fn hour<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    NaiveTime::parse_from_str(&text, "%H:%M")
        .map_err(|_| serde::de::Error::custom(format!("{text:?} is not an hour like 15:00")))
}

/// Makes or renews it, in one transaction.
pub async fn import(
    store: &Store,
    tenant: TenantId,
    file: &PropertyFile,
) -> Result<Imported, StoreError> {
    let mut tx = store.begin().await?;
    let place = &file.property;
    let row = sqlx::query!(
        r#"INSERT INTO properties (tenant_id, id, name, zone, currency, check_in_from, check_out_until, answers_from,
                                   answers_until)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT ON CONSTRAINT properties_name_key
           DO UPDATE SET zone = excluded.zone, currency = excluded.currency,
                         check_in_from = excluded.check_in_from, check_out_until = excluded.check_out_until,
                         answers_from = excluded.answers_from, answers_until = excluded.answers_until
           RETURNING id, xmax = 0 AS "is_new!""#,
        tenant.uuid(),
        PropertyId::fresh().uuid(),
        place.name,
        place.zone,
        place.currency,
        place.check_in_from,
        place.check_out_until,
        place.answers_from,
        place.answers_until,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("import the property")?;
    for (key, body) in &place.texts {
        sqlx::query!(
            "INSERT INTO property_texts (tenant_id, property_id, key, body) VALUES ($1, $2, $3, $4)
             ON CONFLICT (property_id, key) DO UPDATE SET body = excluded.body, updated_at = now()
             WHERE property_texts.body <> excluded.body",
            tenant.uuid(),
            row.id,
            key,
            body,
        )
        .execute(&mut *tx)
        .await
        .doing("import a text of the property")?;
    }
    for unit_type in &file.unit_types {
        import_type(&mut tx, tenant, row.id, unit_type).await?;
    }
    tx.commit().await.doing("commit the import")?;
    Ok(Imported {
        property: row.id.into(),
        is_new: row.is_new,
        unit_types: file.unit_types.len(),
        accommodations: file
            .unit_types
            .iter()
            .map(|unit_type| unit_type.accommodations.len())
            .sum(),
    })
}

async fn import_type(
    tx: &mut PgConnection,
    tenant: TenantId,
    property: Uuid,
    unit_type: &UnitType,
) -> Result<(), StoreError> {
    let id = sqlx::query_scalar!(
        "INSERT INTO unit_types (tenant_id, id, property_id, name, description, capacity)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT ON CONSTRAINT unit_types_name_key
         DO UPDATE SET description = excluded.description, capacity = excluded.capacity
         RETURNING id",
        tenant.uuid(),
        Uuid::now_v7(),
        property,
        unit_type.name,
        unit_type.description,
        unit_type.capacity,
    )
    .fetch_one(&mut *tx)
    .await
    .doing("import a unit type")?;
    for name in &unit_type.accommodations {
        sqlx::query!(
            "INSERT INTO accommodations (tenant_id, id, unit_type_id, name) VALUES ($1, $2, $3, $4)
             ON CONFLICT ON CONSTRAINT accommodations_name_key DO NOTHING",
            tenant.uuid(),
            Uuid::now_v7(),
            id,
            name,
        )
        .execute(&mut *tx)
        .await
        .doing("import an accommodation")?;
    }
    Ok(())
}

/// The tenant of that name.
pub async fn tenant_named(store: &Store, name: &str) -> Result<Option<TenantId>, StoreError> {
    sqlx::query_scalar!(
        "SELECT id FROM tenants WHERE name = $1 ORDER BY created_at LIMIT 1",
        name
    )
    .fetch_optional(store.pool())
    .await
    .doing("look for the tenant")
    .map(|id| id.map(TenantId::from))
}
