//! What is edited line by line: texts, holidays, the exchange rate.

use chrono::NaiveDate;
use posta_domain::money::{Currency, RateMicros};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{all_right, check, lock, words::detail};
use crate::{
    audit::{self, By},
    catalog::{EditError, Problem},
    error::Doing as _,
    ids::PropertyId,
    pool::Store,
};

/// Writes a text of the owner's.
pub async fn set_text(
    store: &Store,
    by: &By,
    property: PropertyId,
    key: &str,
    body: &str,
) -> Result<(), EditError> {
    let mut tx = store.begin().await?;
    lock(&mut tx, by, property).await?;
    set_text_in(&mut tx, by, property, key, body).await?;
    tx.commit().await.doing("commit the text")?;
    Ok(())
}

/// The same within the caller's transaction, which has locked the property.
pub(crate) async fn set_text_in(
    tx: &mut PgConnection,
    by: &By,
    property: PropertyId,
    key: &str,
    body: &str,
) -> Result<(), EditError> {
    let mut problems = Vec::new();
    check::key("key", key, &mut problems);
    check::text("body", body, false, &mut problems);
    all_right(problems)?;
    let changed = sqlx::query!(
        "INSERT INTO property_texts (tenant_id, property_id, key, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (property_id, key) DO UPDATE SET body = excluded.body, updated_at = now()
         WHERE property_texts.body <> excluded.body",
        by.tenant.uuid(),
        property.uuid(),
        key,
        body,
    )
    .execute(&mut *tx)
    .await
    .doing("write the text")?;
    if changed.rows_affected() == 1 {
        let subject = format!("property:{property}");
        audit::record(tx, by, &subject, "text_edited", detail(key, body)).await?;
    }
    Ok(())
}

/// Takes a text away.
pub async fn remove_text(
    store: &Store,
    by: &By,
    property: PropertyId,
    key: &str,
) -> Result<(), EditError> {
    let mut tx = store.begin().await?;
    lock(&mut tx, by, property).await?;
    let body = sqlx::query_scalar!(
        "DELETE FROM property_texts WHERE tenant_id = $1 AND property_id = $2 AND key = $3 RETURNING body",
        by.tenant.uuid(),
        property.uuid(),
        key
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("remove the text")?
    .ok_or(EditError::NotFound("text"))?;
    let subject = format!("property:{property}");
    audit::record(&mut tx, by, &subject, "text_removed", detail(key, &body)).await?;
    tx.commit().await.doing("commit the text's removal")?;
    Ok(())
}

/// Adds a holiday, or renames it.
pub async fn put_holiday(
    store: &Store,
    by: &By,
    property: PropertyId,
    day: NaiveDate,
    name: &str,
) -> Result<(), EditError> {
    let mut tx = store.begin().await?;
    lock(&mut tx, by, property).await?;
    put_holiday_in(&mut tx, by, property, day, name).await?;
    tx.commit().await.doing("commit the holiday")?;
    Ok(())
}

/// The same within the caller's transaction, which has locked the property.
pub(crate) async fn put_holiday_in(
    tx: &mut PgConnection,
    by: &By,
    property: PropertyId,
    day: NaiveDate,
    name: &str,
) -> Result<(), EditError> {
    let mut problems = Vec::new();
    check::name("name", name, &mut problems);
    all_right(problems)?;
    let changed = sqlx::query!(
        "INSERT INTO holidays (tenant_id, property_id, day, name) VALUES ($1, $2, $3, $4)
         ON CONFLICT (property_id, day) DO UPDATE SET name = excluded.name WHERE holidays.name <> excluded.name",
        by.tenant.uuid(),
        property.uuid(),
        day,
        name,
    )
    .execute(&mut *tx)
    .await
    .doing("write the holiday")?;
    if changed.rows_affected() == 1 {
        let subject = format!("property:{property}");
        let detail = json!({ "day": day, "name": name });
        audit::record(tx, by, &subject, "holiday_put", detail).await?;
    }
    Ok(())
}

/// Takes a holiday away.
pub async fn remove_holiday(
    store: &Store,
    by: &By,
    property: PropertyId,
    day: NaiveDate,
) -> Result<(), EditError> {
    let mut tx = store.begin().await?;
    lock(&mut tx, by, property).await?;
    if !remove_holiday_in(&mut tx, by, property, day).await? {
        return Err(EditError::NotFound("holiday"));
    }
    tx.commit().await.doing("commit the holiday's removal")?;
    Ok(())
}

/// The same within the caller's transaction. Whether there was one.
pub(crate) async fn remove_holiday_in(
    tx: &mut PgConnection,
    by: &By,
    property: PropertyId,
    day: NaiveDate,
) -> Result<bool, EditError> {
    let name = sqlx::query_scalar!(
        "DELETE FROM holidays WHERE tenant_id = $1 AND property_id = $2 AND day = $3 RETURNING name",
        by.tenant.uuid(),
        property.uuid(),
        day
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("remove the holiday")?;
    let Some(name) = name else {
        return Ok(false);
    };
    let detail = json!({ "day": day, "name": name });
    audit::record(
        tx,
        by,
        &format!("property:{property}"),
        "holiday_removed",
        detail,
    )
    .await?;
    Ok(true)
}

/// Says what one unit of the price currency costs in another. The newest counts; quotes keep theirs.
pub async fn set_exchange_rate(
    store: &Store,
    by: &By,
    property: PropertyId,
    to: Currency,
    rate: RateMicros,
    source: &str,
) -> Result<(), EditError> {
    let mut tx = store.begin().await?;
    let place = lock(&mut tx, by, property).await?;
    let from = place.property.currency;
    set_exchange_rate_in(&mut tx, by, property, from, to, rate, source).await?;
    tx.commit().await.doing("commit the exchange rate")?;
    Ok(())
}

/// The same within the caller's transaction, which has locked the property.
pub(crate) async fn set_exchange_rate_in(
    tx: &mut PgConnection,
    by: &By,
    property: PropertyId,
    from: Currency,
    to: Currency,
    rate: RateMicros,
    source: &str,
) -> Result<(), EditError> {
    let mut problems = Vec::new();
    check::name("source", source, &mut problems);
    if from == to {
        let text = format!("{to} is the currency of the prices");
        problems.push(Problem::new("to", "same_currency", text));
    }
    all_right(problems)?;
    // After the lock: the newest by time is the newest by order.
    sqlx::query!(
        "INSERT INTO exchange_rates (tenant_id, id, property_id, from_currency, to_currency, micros, source, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())",
        by.tenant.uuid(),
        Uuid::now_v7(),
        property.uuid(),
        from.as_str(),
        to.as_str(),
        rate.get(),
        source,
    )
    .execute(&mut *tx)
    .await
    .doing("write the exchange rate")?;
    let subject = format!("property:{property}");
    let detail = json!({ "from": from, "to": to, "micros": rate, "source": source });
    audit::record(tx, by, &subject, "exchange_rate_set", detail).await?;
    Ok(())
}
