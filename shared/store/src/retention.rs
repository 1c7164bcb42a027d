//! How long things are kept. Partitions are prepared ahead and dropped whole when their time is over.

use chrono::{Days, NaiveDate};
use sqlx::{AssertSqlSafe, Executor as _};

use crate::{
    access::{failures, sessions},
    error::{Doing as _, StoreError},
    pool::Store,
};

/// How many days of partitions are prepared ahead: the scheduler may be away for most of two weeks.
const AHEAD: Days = Days::new(14);
/// Late items: Meta redelivers for 7 days, and the history of a phone that goes live is six months old (default
/// partition).
const BEHIND: Days = Days::new(8);
/// How long a repeated request is given its first answer.
const KEYS_HOURS: i32 = 48;
/// Sessions or failed attempts at once; the rest goes with the next purge.
const AT_ONCE: i64 = 100_000;

/// What a purge did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Purged {
    /// Partitions made.
    pub prepared: i32,
    /// Partitions dropped, by name.
    pub dropped: Vec<String>,
    /// Rows deleted elsewhere.
    pub rows: u64,
}

/// Prepares partitions for the days ahead. A day that has rows in the default partition stays there.
pub async fn prepare(store: &Store) -> Result<i32, StoreError> {
    let today = today(store).await?;
    sqlx::query_scalar!(
        r#"SELECT prepare_inbound_partitions($1, $2) AS "made!""#,
        today.checked_sub_days(BEHIND).unwrap_or(today),
        today.checked_add_days(AHEAD).unwrap_or(today),
    )
    .fetch_one(store.pool())
    .await
    .doing("prepare the inbox's partitions")
}

/// Drops what is older than `days` (never below 30) and has its final verdict; prepares what comes.
pub async fn purge(store: &Store, days: u32) -> Result<Purged, StoreError> {
    let prepared = prepare(store).await?;
    let days = days.max(30);
    let today = today(store).await?;
    let oldest = today
        .checked_sub_days(Days::new(days.into()))
        .unwrap_or(today);
    let mut purged = Purged {
        prepared,
        ..Purged::default()
    };
    for (name, day) in partitions(store).await? {
        if day >= oldest || has_pending(store, day).await? {
            continue;
        }
        // The name comes from the catalogue and has passed `day_of`: letters, digits and underscores only.
        let drop = AssertSqlSafe(format!("DROP TABLE {name}"));
        store
            .pool()
            .execute(drop)
            .await
            .doing("drop an old partition of the inbox")?;
        purged.dropped.push(name);
    }
    purged.rows += purge_rows(store, i32::try_from(days).unwrap_or(i32::MAX)).await?;
    purged.rows += purge_access(store).await?;
    Ok(purged)
}

async fn purge_rows(store: &Store, days: i32) -> Result<u64, StoreError> {
    // Days without a partition: by the time they were stored, since their own day may be absurd.
    let events = sqlx::query!(
        "DELETE FROM inbound_events_default
         WHERE stored_at < now() - make_interval(days => $1) AND verdict <> 'pending'",
        days
    )
    .execute(store.pool())
    .await
    .doing("purge old events of other days")?;
    let statuses = sqlx::query!(
        "DELETE FROM message_statuses WHERE received_at < now() - make_interval(days => $1)",
        days
    )
    .execute(store.pool())
    .await
    .doing("purge old statuses")?;
    let media = sqlx::query!(
        "UPDATE media SET content = NULL WHERE content IS NOT NULL AND retain_until < now()"
    )
    .execute(store.pool())
    .await
    .doing("purge media that are kept no longer")?;
    let lost = sqlx::query!(
        // Whatever kept us from fetching it: nobody can any more.
        "UPDATE media SET state = 'lost', reason = 'not fetched while the provider had it'
         WHERE state = 'wanted' AND created_at < now() - interval '8 days'"
    )
    .execute(store.pool())
    .await
    .doing("give up files the provider no longer has")?;
    let runs = sqlx::query!("DELETE FROM job_runs WHERE scheduled_at < now() - interval '7 days'")
        .execute(store.pool())
        .await
        .doing("purge old job runs")?;
    let letters = sqlx::query!(
        "DELETE FROM dead_letters
         WHERE coalesce(resolved_at, replayed_at) < now() - make_interval(days => $1)",
        days
    )
    .execute(store.pool())
    .await
    .doing("purge dead letters that were dealt with")?;
    // What was read; the payments themselves stay. A day's row is kept as long as its day may be compared again.
    let reads = sqlx::query!(
        "DELETE FROM payment_reads WHERE done_at < now() - make_interval(days => $1)",
        days
    )
    .execute(store.pool())
    .await
    .doing("purge what was read long ago")?;
    Ok([events, statuses, media, lost, runs, letters, reads]
        .iter()
        .map(sqlx::postgres::PgQueryResult::rows_affected)
        .sum())
}

/// What nobody can use any more: answers to repeated requests, sessions that are over, guesses forgiven.
async fn purge_access(store: &Store) -> Result<u64, StoreError> {
    let mut conn = store.acquire().await?;
    let keys = sqlx::query!(
        "DELETE FROM idempotency_keys WHERE created_at < now() - make_interval(hours => $1)",
        KEYS_HOURS
    )
    .execute(&mut *conn)
    .await
    .doing("forget the keys of old requests")?
    .rows_affected();
    let sessions = sessions::forget_ended(&mut conn, AT_ONCE).await?;
    let failures = failures::forget_old(&mut conn, AT_ONCE).await?;
    Ok(keys + sessions + failures)
}

async fn today(store: &Store) -> Result<NaiveDate, StoreError> {
    sqlx::query_scalar!(r#"SELECT current_date AS "today!""#)
        .fetch_one(store.pool())
        .await
        .doing("ask the database for the day")
}

async fn has_pending(store: &Store, day: NaiveDate) -> Result<bool, StoreError> {
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM inbound_events WHERE day = $1 AND verdict = 'pending') AS "pending!""#,
        day
    )
    .fetch_one(store.pool())
    .await
    .doing("look for unhandled events of a day")
}

async fn partitions(store: &Store) -> Result<Vec<(String, NaiveDate)>, StoreError> {
    let names = sqlx::query_scalar!(
        r#"SELECT c.relname::text AS "name!"
           FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
           WHERE i.inhparent = 'inbound_events'::regclass
           ORDER BY 1"#
    )
    .fetch_all(store.pool())
    .await
    .doing("list the inbox's partitions")?;
    Ok(names
        .into_iter()
        .filter_map(|name| day_of(&name).map(|day| (name, day)))
        .collect())
}

/// `inbound_events_20261122` → its day. Anything else is not ours to drop.
fn day_of(partition: &str) -> Option<NaiveDate> {
    let digits = partition
        .strip_prefix("inbound_events_")
        .filter(|rest| rest.len() == 8)?;
    NaiveDate::parse_from_str(digits, "%Y%m%d").ok()
}

#[cfg(test)]
mod tests {
    use super::day_of;

    #[test]
    fn only_partitions_of_a_day_are_dropped() {
        assert!(day_of("inbound_events_20261122").is_some());
        for name in [
            "inbound_events_default",
            "inbound_events_20261399",
            "outbox",
            "inbound_events_2026112",
        ] {
            assert_eq!(day_of(name), None, "{name}");
        }
    }
}
