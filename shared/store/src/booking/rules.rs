//! The few settings of a property that decide what becomes of a booking.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use posta_domain::cancellation::Policy;
use sqlx::PgConnection;

use super::{hold::latest, view::Booking};
use crate::{
    error::{Doing as _, StoreError},
    ids::PropertyId,
};

/// As they are now; a booking follows the rules of the day on which something happens to it, but for the policy.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    /// The property's zone.
    pub(crate) zone: Tz,
    /// What comes back on cancelling.
    pub(crate) policy: Policy,
    /// How long nights wait for money.
    pub(crate) hold: Duration,
    /// How long they wait for the owner's look at a receipt.
    pub(crate) verification: Duration,
    /// How long they wait for the owner's yes.
    pub(crate) request: Duration,
}

impl Rules {
    /// The day at the property.
    pub(crate) fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }
}

/// When a hold that begins to wait now ends: after `wait`, but never after the day of arrival.
pub(crate) fn until(
    rules: &Rules,
    now: DateTime<Utc>,
    wait: Duration,
    check_in: NaiveDate,
) -> DateTime<Utc> {
    let latest = latest(rules.zone, check_in, now);
    now.checked_add_signed(wait)
        .map_or(latest, |until| until.min(latest))
}

/// For a booking: with the policy its quote promised. A change is a new quote, and a new promise.
pub(crate) async fn rules_of(
    conn: &mut PgConnection,
    booking: &Booking,
) -> Result<Rules, StoreError> {
    let mut rules = rules(conn, booking.property).await?;
    let promised = sqlx::query_scalar!(
        "SELECT inputs->'policy' FROM quotes WHERE id = $1",
        booking.quote.uuid(),
    )
    .fetch_one(conn)
    .await
    .doing("read what the quote promised")?;
    if let Some(policy) = promised {
        rules.policy = serde_json::from_value(policy).map_err(|source| StoreError::Unreadable {
            what: "quotes.inputs",
            source: source.into(),
        })?;
    }
    Ok(rules)
}

/// Reads them.
pub(crate) async fn rules(
    conn: &mut PgConnection,
    property: PropertyId,
) -> Result<Rules, StoreError> {
    let row = sqlx::query!(
        "SELECT zone, cancellation, hold_minutes, verification_hours, request_hours FROM properties WHERE id = $1",
        property.uuid(),
    )
    .fetch_one(conn)
    .await
    .doing("read the property's rules")?;
    let unreadable = |what, source| StoreError::Unreadable { what, source };
    Ok(Rules {
        zone: row
            .zone
            .parse()
            .map_err(|_| unreadable("properties.zone", "not an IANA zone".into()))?,
        policy: serde_json::from_value(row.cancellation)
            .map_err(|source| unreadable("properties.cancellation", source.into()))?,
        hold: Duration::minutes(row.hold_minutes.into()),
        verification: Duration::hours(row.verification_hours.into()),
        request: Duration::hours(row.request_hours.into()),
    })
}
