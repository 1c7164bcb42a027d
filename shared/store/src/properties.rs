//! What the desk knows about the place: hours, what is let, holidays and the owner's texts.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use posta_domain::{
    dialogue::{CabinOfKind, Desk, KindOfCabin},
    hours::Hours,
};
use serde::{Deserialize, de::DeserializeOwned};
use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::{AccommodationId, PropertyId, TenantId, UnitTypeId},
};

/// Where nobody has said otherwise.
const DEFAULT_ZONE: Tz = chrono_tz::America::Argentina::Buenos_Aires;
const DEFAULT_HOURS: (u32, u32) = (9, 21);
const DEFAULT_STAY: (u32, u32) = (14, 10);

/// A kind of cabin as the statement builds it.
#[derive(Deserialize)]
struct Kind {
    id: UnitTypeId,
    name: String,
    description: String,
    capacity: u32,
    photos: Vec<String>,
    texts: BTreeMap<String, String>,
    cabins: Vec<Cabin>,
}

/// Likewise a cabin.
#[derive(Deserialize)]
struct Cabin {
    id: AccommodationId,
    name: String,
    texts: BTreeMap<String, String>,
}

/// The desk of a tenant: its first property's, with what is let there now. Without one there is nothing to sell, and a
/// person answers. Every turn reads it: one statement, whose parts are tens of rows.
pub async fn desk(
    tx: &mut PgConnection,
    tenant: TenantId,
) -> Result<(Option<PropertyId>, Desk), StoreError> {
    let row = sqlx::query!(
        r#"SELECT p.id, p.name, p.zone, p.answers_from, p.answers_until, p.check_in_from, p.check_out_until,
                  coalesce((SELECT jsonb_object_agg(t.key, t.body)
                            FROM property_texts t WHERE t.property_id = p.id), '{}') AS "texts!",
                  coalesce((SELECT jsonb_agg(jsonb_build_object(
                                       'id', u.id, 'name', u.name, 'description', u.description,
                                       'capacity', u.capacity, 'photos', u.photos,
                                       'texts', coalesce((
                                           SELECT jsonb_object_agg(x.key, x.body) FROM cabin_texts x
                                           WHERE x.unit_type_id = u.id AND x.accommodation_id IS NULL), '{}'),
                                       'cabins', coalesce((
                                           SELECT jsonb_agg(jsonb_build_object(
                                                      'id', a.id, 'name', a.name,
                                                      'texts', coalesce((
                                                          SELECT jsonb_object_agg(x.key, x.body) FROM cabin_texts x
                                                          WHERE x.unit_type_id = u.id AND x.accommodation_id = a.id),
                                                          '{}'))
                                                  ORDER BY a.id)
                                           FROM accommodations a WHERE a.unit_type_id = u.id AND a.active), '[]'))
                                   ORDER BY u.id)
                            FROM unit_types u WHERE u.property_id = p.id AND u.active), '[]') AS "kinds!",
                  coalesce((SELECT jsonb_object_agg(h.day, h.name)
                            FROM holidays h WHERE h.property_id = p.id), '{}') AS "holidays!",
                  EXISTS (SELECT FROM channel_accounts c
                          WHERE c.tenant_id = p.tenant_id AND c.provider = 'mercadopago'
                            AND c.stopped_at IS NULL) AS "mercadopago!"
           FROM properties p
           WHERE p.tenant_id = $1 AND p.active
           ORDER BY p.created_at, p.id
           LIMIT 1"#,
        tenant.uuid(),
    )
    .fetch_optional(tx)
    .await
    .doing("read the property")?;
    let Some(row) = row else {
        return Ok((None, nowhere()));
    };
    let zone = row.zone.parse().unwrap_or_else(|_| {
        tracing::warn!(tenant = %tenant, "the property's zone is not an IANA name; using {DEFAULT_ZONE}");
        DEFAULT_ZONE
    });
    let kinds: Vec<Kind> = parsed("the property's cabins", row.kinds)?;
    let holidays: BTreeMap<NaiveDate, String> = parsed("the property's holidays", row.holidays)?;
    let desk = Desk {
        name: row.name,
        hours: Hours {
            zone,
            from: row.answers_from,
            until: row.answers_until,
        },
        check_in_from: row.check_in_from,
        check_out_until: row.check_out_until,
        texts: parsed("the property's texts", row.texts)?,
        kinds: kinds.into_iter().map(kind).collect(),
        holidays,
        mercadopago: row.mercadopago,
    };
    Ok((Some(row.id.into()), desk))
}

fn kind(kind: Kind) -> KindOfCabin {
    KindOfCabin {
        id: kind.id,
        name: kind.name,
        description: kind.description,
        capacity: kind.capacity,
        photos: kind.photos,
        texts: kind.texts,
        cabins: kind
            .cabins
            .into_iter()
            .map(|cabin| CabinOfKind {
                id: cabin.id,
                name: cabin.name,
                texts: cabin.texts,
            })
            .collect(),
    }
}

fn parsed<T: DeserializeOwned>(
    what: &'static str,
    value: serde_json::Value,
) -> Result<T, StoreError> {
    serde_json::from_value(value).map_err(|source| StoreError::Unreadable {
        what,
        source: source.into(),
    })
}

/// A desk without a place.
fn nowhere() -> Desk {
    let clock = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    Desk {
        name: String::new(),
        hours: Hours {
            zone: DEFAULT_ZONE,
            from: clock(DEFAULT_HOURS.0),
            until: clock(DEFAULT_HOURS.1),
        },
        check_in_from: clock(DEFAULT_STAY.0),
        check_out_until: clock(DEFAULT_STAY.1),
        texts: BTreeMap::new(),
        kinds: Vec::new(),
        holidays: BTreeMap::new(),
        mercadopago: false,
    }
}
