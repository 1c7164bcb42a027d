//! Money a guest has with us for a later stay.
//!
//! Guaranteed: a credit is given once for what it stands for, is used for its guest's bookings only, never beyond what is
//! left of it, and what nobody used by its end is the owner's; the ledger has a line of each of these. Credits are used
//! in the order in which they end. Not guaranteed: that a guest uses it; it is used when the owner says so.

mod give;
mod take;

use chrono::{DateTime, Utc};
use posta_domain::money::{Currency, Money};
use sqlx::PgConnection;

use crate::{
    error::{Doing as _, StoreError},
    ids::{CreditId, GuestId, ReservationId, TenantId},
};

pub use give::{from_refund, grant};
pub use take::{expire_due, use_for};

/// A credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditRow {
    /// Which.
    pub id: CreditId,
    /// Whose.
    pub guest: GuestId,
    /// From which booking.
    pub reservation: ReservationId,
    /// That booking's code.
    pub code: String,
    /// How much it was.
    pub amount: Money,
    /// What is left of it.
    pub left: Money,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// A guest's, or everybody's; those with something left first, by their end. At most 500.
pub async fn list(
    conn: &mut PgConnection,
    tenant: TenantId,
    guest: Option<GuestId>,
) -> Result<Vec<CreditRow>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT c.id, c.guest_id, c.reservation_id, r.code, c.currency, c.amount, c.used, c.expired, c.expires_at,
                  c.created_at
           FROM credits c JOIN reservations r ON r.id = c.reservation_id
           WHERE c.tenant_id = $1
             AND ($2::uuid IS NULL
                  OR c.guest_id = (SELECT coalesce(merged_into, id) FROM guests WHERE tenant_id = $1 AND id = $2))
           ORDER BY c.used + c.expired < c.amount DESC, c.expires_at, c.id
           LIMIT 500"#,
        tenant.uuid(),
        guest.map(GuestId::uuid),
    )
    .fetch_all(conn)
    .await
    .doing("list the credits")?;
    let rows = rows.into_iter().map(|row| {
        let currency: Currency = row
            .currency
            .parse()
            .map_err(|source| StoreError::Unreadable {
                what: "credits.currency",
                source: Box::new(source),
            })?;
        Ok(CreditRow {
            id: row.id.into(),
            guest: row.guest_id.into(),
            reservation: row.reservation_id.into(),
            code: row.code,
            amount: Money::new(row.amount, currency),
            left: Money::new(row.amount - row.used - row.expired, currency),
            expires_at: row.expires_at,
            created_at: row.created_at,
        })
    });
    rows.collect()
}
