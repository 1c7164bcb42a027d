//! Who books.

use sqlx::PgConnection;

use super::BookingError;
use crate::{
    error::{Doing as _, StoreError},
    ids::{GuestId, TenantId},
    text::storable,
};

/// Longer names, numbers and addresses are cut.
const LONGEST: usize = 200;

/// Who books.
#[derive(Debug, Clone)]
pub enum Who {
    /// Somebody we write down now.
    New(GuestInput),
    /// Somebody we know.
    Known(GuestId),
}

/// What a guest says about herself.
#[derive(Clone)]
pub struct GuestInput {
    /// Her name.
    pub name: String,
    /// Her phone.
    pub phone: Option<String>,
    /// Her address.
    pub email: Option<String>,
}

/// Whose name it is, no log needs to know.
impl std::fmt::Debug for GuestInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GuestInput(…)")
    }
}

/// The guest's row, made where needed.
pub(super) async fn of(
    tx: &mut PgConnection,
    tenant: TenantId,
    who: &Who,
) -> Result<GuestId, BookingError> {
    match who {
        Who::Known(guest) => known(tx, tenant, *guest).await,
        Who::New(input) => Ok(new(tx, tenant, input).await?),
    }
}

/// The guest as whom this one lives on. Another tenant's is not found.
pub(super) async fn known(
    conn: &mut PgConnection,
    tenant: TenantId,
    guest: GuestId,
) -> Result<GuestId, BookingError> {
    let found = sqlx::query_scalar!(
        r#"SELECT coalesce(merged_into, id) AS "id!" FROM guests WHERE tenant_id = $1 AND id = $2"#,
        tenant.uuid(),
        guest.uuid(),
    )
    .fetch_optional(conn)
    .await
    .doing("look for the guest")?;
    found
        .map(GuestId::from)
        .ok_or(BookingError::NotFound("guest"))
}

/// Writes a guest down.
pub(crate) async fn new(
    tx: &mut PgConnection,
    tenant: TenantId,
    input: &GuestInput,
) -> Result<GuestId, StoreError> {
    let id = GuestId::fresh();
    sqlx::query!(
        "INSERT INTO guests (tenant_id, id, kind, display_name, phone, email) VALUES ($1, $2, 'guest', $3, $4, $5)",
        tenant.uuid(),
        id.uuid(),
        bounded(&input.name),
        input.phone.as_deref().and_then(bounded),
        input.email.as_deref().and_then(bounded),
    )
    .execute(tx)
    .await
    .doing("write the guest down")?;
    Ok(id)
}

fn bounded(text: &str) -> Option<String> {
    let text: String = storable(text.trim()).chars().take(LONGEST).collect();
    (!text.is_empty()).then_some(text)
}
