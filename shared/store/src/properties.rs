//! What the desk knows about the place: hours and the owner's texts.

use std::collections::BTreeMap;

use chrono::NaiveTime;
use chrono_tz::Tz;
use posta_domain::{dialogue::Desk, hours::Hours, understand::Topic};
use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::TenantId,
};

/// Where nobody has said otherwise.
const DEFAULT_ZONE: Tz = chrono_tz::America::Argentina::Buenos_Aires;
const DEFAULT_HOURS: (u32, u32) = (9, 21);

/// The desk of a tenant: its first property's. Without one there is nothing to tell, and a person answers.
pub async fn desk(tx: &mut PgConnection, tenant: TenantId) -> Result<Desk, StoreError> {
    let row = sqlx::query!(
        r#"SELECT p.zone, p.answers_from, p.answers_until,
                  coalesce(jsonb_object_agg(t.key, t.body) FILTER (WHERE t.key IS NOT NULL), '{}') AS "texts!"
           FROM (SELECT * FROM properties WHERE tenant_id = $1 AND active ORDER BY created_at, id LIMIT 1) AS p
           LEFT JOIN property_texts t ON t.property_id = p.id
           GROUP BY p.zone, p.answers_from, p.answers_until"#,
        tenant.uuid(),
    )
    .fetch_optional(tx)
    .await
    .doing("read the property")?;
    let Some(row) = row else {
        return Ok(Desk {
            hours: default_hours(),
            welcome: None,
            topics: BTreeMap::new(),
        });
    };
    let zone = row.zone.parse().unwrap_or_else(|_| {
        tracing::warn!(tenant = %tenant, "the property's zone is not an IANA name; using {DEFAULT_ZONE}");
        DEFAULT_ZONE
    });
    let mut texts: BTreeMap<String, String> =
        serde_json::from_value(row.texts).map_err(|source| StoreError::Unreadable {
            what: "the property's texts",
            source: source.into(),
        })?;
    let topics = Topic::ALL
        .into_iter()
        .filter_map(|topic| texts.remove(topic.key()).map(|text| (topic, text)))
        .collect();
    Ok(Desk {
        hours: Hours {
            zone,
            from: row.answers_from,
            until: row.answers_until,
        },
        welcome: texts.remove("welcome"),
        topics,
    })
}

fn default_hours() -> Hours {
    let clock = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    Hours {
        zone: DEFAULT_ZONE,
        from: clock(DEFAULT_HOURS.0),
        until: clock(DEFAULT_HOURS.1),
    }
}
