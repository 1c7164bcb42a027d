//! Writing a property's file into the database.

use std::collections::BTreeMap;

use posta_domain::ids::UnitTypeId;
use serde_json::json;
use sqlx::PgConnection;

use super::file::{FileSeason, FileUnitType, PropertyFile};
use crate::{
    audit::{self, By},
    catalog::{
        About, EditError, NewUnitType, Place, Problem, SeasonEdit, UnitTypeEdit, edit, exchange,
        place,
    },
    error::{Doing as _, StoreError},
    ids::{PropertyId, TenantId},
    pool::Store,
};

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
    /// Seasons the file names.
    pub seasons: usize,
}

/// Makes or renews it, in one transaction.
pub async fn import(store: &Store, by: &By, file: &PropertyFile) -> Result<Imported, EditError> {
    let mut tx = store.begin().await?;
    let (property, is_new) = find_or_make(&mut tx, by, file).await?;
    let before = edit::lock(&mut tx, by, property).await?;
    if before.property.currency != file.currency {
        change_currency(&mut tx, by, &before, file).await?;
    }
    edit::edit_property_in(&mut tx, by, property, &file.settings).await?;
    for (key, body) in &file.texts {
        edit::set_text_in(&mut tx, by, property, key, body).await?;
    }
    for (day, name) in &file.holidays {
        edit::put_holiday_in(&mut tx, by, property, *day, name).await?;
    }
    for day in &file.not_holidays {
        edit::remove_holiday_in(&mut tx, by, property, *day).await?;
    }
    for unit_type in &file.unit_types {
        write_type(&mut tx, by, &before, file, unit_type).await?;
    }
    write_seasons(&mut tx, by, property, &file.seasons).await?;
    write_rate(&mut tx, by, property, file).await?;
    one_currency(&mut tx, by, &before, file).await?;
    tx.commit().await.doing("commit the import")?;
    let cabins = file.unit_types.iter().map(|it| it.accommodations.len());
    Ok(Imported {
        property,
        is_new,
        unit_types: file.unit_types.len(),
        accommodations: cabins.sum(),
        seasons: file.seasons.len(),
    })
}

/// The property of that name. Two imports of a new one at once: the second waits here and renews.
async fn find_or_make(
    tx: &mut PgConnection,
    by: &By,
    file: &PropertyFile,
) -> Result<(PropertyId, bool), EditError> {
    let id = PropertyId::fresh();
    let settings = &file.settings;
    let made = sqlx::query!(
        "INSERT INTO properties (tenant_id, id, name, zone, country, currency, check_in_from, check_out_until)
         VALUES ($1, $2, $3, $4, coalesce($5, 'AR'), $6, $7, $8)
         ON CONFLICT ON CONSTRAINT properties_name_key DO NOTHING",
        by.tenant.uuid(),
        id.uuid(),
        file.name,
        settings.zone.map(chrono_tz::Tz::name),
        file.country,
        file.currency.as_str(),
        settings.check_in_from,
        settings.check_out_until,
    )
    .execute(&mut *tx)
    .await
    .doing("import the property")?;
    if made.rows_affected() == 1 {
        let detail = json!({ "name": file.name });
        audit::record(tx, by, &format!("property:{id}"), "property_added", detail).await?;
        return Ok((id, true));
    }
    let known = crate::catalog::property_named(tx, by.tenant, &file.name).await?;
    let known = known.ok_or(EditError::NotFound("property"))?;
    Ok((known, false))
}

async fn change_currency(
    tx: &mut PgConnection,
    by: &By,
    before: &Place,
    file: &PropertyFile,
) -> Result<(), StoreError> {
    let id = before.property.id;
    sqlx::query!(
        "UPDATE properties SET currency = $3 WHERE tenant_id = $1 AND id = $2",
        by.tenant.uuid(),
        id.uuid(),
        file.currency.as_str()
    )
    .execute(&mut *tx)
    .await
    .doing("change the currency")?;
    let detail = json!({ "currency": { "from": before.property.currency, "to": file.currency } });
    audit::record(tx, by, &format!("property:{id}"), "property_edited", detail).await
}

async fn write_type(
    tx: &mut PgConnection,
    by: &By,
    before: &Place,
    file: &PropertyFile,
    wanted: &FileUnitType,
) -> Result<(), EditError> {
    let known = before.types.iter().find(|it| it.name == wanted.name);
    let id = if let Some(known) = known {
        edit::edit_unit_type_in(tx, by, known.id, file.currency, &wanted.edit).await?;
        known.id
    } else {
        let new = NewUnitType {
            name: wanted.name.clone(),
            description: wanted.edit.description.clone().unwrap_or_default(),
            capacity: wanted.capacity,
            photos: wanted.edit.photos.clone().unwrap_or_default(),
            rates: wanted.edit.rates.clone().flatten(),
        };
        let id = edit::add_unit_type_in(tx, by, before.property.id, file.currency, &new).await?;
        let active = UnitTypeEdit {
            active: wanted.edit.active,
            ..UnitTypeEdit::default()
        };
        edit::edit_unit_type_in(tx, by, id, file.currency, &active).await?;
        id
    };
    for (key, body) in &wanted.texts {
        edit::set_cabin_text_in(tx, by, About::Kind(id), key, body).await?;
    }
    for name in &wanted.accommodations {
        let known = before.cabins_of(id).find(|cabin| cabin.name == *name);
        let cabin = match known {
            Some(cabin) => cabin.id,
            None => edit::add_cabin_in(tx, by, id, name).await?,
        };
        for (key, body) in wanted.cabin_texts.get(name).into_iter().flatten() {
            edit::set_cabin_text_in(tx, by, About::Cabin(cabin), key, body).await?;
        }
    }
    Ok(())
}

async fn write_seasons(
    tx: &mut PgConnection,
    by: &By,
    property: PropertyId,
    seasons: &[FileSeason],
) -> Result<(), EditError> {
    let now = place(tx, Some(by.tenant), property).await?;
    let now = now.ok_or(EditError::NotFound("property"))?;
    let types: BTreeMap<&str, UnitTypeId> = now
        .types
        .iter()
        .map(|it| (it.name.as_str(), it.id))
        .collect();
    for wanted in seasons {
        let known = now
            .seasons
            .iter()
            .find(|it| it.season.name == wanted.season.name);
        let prices = wanted.prices.iter();
        let season = SeasonEdit {
            prices: prices
                .filter_map(|(name, prices)| Some((*types.get(name.as_str())?, *prices)))
                .collect(),
            ..wanted.season.clone()
        };
        edit::put_season_in(tx, by, &now, known.map(|it| it.season.id), &season).await?;
    }
    Ok(())
}

/// The rate, unless it is the newest already.
async fn write_rate(
    tx: &mut PgConnection,
    by: &By,
    property: PropertyId,
    file: &PropertyFile,
) -> Result<(), EditError> {
    let Some(wanted) = &file.exchange_rate else {
        return Ok(());
    };
    let known = exchange(tx, property, file.currency, wanted.to).await?;
    let same = known.is_some_and(|it| it.rate == wanted.rate && it.source == wanted.source);
    if same {
        return Ok(());
    }
    let (to, rate) = (wanted.to, wanted.rate);
    edit::set_exchange_rate_in(tx, by, property, file.currency, to, rate, &wanted.source).await
}

/// Prices that the file does not name must not change their meaning with the currency.
async fn one_currency(
    tx: &mut PgConnection,
    by: &By,
    before: &Place,
    file: &PropertyFile,
) -> Result<(), EditError> {
    let now = place(tx, Some(by.tenant), before.property.id).await?;
    let now = now.ok_or(EditError::NotFound("property"))?;
    let mut problems = Vec::new();
    for of_type in &now.types {
        let other = of_type.rates.as_ref().map(|rates| rates.currency);
        if let Some(other) = other.filter(|other| *other != file.currency) {
            let text = format!(
                "{:?} has prices in {other} still: the file must give it rates in {}",
                of_type.name, file.currency
            );
            problems.push(Problem::new("unit_types", "currency", text));
        }
    }
    let changed = before.property.currency != file.currency;
    for it in now
        .seasons
        .iter()
        .filter(|it| changed && !it.prices.is_empty())
    {
        let renewed = file
            .seasons
            .iter()
            .any(|wanted| wanted.season.name == it.season.name);
        if !renewed {
            let text = format!(
                "{:?} has prices in {} still: the file must name it too",
                it.season.name, before.property.currency
            );
            problems.push(Problem::new("seasons", "currency", text));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(EditError::Invalid(problems))
    }
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
