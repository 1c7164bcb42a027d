//! Reading the catalogue.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use posta_domain::{
    ids::SeasonId,
    money::{Currency, RateMicros},
    quote::Exchange,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    place::Place,
    row::{Row, unreadable},
};
use crate::{
    error::{Doing as _, StoreError},
    ids::{AccommodationId, PropertyId, TenantId, UnitTypeId},
};

/// Something that belongs to a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A kind of cabin.
    UnitType(UnitTypeId),
    /// A cabin.
    Cabin(AccommodationId),
    /// A season.
    Season(SeasonId),
}

/// The property with all it lets, in one statement. With `tenant`, another tenant's is not found; without, any is, as
/// the public may look.
pub async fn place(
    conn: &mut PgConnection,
    tenant: Option<TenantId>,
    property: PropertyId,
) -> Result<Option<Place>, StoreError> {
    let found = places(conn, tenant, &[property.uuid()]).await?;
    Ok(found.into_iter().next())
}

/// All properties of a tenant, each with all it lets, in the order they were made.
pub async fn properties(
    conn: &mut PgConnection,
    tenant: TenantId,
) -> Result<Vec<Place>, StoreError> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM properties WHERE tenant_id = $1",
        tenant.uuid()
    )
    .fetch_all(&mut *conn)
    .await
    .doing("list the properties")?;
    places(conn, Some(tenant), &ids).await
}

async fn places(
    conn: &mut PgConnection,
    tenant: Option<TenantId>,
    ids: &[Uuid],
) -> Result<Vec<Place>, StoreError> {
    // The parts are small (tens of rows) and come back as JSON: one round trip, one snapshot, no rows multiplied.
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT p.tenant_id, p.id, p.name, p.zone, p.country, p.currency, p.charge_currency, p.deposit_bp,
                  p.hold_minutes, p.verification_hours, p.request_hours, p.remind_minutes, p.quote_minutes, p.horizon_days,
                  p.max_nights, p.cancellation, p.check_in_from, p.check_out_until, p.answers_from, p.answers_until,
                  p.overpaid, p.credit_days, p.balance_days, p.active,
                  coalesce((SELECT jsonb_agg(jsonb_build_object(
                                       'id', t.id, 'name', t.name, 'description', t.description,
                                       'capacity', t.capacity, 'photos', t.photos, 'active', t.active,
                                       'rates', t.rates) ORDER BY t.id)
                            FROM unit_types t WHERE t.property_id = p.id), '[]') AS "types!",
                  coalesce((SELECT jsonb_agg(jsonb_build_object(
                                       'id', a.id, 'unit_type', a.unit_type_id, 'name', a.name, 'active', a.active)
                                             ORDER BY a.id)
                            FROM unit_types t JOIN accommodations a ON a.unit_type_id = t.id
                            WHERE t.property_id = p.id), '[]') AS "cabins!",
                  coalesce((SELECT jsonb_agg(jsonb_build_object(
                                       'id', s.id, 'name', s.name, 'first_night', s.first_night,
                                       'last_night', s.last_night, 'priority', s.priority,
                                       'min_nights', s.min_nights, 'arrival_days', s.arrival_days,
                                       'booking_mode', s.booking_mode,
                                       'prices', coalesce((
                                           SELECT jsonb_object_agg(sp.unit_type_id, jsonb_build_object(
                                                      'night', sp.night, 'weekend_night', sp.weekend_night,
                                                      'holiday_night', sp.holiday_night))
                                           FROM season_prices sp WHERE sp.season_id = s.id), '{}'))
                                             ORDER BY s.first_night, s.id)
                            FROM seasons s WHERE s.property_id = p.id), '[]') AS "seasons!",
                  coalesce((SELECT jsonb_object_agg(h.day, h.name)
                            FROM holidays h WHERE h.property_id = p.id), '{}') AS "holidays!"
           FROM properties p
           WHERE p.id = ANY($1) AND ($2::uuid IS NULL OR p.tenant_id = $2)
           ORDER BY p.id"#,
        ids,
        tenant.map(TenantId::uuid),
    )
    .fetch_all(conn)
    .await
    .doing("read the property")?;
    rows.into_iter().map(Row::read).collect()
}

/// The one active property of this installation, if there is exactly one: what a guest means who names none.
pub async fn only_property(
    conn: &mut PgConnection,
) -> Result<Option<(TenantId, PropertyId)>, StoreError> {
    let rows = sqlx::query!("SELECT tenant_id, id FROM properties WHERE active LIMIT 2")
        .fetch_all(conn)
        .await
        .doing("look for the only property")?;
    Ok(match rows.as_slice() {
        [only] => Some((only.tenant_id.into(), only.id.into())),
        _ => None,
    })
}

/// The property of that name.
pub async fn property_named(
    conn: &mut PgConnection,
    tenant: TenantId,
    name: &str,
) -> Result<Option<PropertyId>, StoreError> {
    sqlx::query_scalar!(
        "SELECT id FROM properties WHERE tenant_id = $1 AND name = $2",
        tenant.uuid(),
        name
    )
    .fetch_optional(conn)
    .await
    .doing("look for the property by its name")
    .map(|id| id.map(PropertyId::from))
}

/// Whose part this is. Nothing for another tenant's.
pub async fn property_of(
    conn: &mut PgConnection,
    tenant: TenantId,
    part: Of,
) -> Result<Option<PropertyId>, StoreError> {
    let tenant = tenant.uuid();
    let found = match part {
        Of::UnitType(id) => {
            sqlx::query_scalar!(
                "SELECT property_id FROM unit_types WHERE tenant_id = $1 AND id = $2",
                tenant,
                id.uuid()
            )
            .fetch_optional(conn)
            .await
        }
        Of::Cabin(id) => {
            sqlx::query_scalar!(
            "SELECT t.property_id FROM accommodations a JOIN unit_types t ON t.id = a.unit_type_id
                 WHERE a.tenant_id = $1 AND a.id = $2",
            tenant,
            id.uuid()
        )
            .fetch_optional(conn)
            .await
        }
        Of::Season(id) => {
            sqlx::query_scalar!(
                "SELECT property_id FROM seasons WHERE tenant_id = $1 AND id = $2",
                tenant,
                id.uuid()
            )
            .fetch_optional(conn)
            .await
        }
    };
    found
        .doing("look for the property of a part")
        .map(|id| id.map(PropertyId::from))
}

/// The owner's texts, by key.
pub async fn texts(
    conn: &mut PgConnection,
    tenant: TenantId,
    property: PropertyId,
) -> Result<BTreeMap<String, String>, StoreError> {
    let rows = sqlx::query!(
        "SELECT key, body FROM property_texts WHERE tenant_id = $1 AND property_id = $2",
        tenant.uuid(),
        property.uuid()
    )
    .fetch_all(conn)
    .await
    .doing("read the property's texts")?;
    Ok(rows.into_iter().map(|row| (row.key, row.body)).collect())
}

/// Whether a tenant's guests can pay by Mercado Pago: it has an account there.
pub async fn takes_mercadopago(
    conn: &mut PgConnection,
    tenant: TenantId,
) -> Result<bool, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM channel_accounts WHERE tenant_id = $1 AND provider = 'mercadopago') AS "takes!""#,
        tenant.uuid()
    )
    .fetch_one(conn)
    .await
    .doing("look for an account at Mercado Pago")
}

/// The newest rate of a property from one currency to another.
pub async fn exchange(
    conn: &mut PgConnection,
    property: PropertyId,
    from: Currency,
    to: Currency,
) -> Result<Option<Exchange>, StoreError> {
    let row = sqlx::query!(
        "SELECT micros, source, at FROM exchange_rates
         WHERE property_id = $1 AND from_currency = $2 AND to_currency = $3
         ORDER BY at DESC, id DESC
         LIMIT 1",
        property.uuid(),
        from.as_str(),
        to.as_str()
    )
    .fetch_optional(conn)
    .await
    .doing("read the exchange rate")?;
    row.map(|row| {
        Ok(Exchange {
            to,
            rate: RateMicros::try_from(row.micros)
                .map_err(|error| unreadable("exchange_rates.micros", error))?,
            source: row.source,
            at: row.at,
        })
    })
    .transpose()
}

/// The database's clock, which decides what has expired. Not the transaction's beginning: locks may have been waited
/// for since.
pub async fn now(conn: &mut PgConnection) -> Result<DateTime<Utc>, StoreError> {
    sqlx::query_scalar!(r#"SELECT clock_timestamp() AS "now!""#)
        .fetch_one(conn)
        .await
        .doing("read the database's clock")
}

/// Today in a zone, by the database's clock.
pub async fn today(conn: &mut PgConnection, zone: Tz) -> Result<NaiveDate, StoreError> {
    Ok(now(conn).await?.with_timezone(&zone).date_naive())
}
