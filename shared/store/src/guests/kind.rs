//! Who is a guest and who is family or a friend: the owner's to say.
//!
//! A personal contact's chats are not shown, not searched and never answered. Marking twice changes nothing.

use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    audit::{self, By},
    error::{Doing as _, StoreError},
    ids::{GuestId, TenantId},
    pool::Store,
};

/// What somebody who writes is to the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Somebody who books, or might.
    Guest,
    /// Family, friends.
    Personal,
}

impl Kind {
    /// As the database writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Personal => "personal",
        }
    }
}

/// A contact, without a word of what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub id: GuestId,
    /// As the profile or the phone's contacts show it; untrusted text.
    pub name: Option<String>,
    /// A number of theirs, if one is known.
    pub phone: Option<String>,
}

/// Says what a contact is. False: there is no such contact of the tenant's, or somebody who works here.
pub async fn set_kind(
    store: &Store,
    by: &By,
    guest: GuestId,
    kind: Kind,
) -> Result<bool, StoreError> {
    let mut tx = store.begin().await?;
    // A guest who was merged into another lives on there.
    let before = sqlx::query!(
        "SELECT id, kind FROM guests
         WHERE id = (SELECT coalesce(merged_into, id) FROM guests WHERE tenant_id = $1 AND id = $2)
         FOR NO KEY UPDATE",
        by.tenant.uuid(),
        guest.uuid(),
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("lock the contact")?;
    let Some(before) = before.filter(|row| row.kind != "operator") else {
        return Ok(false);
    };
    if before.kind != kind.as_str() {
        sqlx::query!(
            "UPDATE guests SET kind = $2 WHERE id = $1",
            before.id,
            kind.as_str()
        )
        .execute(&mut *tx)
        .await
        .doing("mark the contact")?;
        let detail = json!({ "from": before.kind, "to": kind.as_str() });
        let subject = format!("guest:{}", before.id);
        audit::record(&mut tx, by, &subject, "guest_marked", detail).await?;
    }
    tx.commit().await.doing("commit the contact's mark")?;
    Ok(true)
}

/// Contacts of this kind, newest first; those after `after` in the list.
pub async fn of_kind(
    conn: &mut PgConnection,
    tenant: TenantId,
    kind: Kind,
    after: Option<GuestId>,
    limit: u16,
) -> Result<Vec<Known>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT g.id, g.display_name,
                  coalesce(g.phone, (SELECT a.value FROM guest_aliases a
                                     WHERE a.guest_id = g.id AND a.kind = 'wa_id'
                                     ORDER BY a.created_at DESC LIMIT 1)) AS phone
           FROM guests g
           WHERE g.tenant_id = $1 AND g.kind = $2 AND g.merged_into IS NULL AND ($3::uuid IS NULL OR g.id < $3)
           ORDER BY g.id DESC
           LIMIT $4"#,
        tenant.uuid(),
        kind.as_str(),
        after.map(GuestId::uuid),
        i64::from(limit),
    )
    .fetch_all(conn)
    .await
    .doing("list the contacts")?;
    let known = |id: Uuid, name, phone| Known {
        id: id.into(),
        name,
        phone,
    };
    Ok(rows
        .into_iter()
        .map(|row| known(row.id, row.display_name, row.phone))
        .collect())
}
