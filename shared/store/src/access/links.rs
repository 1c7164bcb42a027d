//! A guest's way to her own booking. What she holds is the link's id, signed by the API; this is what the id stands
//! for: one booking, until a time, unless revoked.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    audit::{self, By},
    error::{Doing as _, StoreError},
    ids::{GuestLinkId, ReservationId, TenantId},
};

/// A link that may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Which.
    pub id: GuestLinkId,
    /// Whose data.
    pub tenant: TenantId,
    /// The one booking it opens.
    pub reservation: ReservationId,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Makes one that lasts until the last check-out and `days` more, or `days` from now for a booking without stays.
/// Answers nothing when the booking is not `by.tenant`'s.
pub async fn make(
    tx: &mut PgConnection,
    by: &By,
    reservation: ReservationId,
    days: i32,
) -> Result<Option<Link>, StoreError> {
    let id = GuestLinkId::fresh();
    let expires_at = sqlx::query_scalar!(
        "INSERT INTO guest_links (tenant_id, id, reservation_id, expires_at)
         SELECT r.tenant_id, $3, r.id,
                greatest(clock_timestamp(),
                         (SELECT max(s.check_out) FROM stays s
                           WHERE s.tenant_id = r.tenant_id AND s.reservation_id = r.id)::timestamptz)
                + make_interval(days => $4)
           FROM reservations r
          WHERE r.tenant_id = $1 AND r.id = $2
         RETURNING expires_at",
        by.tenant.uuid(),
        reservation.uuid(),
        id.uuid(),
        days,
    )
    .fetch_optional(&mut *tx)
    .await
    .doing("make the guest's link")?;
    let Some(expires_at) = expires_at else {
        return Ok(None);
    };
    let subject = format!("reservation:{reservation}");
    let detail = serde_json::json!({ "link": id });
    audit::record(tx, by, &subject, "link_made", detail).await?;
    Ok(Some(Link {
        id,
        tenant: by.tenant,
        reservation,
        expires_at,
    }))
}

/// The link with this id, while it is neither revoked nor over.
pub async fn find(conn: &mut PgConnection, id: GuestLinkId) -> Result<Option<Link>, StoreError> {
    let row = sqlx::query!(
        "SELECT tenant_id, reservation_id, expires_at
           FROM guest_links
          WHERE id = $1 AND revoked_at IS NULL AND expires_at > clock_timestamp()",
        id.uuid(),
    )
    .fetch_optional(conn)
    .await
    .doing("look for the guest's link")?;
    Ok(row.map(|row| Link {
        id,
        tenant: row.tenant_id.into(),
        reservation: row.reservation_id.into(),
        expires_at: row.expires_at,
    }))
}

/// Revokes every link of a booking of `by.tenant`'s. Answers how many were alive.
pub async fn revoke(
    tx: &mut PgConnection,
    by: &By,
    reservation: ReservationId,
) -> Result<u64, StoreError> {
    let revoked = sqlx::query!(
        "UPDATE guest_links SET revoked_at = clock_timestamp()
          WHERE tenant_id = $1 AND reservation_id = $2
            AND revoked_at IS NULL AND expires_at > clock_timestamp()",
        by.tenant.uuid(),
        reservation.uuid(),
    )
    .execute(&mut *tx)
    .await
    .doing("revoke the booking's links")?
    .rows_affected();
    if revoked > 0 {
        let subject = format!("reservation:{reservation}");
        let detail = serde_json::json!({ "links": revoked });
        audit::record(tx, by, &subject, "links_revoked", detail).await?;
    }
    Ok(revoked)
}
