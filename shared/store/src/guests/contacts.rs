//! The contacts of a phone that goes live: known by name when they write, never written to.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{AliasKind, At};
use crate::error::{Doing as _, StoreError};

/// A phone's contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The number.
    pub phone: String,
    /// As the owner saved it.
    pub name: Option<String>,
}

/// Makes guests of those not known yet and names those who have no name. Returns how many are new.
pub async fn import_contacts(
    tx: &mut PgConnection,
    at: At,
    contacts: &[Contact],
) -> Result<u64, StoreError> {
    super::serialise(tx, at).await?;
    let ids: Vec<Uuid> = contacts.iter().map(|_| Uuid::now_v7()).collect();
    let phones: Vec<&str> = contacts
        .iter()
        .map(|contact| contact.phone.as_str())
        .collect();
    let names: Vec<Option<&str>> = contacts
        .iter()
        .map(|contact| contact.name.as_deref())
        .collect();
    let made = sqlx::query!(
        "WITH contact AS (
             SELECT DISTINCT ON (phone) id, phone, name
             FROM unnest($3::uuid[], $4::text[], $5::text[]) AS c (id, phone, name)
             WHERE NOT EXISTS (SELECT FROM guest_aliases a
                               WHERE a.account_id = $2 AND a.kind = $6 AND a.value = c.phone)
             ORDER BY phone, id DESC
         ), made AS (
             INSERT INTO guests (tenant_id, id, display_name) SELECT $1, id, name FROM contact
         )
         INSERT INTO guest_aliases (tenant_id, account_id, kind, value, guest_id)
         SELECT $1, $2, $6, phone, id FROM contact",
        at.tenant.uuid(),
        at.account.uuid(),
        &ids,
        &phones as &[&str],
        &names as &[Option<&str>],
        AliasKind::WaId.as_str(),
    )
    .execute(&mut *tx)
    .await
    .doing("make guests of the phone's contacts")?;
    sqlx::query!(
        "UPDATE guests AS g SET display_name = c.name
         FROM unnest($2::text[], $3::text[]) AS c (phone, name)
         JOIN guest_aliases a ON a.account_id = $1 AND a.kind = $4 AND a.value = c.phone
         WHERE g.id = a.guest_id AND g.display_name IS NULL AND c.name IS NOT NULL",
        at.account.uuid(),
        &phones as &[&str],
        &names as &[Option<&str>],
        AliasKind::WaId.as_str(),
    )
    .execute(tx)
    .await
    .doing("name the guests among the phone's contacts")?;
    Ok(made.rows_affected())
}
