//! Bookings by the page, newest first.

use chrono::{DateTime, NaiveDate, Utc};
use posta_domain::reservation::Status;
use sqlx::PgConnection;

use super::{Booking, read::current};
use crate::{
    error::{Doing as _, StoreError},
    ids::{PropertyId, ReservationId, TenantId},
    text::storable,
};

/// A page has at most so many.
const MOST: u32 = 200;

/// Which. The default is everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of one property.
    pub property: Option<PropertyId>,
    /// Where they stand; a hold whose time is over counts as expired.
    pub status: Option<Status>,
    /// With a night on or after this day.
    pub from: Option<NaiveDate>,
    /// With a night before this day.
    pub to: Option<NaiveDate>,
    /// In the code, the guest's name, phone or address.
    pub text: Option<String>,
    /// Older than the last one of the page before.
    pub before: Option<Before>,
    /// So many at most; 0 stands for 50, and nobody gets more than 200.
    pub limit: u32,
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// When that booking was made.
    pub created_at: DateTime<Utc>,
    /// Which it is.
    pub id: ReservationId,
}

impl From<&Booking> for Before {
    fn from(booking: &Booking) -> Self {
        Self {
            created_at: booking.created_at,
            id: booking.id,
        }
    }
}

/// A page.
pub async fn list(
    conn: &mut PgConnection,
    tenant: TenantId,
    filter: &Filter,
) -> Result<Vec<Booking>, StoreError> {
    let text = filter.text.as_deref().map(pattern);
    let limit = match filter.limit {
        0 => 50,
        limit => limit.min(MOST),
    };
    let ids = sqlx::query_scalar!(
        "SELECT r.id
         FROM reservations r JOIN guests g ON g.id = r.guest_id
         WHERE r.tenant_id = $1
           AND ($2::uuid IS NULL OR r.property_id = $2)
           AND ($3::text IS NULL
                OR $3 = CASE WHEN r.status = 'held' AND r.hold_expires_at <= clock_timestamp() THEN 'expired'
                             ELSE r.status END)
           AND (($4::date IS NULL AND $5::date IS NULL)
                OR EXISTS (SELECT FROM stays s
                           WHERE s.reservation_id = r.id
                             AND ($4::date IS NULL OR s.check_out > $4)
                             AND ($5::date IS NULL OR s.check_in < $5)))
           AND ($6::text IS NULL
                OR r.code ILIKE $6 OR g.legal_name ILIKE $6 OR g.display_name ILIKE $6 OR g.phone ILIKE $6
                OR g.email ILIKE $6)
           AND ($7::timestamptz IS NULL OR (r.created_at, r.id) < ($7, $8::uuid))
         ORDER BY r.created_at DESC, r.id DESC
         LIMIT $9",
        tenant.uuid(),
        filter.property.map(PropertyId::uuid),
        filter.status.map(Status::as_str),
        filter.from,
        filter.to,
        text,
        filter.before.map(|before| before.created_at),
        filter.before.map(|before| before.id.uuid()),
        i64::from(limit),
    )
    .fetch_all(&mut *conn)
    .await
    .doing("list the bookings")?;
    current(conn, tenant, &ids).await
}

/// What is looked for, anywhere, and not as a pattern.
fn pattern(text: &str) -> String {
    let text = storable(text.trim()).into_owned();
    let plain = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{plain}%")
}
