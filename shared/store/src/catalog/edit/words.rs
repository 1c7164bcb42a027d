//! What the desk says about a kind of cabin, or about one cabin. These texts go before the property's of the same key.
//!
//! `access` (door codes, wifi keys) is one of them: nothing that the public reads comes from here.

use std::collections::BTreeMap;

use serde_json::json;
use sqlx::PgConnection;

use super::{all_right, check, lock};
use crate::{
    audit::{self, By},
    catalog::{
        EditError,
        read::{Of, property_of},
    },
    error::{Doing as _, StoreError},
    ids::{AccommodationId, PropertyId, TenantId, UnitTypeId},
    pool::Store,
};

/// What a text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Every cabin of a kind.
    Kind(UnitTypeId),
    /// One cabin.
    Cabin(AccommodationId),
}

impl About {
    fn of(self) -> (Of, &'static str, String) {
        match self {
            Self::Kind(id) => (Of::UnitType(id), "unit_type", format!("unit_type:{id}")),
            Self::Cabin(id) => (
                Of::Cabin(id),
                "accommodation",
                format!("accommodation:{id}"),
            ),
        }
    }

    const fn columns(self) -> (Option<uuid::Uuid>, Option<uuid::Uuid>) {
        match self {
            Self::Kind(id) => (Some(id.uuid()), None),
            Self::Cabin(id) => (None, Some(id.uuid())),
        }
    }
}

/// Writes a text.
pub async fn set_cabin_text(
    store: &Store,
    by: &By,
    about: About,
    key: &str,
    body: &str,
) -> Result<(), EditError> {
    let mut tx = store.begin().await?;
    lock_of(&mut tx, by, about).await?;
    set_cabin_text_in(&mut tx, by, about, key, body).await?;
    tx.commit().await.doing("commit the text")?;
    Ok(())
}

/// The same within the caller's transaction, which has locked the property.
pub(crate) async fn set_cabin_text_in(
    tx: &mut PgConnection,
    by: &By,
    about: About,
    key: &str,
    body: &str,
) -> Result<(), EditError> {
    let mut problems = Vec::new();
    check::key("key", key, &mut problems);
    check::text("body", body, false, &mut problems);
    all_right(problems)?;
    let (kind, cabin) = about.columns();
    let changed = sqlx::query!(
        "INSERT INTO cabin_texts (tenant_id, property_id, unit_type_id, accommodation_id, key, body)
         SELECT t.tenant_id, t.property_id, t.id, $3, $4, $5
         FROM unit_types t
         WHERE t.tenant_id = $1
           AND t.id = coalesce($2, (SELECT a.unit_type_id FROM accommodations a WHERE a.tenant_id = $1 AND a.id = $3))
         ON CONFLICT (unit_type_id, coalesce(accommodation_id, '00000000-0000-0000-0000-000000000000'), key)
         DO UPDATE SET body = excluded.body, updated_at = now() WHERE cabin_texts.body <> excluded.body",
        by.tenant.uuid(),
        kind,
        cabin,
        key,
        body,
    )
    .execute(&mut *tx)
    .await
    .doing("write the text")?;
    if changed.rows_affected() == 1 {
        let (_, _, subject) = about.of();
        audit::record(tx, by, &subject, "text_edited", detail(key, body)).await?;
    }
    Ok(())
}

/// Takes a text away.
pub async fn remove_cabin_text(
    store: &Store,
    by: &By,
    about: About,
    key: &str,
) -> Result<(), EditError> {
    let mut tx = store.begin().await?;
    lock_of(&mut tx, by, about).await?;
    let (kind, cabin) = about.columns();
    let body = sqlx::query_scalar!(
        "DELETE FROM cabin_texts
         WHERE tenant_id = $1 AND key = $4
           AND (unit_type_id = $2 AND accommodation_id IS NULL OR accommodation_id = $3)
         RETURNING body",
        by.tenant.uuid(),
        kind,
        cabin,
        key,
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("remove the text")?
    .ok_or(EditError::NotFound("text"))?;
    let (_, _, subject) = about.of();
    audit::record(&mut tx, by, &subject, "text_removed", detail(key, &body)).await?;
    tx.commit().await.doing("commit the text's removal")?;
    Ok(())
}

/// The texts about kinds and cabins of a property, by what they are about.
pub async fn cabin_texts(
    conn: &mut PgConnection,
    tenant: TenantId,
    property: PropertyId,
) -> Result<BTreeMap<About, BTreeMap<String, String>>, StoreError> {
    let rows = sqlx::query!(
        "SELECT unit_type_id, accommodation_id, key, body FROM cabin_texts WHERE tenant_id = $1 AND property_id = $2",
        tenant.uuid(),
        property.uuid(),
    )
    .fetch_all(conn)
    .await
    .doing("read the texts about cabins")?;
    let mut texts: BTreeMap<About, BTreeMap<String, String>> = BTreeMap::new();
    for row in rows {
        let about = row.accommodation_id.map_or_else(
            || About::Kind(row.unit_type_id.into()),
            |cabin| About::Cabin(cabin.into()),
        );
        texts.entry(about).or_default().insert(row.key, row.body);
    }
    Ok(texts)
}

async fn lock_of(tx: &mut PgConnection, by: &By, about: About) -> Result<(), EditError> {
    let (of, what, _) = about.of();
    let property = property_of(tx, by.tenant, of)
        .await?
        .ok_or(EditError::NotFound(what))?;
    lock(tx, by, property).await?;
    Ok(())
}

/// For the audit log, where a door's code is nobody's to read.
pub(super) fn detail(key: &str, body: &str) -> serde_json::Value {
    if key == PRIVATE {
        json!({ "key": key })
    } else {
        json!({ "key": key, "body": body })
    }
}

/// The key of what only guests who have paid and arrive soon are told.
const PRIVATE: &str = "access";
