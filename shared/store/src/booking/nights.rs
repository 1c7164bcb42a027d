//! Whether nights are free, for a caller that has locked the cabin.

use chrono::{DateTime, NaiveDate, Utc};
use posta_domain::nights::Period;
use sqlx::PgConnection;

use super::claims::{self, TakenBy};
use crate::{
    error::StoreError,
    ids::{AccommodationId, StayId},
};

/// Which of the nights are taken, ascending; holds whose time is over are ended first. Some takers may not count: the
/// booking's own stays, that make way in the same transaction, or other channels.
pub(crate) async fn taken(
    tx: &mut PgConnection,
    cabin: AccommodationId,
    period: Period,
    now: DateTime<Utc>,
    counts: impl Fn(&TakenBy) -> bool,
) -> Result<Vec<NaiveDate>, StoreError> {
    claims::free_expired(tx, &[(cabin, period)], now).await?;
    let taken = claims::taken(tx, &[cabin], period, now).await?;
    let mut nights: Vec<NaiveDate> = taken
        .into_iter()
        .filter(|taken| counts(&taken.by))
        .flat_map(|taken| taken.period.nights())
        .filter(|night| (period.check_in()..period.check_out()).contains(night))
        .collect();
    nights.sort_unstable();
    nights.dedup();
    Ok(nights)
}

/// Everybody but these stays.
pub(crate) fn others(own: &[StayId]) -> impl Fn(&TakenBy) -> bool {
    move |by| !matches!(by, TakenBy::Stay { stay, .. } if own.contains(stay))
}
