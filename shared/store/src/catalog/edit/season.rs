//! Seasons: a part of the year with its own prices or conditions.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use posta_domain::{
    ids::SeasonId,
    nights::Weekdays,
    rates::{BookingMode, Season, SeasonPrices},
};
use serde_json::Value;
use sqlx::PgConnection;

use super::{all_right, check, lock, record_changes};
use crate::{
    audit::{self, By},
    catalog::{
        EditError, Place, Problem,
        read::{Of, property_of},
    },
    error::{Doing as _, StoreError},
    ids::{PropertyId, UnitTypeId},
    pool::Store,
};

/// A season, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeasonEdit {
    /// As the owner calls it.
    pub name: String,
    /// The first night of it.
    pub first_night: NaiveDate,
    /// The last one.
    pub last_night: NaiveDate,
    /// Where seasons overlap, the higher one gives the night's price.
    pub priority: i32,
    /// At least so many nights, if any night of the stay is in it.
    pub min_nights: Option<u32>,
    /// Arrivals within it on these days only.
    pub arrival_days: Option<Weekdays>,
    /// For stays with a night in it.
    pub booking_mode: Option<BookingMode>,
    /// By type. A type that is missing keeps its prices outside seasons.
    pub prices: BTreeMap<UnitTypeId, SeasonPrices>,
}

/// Adds a season, or puts this one in the place of what `id` was.
pub async fn put_season(
    store: &Store,
    by: &By,
    property: PropertyId,
    id: Option<SeasonId>,
    season: &SeasonEdit,
) -> Result<SeasonId, EditError> {
    let mut tx = store.begin().await?;
    let place = lock(&mut tx, by, property).await?;
    let id = put_season_in(&mut tx, by, &place, id, season).await?;
    tx.commit().await.doing("commit the season")?;
    Ok(id)
}

/// The same within the caller's transaction, which has locked the property and read `place`.
pub(crate) async fn put_season_in(
    tx: &mut PgConnection,
    by: &By,
    place: &Place,
    id: Option<SeasonId>,
    season: &SeasonEdit,
) -> Result<SeasonId, EditError> {
    let mut problems = Vec::new();
    season.check("", &mut problems);
    for unit_type in season.prices.keys() {
        if place.unit_type(*unit_type).is_none() {
            let text = "there is no such type of cabin at this property";
            problems.push(Problem::new(format!("prices.{unit_type}"), "unknown", text));
        }
    }
    all_right(problems)?;
    let before = match id {
        Some(id) => Some(
            row(tx, by, id)
                .await?
                .ok_or(EditError::NotFound("season"))?,
        ),
        None => None,
    };
    let id = id.unwrap_or_else(SeasonId::fresh);
    write(tx, by, place.property.id, id, season).await?;
    let after = row(tx, by, id).await?.unwrap_or_default();
    let subject = format!("season:{id}");
    match before {
        Some(before) => {
            record_changes(tx, by, &subject, "season_edited", &before, &after).await?;
        }
        None => audit::record(tx, by, &subject, "season_added", after).await?,
    }
    Ok(id)
}

/// Takes a season away. Quotes that were made in it keep its prices.
pub async fn remove_season(store: &Store, by: &By, id: SeasonId) -> Result<(), EditError> {
    let mut tx = store.begin().await?;
    let property = property_of(&mut tx, by.tenant, Of::Season(id))
        .await?
        .ok_or(EditError::NotFound("season"))?;
    lock(&mut tx, by, property).await?;
    let before = row(&mut tx, by, id)
        .await?
        .ok_or(EditError::NotFound("season"))?;
    sqlx::query!(
        "DELETE FROM seasons WHERE tenant_id = $1 AND id = $2",
        by.tenant.uuid(),
        id.uuid()
    )
    .execute(&mut *tx)
    .await
    .doing("remove the season")?;
    audit::record(
        &mut tx,
        by,
        &format!("season:{id}"),
        "season_removed",
        before,
    )
    .await?;
    tx.commit().await.doing("commit the season's removal")?;
    Ok(())
}

/// The season with its prices, as the audit log keeps it.
async fn row(tx: &mut PgConnection, by: &By, id: SeasonId) -> Result<Option<Value>, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT to_jsonb(s) || jsonb_build_object('prices', (
                      SELECT coalesce(jsonb_object_agg(p.unit_type_id, to_jsonb(p) - 'tenant_id' - 'season_id'
                                                                       - 'unit_type_id'), '{}')
                      FROM season_prices p WHERE p.season_id = s.id)) AS "row!"
           FROM seasons s WHERE s.tenant_id = $1 AND s.id = $2"#,
        by.tenant.uuid(),
        id.uuid()
    )
    .fetch_optional(tx)
    .await
    .doing("read the season")
}

async fn write(
    tx: &mut PgConnection,
    by: &By,
    property: PropertyId,
    id: SeasonId,
    season: &SeasonEdit,
) -> Result<(), EditError> {
    let changed = sqlx::query!(
        "INSERT INTO seasons (tenant_id, id, property_id, name, first_night, last_night, priority, min_nights,
                              arrival_days, booking_mode)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (id) DO UPDATE
         SET name = excluded.name, first_night = excluded.first_night, last_night = excluded.last_night,
             priority = excluded.priority, min_nights = excluded.min_nights, arrival_days = excluded.arrival_days,
             booking_mode = excluded.booking_mode
         WHERE seasons.tenant_id = excluded.tenant_id AND seasons.property_id = excluded.property_id",
        by.tenant.uuid(),
        id.uuid(),
        property.uuid(),
        season.name,
        season.first_night,
        season.last_night,
        season.priority,
        season
            .min_nights
            .map(|nights| i32::try_from(nights).unwrap_or(i32::MAX)),
        season.arrival_days.map(|days| i16::from(days.bits())),
        season.booking_mode.map(mode),
    )
    .execute(&mut *tx)
    .await
    .doing("write the season")?;
    if changed.rows_affected() != 1 {
        // It is another property's.
        return Err(EditError::NotFound("season"));
    }
    sqlx::query!("DELETE FROM season_prices WHERE season_id = $1", id.uuid())
        .execute(&mut *tx)
        .await
        .doing("clear the season's prices")?;
    for (unit_type, prices) in &season.prices {
        sqlx::query!(
            "INSERT INTO season_prices (tenant_id, season_id, unit_type_id, night, weekend_night, holiday_night)
             VALUES ($1, $2, $3, $4, $5, $6)",
            by.tenant.uuid(),
            id.uuid(),
            unit_type.uuid(),
            prices.night,
            prices.weekend_night,
            prices.holiday_night,
        )
        .execute(&mut *tx)
        .await
        .doing("write the season's prices")?;
    }
    Ok(())
}

const fn mode(mode: BookingMode) -> &'static str {
    match mode {
        BookingMode::Instant => "instant",
        BookingMode::Request => "request",
    }
}

// === impl SeasonEdit ===

impl SeasonEdit {
    /// Adds what is not possible; `at` is put before each field's name.
    pub(crate) fn check(&self, at: &str, problems: &mut Vec<Problem>) {
        check::season(at, &self.as_season(), problems);
        check::season_prices(&format!("{at}prices"), &self.prices, problems);
    }

    fn as_season(&self) -> Season {
        Season {
            id: SeasonId::fresh(),
            name: self.name.clone(),
            first_night: self.first_night,
            last_night: self.last_night,
            priority: self.priority,
            prices: None,
            min_nights: self.min_nights,
            arrival_days: self.arrival_days,
            booking_mode: self.booking_mode,
        }
    }
}
